"""Which tray this system has."""

from __future__ import annotations

import sys

from trayapp.desktop.bus import Bus
from trayapp.desktop.tray.base import Act, Draw, Says, Tray
from trayapp.desktop.tray.linux import LinuxTray


def choose(bus: Bus | None, draw: Draw, act: Act, speech: Says) -> Tray:
    """The tray of this system; it finds its own way to an icon, and says so in the terminal where there is none."""
    return LinuxTray(bus, draw, act, speech, sys.stdout)
