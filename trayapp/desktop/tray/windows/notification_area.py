"""Puts the icon and its balloon into Windows' notification area and notes whether the shell took them.

https://learn.microsoft.com/windows/win32/api/shellapi/ns-shellapi-notifyicondataw has the fields and their lengths.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Any, Protocol

from trayapp.desktop.tray.base import Balloon, BalloonSeverity

ICON_EVENT = 0x400 + 11
"""The window message (WM_USER + 11, as in pystray) that brings the icon's events."""
TIP_UNITS = 127
TITLE_UNITS = 63
TEXT_UNITS = 255
"""UTF-16 units that fit in the shell's fields, without the final zero."""

_SEVERITY_FLAGS = {BalloonSeverity.INFORMATION: 1, BalloonSeverity.WARNING: 2, BalloonSeverity.ERROR: 3}
_OWN_PICTURE_FLAG = 0x24
_NO_SOUND_FLAG = 0x10


class ShellCommand(IntEnum):
    """An operation of the shell on the icon (NIM_*)."""

    ADD = 0
    MODIFY = 1
    DELETE = 2


class FieldFlags(IntFlag):
    """The fields of the structure that are set (NIF_*)."""

    MESSAGE = 0x01
    ICON = 0x02
    TIP = 0x04
    INFO = 0x10


class Shell(Protocol):
    """Calls Shell_NotifyIcon with the fields of its structure."""

    def __call__(self, order: ShellCommand, parts: FieldFlags, /, **fields: Any) -> bool:
        """Run the operation; returns whether the shell did it."""


class NotificationArea:
    """One icon in the notification area."""

    def __init__(self, shell: Shell) -> None:
        self.is_docked = False
        self._shell = shell

    def show_icon(self, picture: int, tip: str) -> None:
        """Show the icon with this picture (an HICON, which the shell copies) and tooltip.

        It modifies before it adds: the shell refuses to add an icon it has, also when it was too busy to confirm it
        the first time, and refuses to modify an icon that it lost with Explorer.
        """
        parts = FieldFlags.MESSAGE | FieldFlags.ICON | FieldFlags.TIP
        fields = {"uCallbackMessage": ICON_EVENT, "hIcon": picture, "szTip": clip_utf16(tip, TIP_UNITS)}
        self.is_docked = self._shell(ShellCommand.MODIFY, parts, **fields) or self._shell(
            ShellCommand.ADD, parts, **fields
        )

    def show_balloon(self, balloon: Balloon, picture: int = 0) -> bool:
        """Show a balloon in place of the one before, with `picture` (a large HICON) instead of the severity's sign."""
        sign = _OWN_PICTURE_FLAG if picture else _SEVERITY_FLAGS[balloon.severity]
        return self.is_docked and self._shell(
            ShellCommand.MODIFY,
            FieldFlags.INFO,
            hBalloonIcon=picture,
            szInfoTitle=clip_utf16(balloon.title, TITLE_UNITS),
            # For an empty text the shell would remove the former balloon and show nothing.
            szInfo=clip_utf16(balloon.text, TEXT_UNITS) or " ",
            dwInfoFlags=sign | (_NO_SOUND_FLAG if balloon.silent else 0),
        )

    def remove_icon(self) -> None:
        """Remove the icon."""
        self.is_docked = False
        self._shell(ShellCommand.DELETE, FieldFlags(0))


def clip_utf16(text: str, most: int) -> str:
    """Cut the text to `most` UTF-16 units; a character of two units is kept whole or left out."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")
