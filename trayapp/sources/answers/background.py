"""The check beside the rounds: it has a thread of its own while it asks, and what it found joins the next round."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from trayapp.model import KeyUsage, ProbeResult
from trayapp.sources.answers.check import AnswerCheck

_log = logging.getLogger(__name__)


class BackgroundCheck:
    """One check at a time: while one is under way, as with a keyring that hangs, no other begins."""

    def __init__(self, check: AnswerCheck) -> None:
        self.spec = check.spec
        self._check = check
        self._lock = threading.Lock()
        self._running = False
        self._found: tuple[ProbeResult, ...] = ()
        self._spent = KeyUsage()

    def start_check(self, ended: Callable[[], None], *, streamed_here: bool) -> None:
        """Ask, unless it is being asked; `ended` is called when the result is there."""
        with self._lock:
            if self._running:
                return
            self._running = True

        def ask() -> None:
            result = self._check.run(self._add_spending, streamed_here=streamed_here)
            with self._lock:
                self._found, self._running = (result,), False
            ended()

        try:
            threading.Thread(target=ask, name="answers", daemon=True).start()
        except RuntimeError as error:  # the system lets it start no more threads
            _log.warning("the check with the key could not begin: %s", error)
            with self._lock:
                self._running = False

    def collect_results(self) -> tuple[tuple[ProbeResult, ...], KeyUsage]:
        """What was found and spent since this was last called."""
        with self._lock:
            found, spent = self._found, self._spent
            self._found, self._spent = (), KeyUsage()
        return found, spent

    def key_for(self, url: str) -> str:
        """The key for a probe of the list of models, once a check has had it and unless it was refused; else empty."""
        return self._check.lent if url == self._check.models_url else ""

    def _add_spending(self, spent: KeyUsage) -> None:
        with self._lock:
            self._spent += spent
