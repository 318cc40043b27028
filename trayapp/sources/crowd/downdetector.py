"""Counts reports on Downdetector, by its API and with the person's own key.

Paths and answers by the maker's manual, https://cookbooks.downdetectorapi.com. Without a key nothing is asked: the public
pages stand behind a wall against programs, and that is respected.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from trayapp.model import Cause, Miss, format_utc
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow, ReportLevel
from trayapp.sources.crowd.counting import (
    FETCH_SECONDS,
    MAX_PEOPLE,
    NO_KEY,
    Fetch,
    crowd_request,
    format_miss,
    read_json,
    read_number,
    read_timestamp,
)
from trayapp.sources.lenient_json import read_rows
from trayapp.sources.messages import HttpRequest

API_BASE = "https://downdetectorapi.com/v2"
_SLUG = "openai"
_PRODUCTS = ("ChatGPT",)
_SENDABLE_KEY = re.compile(r"[\x21-\x7e]{1,512}")
_MAX_ROWS = 100


class Downdetector:
    """Asks for the reports on OpenAI in one country."""

    source = CrowdSource.DOWNDETECTOR
    requests = 2

    def __init__(self, country: str, key: Callable[[], str | None], base: str = API_BASE) -> None:
        """`country`: ISO 3166, two letters; `key` returns the person's key, or None if there is none now."""
        self._country = country
        self._key = key
        self._base = base
        self._company = ""

    def count_people(self, fetch: Fetch, window: CrowdWindow) -> CrowdCount | Miss:
        """Asks for reports and level; the first time also for the number of OpenAI's entry."""
        key = (self._key() or "").strip()
        if not _SENDABLE_KEY.fullmatch(key):
            return Miss(Cause.INTERNAL, detail=NO_KEY)
        if not self._company:
            company = self._find_company(fetch, window, key)
            if isinstance(company, Miss):
                return company
            self._company = company
        since, until = format_utc(window.since), format_utc(window.until)
        reports, level = fetch(
            [
                crowd_request(
                    f"{self._base}/slugs/{_SLUG}/reports?companies={self._company}&interval=5m"
                    f"&startdate={since}&enddate={until}",
                    key=key,
                ),
                crowd_request(f"{self._base}/companies/{self._company}/status", key=key),
            ],
            FETCH_SECONDS,
        )
        people = read_reports(read_json(reports, window.until), window)
        word = read_level(read_json(level, window.until))
        if isinstance(people, Miss):
            return people
        if isinstance(word, Miss):
            return word
        return CrowdCount(self.source, people, window, products=_PRODUCTS if people else (), level=word)

    def _find_company(self, fetch: Fetch, window: CrowdWindow, key: str) -> str | Miss:
        (answer,) = fetch([company_request(self._base, self._country, key)], FETCH_SECONDS)
        return read_company(read_json(answer, window.until), self._country)


def company_request(base: str, country: str, key: str) -> HttpRequest:
    """Returns the request for OpenAI's entry in one country, which also shows whether the key is accepted."""
    fields = "id,name,slug,country_iso"
    return crowd_request(f"{base}/companies/search?slug={_SLUG}&country={country}&fields={fields}", key=key)


def read_company(found: Any, country: str) -> str | Miss:
    """Reads the number of OpenAI's entry for a country."""
    if isinstance(found, Miss):
        return found
    if not isinstance(found, list):
        return format_miss("no list of companies")
    for row in read_rows({"rows": found}, "rows", _MAX_ROWS):
        number = row.get("id")
        is_number = isinstance(number, str) and number.isascii() and number.isdigit() and len(number) <= 12
        if is_number and row.get("slug") == _SLUG and row.get("country_iso") == country:
            return str(number)
    return format_miss("OpenAI has no entry for this country")


def read_reports(found: Any, window: CrowdWindow) -> int | Miss:
    """Reads how many reports the window's steps of five minutes hold together."""
    if isinstance(found, Miss):
        return found
    if not isinstance(found, list):
        return format_miss("no list of reports")
    total = 0
    rows = read_rows({"rows": found}, "rows", _MAX_ROWS)
    if found and not rows:
        return format_miss("no rows")
    for row in rows:
        at, people = read_timestamp(row.get("point_in_time")), read_number(row, "total")
        if at is None or people is None:
            return format_miss("a step without a time or with an impossible count")
        if window.since <= at < window.until:
            total += people
    return total if total <= MAX_PEOPLE else format_miss("an impossible count")


def read_level(found: Any) -> ReportLevel | Miss:
    """Reads Downdetector's own word, which is the whole answer."""
    if isinstance(found, Miss):
        return found
    if isinstance(found, str) and found in set(ReportLevel):
        return ReportLevel(found)
    return format_miss("an unknown level")
