"""Which ways of showing notifications there are on this system, the best first."""

from __future__ import annotations

from collections.abc import Callable

from trayapp.desktop.bus import Bus
from trayapp.desktop.notify.base import Notifier
from trayapp.desktop.notify.fallback import Plyer
from trayapp.desktop.notify.freedesktop import Freedesktop
from trayapp.model import Command


def notifiers(bus: Bus | None, act: Callable[[Command], None]) -> tuple[Notifier, ...]:
    """The session's notification server where there is a bus, plyer everywhere."""
    return (Freedesktop(bus, act), Plyer()) if bus else (Plyer(),)
