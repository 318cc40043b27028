"""The person's clipboard: a text goes there, and nothing is ever read from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


class ClipboardError(Exception):
    """Nothing here takes a text, or what should did not."""


COPY_TIMEOUT = 3.0
"""Seconds that a program may take for it."""


def copy_text(text: str) -> None:
    """Have a text where the person's next "paste" finds it. Raises NoClipboard."""
    try:
        _copy_by_system(text)
    except (OSError, subprocess.SubprocessError) as error:
        raise ClipboardError(str(error)) from error


def _copy_by_system(text: str) -> None:
    if sys.platform == "win32":
        from trayapp.desktop.clipboard.windows import set_clipboard_text

        set_clipboard_text(text)
    elif sys.platform == "darwin":
        # It takes its input to be in the locale's encoding, and a program started at login has none.
        _run_copy_program("/usr/bin/pbcopy", text, {"LC_CTYPE": "UTF-8"})
    elif os.environ.get("WAYLAND_DISPLAY") and (tool := shutil.which("wl-copy")):
        # Wayland gives the clipboard to who has the keyboard, which a tray icon never has; wl-copy knows how.
        _run_copy_program(tool, text, {}, "--type", "text/plain;charset=utf-8")
    elif os.environ.get("DISPLAY"):
        from trayapp.desktop.clipboard.x11 import offer_text

        offer_text(text, COPY_TIMEOUT)
    else:
        raise ClipboardError("there is no display" if "WAYLAND_DISPLAY" not in os.environ else "no wl-copy")


def _run_copy_program(tool: str, text: str, more: dict[str, str], *arguments: str) -> None:
    """Give a program the text on its input: what stands among arguments every program of the computer can read."""
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
