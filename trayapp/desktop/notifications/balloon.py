"""The balloon of the tray's icon: Windows' own notification for a program without a package, with its click.

An icon carries one balloon. A newer notice takes its place at once where both tell of the same trouble; else the one
that is shown keeps some seconds to be read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from trayapp.desktop.notifications.base import SHOW_TIMEOUT, NotifyError
from trayapp.desktop.tray.base import Balloon, BalloonSeverity, ShowsBalloons
from trayapp.model import Command, Notification, NotificationKind, Urgency

READING_TIME = SHOW_TIMEOUT - 1
"""Seconds that a balloon is left to be read before one of another trouble takes its place."""

_TROUBLE_KINDS = {
    NotificationKind.START,
    NotificationKind.WORSE,
    NotificationKind.UNSTABLE,
    NotificationKind.PROGRAM_TROUBLE,
}


class BalloonNotifier:
    """Shows notices as balloons. Clicks arrive as commands through `act`, on the tray's thread."""

    def __init__(
        self, tray: ShowsBalloons, act: Callable[[Command], None], reading: float = READING_TIME
    ) -> None:
        self._tray = tray
        self._act = act
        self._reading = reading
        self._thread = ""
        self._closed = threading.Event()
        self._closed.set()

    def show(self, notice: Notification) -> None:
        """Show a notice in place of the last one."""
        began = time.monotonic()
        if not notice.thread or notice.thread != self._thread:
            self._closed.wait(self._reading)
        gone = threading.Event()

        def ended(clicked: bool) -> None:  # the tray's own signature
            gone.set()
            if clicked:
                self._act(notice.click)

        balloon = Balloon(
            notice.title,
            notice.body,
            _balloon_severity(notice),
            silent=notice.urgency is Urgency.LOW,
            look=notice.look,
        )
        # At login the icon itself may still be waiting for the shell.
        if not self._tray.show_balloon(balloon, ended, SHOW_TIMEOUT - (time.monotonic() - began)):
            raise NotifyError("the notification area took no balloon")
        self._thread, self._closed = notice.thread, gone

    def close(self) -> None:
        """The tray takes its balloon away together with its icon."""


def _balloon_severity(notice: Notification) -> BalloonSeverity:
    if notice.urgency is Urgency.CRITICAL:
        return BalloonSeverity.ERROR
    return BalloonSeverity.WARNING if notice.kind in _TROUBLE_KINDS else BalloonSeverity.INFORMATION
