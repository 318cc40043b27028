"""One notification of a command that then ends."""

from __future__ import annotations

import threading

from trayapp.desktop.notifications.base import SHOW_TIMEOUT
from trayapp.desktop.notifications.chooser import choose_notifiers
from trayapp.desktop.notifications.worker import NotificationWorker
from trayapp.desktop.session import connect_session_bus
from trayapp.model import Notification
from trayapp.places import NOWHERE

MAX_NOTIFY_SECONDS = 2 * SHOW_TIMEOUT + 1.0
"""Seconds that it takes at most."""


def notify_once(notice: Notification) -> bool:
    """Whether it was handed to who shows it; within some seconds, or not at all."""
    bus, shown = connect_session_bus(), threading.Event()
    ways = choose_notifiers(bus, lambda _command: None, tray=None, folder=NOWHERE.runtime)
    teller = NotificationWorker(ways, lambda _notice, _standing: shown.set())
    teller.notify(notice)
    teller.close(2 * SHOW_TIMEOUT)
    if bus is not None:
        bus.close()
    return shown.is_set()
