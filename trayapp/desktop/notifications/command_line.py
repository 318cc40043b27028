"""Runs a program that shows a notification: makes its arguments safe and limits its time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from trayapp.desktop.links import clean_environment
from trayapp.desktop.notifications.base import SHOW_TIMEOUT


def safe_argument(text: str) -> str:
    """Make a text safe as one argument: no control characters, and never taken for an option."""
    line = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    return f" {line}" if line.startswith("-") else line


def run_program(command: Sequence[str]) -> None:
    """Run the program within `SHOW_TIMEOUT`. Raises OSError and SubprocessError."""
    subprocess.run(  # noqa: S603 - argv, no shell; `safe_argument` has cleaned the texts
        command,
        check=True,
        timeout=SHOW_TIMEOUT - 0.5,
        env=clean_environment(os.environ, getattr(sys, "_MEIPASS", None)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
