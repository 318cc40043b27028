"""Reads whether a country searches for OpenAI's products, by Google's feed of trends: context, and never a vote.

The feed has no documentation. Its items come with a title, a rough number as text that each language writes otherwise, and
the time at which the search began to rise, in steps of ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from xml.parsers import expat

from trayapp.model import Cause, Miss
from trayapp.model.crowd import SearchTrend
from trayapp.sources.crowd.counting import (
    FETCH_SECONDS,
    MAX_TEXT,
    Fetch,
    crowd_request,
    read_pause,
)
from trayapp.sources.messages import HttpResponse, parse_http_date

_RECENT = timedelta(hours=4)
"""An older entry is about something else."""
_AHEAD = timedelta(minutes=15)
_MAX_ITEMS = 100


class SearchTrends:
    """Asks for one country's list."""

    def __init__(
        self,
        country: str,
        names_product: Callable[[str], object | None],
        base: str = "https://trends.google.com",
    ) -> None:
        """`country`: ISO 3166, two letters; `names_product` returns None for a text without any product of OpenAI's."""
        self._country = country
        self._names_product = names_product
        self._base = base

    def look(self, fetch: Fetch, now: datetime) -> SearchTrend | Miss:
        """Asks once."""
        (answer,) = fetch([crowd_request(f"{self._base}/trending/rss?geo={self._country}")], FETCH_SECONDS)
        if isinstance(answer, Miss):
            return answer
        if answer.status != 200:
            return Miss(Cause.STATUS, answer.status, retry_after=read_pause(answer, now))
        return read_trends(answer, self._country, now, self._names_product)


def read_trends(
    answer: HttpResponse, country: str, now: datetime, names_product: Callable[[str], object | None]
) -> SearchTrend | Miss:
    """Reads the first recent entry that names a product. A list without entries is a quiet hour, and no Miss."""
    items = _read_items(answer.body)
    if isinstance(items, Miss):
        return items
    for rank, (title, spelled) in enumerate(items, 1):
        at = parse_http_date(spelled)
        if at is not None and now - _RECENT <= at <= now + _AHEAD and names_product(title) is not None:
            return SearchTrend(country, rank, len(items), at)
    return SearchTrend(country, None, len(items))


class _Refused(Exception):  # noqa: N818 - ends the parser, and is no error of ours
    """The document has what no feed needs."""


def _read_items(body: bytes) -> list[tuple[str, str]] | Miss:
    """Reads title and date of each item of an RSS feed."""
    path: list[str] = []
    items: list[dict[str, str]] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        path.append(name)
        if path == ["rss", "channel", "item"]:
            items.append({})
        if len(path) > 20 or len(items) > _MAX_ITEMS or path[0] != "rss":
            raise _Refused

    def text(data: str) -> None:
        if path[:-1] == ["rss", "channel", "item"] and path[-1] in {"title", "pubDate"}:
            items[-1][path[-1]] = (items[-1].get(path[-1], "") + data)[:MAX_TEXT]

    def doctype(*_words: object) -> None:
        raise _Refused  # entities that multiply, and files

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.EndElementHandler = lambda _name: path.pop()
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, _Refused, LookupError, ValueError) as error:
        looks_like_page = b"<html" in body[:2000].lower() or b"<!doctype html" in body[:2000].lower()
        return Miss(Cause.HTML if looks_like_page else Cause.FORMAT, 200, type(error).__name__)
    return [(item.get("title", ""), item.get("pubDate", "")) for item in items]
