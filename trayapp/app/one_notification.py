"""One notification of a command that then ends."""

from __future__ import annotations

import threading

from trayapp.desktop.notifications.base import LIMIT
from trayapp.desktop.notifications.chooser import notifiers
from trayapp.desktop.notifications.worker import Teller
from trayapp.desktop.session import session_bus
from trayapp.model import Notice
from trayapp.places import NOWHERE

LONGEST = 2 * LIMIT + 1.0
"""Seconds that it takes at most."""


def tell_once(notice: Notice) -> bool:
    """Whether it was handed to who shows it; within some seconds, or not at all."""
    bus, shown = session_bus(), threading.Event()
    ways = notifiers(bus, lambda _command: None, tray=None, folder=NOWHERE.runtime)
    teller = Teller(ways, lambda _notice, _standing: shown.set())
    teller.tell(notice)
    teller.close(2 * LIMIT)
    if bus is not None:
        bus.close()
    return shown.is_set()
