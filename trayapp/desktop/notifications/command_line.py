"""Notices that go out through a program: its arguments, and how long it may take."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from trayapp.desktop.links import clean_environment
from trayapp.desktop.notifications.base import SHOW_TIMEOUT


def safe_argument(text: str) -> str:
    """A text that stays one when it is passed on a command line."""
    line = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    return f" {line}" if line.startswith("-") else line


def run_program(command: Sequence[str]) -> None:
    """Run it within the limit. Raises OSError and SubprocessError."""
    subprocess.run(  # noqa: S603 - argv, no shell; `argument` has seen the texts
        command,
        check=True,
        timeout=SHOW_TIMEOUT - 0.5,
        env=clean_environment(os.environ, getattr(sys, "_MEIPASS", None)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
