"""Runs the check with the key beside the rounds, on a separate thread; the next round takes its result."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from trayapp.model import KeyUsage, ProbeResult
from trayapp.sources.answers.check import AnswerCheck

_log = logging.getLogger(__name__)


class BackgroundCheck:
    """Runs one check at a time: while one runs, for example with a hanging keyring, no other starts."""

    def __init__(self, check: AnswerCheck) -> None:
        self.spec = check.spec
        self._check = check
        self._lock = threading.Lock()
        self._running = False
        self._found: tuple[ProbeResult, ...] = ()
        self._spent = KeyUsage()

    def start_check(self, ended: Callable[[], None], *, streamed_here: bool) -> None:
        """Starts the check unless it runs already, and calls `ended` when there is a result."""
        with self._lock:
            if self._running:
                return
            self._running = True

        def run_check() -> None:
            result = self._check.run(self._add_spending, streamed_here=streamed_here)
            with self._lock:
                self._found, self._running = (result,), False
            ended()

        try:
            threading.Thread(target=run_check, name="answers", daemon=True).start()
        except RuntimeError as error:  # the system allows no more threads
            _log.warning("the check with the key could not begin: %s", error)
            with self._lock:
                self._running = False

    def collect_results(self) -> tuple[tuple[ProbeResult, ...], KeyUsage]:
        """Returns the results and the costs since the last call."""
        with self._lock:
            found, spent = self._found, self._spent
            self._found, self._spent = (), KeyUsage()
        return found, spent

    def key_for(self, url: str) -> str:
        """Returns the key for a probe of the list of models, if a check has read it and it was not refused; else ""."""
        return self._check.lent if url == self._check.models_url else ""

    def _add_spending(self, spent: KeyUsage) -> None:
        with self._lock:
            self._spent += spent
