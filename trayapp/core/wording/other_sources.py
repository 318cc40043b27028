"""Lists where others report trouble, by the person's language and country. The program asks none of them."""

from __future__ import annotations

from collections.abc import Iterator

from trayapp.i18n.translator import Translator, mark
from trayapp.model import Verdict
from trayapp.model.other_sources import select_other_sources

_NAMES = {
    "downdetector": "Downdetector",
    "x": "X: #ChatGPTDown",
    "news": mark("Google News"),
    "trends": "Google Trends",
    "hacker_news": "Hacker News",
    "reddit": "Reddit: r/ChatGPT",
    "codex": "GitHub: openai/codex",
}
"""Proper names; those that differ from language to language are in the catalogues."""


def may_show_other_sources(verdict: Verdict) -> bool:
    """Whether a person may wonder if only they are hit: in trouble or suspicion, not in an unknown state."""
    return (
        verdict.state.is_trouble
        or (verdict.state.is_known and verdict.checking)
        or verdict.is_reported_by_people
    )


def list_other_sources(speech: Translator) -> Iterator[tuple[str, str, str]]:
    """Yields the key, name and address of each source."""
    # Each catalogue translates "en" to the tag of its own language.
    for place in select_other_sources(speech.say("en"), speech.find_country()):
        yield place.key, speech.say(_NAMES[place.key]), place.address
