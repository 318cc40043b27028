"""Issues addresses that are valid once and for a short time.

The address that a browser is opened with is in the list of processes, which every user of this computer may read.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

MAX_TICKETS = 16
"""The number of tickets that are remembered, including spent ones."""


class Tickets:
    """The issued tickets. Any thread may use it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._good_until: dict[str, float] = {}
        """Path -> the clock's seconds until which it is valid; 0 after it was used."""

    def issue(self, seconds: float) -> str:
        """Issues a path that nobody can guess, valid for some seconds."""
        path = f"/{secrets.token_urlsafe(32)}/"
        with self._lock:
            self._good_until[path] = self._now() + seconds
            for oldest in [*self._good_until][:-MAX_TICKETS]:
                del self._good_until[oldest]
        return path

    def redeem(self, path: str) -> bool:
        """Spends a ticket; returns whether it was valid."""
        with self._lock:
            good = self._good_until.get(path, 0.0) > self._now()
            if path in self._good_until:
                self._good_until[path] = 0.0
            return good

    def is_known(self, path: str) -> bool:
        """Whether a path is or was a ticket."""
        with self._lock:
            return path in self._good_until

    def valid_paths(self) -> frozenset[str]:
        """Returns the paths that are still valid."""
        with self._lock:
            return frozenset(path for path, until in self._good_until.items() if until > self._now())
