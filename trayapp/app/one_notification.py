"""Sends one notification for a command that then ends."""

from __future__ import annotations

import threading

from trayapp.desktop.notifications.base import SHOW_TIMEOUT
from trayapp.desktop.notifications.chooser import choose_notifiers
from trayapp.desktop.notifications.worker import NotificationWorker
from trayapp.desktop.session import connect_session_bus
from trayapp.model import Notification
from trayapp.places import NOWHERE

MAX_NOTIFY_SECONDS = 2 * SHOW_TIMEOUT + 1.0
"""Seconds that `notify_once` takes at most."""


def notify_once(notification: Notification) -> bool:
    """Send a notification; return whether a notification service accepted it within `MAX_NOTIFY_SECONDS`."""
    bus, accepted = connect_session_bus(), threading.Event()
    notifiers = choose_notifiers(bus, lambda _command: None, tray=None, folder=NOWHERE.runtime)
    worker = NotificationWorker(notifiers, lambda _notification, _displayed: accepted.set())
    worker.notify(notification)
    worker.close(2 * SHOW_TIMEOUT)
    if bus is not None:
        bus.close()
    return accepted.is_set()
