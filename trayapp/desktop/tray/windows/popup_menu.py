"""Opens the icon's menu on Windows: built when asked for, destroyed when closed, so nothing changes under the pointer."""

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
"""The window message without an effect (WM_NULL)."""


class PopupMenu:
    """Opens menus for one pystray icon; `win32` is pystray's table of Windows calls."""

    def __init__(self, icon: Any, win32: Any, act: OnCommand) -> None:
        self._icon = icon
        self._win32 = win32
        self._act = act
        self._open = False

    def open(self, lines: tuple[MenuLine, ...]) -> None:
        """Show the lines at the pointer until one is chosen or the menu is dismissed; other messages are handled meanwhile."""
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
        """Show the menu and return the number of the chosen line, 0 for none."""
        win32, window = self._win32, self._icon._menu_hwnd
        pointer = wintypes.POINT()
        win32.GetCursorPos(ctypes.byref(pointer))
        # Without SetForegroundWindow before and WM_NULL after it, a menu stays when something else is clicked
        # (https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-trackpopupmenuex, remarks).
        win32.SetForegroundWindow(window)
        flags = win32.TPM_RIGHTALIGN | win32.TPM_BOTTOMALIGN | win32.TPM_RETURNCMD
        number = win32.TrackPopupMenuEx(menu, flags, pointer.x, pointer.y, window, None)
        win32.PostMessage(window, _NULL, 0, 0)
        return int(number)


def _escape_ampersands(lines: tuple[MenuLine, ...]) -> tuple[MenuLine, ...]:
    """Double each "&", because Windows takes a single one as the mark of a shortcut."""
    return tuple(
        replace(line, text=line.text.replace("&", "&&"), lines=_escape_ampersands(line.lines))
        for line in lines
    )
