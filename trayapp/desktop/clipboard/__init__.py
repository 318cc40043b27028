"""Copies a text to the person's clipboard, and never reads from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


class ClipboardError(Exception):
    """There is no clipboard here, or copying failed."""


COPY_TIMEOUT = 3.0
"""Seconds that a program may take to copy."""


def copy_text(text: str) -> None:
    """Put a text on the clipboard. Raises ClipboardError."""
    try:
        _copy_by_system(text)
    except (OSError, subprocess.SubprocessError) as error:
        raise ClipboardError(str(error)) from error


def _copy_by_system(text: str) -> None:
    if sys.platform == "win32":
        from trayapp.desktop.clipboard.windows import set_clipboard_text

        set_clipboard_text(text)
    elif sys.platform == "darwin":
        # pbcopy reads its input in the locale's encoding, and a program started at login has no locale.
        _run_copy_program("/usr/bin/pbcopy", text, {"LC_CTYPE": "UTF-8"})
    elif os.environ.get("WAYLAND_DISPLAY") and (tool := shutil.which("wl-copy")):
        # Wayland gives the clipboard to the focused window only, which a tray icon never is; wl-copy handles this.
        _run_copy_program(tool, text, {}, "--type", "text/plain;charset=utf-8")
    elif os.environ.get("DISPLAY"):
        from trayapp.desktop.clipboard.x11 import offer_text

        offer_text(text, COPY_TIMEOUT)
    else:
        raise ClipboardError("there is no display" if "WAYLAND_DISPLAY" not in os.environ else "no wl-copy")


def _run_copy_program(tool: str, text: str, more: dict[str, str], *arguments: str) -> None:
    """Give a program the text on its input, because every program of the computer can read arguments."""
    from trayapp.desktop.links import clean_environment

    subprocess.run(  # noqa: S603 - argv of our own, no shell
        [tool, *arguments],
        input=text.encode(errors="replace"),
        env=clean_environment(os.environ, getattr(sys, "_MEIPASS", None)) | more,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=COPY_TIMEOUT,
    )
