"""Runs requests in parallel, each on a daemon thread of its own, where nothing can delay the program's exit."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from trayapp.model import Cause, Miss
from trayapp.sources.failure_causes import error_detail, is_exhausted

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

MAX_THREADS = 128
"""Threads that may run at a time, more than one poll needs. Only threads that hang for ever can add up to this."""
_GRACE_SECONDS = 0.5
"""Seconds that the caller waits for a thread beyond its deadline."""


class RequestThreads:
    """Starts a thread for each request; it ends with the request. Any thread may call it.

    The deadline bounds every wait for the network within a thread. What it cannot bound are calls of the system that
    hang: reading a file of certificates from a dead file server, or a certificate check by the system's own service.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def run(self, requests: Sequence[Callable[[], _T]], ends: float) -> list[_T | Miss | None]:
        """Returns the results in order, at most 0.5 s after `ends` on the monotonic clock; None for what is late."""
        results: SimpleQueue[tuple[int, _T | Miss]] = SimpleQueue()

        def run_request(number: int) -> None:
            results.put((number, _run_safely(requests[number])))

        got: list[_T | Miss | None] = [None] * len(requests)
        waiting = 0
        for number in range(len(requests)):
            try:
                self._start(partial(run_request, number))
                waiting += 1
            except RuntimeError as error:
                got[number] = Miss(Cause.EXHAUSTED, detail=error_detail(error))
        while waiting:
            try:
                number, got[number] = results.get(timeout=max(0.0, ends + _GRACE_SECONDS - time.monotonic()))
            except Empty:
                _log.error("%d of %d requests are late", waiting, len(requests))
                break
            waiting -= 1
        return got

    def _start(self, work: Callable[[], None]) -> None:
        with self._lock:
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            if len(self._threads) >= MAX_THREADS:
                raise RuntimeError("too many requests hang to start a new thread")
            thread = threading.Thread(target=work, name="request", daemon=True)
            thread.start()
            self._threads.append(thread)


def _run_safely(request: Callable[[], _T]) -> _T | Miss:
    try:
        return request()
    except Exception as error:  # noqa: BLE001 - its caller waits for a result, whatever breaks
        _log.error("a request broke in a way nobody foresaw", exc_info=error)
        return Miss(Cause.EXHAUSTED if is_exhausted(error) else Cause.INTERNAL, detail=error_detail(error))
