"""The few newest bodies that came with an ETag: a 304 stands for one of them.

What one answer said must never decide whether the next can be had. So an address is out of the memory while it is
asked, and only a 200 or a 304 brings it back; an ETag is kept only as RFC 9110 §8.8.3 spells one, and a short one; and
once an hour the whole answer is asked for, past every cache, because a stuck one would say 304 for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

FULL_REQUEST_AFTER = 3600.0
"""Seconds for which an address is asked with its ETag alone."""

_MAX_ENTRIES = 4
_LONGEST_ETAG = 256
_ETAG = re.compile(r'(?:W/)?"[!#-~]*"')
"""Printable ASCII only: the standard also admits other bytes, which HTTP libraries refuse to send."""


@dataclass(frozen=True, slots=True)
class _CachedBody:
    """What an address answered."""

    etag: str
    """As it came."""
    body: bytes
    asked_whole_at: float
    """When the address was last asked for all of it."""


@dataclass(frozen=True, slots=True)
class CacheRequest:
    """One request for an address, under way."""

    url: str
    is_unconditional: bool
    """Whether the server itself is to answer with all of it."""
    cached: _CachedBody | None
    """What a 304 would stand for."""

    def cache_headers(self) -> dict[str, str]:
        """What to send along."""
        if self.is_unconditional:
            return {"Cache-Control": "no-cache"}
        return {"If-None-Match": self.cached.etag} if self.cached else {}


class EtagCache:
    """Belongs to one thread; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, _CachedBody] = {}

    def start_request(self, url: str, *, whole: bool) -> CacheRequest:
        """Ask an address, `whole` or as the hour has it. What was known of it is forgotten until it answers."""
        known = self._known.pop(url, None)
        if known is not None and not 0.0 <= self._clock() - known.asked_whole_at < FULL_REQUEST_AFTER:
            whole = True
        return CacheRequest(url, whole, None if whole else known)

    def finish_request(self, inquiry: CacheRequest, status: int, etag: str, body: bytes) -> tuple[int, bytes]:
        """The status and the body that came, or that a 304 stands for; they are remembered for the next time."""
        known = inquiry.cached
        if known is not None and status == 304:
            self._known[inquiry.url] = known
            return 200, known.body
        if status == 200 and len(etag) <= _LONGEST_ETAG and _ETAG.fullmatch(etag):
            self._known[inquiry.url] = _CachedBody(
                etag, body, known.asked_whole_at if known else self._clock()
            )
            while len(self._known) > _MAX_ENTRIES:
                del self._known[next(iter(self._known))]
        return status, body

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()
