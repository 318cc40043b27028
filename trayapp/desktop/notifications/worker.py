"""Shows notifications on a worker thread, so that a dead notification server freezes nothing else.

A server may hang, restart, or start later than the program, as at login. A notification that no notifier could show
is tried again, only the newest of each thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from trayapp.desktop.clocks import boot_clock
from trayapp.desktop.notifications.base import Notifier, NotifyError, WithdrawingNotifier
from trayapp.model import DisplayedNotification, Notification

log = logging.getLogger(__name__)

RETRY_DELAY = 5.0
"""Seconds until a failed notification is tried again, doubled each time up to `MAX_RETRY_DELAY`."""
MAX_RETRY_DELAY = 300.0
RETRY_SPAN = 600.0
"""Seconds for which a failed notification is tried again; `LONG_RETRY_SPAN` if it must arrive. Later it may be wrong."""
LONG_RETRY_SPAN = 3600.0


@dataclass(frozen=True, slots=True)
class _FailedNotification:
    """A notification that no notifier could show, and when it was first tried."""

    notification: Notification
    first_tried: float


class NotificationWorker:
    """Shows notifications one after another, each by the first of `notifiers` that can.

    `shown` gets each shown notification and its place on the screen; `mute` gets whether the newest could not be shown.
    Both run on the worker's thread and should only queue.
    """

    def __init__(
        self,
        notifiers: Sequence[Notifier],
        shown: Callable[[Notification, DisplayedNotification | None], None],
        mute: Callable[[bool], None] = lambda _mute: None,
        again: float = RETRY_DELAY,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._notifiers = notifiers
        self._on_shown = shown
        self._on_muted = mute
        self._retry_delay = again
        self._failed: dict[str, _FailedNotification] = {}
        self._clock = clock or boot_clock()
        self._queue: SimpleQueue[Notification | Callable[[WithdrawingNotifier], None] | None] = SimpleQueue()
        self._abandoned = False
        self._thread = threading.Thread(target=self._run_worker, name="notifications", daemon=True)
        self._thread.start()

    def notify(self, notification: Notification) -> None:
        """Queue a notification and return at once."""
        self._queue.put(notification)

    def restore_displayed(self, standing: Mapping[str, DisplayedNotification]) -> None:
        """Queue the last run's notifications for takeover, so that later ones replace them."""
        self._queue.put(lambda notifier: notifier.restore_displayed(standing))

    def withdraw(self, threads: Sequence[str]) -> None:
        """Queue the removal of these threads' lasting notifications, unless newer ones have replaced them by then."""
        self._queue.put(lambda notifier: notifier.withdraw(threads))

    def close(self, timeout: float) -> None:
        """Show what is queued for at most `timeout` seconds, then abandon the rest."""
        self._queue.put(None)
        self._thread.join(timeout)
        # A hanging call is about to fail, and the next notifier would start a program that outlives this one.
        self._abandoned = True
        for notifier in self._notifiers:
            notifier.close()

    def _run_worker(self) -> None:
        pause = self._retry_delay
        while True:
            try:
                notification = self._queue.get(timeout=pause if self._failed else None)
            except Empty:
                self._retry_failed()
                pause = min(2 * pause, MAX_RETRY_DELAY)
                continue
            if notification is None:
                return
            if not isinstance(notification, Notification):
                self._apply_change(notification)
                continue
            pause = self._retry_delay
            for thread in (_thread_id(notification), *notification.ends):  # this one replaces them
                self._failed.pop(thread, None)
            self._try_notifiers(_FailedNotification(notification, self._clock()))

    def _apply_change(self, what: Callable[[WithdrawingNotifier], None]) -> None:
        for notifier in self._notifiers:
            try:
                if isinstance(notifier, WithdrawingNotifier):
                    what(notifier)
            except Exception:
                # An error in a notifier must not stop all later notifications.
                log.exception("%s broke down over what stands on the screen", type(notifier).__name__)

    def _retry_failed(self) -> None:
        late, self._failed = self._failed, {}
        for one in late.values():
            lasts = LONG_RETRY_SPAN if one.notification.must_arrive else RETRY_SPAN
            if self._clock() - one.first_tried < lasts:
                self._try_notifiers(one)

    def _try_notifiers(self, one: _FailedNotification) -> None:
        """Show it by the first notifier that can; keep for a retry what surely was not shown or must arrive."""
        notification, perhaps_shown = one.notification, False
        for notifier in self._notifiers:
            if self._abandoned:
                return
            name = type(notifier).__name__
            try:
                standing = notifier.show(notification)
            except NotifyError as error:
                log.info("%s could not show a notification: %.300s", name, error)
                perhaps_shown |= error.perhaps_shown
            except Exception:
                # After an error in one notifier another can still show it.
                log.exception("%s broke down over a notification", name)
            else:
                self._on_muted(False)
                self._report_shown(notification, standing)
                return
        self._on_muted(True)
        log.warning("nobody could show the notification %s: %.200r", notification.id, notification.title)
        if notification.must_arrive or not perhaps_shown:
            self._failed[_thread_id(notification)] = one

    def _report_shown(self, notification: Notification, standing: DisplayedNotification | None) -> None:
        try:
            self._on_shown(notification, standing)
        except Exception:
            # An error in the callback must not stop later notifications.
            log.exception("notification %s was shown and could not be recorded", notification.id)


def _thread_id(notification: Notification) -> str:
    return notification.thread or notification.id
