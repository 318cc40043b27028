"""Recognises cached copies of the page: two readings of one copy count as one (law 1 in `docs/law.md`).

A cache states the age of its copy (`Age`), or at least that it answered (`cf-cache-status: HIT`). Two such answers are
the same copy if their bytes are equal and the server made them at the same instant, within 2 s. Caches give the instant
in two ways: by RFC 9111 they keep the server's `Date`; others, Cloudflare among them, set `Date` to now, and the instant
is `Date` less `Age`. An answer without these headers came from the server itself and is no copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from trayapp.sources.messages import HttpResponse, parse_http_date

_SAME_INSTANT = timedelta(seconds=2)
"""Both headers are in whole seconds and are rounded separately."""


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
    """Gives each copy a unique name: readings are of one copy if their names are equal and not empty."""

    def __init__(self) -> None:
        self._last: _CachedCopy | None = None

    def name_copy(self, answer: HttpResponse) -> str:
        """Returns the name of the copy in an answer; empty if the server itself answered."""
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
