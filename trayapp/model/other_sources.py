"""Lists web pages where other people report outages, for a person to open. The program itself requests none of them.

The menu, the details page and the list of addresses that may be opened all come from this one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_DOWNDETECTOR_URLS: Mapping[str, str] = {
    "": "https://downdetector.com/status/openai/",
    "TR": "https://downdetector.tr/durum/openai/",
    "ID": "https://downdetector.id/masalah/openai/",
    "GB": "https://downdetector.co.uk/status/openai/",
    "DE": "https://xn--allestrungen-9ib.de/stoerung/openai/",
}
"""Addresses by country: each country has its own site and its own word for "status". "" is every other country."""
_NEWS_URLS: Mapping[str, str] = {
    "en": "https://news.google.com/search?q=ChatGPT%20down%20when%3A1h&hl=en-US&gl=US&ceid=US:en",
    "tr": "https://news.google.com/search?q=ChatGPT%20%C3%A7%C3%B6kt%C3%BC%20when%3A1h&hl=tr&gl=TR&ceid=TR:tr",
    "id": "https://news.google.com/search?q=ChatGPT%20down%20when%3A1h&hl=id&gl=ID&ceid=ID:id",
}
"""Addresses by language."""
_TRENDS_URL = "https://trends.google.com/trends/explore?q=chatgpt%20down&date=now%201-d"
_WORLDWIDE_URLS: Mapping[str, str] = {
    "hacker_news": "https://hn.algolia.com/?dateRange=last24h&prefix=false&query=chatgpt&sort=byDate&type=story",
    "reddit": "https://www.reddit.com/r/ChatGPT/new/",
    "codex": "https://github.com/openai/codex/issues?q=is%3Aissue%20sort%3Acreated-desc%20label%3Aconnectivity",
}

COUNTRIES = tuple(_DOWNDETECTOR_URLS)

_COUNTRY_BY_ZONE: Mapping[str, str] = {
    **dict.fromkeys(("Europe/Istanbul", "Asia/Istanbul", "Turkey"), "TR"),
    **dict.fromkeys(
        ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Ujung_Pandang", "Asia/Jayapura"), "ID"
    ),
    **dict.fromkeys(("Europe/London", "Europe/Belfast", "GB", "GB-Eire"), "GB"),
    **dict.fromkeys(("Europe/Berlin", "Europe/Busingen"), "DE"),
}
_COUNTRY_BY_LANGUAGE: Mapping[str, str] = {"tr": "TR", "id": "ID", "in": "ID", "de": "DE"}
"""The country that is assumed for a language; "in" is the older code for Indonesian."""
_LOCALE_TAG = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:[-_][A-Za-z]{4})?(?:[-_](?P<territory>[A-Za-z]{2}))?(?:[.@].*)?"
)


@dataclass(frozen=True, slots=True)
class OtherSource:
    """One such page."""

    key: str
    address: str


def select_other_sources(language: str, country: str) -> tuple[OtherSource, ...]:
    """Selects the pages for a language and a country; a page that has neither is given in English and for the world."""
    return tuple(OtherSource(key, address) for key, address in _source_rows(language, country))


def _source_rows(language: str, country: str) -> Iterator[tuple[str, str]]:
    spoken = language if language in _NEWS_URLS else "en"
    living = country if country in _DOWNDETECTOR_URLS else ""
    yield "downdetector", _DOWNDETECTOR_URLS[living]
    yield "x", "https://x.com/search?q=%23ChatGPTDown&f=live"
    yield "news", _NEWS_URLS[spoken]
    yield "trends", f"{_TRENDS_URL}{f'&geo={living}' if living else ''}&hl={spoken}"
    yield from _WORLDWIDE_URLS.items()


OTHER_SOURCE_URLS = frozenset(
    place.address
    for language in _NEWS_URLS
    for country in COUNTRIES
    for place in select_other_sources(language, country)
)
"""The only addresses that may be opened on these hosts. Anybody can write there, so that a status page's link to another
page of theirs is no safer than a link to anywhere."""


def match_country(hints: Iterable[str]) -> str:
    """Returns the first of `COUNTRIES` that a hint names: a time zone, locale, language, or "_" and a country; "" if none."""
    return next(filter(None, map(_country_of_hint, hints)), "")


def _country_of_hint(hint: str) -> str:
    if hint in _COUNTRY_BY_ZONE:
        return _COUNTRY_BY_ZONE[hint]
    tag = _LOCALE_TAG.fullmatch(hint)
    if tag is None:
        return ""
    territory = tag["territory"]
    country = territory.upper() if territory else _COUNTRY_BY_LANGUAGE.get(tag["language"].lower(), "")
    return country if country in _DOWNDETECTOR_URLS else ""
