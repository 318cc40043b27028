"""The icon's place in Windows' notification area: what is asked of the shell, and whether it took it.

https://learn.microsoft.com/windows/win32/api/shellapi/ns-shellapi-notifyicondataw has the fields and their lengths.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Any, Protocol

from trayapp.desktop.tray.base import Balloon, Sign

EVENT = 0x400 + 11
"""The window message (WM_USER + 11, as pystray has it) that brings what happens on the icon."""
TIP_UNITS = 127
TITLE_UNITS = 63
TEXT_UNITS = 255
"""UTF-16 units that fit in the shell's fields, their final zero left out."""

_SIGNS = {Sign.INFORMATION: 1, Sign.WARNING: 2, Sign.ERROR: 3}
_OWN_PICTURE = 0x24
_NO_SOUND = 0x10


class Order(IntEnum):
    """What the shell is asked to do (NIM_*)."""

    ADD = 0
    MODIFY = 1
    DELETE = 2


class Part(IntFlag):
    """Which fields are meant (NIF_*)."""

    MESSAGE = 0x01
    ICON = 0x02
    TIP = 0x04
    INFO = 0x10


class Shell(Protocol):
    """Shell_NotifyIcon with the fields of its structure."""

    def __call__(self, order: Order, parts: Part, /, **fields: Any) -> bool:
        """Whether the shell did it."""


class Area:
    """One icon in the notification area."""

    def __init__(self, shell: Shell) -> None:
        self.docked = False
        self._shell = shell

    def put(self, picture: int, tip: str) -> None:
        """Show the icon with this picture (an HICON, which the shell copies) and tooltip.

        Changing comes before adding: the shell refuses to add what it has, also when it was too busy to say so the
        first time, and it refuses to change what it lost with Explorer.
        """
        parts = Part.MESSAGE | Part.ICON | Part.TIP
        fields = {"uCallbackMessage": EVENT, "hIcon": picture, "szTip": clipped(tip, TIP_UNITS)}
        self.docked = self._shell(Order.MODIFY, parts, **fields) or self._shell(Order.ADD, parts, **fields)

    def hang(self, balloon: Balloon, picture: int = 0) -> bool:
        """Hang a balloon on the icon, in place of the one before; with this picture (a large HICON) for its sign's."""
        sign = _OWN_PICTURE if picture else _SIGNS[balloon.sign]
        return self.docked and self._shell(
            Order.MODIFY,
            Part.INFO,
            hBalloonIcon=picture,
            szInfoTitle=clipped(balloon.title, TITLE_UNITS),
            # A balloon without a text is none: the shell would take the former one away and show nothing.
            szInfo=clipped(balloon.text, TEXT_UNITS) or " ",
            dwInfoFlags=sign | (_NO_SOUND if balloon.silent else 0),
        )

    def leave(self) -> None:
        """Take the icon away."""
        self.docked = False
        self._shell(Order.DELETE, Part(0))


def clipped(text: str, most: int) -> str:
    """The text in at most `most` UTF-16 units; a character of two is kept whole or left out."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")
