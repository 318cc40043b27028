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
from trayapp.desktop.notifications.base import Notifier, NotifyError, TakesBack
from trayapp.model import Notice, Standing

log = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds until what nobody could show is tried again; each time twice as long, up to `SELDOM`."""
SELDOM = 300.0
NEWS = 600.0
"""Seconds for which a notice is news; of one that must arrive `LONG_NEWS`, for later it may be wrong."""
LONG_NEWS = 3600.0


@dataclass(frozen=True, slots=True)
class _Late:
    """A notice that nobody could show, and when that was first tried."""

    notice: Notice
    since: float


class Teller:
    """Shows notices one after the other, by the first of `notifiers` that can.

    `shown` gets each notice that was handed over, and where it stands; `mute` whether the newest one could not be; both
    on the worker's thread: they should only queue.
    """

    def __init__(
        self,
        notifiers: Sequence[Notifier],
        shown: Callable[[Notice, Standing | None], None],
        mute: Callable[[bool], None] = lambda _mute: None,
        again: float = AGAIN,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._notifiers = notifiers
        self._shown = shown
        self._mute = mute
        self._again = again
        self._late: dict[str, _Late] = {}
        self._clock = clock or boot_clock()
        self._queue: SimpleQueue[Notice | Callable[[TakesBack], None] | None] = SimpleQueue()
        self._abandoned = False
        self._thread = threading.Thread(target=self._work, name="teller", daemon=True)
        self._thread.start()

    def tell(self, notice: Notice) -> None:
        """Queue a notice and return at once."""
        self._queue.put(notice)

    def recall(self, standing: Mapping[str, Standing]) -> None:
        """Have what is told from now on take the place of what the last run left on the screen."""
        self._queue.put(lambda notifier: notifier.recall(standing))

    def take_back(self, threads: Sequence[str]) -> None:
        """Have taken back what would stay for good of these threads, if nothing newer has its place when all is told."""
        self._queue.put(lambda notifier: notifier.take_back(threads))

    def close(self, timeout: float) -> None:
        """Let what is queued go out, for at most `timeout` seconds; what is left then is abandoned."""
        self._queue.put(None)
        self._thread.join(timeout)
        # What hangs is about to fail, and another way would start a program that outlives this one.
        self._abandoned = True
        for notifier in self._notifiers:
            notifier.close()

    def _work(self) -> None:
        pause = self._again
        while True:
            try:
                notice = self._queue.get(timeout=pause if self._late else None)
            except Empty:
                self._try_again()
                pause = min(2 * pause, SELDOM)
                continue
            if notice is None:
                return
            if not isinstance(notice, Notice):
                self._change(notice)
                continue
            pause = self._again
            for thread in (_thread(notice), *notice.ends):  # of these this one is newer
                self._late.pop(thread, None)
            self._attempt(_Late(notice, self._clock()))

    def _change(self, what: Callable[[TakesBack], None]) -> None:
        for notifier in self._notifiers:
            try:
                if isinstance(notifier, TakesBack):
                    what(notifier)
            except Exception:
                # A fault of our own is no reason to tell nothing any more.
                log.exception("%s broke down over what stands on the screen", type(notifier).__name__)

    def _try_again(self) -> None:
        late, self._late = self._late, {}
        for one in late.values():
            lasts = LONG_NEWS if one.notice.must_arrive else NEWS
            if self._clock() - one.since < lasts:
                self._attempt(one)

    def _attempt(self, one: _Late) -> None:
        """Show it; what surely nobody showed, and what must arrive, is tried again later."""
        notice, perhaps_shown = one.notice, False
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
                self._mute(False)
                self._report(notice, standing)
                return
        self._mute(True)
        log.warning("nobody could show the notice %s: %.200r", notice.id, notice.title)
        if notice.must_arrive or not perhaps_shown:
            self._late[_thread(notice)] = one

    def _report(self, notice: Notice, standing: Standing | None) -> None:
        try:
            self._shown(notice, standing)
        except Exception:
            # The listener's fault must not silence the notices that follow.
            log.exception("notice %s was shown and could not be noted", notice.id)


def _thread(notice: Notice) -> str:
    return notice.thread or notice.id
