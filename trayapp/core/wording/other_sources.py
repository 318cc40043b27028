"""What others say: where to read it, in the person's language and for their country. Nothing of it is asked."""

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
"""Names of their own; those that have another one in another language stand in the catalogues."""


def may_show_other_sources(verdict: Verdict) -> bool:
    """Whether a person may wonder whether it is only them: trouble or a suspicion, never mere lack of knowledge."""
    return verdict.state.is_trouble or (verdict.state.is_known and verdict.checking)


def list_other_sources(speech: Translator) -> Iterator[tuple[str, str, str]]:
    """Each place as (key, name, address)."""
    # The tag of the language that a catalogue speaks; each catalogue translates it to its own.
    for place in select_other_sources(speech.say("en"), speech.find_country()):
        yield place.key, speech.say(_NAMES[place.key]), place.address
