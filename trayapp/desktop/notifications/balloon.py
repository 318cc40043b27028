"""The balloon of the tray's icon: Windows' own notification for a program without a package, with its click.

An icon carries one balloon. A newer notice takes its place at once where both tell of the same trouble; else the one
that is shown keeps some seconds to be read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from trayapp.desktop.notifications.base import LIMIT, NotifyError
from trayapp.desktop.tray.base import Balloon, ShowsBalloons, Sign
from trayapp.model import Command, Notice, NoticeKind, Urgency

READING = LIMIT - 1
"""Seconds that a balloon is left to be read before one of another trouble takes its place."""

_TROUBLE = {NoticeKind.START, NoticeKind.WORSE, NoticeKind.UNSTABLE, NoticeKind.TROUBLE}


class Balloons:
    """Shows notices as balloons. Clicks arrive as commands through `act`, on the tray's thread."""

    def __init__(self, tray: ShowsBalloons, act: Callable[[Command], None], reading: float = READING) -> None:
        self._tray = tray
        self._act = act
        self._reading = reading
        self._thread = ""
        self._gone = threading.Event()
        self._gone.set()

    def show(self, notice: Notice) -> None:
        """Show a notice in place of the last one."""
        began = time.monotonic()
        if not notice.thread or notice.thread != self._thread:
            self._gone.wait(self._reading)
        gone = threading.Event()

        def ended(clicked: bool) -> None:  # the tray's own signature
            gone.set()
            if clicked:
                self._act(notice.click)

        balloon = Balloon(
            notice.title, notice.body, _sign(notice), silent=notice.urgency is Urgency.LOW, look=notice.look
        )
        # At login the icon itself may still be waiting for the shell.
        if not self._tray.balloon(balloon, ended, LIMIT - (time.monotonic() - began)):
            raise NotifyError("the notification area took no balloon")
        self._thread, self._gone = notice.thread, gone

    def close(self) -> None:
        """The tray takes its balloon away together with its icon."""


def _sign(notice: Notice) -> Sign:
    if notice.urgency is Urgency.CRITICAL:
        return Sign.ERROR
    return Sign.WARNING if notice.kind in _TROUBLE else Sign.INFORMATION
