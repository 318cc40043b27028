"""The icon's menu on Windows: made when it is asked for and gone when it closes, so that nothing changes under a pointer."""

# ruff: noqa: SLF001  # pystray's way of making a menu is private

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes
from dataclasses import replace
from typing import Any

from trayapp.desktop.tray.base import OnCommand
from trayapp.desktop.tray.pystray_menu import build_pystray_menu
from trayapp.model import MenuLine

_NULL = 0
"""A window message that says nothing (WM_NULL)."""


class PopupMenu:
    """Opens menus for one of pystray's icons, `win32` being its table of calls."""

    def __init__(self, icon: Any, win32: Any, act: OnCommand) -> None:
        self._icon = icon
        self._win32 = win32
        self._act = act
        self._open = False

    def open(self, lines: tuple[MenuLine, ...]) -> None:
        """Show the lines at the pointer until one is chosen or the person turns away; other messages are handled meanwhile."""
        if not lines or self._open:
            return
        chosen: list[Callable[[object], None]] = []
        menu = self._icon._create_menu(build_pystray_menu(_escape_ampersands(lines), self._act), chosen)
        self._open = True
        try:
            number = self._track_choice(menu)
        finally:
            self._open = False
            self._win32.DestroyMenu(menu)
        if number:
            chosen[number - 1](None)

    def _track_choice(self, menu: int) -> int:
        """The number of the line that was chosen, 0 for none."""
        win32, window = self._win32, self._icon._menu_hwnd
        pointer = wintypes.POINT()
        win32.GetCursorPos(ctypes.byref(pointer))
        # Without these two around it, a menu stays when something else is clicked
        # (https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-trackpopupmenuex, remarks).
        win32.SetForegroundWindow(window)
        flags = win32.TPM_RIGHTALIGN | win32.TPM_BOTTOMALIGN | win32.TPM_RETURNCMD
        number = win32.TrackPopupMenuEx(menu, flags, pointer.x, pointer.y, window, None)
        win32.PostMessage(window, _NULL, 0, 0)
        return int(number)


def _escape_ampersands(lines: tuple[MenuLine, ...]) -> tuple[MenuLine, ...]:
    """The lines with each "&" as Windows wants it in order to show one."""
    return tuple(
        replace(line, text=line.text.replace("&", "&&"), lines=_escape_ampersands(line.lines))
        for line in lines
    )
