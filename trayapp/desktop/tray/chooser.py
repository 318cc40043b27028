"""Which tray this system has. Each system's own is loaded there only: the others lack its libraries."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from trayapp.desktop.tray.base import Draw, OnCommand, TranslatorPort, Tray
from trayapp.desktop.tray.pystray_loader import Unavailable

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus
    from trayapp.desktop.sleep.signals import SleepSignals

_log = logging.getLogger(__name__)


def choose_tray(
    bus: Bus | None, draw: Draw, act: OnCommand, speech: TranslatorPort, naps: SleepSignals | None = None
) -> Tray:
    """The tray of this system; it finds its own way to an icon, and says so in the terminal where there is none.

    `naps` is told of sleep where the icon is what hears of it.
    """
    if sys.platform == "win32":
        from trayapp.desktop.tray.windows.tray import WindowsTray

        return WindowsTray(draw, act, speech, sys.stdout, naps)
    if sys.platform == "darwin":
        from trayapp.desktop.tray.macos.tray import MacTray

        try:
            return MacTray(draw, act, naps)
        except Unavailable as error:
            _log.warning("no menu bar: %s", error)
    from trayapp.desktop.tray.linux.tray import LinuxTray

    return LinuxTray(bus, draw, act, speech, sys.stdout)
