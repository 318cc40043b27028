"""Times, lengths, lists and names in the habit of each language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.core.scenes import (
    BEGAN,
    CALM,
    LANGUAGES,
    NOW,
    product,
    translator_of,
)
from trayapp.core.wording import headline

EN = translator_of("en")


@pytest.mark.parametrize(
    ("language", "words_of"),
    [
        ("en", ["less than a minute", "1 min", "47 min", "1 h", "1 h 5 min", "1 day", "2 days 3 h"]),
        (
            "tr",
            [
                "bir dakikadan kısa süre",
                "1 dakika",
                "47 dakika",
                "1 saat",
                "1 saat 5 dakika",
                "1 gün",
                "2 gün 3 saat",
            ],
        ),
        (
            "id",
            [
                "kurang dari semenit",
                "1 menit",
                "47 menit",
                "1 jam",
                "1 jam 5 menit",
                "1 hari",
                "2 hari 3 jam",
            ],
        ),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(language: str, words_of: list[str]) -> None:
    """Down to minutes, without a unit that is nought, in the plural that the language wants."""
    minutes = (0.5, 1, 47, 60, 65, 24 * 60, 51 * 60)
    assert [translator_of(language).duration_text(m * 60) for m in minutes] == words_of


@pytest.mark.parametrize(
    ("language", "today", "this_year", "before"),
    [
        ("en", "13:41", "13 Mar, 13:41", "14 Mar 2025, 13:41"),
        ("tr", "13:41", "13 Mar 13:41", "14 Mar 2025 13:41"),
        ("id", "13.41", "13 Mar pukul 13.41", "14 Mar 2025 pukul 13.41"),
    ],
)
def test_a_time_is_local_and_says_its_day_where_it_is_another(
    language: str, today: str, this_year: str, before: str
) -> None:
    """Only what is not today carries a date, only what is not this year a year."""
    speech = translator_of(language)
    times = (BEGAN, BEGAN - timedelta(days=1), BEGAN - timedelta(days=365))
    assert [speech.time_text(at, NOW) for at in times] == [today, this_year, before]


def test_today_is_the_persons_own_day() -> None:
    """22:30 UTC is already tomorrow in Istanbul."""
    late = datetime(2026, 3, 13, 22, 30, tzinfo=UTC)
    assert EN.time_text(late, NOW) == "01:30"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_year_has_twelve_months(language: str) -> None:
    """The months stand in one text of the catalogue, each with a name of its own."""
    speech = translator_of(language)
    days = [speech.time_text(datetime(2025, month, 5, tzinfo=UTC), NOW).split()[1] for month in range(1, 13)]
    assert len(set(days)) == 12


def test_more_products_than_there_is_room_for_are_counted() -> None:
    """A list that would be too long ends with how many more there are."""
    names = [f"Product number {n}" for n in range(1, 13)]
    assert EN.join_products(names, 45) == "Product number 1 and 11 more"
    assert EN.join_products(names, 50) == "Product number 1, Product number 2 and 10 more"


def test_a_name_from_outside_is_never_read_as_a_pattern() -> None:
    """Braces and percent signs in a product's name are only characters."""
    odd = replace(CALM, products=(product("{services} %s {0}"),))
    assert headline.status_sentence(EN, odd) == "OpenAI reports no trouble with {services} %s {0}."
