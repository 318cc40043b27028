"""The worker that shows notices, so that a dead notification server freezes nobody else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from trayapp.desktop.notify.base import Notifier, NotifyError
from trayapp.model import Notice

log = logging.getLogger(__name__)


class Teller:
    """Shows notices one after the other, by the first of `notifiers` that can.

    `shown` gets the id of each notice that was handed over, `mute` whether the newest one could not be; both on the
    worker's thread: they should only queue.
    """

    def __init__(
        self,
        notifiers: Sequence[Notifier],
        shown: Callable[[str], None],
        mute: Callable[[bool], None] = lambda _mute: None,
    ) -> None:
        self._notifiers = notifiers
        self._shown = shown
        self._mute = mute
        self._queue: SimpleQueue[Notice | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="teller", daemon=True)
        self._thread.start()

    def tell(self, notice: Notice) -> None:
        """Queue a notice and return at once."""
        self._queue.put(notice)

    def close(self, timeout: float) -> None:
        """Let what is queued go out, for at most `timeout` seconds; what is left then is abandoned."""
        self._queue.put(None)
        self._thread.join(timeout)
        for notifier in self._notifiers:
            notifier.close()

    def _work(self) -> None:
        for notice in iter(self._queue.get, None):
            handed_over = any(_handed_over(notice, notifier) for notifier in self._notifiers)
            self._mute(not handed_over)
            if handed_over:
                self._report(notice)
            else:
                log.warning("nobody could show the notice %s: %.200r", notice.id, notice.title)

    def _report(self, notice: Notice) -> None:
        try:
            self._shown(notice.id)
        except Exception:
            # The listener's fault must not silence the notices that follow.
            log.exception("notice %s was shown and could not be noted", notice.id)


def _handed_over(notice: Notice, notifier: Notifier) -> bool:
    name = type(notifier).__name__
    try:
        notifier.show(notice)
    except NotifyError as error:
        log.info("%s could not show a notice: %.300s", name, error)
    except Exception:
        # A fault of our own is no reason to lose a notice that another way can still show.
        log.exception("%s broke down over a notice", name)
    else:
        return True
    return False
