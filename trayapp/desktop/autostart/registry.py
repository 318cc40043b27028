"""Starts the program at login on Windows by a value under the person's Run key."""

from __future__ import annotations

import re
import subprocess
import sys

from trayapp import APP_TITLE
from trayapp.desktop.autostart.base import Argv, AutostartEntry

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""Where Task Manager and Settings note what is switched off; the program only reads it."""


def build_command_line(command: Argv) -> str:
    """Build the Run key's text, quoted as the C runtime parses it."""
    return subprocess.list2cmdline(command)


def parse_run_value(line: str, approved: object) -> AutostartEntry:
    """Parse the Run key's value; `approved` is the value under `APPROVED_KEY`, whose first byte is odd for "off"."""
    # No path on Windows has a quotation mark in it, so this parses all that `build_command_line` writes.
    words = tuple(quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|([^\s"]+)', line))
    return AutostartEntry(
        words, is_allowed=not (isinstance(approved, bytes) and approved and approved[0] & 1)
    )


if sys.platform == "win32":
    import winreg
    from contextlib import suppress

    class RegistryAutostart:
        """The registry of the person who is logged in."""

        def read(self) -> AutostartEntry | None:
            """Read the entry; None without one. Raises OSError."""
            line = _read_value(RUN_KEY)
            return parse_run_value(line, _read_value(APPROVED_KEY)) if isinstance(line, str) else None

        def write(self, command: Argv) -> None:
            """Set the value. Raises OSError."""
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
                winreg.SetValueEx(key, APP_TITLE, 0, winreg.REG_SZ, build_command_line(command))

        def remove(self) -> None:
            """Delete the value. Raises OSError."""
            with (
                suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY, 0, winreg.KEY_SET_VALUE) as key,
            ):
                winreg.DeleteValue(key, APP_TITLE)

    def _read_value(path: str) -> object:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                return winreg.QueryValueEx(key, APP_TITLE)[0]
        except FileNotFoundError:
            return None
