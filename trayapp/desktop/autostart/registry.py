"""Windows: a value under the person's Run key, and the person's own word beside it."""

from __future__ import annotations

import re
import subprocess
import sys

from trayapp.desktop.autostart.base import TITLE, Argv, Entry

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""What Task Manager and Settings write; it is read and left alone."""


def built(command: Argv) -> str:
    """The Run key's text, quoted as the C run-time reads it."""
    return subprocess.list2cmdline(command)


def parsed(line: str, approved: object) -> Entry:
    """What the Run key says; `approved` is the person's own word, whose first byte is odd for "no"."""
    # No path on Windows has a quotation mark in it, so this reads whatever `built` writes.
    words = tuple(quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|([^\s"]+)', line))
    return Entry(words, allowed=not (isinstance(approved, bytes) and approved and approved[0] & 1))


if sys.platform == "win32":
    import winreg
    from contextlib import suppress

    class Registry:
        """The registry of the person who is logged in."""

        def read(self) -> Entry | None:
            """The entry; None without one. Raises OSError."""
            line = _value(RUN)
            return parsed(line, _value(APPROVED)) if isinstance(line, str) else None

        def write(self, command: Argv) -> None:
            """Set the value. Raises OSError."""
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN) as key:
                winreg.SetValueEx(key, TITLE, 0, winreg.REG_SZ, built(command))

        def remove(self) -> None:
            """Delete the value. Raises OSError."""
            with (
                suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN, 0, winreg.KEY_SET_VALUE) as key,
            ):
                winreg.DeleteValue(key, TITLE)

    def _value(path: str) -> object:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                return winreg.QueryValueEx(key, TITLE)[0]
        except FileNotFoundError:
            return None
