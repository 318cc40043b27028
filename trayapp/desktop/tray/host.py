"""Finds out for `doctor` which host would show the icon here."""

from __future__ import annotations

import sys

from trayapp.desktop.system32 import load_library
from trayapp.desktop.tray.backend import BackEndKind, TrayHost


def find_tray_host() -> TrayHost:
    """Check the hosts that the program would try, in its order; takes a few seconds at most and shows nothing."""
    if sys.platform == "win32":
        # The class of the taskbar's window; there is none before login is complete or without a desktop.
        found = bool(load_library("user32").FindWindowW("Shell_TrayWnd", None))
        return (
            TrayHost(BackEndKind.TASKBAR, "Windows: a taskbar")
            if found
            else TrayHost(BackEndKind.NONE, "Windows: no taskbar", has_session=False)
        )
    if sys.platform == "darwin":
        from trayapp.desktop.tray.macos.menubar import load_menu_bar
        from trayapp.desktop.tray.pystray_loader import Unavailable

        try:
            load_menu_bar()
        except Unavailable as error:
            return TrayHost(BackEndKind.NONE, f"menu bar: {error}", has_session=False)
        return TrayHost(BackEndKind.MENU_BAR, "menu bar: there")
    from trayapp.desktop.tray.linux.host import find_linux_host

    return find_linux_host()
