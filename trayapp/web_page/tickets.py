"""Addresses that are good once and not for long.

The one that a browser is opened with stands in the list of processes, which everybody on this computer may read.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

MAX_TICKETS = 16
"""Tickets that are remembered, the spent ones among them."""


class Tickets:
    """May be used from any thread."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._good_until: dict[str, float] = {}
        """Path -> seconds of the clock; 0 when it was used."""

    def issue(self, seconds: float) -> str:
        """A path that nobody can guess."""
        path = f"/{secrets.token_urlsafe(32)}/"
        with self._lock:
            self._good_until[path] = self._now() + seconds
            for oldest in [*self._good_until][:-MAX_TICKETS]:
                del self._good_until[oldest]
        return path

    def redeem(self, path: str) -> bool:
        """Whether it was good; it is not from now on."""
        with self._lock:
            good = self._good_until.get(path, 0.0) > self._now()
            if path in self._good_until:
                self._good_until[path] = 0.0
            return good

    def is_known(self, path: str) -> bool:
        """Whether it is or was one."""
        with self._lock:
            return path in self._good_until

    def valid_paths(self) -> frozenset[str]:
        """Those that may still be used."""
        with self._lock:
            return frozenset(path for path, until in self._good_until.items() if until > self._now())
