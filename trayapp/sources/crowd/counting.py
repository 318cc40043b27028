"""Sends requests to the sources of the crowd, reads times and counts, and counts people without keeping them."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from trayapp.model import Cause, Miss, parse_timestamp
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow, SearchTrend
from trayapp.sources.lenient_json import JsonObject, parse_json
from trayapp.sources.messages import MAX_WAIT, HttpRequest, HttpResponse

FETCH_SECONDS = 8.0
"""Seconds for the requests of one source."""
MAX_BODY = 256 * 1024
"""Bytes of an answer that are read."""
MAX_PEOPLE = 10_000
"""A greater count is no count: the whole world does not write there in 20 minutes."""
NO_KEY = "no key that can be sent"
"""The detail of a Miss for which nothing was asked."""
MAX_TEXT = 4000
"""Characters of a text in which words are looked for."""
_AHEAD = timedelta(minutes=5)
"""How far a server's clock may be ahead of this computer's."""
_TAG = re.compile(r"<[^<>]{0,500}>")

ReadReport = Callable[[str], frozenset[str] | None]
"""Returns the products of which a text reports trouble, empty for all of them; None if it reports none."""


class Fetch(Protocol):
    """Sends requests: the method of the program's HTTP client."""

    def __call__(self, asks: list[HttpRequest], deadline: float) -> list[HttpResponse | Miss]:
        """Returns the results in order, within `deadline` seconds."""


class CrowdReader(Protocol):
    """Asks one source."""

    source: CrowdSource
    requests: int
    """How many requests `count_people` sends."""

    def count_people(self, fetch: Fetch, window: CrowdWindow) -> CrowdCount | Miss:
        """Counts the people who reported trouble in the window."""


class TrendReader(Protocol):
    """Asks for one country's list of searches."""

    def look(self, fetch: Fetch, now: datetime) -> SearchTrend | Miss:
        """Asks whether one of OpenAI's products is in it."""


def crowd_request(url: str, *, etag: str = "", key: str = "") -> HttpRequest:
    """Returns a request for a source: compressed, small, and for a changed answer only if an ETag is known."""
    return HttpRequest(url, compressed=True, etag=etag, key=key, max_bytes=MAX_BODY)


def read_json(answer: HttpResponse | Miss, now: datetime) -> Any | Miss:
    """Parses an answer's JSON; a Miss knows how long a server that is asked too often wants to be left alone."""
    found = parse_json(answer)
    if isinstance(found, Miss) and isinstance(answer, HttpResponse):
        return replace(found, retry_after=read_pause(answer, now))
    return found


def read_pause(answer: HttpResponse, now: datetime) -> float | None:
    """Reads the seconds to wait: Retry-After, or the end of a used-up allowance as GitHub and Mastodon give it."""
    if answer.retry_after is not None:
        return answer.retry_after
    if answer.headers.get("x-ratelimit-remaining", "").strip() != "0":
        return None
    until = _read_reset(answer.headers.get("x-ratelimit-reset", "").strip())
    return None if until is None else min(max((until - now).total_seconds(), 0.0), MAX_WAIT)


def _read_reset(text: str) -> datetime | None:
    """Reads the time of a reset: seconds since 1970 (GitHub), or ISO 8601 (Mastodon)."""
    return read_epoch(text) if text.isdigit() else read_timestamp(text)


def read_epoch(text: object) -> datetime | None:
    """Reads seconds since 1970, which `lenient_json` leaves as text; None if they are no usable time."""
    if not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 11):
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def read_timestamp(text: object) -> datetime | None:
    """Reads a time in ISO 8601; None if it is none, or lies in the calendar's first or last year."""
    try:
        return parse_timestamp(text, UTC) if isinstance(text, str) else None
    except ValueError:
        return None


def read_number(of: JsonObject, key: str) -> int | None:
    """Reads a count of people; None if it is missing, negative, no number, or more than can be."""
    value = of.get(key)
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10):
        return None
    return number if (number := int(value)) <= MAX_PEOPLE else None


def plain_text(text: object) -> str:
    """Returns a text without HTML, or "" for anything else."""
    return html.unescape(_TAG.sub(" ", text[: 2 * MAX_TEXT]))[:MAX_TEXT] if isinstance(text, str) else ""


@dataclass(frozen=True, slots=True)
class Heard:
    """When people last reported, without saying who."""

    times: tuple[datetime, ...]
    products: tuple[str, ...]
    shown_since: datetime | None = None
    """The oldest post that a full answer showed: there may be more before it."""

    def count(self, source: CrowdSource, window: CrowdWindow) -> CrowdCount:
        """Counts the people of a window."""
        people = sum(window.since <= at <= window.until + _AHEAD for at in self.times)
        capped = self.shown_since is not None and self.shown_since > window.since
        return CrowdCount(source, people, window, capped, self.products if people else ())


class Voices:
    """Collects who reported when, so that everybody counts once. Only times and counts leave it."""

    def __init__(self, window: CrowdWindow) -> None:
        self._window = window
        self._latest: dict[str, datetime] = {}
        self._products: Counter[str] = Counter()

    def add(self, author: str, at: datetime, products: frozenset[str]) -> None:
        """Adds one report of the window. One that lies in the future tells of a wrong clock, and is left out."""
        if not self._window.since <= at <= self._window.until + _AHEAD:
            return
        if author not in self._latest:
            self._products.update(products)
        self._latest[author] = max(at, self._latest.get(author, at))

    def sum_up(self, shown_since: datetime | None = None) -> Heard:
        """Returns what may be kept."""
        ranked = sorted(self._products, key=lambda name: (-self._products[name], name))
        return Heard(tuple(self._latest.values()), tuple(ranked), shown_since)


def format_miss(detail: str) -> Miss:
    """Returns the Miss of an answer that has not the expected form."""
    return Miss(Cause.FORMAT, 200, detail)
