"""Counts people who opened an issue about the connection in openai/codex, by GitHub's search.

https://docs.github.com/rest/search/search#search-issues-and-pull-requests: without an account 10 searches a minute. A bot
of the repository sets the label.
"""

from __future__ import annotations

from typing import Any

from trayapp.model import Miss, format_utc
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow
from trayapp.sources.crowd.counting import (
    FETCH_SECONDS,
    Fetch,
    Voices,
    crowd_request,
    format_miss,
    read_json,
    read_number,
    read_timestamp,
)
from trayapp.sources.lenient_json import read_id, read_object, read_rows
from trayapp.sources.messages import HttpRequest

_SHOWN = 10
"""Issues of an answer: enough to see whether one person wrote them all, and small even with long logs in them."""
_PRODUCT = "Codex"


class GitHubIssues:
    """Asks for the issues of one window."""

    source = CrowdSource.GITHUB
    requests = 1

    def __init__(self, base: str = "https://api.github.com") -> None:
        self._base = base

    def count_people(self, fetch: Fetch, window: CrowdWindow) -> CrowdCount | Miss:
        """Asks once."""
        (answer,) = fetch([self._request(window)], FETCH_SECONDS)
        found = read_json(answer, window.until)
        return found if isinstance(found, Miss) else read_issues(found, window)

    def _request(self, window: CrowdWindow) -> HttpRequest:
        query = f"repo:openai/codex+is:issue+label:connectivity+created:>={format_utc(window.since)}"
        return crowd_request(
            f"{self._base}/search/issues?q={query}&sort=created&order=desc&per_page={_SHOWN}"
        )


def read_issues(found: Any, window: CrowdWindow) -> CrowdCount | Miss:
    """Reads how many people opened the issues that GitHub found.

    Of more issues than are shown, as great a share counts as there are people among those shown; but where a few people
    wrote most of these, only they count.
    """
    if not isinstance(found, dict):
        return format_miss("no object")
    total = read_number(found, "total_count")
    if found.get("incomplete_results") is not False or total is None:
        return format_miss("an incomplete or impossible count")
    rows = read_rows(found, "items", _SHOWN)
    voices, dated = Voices(window), 0
    for row in rows:
        at = read_timestamp(row.get("created_at"))
        dated += at is not None
        if at is not None:
            voices.add(read_id(read_object(row, "user"), "login"), at, frozenset({_PRODUCT}))
    if total and not dated:
        return format_miss("issues without a time")
    count = voices.sum_up().count(CrowdSource.GITHUB, window)
    if total <= len(rows):
        return count
    people = count.people * total // len(rows) if 2 * count.people > len(rows) else count.people
    return CrowdCount(count.source, people, window, capped=True, products=count.products)
