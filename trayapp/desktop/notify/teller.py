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

    `shown` gets the id of each notice that was handed over, on the worker's thread: it should only queue.
    """

    def __init__(self, notifiers: Sequence[Notifier], shown: Callable[[str], None]) -> None:
        self._notifiers = notifiers
        self._shown = shown
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
            try:
                if self._show(notice):
                    self._shown(notice.id)
            except Exception:
                # One notice's fault must not silence all that follow.
                log.exception("notice %s was not told in full", notice.id)

    def _show(self, notice: Notice) -> bool:
        for notifier in self._notifiers:
            try:
                notifier.show(notice)
            except NotifyError as error:
                log.info("%s could not show a notice: %s", type(notifier).__name__, error)
            else:
                return True
        log.warning("nobody could show the notice %s: %.200r", notice.id, notice.title)
        return False
