"""Counts people who report trouble in stories and comments of Hacker News, by Algolia's search.

https://hn.algolia.com/api: 10,000 requests an hour. The search also finds words that only begin alike, so that "down" finds
"download": the words are looked for again here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trayapp.model import Miss
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow
from trayapp.sources.crowd.counting import (
    FETCH_SECONDS,
    Fetch,
    ReadReport,
    Voices,
    crowd_request,
    format_miss,
    plain_text,
    read_epoch,
    read_json,
)
from trayapp.sources.lenient_json import JsonObject, read_id, read_rows
from trayapp.sources.messages import HttpRequest

_PRODUCT_WORDS = ("chatgpt", "openai", "codex")
_SHOWN = 50


class HackerNews:
    """Asks for each product's word."""

    source = CrowdSource.HACKER_NEWS
    requests = len(_PRODUCT_WORDS)

    def __init__(self, read_report: ReadReport, base: str = "https://hn.algolia.com") -> None:
        self._read_report = read_report
        self._base = base

    def count_people(self, fetch: Fetch, window: CrowdWindow) -> CrowdCount | Miss:
        """Asks for all words; a Miss if one of them brought none."""
        answers = fetch([self._request(word, window) for word in _PRODUCT_WORDS], FETCH_SECONDS)
        found = [read_json(answer, window.until) for answer in answers]
        return next((f for f in found if isinstance(f, Miss)), None) or read_hits(
            found, window, self._read_report
        )

    def _request(self, word: str, window: CrowdWindow) -> HttpRequest:
        since = int(window.since.timestamp())
        return crowd_request(
            f"{self._base}/api/v1/search_by_date?query={word}&tags=(story,comment)"
            f"&numericFilters=created_at_i>{since}&hitsPerPage={_SHOWN}"
        )


def read_hits(found: Iterable[Any], window: CrowdWindow, read_report: ReadReport) -> CrowdCount | Miss:
    """Reads how many authors report trouble. One who is found by two words counts once."""
    voices, shown_since = Voices(window), None
    for each in found:
        if not isinstance(each, dict) or not isinstance(each.get("hits"), list):
            return format_miss("no hits")
        rows = read_rows(each, "hits", _SHOWN)
        dated = [(at, row) for row in rows if (at := read_epoch(row.get("created_at_i"))) is not None]
        if each["hits"] and not dated:
            return format_miss("hits without a time")
        for at, row in dated:
            products = read_report(_text_of(row))
            if products is not None:
                voices.add(read_id(row, "author"), at, products)
        if len(each["hits"]) >= _SHOWN:
            oldest = min(at for at, _ in dated)
            shown_since = oldest if shown_since is None else max(oldest, shown_since)
    return voices.sum_up(shown_since).count(CrowdSource.HACKER_NEWS, window)


def _text_of(row: JsonObject) -> str:
    """Returns what the author wrote: a comment, or a story's title and text."""
    comment = plain_text(row.get("comment_text"))
    return comment or f"{plain_text(row.get('title'))} {plain_text(row.get('story_text'))}"
