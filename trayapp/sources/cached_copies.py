"""Which copy of the page a cache gave: two readings of one copy are one reading (law 1).

A cache says how old its copy is (`Age`), or at least that it answered itself (`cf-cache-status: HIT`). Two such answers
are one copy when their bytes are the same and so is the instant at which the server made them, to 2 s. Caches tell that
instant in two ways: RFC 9111 has them keep the server's `Date` as it came; others, Cloudflare among them, set `Date` to
now, and the instant is `Date` less `Age`. An answer without any of this came from the server itself and is no copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from trayapp.sources.messages import HttpResponse, parse_http_date

_SAME_INSTANT = timedelta(seconds=2)
"""Both headers are in whole seconds, and each is rounded on its own."""


@dataclass(frozen=True, slots=True)
class _CachedCopy:
    name: str
    digest: str
    date_header: datetime
    made_at: datetime

    def is_same(self, other: _CachedCopy) -> bool:
        same_instant = (
            self.date_header == other.date_header or abs(self.made_at - other.made_at) <= _SAME_INSTANT
        )
        return self.digest == other.digest and same_instant


class CachedCopies:
    """Gives each copy a name of its own: readings are of one copy when their names are equal and not empty."""

    def __init__(self) -> None:
        self._last: _CachedCopy | None = None

    def name_copy(self, answer: HttpResponse) -> str:
        """The name of the copy that this is; empty when the server itself answered."""
        copy = _read_copy(answer)
        if copy is None:
            return ""
        if self._last is None or not copy.is_same(self._last):
            self._last = copy
        return self._last.name


def _read_copy(answer: HttpResponse) -> _CachedCopy | None:
    cached = answer.age > 0 or answer.headers.get("cf-cache-status", "").strip().upper() == "HIT"
    dated = parse_http_date(answer.headers.get("date", ""))
    if not cached or dated is None:
        return None
    digest = sha256(answer.body).hexdigest()[:16]
    made_at = dated - timedelta(seconds=answer.age)
    return _CachedCopy(f"{digest} {made_at.isoformat()}", digest, dated, made_at)
