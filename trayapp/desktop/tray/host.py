"""Who would show the icon here, asked once, for `doctor`."""

from __future__ import annotations

import sys

from trayapp.desktop.system32 import library
from trayapp.desktop.tray.backend import Host, Way


def tray_host() -> Host:
    """Look where the program would look, in its order; takes at most some seconds and shows nothing."""
    if sys.platform == "win32":
        # Windows's own name of the taskbar's window; there is none before login is complete or without a desktop.
        found = bool(library("user32").FindWindowW("Shell_TrayWnd", None))
        return (
            Host(Way.TASKBAR, "Windows: a taskbar")
            if found
            else Host(Way.NONE, "Windows: no taskbar", session=False)
        )
    if sys.platform == "darwin":
        from trayapp.desktop.tray.macos.menubar import menu_bar
        from trayapp.desktop.tray.pystray_loader import Unavailable

        try:
            menu_bar()
        except Unavailable as error:
            return Host(Way.NONE, f"menu bar: {error}", session=False)
        return Host(Way.MENU_BAR, "menu bar: there")
    from trayapp.desktop.tray.linux.host import linux_host

    return linux_host()
