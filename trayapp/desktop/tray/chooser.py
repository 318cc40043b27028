"""Chooses the tray for this system. Each system's module is imported there only: the others lack its libraries."""

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
    bus: Bus | None,
    draw: Draw,
    act: OnCommand,
    translator: TranslatorPort,
    sleep_signals: SleepSignals | None = None,
) -> Tray:
    """Make the tray of this system; where it can show no icon, it prints the state in the terminal.

    `sleep_signals` is notified of sleep on systems that announce it to the icon.
    """
    if sys.platform == "win32":
        from trayapp.desktop.tray.windows.tray import WindowsTray

        return WindowsTray(draw, act, translator, sys.stdout, sleep_signals)
    if sys.platform == "darwin":
        from trayapp.desktop.tray.macos.tray import MacTray

        try:
            return MacTray(draw, act, sleep_signals)
        except Unavailable as error:
            _log.warning("no menu bar: %s", error)
    from trayapp.desktop.tray.linux.tray import LinuxTray

    return LinuxTray(bus, draw, act, translator, sys.stdout)
