"""Shows notifications as balloons of the tray's icon, as Windows offers to a program without a package; with clicks.

An icon carries one balloon. A newer notification of the same thread replaces it at once; another one leaves it some
seconds to be read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from trayapp.desktop.notifications.base import SHOW_TIMEOUT, NotifyError
from trayapp.desktop.tray.base import Balloon, BalloonSeverity, ShowsBalloons
from trayapp.model import Command, Notification, NotificationKind, Urgency

READING_TIME = SHOW_TIMEOUT - 1
"""Seconds a balloon stays before one of another thread replaces it."""

_TROUBLE_KINDS = {
    NotificationKind.START,
    NotificationKind.WORSE,
    NotificationKind.UNSTABLE,
    NotificationKind.PROGRAM_TROUBLE,
}


class BalloonNotifier:
    """Shows notifications as balloons. Clicks arrive as commands through `act`, on the tray's thread."""

    def __init__(
        self, tray: ShowsBalloons, act: Callable[[Command], None], reading: float = READING_TIME
    ) -> None:
        self._tray = tray
        self._act = act
        self._reading = reading
        self._thread = ""
        self._closed = threading.Event()
        self._closed.set()

    def show(self, notification: Notification) -> None:
        """Show a notification in place of the last one. Raises NotifyError when the tray takes no balloon."""
        began = time.monotonic()
        if not notification.thread or notification.thread != self._thread:
            self._closed.wait(self._reading)
        gone = threading.Event()

        def on_end(clicked: bool) -> None:  # the tray's own signature
            gone.set()
            if clicked:
                self._act(notification.click)

        balloon = Balloon(
            notification.title,
            notification.body,
            _balloon_severity(notification),
            silent=notification.urgency is Urgency.LOW,
            look=notification.look,
        )
        # At login the icon may still be waiting for the shell.
        if not self._tray.show_balloon(balloon, on_end, SHOW_TIMEOUT - (time.monotonic() - began)):
            raise NotifyError("the notification area took no balloon")
        self._thread, self._closed = notification.thread, gone

    def close(self) -> None:
        """Do nothing: the tray removes the balloon with its icon."""


def _balloon_severity(notification: Notification) -> BalloonSeverity:
    if notification.urgency is Urgency.CRITICAL:
        return BalloonSeverity.ERROR
    return BalloonSeverity.WARNING if notification.kind in _TROUBLE_KINDS else BalloonSeverity.INFORMATION
