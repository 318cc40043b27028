"""Keeps the few newest bodies that came with an ETag; a 304 stands for one of them.

One answer must never make the next request fail. So an entry is removed while its address is requested, and only a 200
or a 304 brings it back; an ETag is kept only if it is short and valid by RFC 9110 §8.8.3; and once an hour the whole
answer is requested past every cache, because a stuck cache would answer 304 for ever.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

FULL_REQUEST_AFTER = 3600.0
"""Seconds after which an address is requested without its ETag."""

_MAX_ENTRIES = 4
_LONGEST_ETAG = 256
_ETAG = re.compile(r'(?:W/)?"[!#-~]*"')
"""Printable ASCII only: the standard also admits other bytes, which HTTP libraries refuse to send."""


def is_usable_etag(etag: str) -> bool:
    """Whether an ETag is short and valid, so that sending it back cannot make a request fail."""
    return len(etag) <= _LONGEST_ETAG and bool(_ETAG.fullmatch(etag))


@dataclass(frozen=True, slots=True)
class _CachedBody:
    """The answer of an address."""

    etag: str
    """The header, unchanged."""
    body: bytes
    asked_whole_at: float
    """When the whole answer was last requested."""


@dataclass(frozen=True, slots=True)
class CacheRequest:
    """A running request for an address."""

    url: str
    is_unconditional: bool
    """Whether the server itself must send the whole answer."""
    cached: _CachedBody | None
    """The body that a 304 would stand for."""

    def cache_headers(self) -> dict[str, str]:
        """Returns the headers for the request."""
        if self.is_unconditional:
            return {"Cache-Control": "no-cache"}
        return {"If-None-Match": self.cached.etag} if self.cached else {}


class EtagCache:
    """The bodies by address. Any thread may use it; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, _CachedBody] = {}

    def start_request(self, url: str, *, whole: bool) -> CacheRequest:
        """Begins a request and removes the entry until it ends. `whole`, or an hour without it, asks for everything."""
        known = self._known.pop(url, None)
        if known is not None and not 0.0 <= self._clock() - known.asked_whole_at < FULL_REQUEST_AFTER:
            whole = True
        return CacheRequest(url, whole, None if whole else known)

    def finish_request(self, inquiry: CacheRequest, status: int, etag: str, body: bytes) -> tuple[int, bytes]:
        """Keeps the answer and returns its status and body; for a 304, those that it stands for."""
        known = inquiry.cached
        if known is not None and status == 304:
            self._keep(inquiry.url, known)
            return 200, known.body
        if status == 200 and is_usable_etag(etag):
            asked_whole_at = known.asked_whole_at if known else self._clock()
            self._keep(inquiry.url, _CachedBody(etag, body, asked_whole_at))
        return status, body

    def clear(self) -> None:
        """Forgets all bodies."""
        self._known.clear()

    def _keep(self, url: str, body: _CachedBody) -> None:
        with self._lock:
            self._known[url] = body
            while len(self._known) > _MAX_ENTRIES:
                del self._known[next(iter(self._known))]
