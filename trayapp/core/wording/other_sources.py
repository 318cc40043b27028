"""What others say: where to read it, in the person's language and for their country. Nothing of it is asked."""

from __future__ import annotations

from collections.abc import Iterator

from trayapp.i18n.translator import Speech, mark
from trayapp.model import Verdict
from trayapp.model.other_sources import places_elsewhere

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


def may_be_wrong(verdict: Verdict) -> bool:
    """Whether a person may wonder whether it is only them: trouble or a suspicion, never mere lack of knowledge."""
    return verdict.state.is_trouble or (verdict.state.is_known and verdict.checking)


def what_others_say(speech: Speech) -> Iterator[tuple[str, str, str]]:
    """Each place as (key, name, address)."""
    # The tag of the language that a catalogue speaks; each catalogue translates it to its own.
    for place in places_elsewhere(speech.say("en"), speech.country()):
        yield place.key, speech.say(_NAMES[place.key]), place.address
