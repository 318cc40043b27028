"""The status as a person passes it on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.scenes import CALM, DOWN, INCIDENT, translator_of
from trayapp.core.wording.headline import status_sentence
from trayapp.core.wording.share_text import status_text
from trayapp.i18n.languages import LANGUAGE_CODES

EN = translator_of("en")


def test_it_says_what_holds_where_to_read_it_and_as_of_when() -> None:
    """With the zone of its times: who reads it may be elsewhere."""
    incident = replace(INCIDENT, url="https://status.openai.com/incidents/harbour1")
    assert status_text(EN, replace(DOWN, incidents=(incident,)), "tray 1").splitlines() == [
        status_sentence(EN, DOWN),
        "https://status.openai.com/incidents/harbour1",
        "(checked 14 Mar 2026, 13:53, UTC+03:00; tray 1)",
    ]


def test_all_well_is_two_lines() -> None:
    """Without an address there is none."""
    assert status_text(EN, CALM, "tray 1").splitlines() == [
        "OpenAI reports no trouble with ChatGPT, APIs and Codex.",
        "(checked 14 Mar 2026, 13:53, UTC+03:00; tray 1)",
    ]


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_it_speaks_the_persons_language(language: str) -> None:
    """It is they who pass it on."""
    speaking = translator_of(language)
    assert status_text(speaking, CALM, "tray 1").startswith(status_sentence(speaking, CALM))


def test_what_the_page_says_adds_no_line() -> None:
    """A title with line ends is one line, and so is an address."""
    incident = replace(INCIDENT, name="a\nb\x1b[31m\u202ec", url="https://x.example/\n\x07y")
    text = status_text(EN, replace(DOWN, incidents=(incident,)), "tray 1")
    assert len(text.splitlines()) == 3
    assert text.replace("\n", "").isprintable()


def test_many_incidents_are_few_addresses() -> None:
    """A chat is no archive."""
    many = tuple(replace(INCIDENT, id=str(n), url=f"https://x.example/{n}") for n in range(20))
    assert len(status_text(EN, replace(DOWN, incidents=many), "tray 1").splitlines()) == 5
