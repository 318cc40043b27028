"""Which ways of showing notifications there are on this system, the best first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trayapp.desktop.notify.balloon import Balloons
from trayapp.desktop.notify.base import Notifier
from trayapp.desktop.notify.fallback import Plyer
from trayapp.desktop.tray.base import ShowsBalloons, Tray
from trayapp.model import Command

if TYPE_CHECKING:
    from trayapp.desktop.bus import Bus


def notifiers(bus: Bus | None, act: Callable[[Command], None], tray: Tray) -> tuple[Notifier, ...]:
    """The session's notification server where there is a bus, the tray's own balloons, and plyer everywhere."""
    if isinstance(tray, ShowsBalloons):
        return Balloons(tray, act), Plyer()
    if bus is None:
        return (Plyer(),)
    from trayapp.desktop.notify.freedesktop import Freedesktop

    return Freedesktop(bus, act), Plyer()
