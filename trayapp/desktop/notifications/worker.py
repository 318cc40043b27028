"""The worker that shows notices, so that a dead notification server freezes nobody else.

A server may hang, be started anew, or come later than the program, as at login. What nobody could show is tried again,
of each trouble only the newest word.
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
"""Seconds until what nobody could show is tried again; each time twice as long, up to `MAX_RETRY_DELAY`."""
MAX_RETRY_DELAY = 300.0
RETRY_SPAN = 600.0
"""Seconds for which a notice is news; of one that must arrive `LONG_RETRY_SPAN`, for later it may be wrong."""
LONG_RETRY_SPAN = 3600.0


@dataclass(frozen=True, slots=True)
class _FailedNotification:
    """A notice that nobody could show, and when that was first tried."""

    notification: Notification
    first_tried: float


class NotificationWorker:
    """Shows notices one after the other, by the first of `notifiers` that can.

    `shown` gets each notice that was handed over, and where it stands; `mute` whether the newest one could not be; both
    on the worker's thread: they should only queue.
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

    def notify(self, notice: Notification) -> None:
        """Queue a notice and return at once."""
        self._queue.put(notice)

    def restore_displayed(self, standing: Mapping[str, DisplayedNotification]) -> None:
        """Have what is told from now on take the place of what the last run left on the screen."""
        self._queue.put(lambda notifier: notifier.restore_displayed(standing))

    def withdraw(self, threads: Sequence[str]) -> None:
        """Have taken back what would stay for good of these threads, if nothing newer has its place when all is told."""
        self._queue.put(lambda notifier: notifier.withdraw(threads))

    def close(self, timeout: float) -> None:
        """Let what is queued go out, for at most `timeout` seconds; what is left then is abandoned."""
        self._queue.put(None)
        self._thread.join(timeout)
        # What hangs is about to fail, and another way would start a program that outlives this one.
        self._abandoned = True
        for notifier in self._notifiers:
            notifier.close()

    def _run_worker(self) -> None:
        pause = self._retry_delay
        while True:
            try:
                notice = self._queue.get(timeout=pause if self._failed else None)
            except Empty:
                self._retry_failed()
                pause = min(2 * pause, MAX_RETRY_DELAY)
                continue
            if notice is None:
                return
            if not isinstance(notice, Notification):
                self._apply_change(notice)
                continue
            pause = self._retry_delay
            for thread in (_thread_id(notice), *notice.ends):  # of these this one is newer
                self._failed.pop(thread, None)
            self._try_notifiers(_FailedNotification(notice, self._clock()))

    def _apply_change(self, what: Callable[[WithdrawingNotifier], None]) -> None:
        for notifier in self._notifiers:
            try:
                if isinstance(notifier, WithdrawingNotifier):
                    what(notifier)
            except Exception:
                # A fault of our own is no reason to tell nothing any more.
                log.exception("%s broke down over what stands on the screen", type(notifier).__name__)

    def _retry_failed(self) -> None:
        late, self._failed = self._failed, {}
        for one in late.values():
            lasts = LONG_RETRY_SPAN if one.notification.must_arrive else RETRY_SPAN
            if self._clock() - one.first_tried < lasts:
                self._try_notifiers(one)

    def _try_notifiers(self, one: _FailedNotification) -> None:
        """Show it; what surely nobody showed, and what must arrive, is tried again later."""
        notice, perhaps_shown = one.notification, False
        for notifier in self._notifiers:
            if self._abandoned:
                return
            name = type(notifier).__name__
            try:
                standing = notifier.show(notice)
            except NotifyError as error:
                log.info("%s could not show a notice: %.300s", name, error)
                perhaps_shown |= error.perhaps_shown
            except Exception:
                # A fault of our own is no reason to lose a notice that another way can still show.
                log.exception("%s broke down over a notice", name)
            else:
                self._on_muted(False)
                self._report_shown(notice, standing)
                return
        self._on_muted(True)
        log.warning("nobody could show the notice %s: %.200r", notice.id, notice.title)
        if notice.must_arrive or not perhaps_shown:
            self._failed[_thread_id(notice)] = one

    def _report_shown(self, notice: Notification, standing: DisplayedNotification | None) -> None:
        try:
            self._on_shown(notice, standing)
        except Exception:
            # The listener's fault must not silence the notices that follow.
            log.exception("notice %s was shown and could not be noted", notice.id)


def _thread_id(notice: Notification) -> str:
    return notice.thread or notice.id
