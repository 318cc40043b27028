"""The few newest bodies that came with an ETag: a 304 stands for one of them.

What one answer said must never decide whether the next can be had. So an address is out of the memory while it is
asked, and only a 200 or a 304 brings it back; an ETag is kept only as RFC 9110 §8.8.3 spells one, and a short one; and
once an hour the whole answer is asked for, past every cache, because a stuck one would say 304 for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

ASK_WHOLE_AFTER = 3600.0
"""Seconds for which an address is asked with its ETag alone."""

_MOST = 4
_LONGEST_ETAG = 256
_ETAG = re.compile(r'(?:W/)?"[!#-~]*"')
"""Printable ASCII only: the standard also admits other bytes, which HTTP libraries refuse to send."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an address answered."""

    etag: str
    """As it came."""
    body: bytes
    asked_whole_at: float
    """When the address was last asked for all of it."""


class Remembered:
    """Belongs to one thread; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, Known] = {}

    def take(self, url: str) -> Known | None:
        """What is known of an address, which is then forgotten until it answers."""
        return self._known.pop(url, None)

    def is_due_whole(self, known: Known) -> bool:
        """Whether it is time to ask for all of it."""
        return not 0.0 <= self._clock() - known.asked_whole_at < ASK_WHOLE_AFTER

    def put(self, url: str, etag: str, body: bytes, before: Known | None) -> None:
        """Remember a body, if its ETag can be sent back, and forget the oldest.

        `before` is what was known when the address was asked with its ETag; None if it was asked for all of it.
        """
        if len(etag) > _LONGEST_ETAG or not _ETAG.fullmatch(etag):
            return
        asked_whole_at = self._clock() if before is None else before.asked_whole_at
        self._known[url] = Known(etag, body, asked_whole_at)
        while len(self._known) > _MOST:
            del self._known[next(iter(self._known))]

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()
