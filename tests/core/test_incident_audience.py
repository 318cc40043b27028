"""Whom an incident names alone: read in its title, widened by its posts."""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.gold import Title, score, table, titles
from tests.core.pages import incident
from trayapp.core.audience.incident import Audience, is_only_for_others, read_audience
from trayapp.core.audience.plans import PLANS
from trayapp.core.audience.regions import (
    CONTINENTS,
    countries_by_region,
    has_region_overlap,
    region_by_spelling,
)
from trayapp.model import AboutMe

RECORDED = os.environ.get("RECORDED_PAGES", "")
"""A folder of recorded pages. Their titles are OpenAI's own text, so the repository holds none of them."""
"""Where recordings of the real page may be; they are no part of the project."""
_TO_READ = (
    "Plus", "plus", "Enterprise", "Free", "Pro", "Europe", "Asia", "EU", "users", "plans", "for", "in", "and", ",", "/",
    "not", "except", "errors", "Elevated", "ChatGPT", "Codex", "down", "is", "paid", "the", "some", "(", ")", "region",
    "affecting", ":", "only",
)  # fmt: skip


def test_the_gold_list_is_long_enough_and_names_no_title_twice() -> None:
    """At least 120, of both kinds."""
    chosen = [title.text for title in titles()]
    assert len(chosen) == len(set(chosen))
    assert len(chosen) >= 120
    assert sum(bool(t.plans or t.regions) for t in titles()) >= 60


@pytest.mark.parametrize("kind", ["plan", "region"])
def test_nobody_is_spared_wrongly_and_most_are_spared_who_can_be(kind: str) -> None:
    """Precision 100 %, recall at least 80 %, over titles and persons."""
    found = score(titles())[kind]
    assert found.wrong == 0
    assert found.recall >= 0.8, table()


@pytest.mark.parametrize(
    "title", [t for t in titles() if not t.plans and not t.regions], ids=lambda t: t.text
)
def test_a_title_for_everybody_spares_nobody(title: Title) -> None:
    """Whatever their plan and wherever they live."""
    told = incident(title.text)
    for plan in PLANS:
        assert not is_only_for_others(told, AboutMe(plan=(plan,)))
    for region in countries_by_region():
        assert not is_only_for_others(told, AboutMe(region=(region,)))


@given(st.lists(st.sampled_from(_TO_READ), max_size=12))
def test_a_title_that_has_my_plan_or_region_in_it_always_concerns_me(words: list[str]) -> None:
    """However the words fall."""
    read = read_audience(" ".join(words))
    if "Plus" in words and read.plans:
        assert "Plus" in read.plans
    if "Europe" in words and read.regions:
        assert "Europe" in read.regions


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    """Without a fault, and to the same end each time."""
    assert read_audience(text, (text,)) == read_audience(text, (text,))


@pytest.mark.parametrize(
    "text",
    [
        "Elevated errors for Enterprise users " + "and so on " * 1000,
        "Enterprise, " * 800,
        "a" * 10_000,
        "for " * 2500,
    ],
)
def test_a_title_of_ten_thousand_characters_is_for_everybody_and_takes_no_time(text: str) -> None:
    """Nobody reads it."""
    began = time.perf_counter()
    assert read_audience(text[:10_000], (text,) * 20) == Audience()
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("post", "plans"),
    [
        ("We look into it.", ("Enterprise",)),
        (
            "We have identified that users are experiencing elevated errors for the impacted services.",
            ("Enterprise",),
        ),
        ("All impacted services have now fully recovered.", ("Enterprise",)),
        ("Enterprise users see errors again.", ("Enterprise",)),
        ("Plus users are affected too.", ("Plus", "Enterprise")),
        ("Plus is not affected.", ("Plus", "Enterprise")),
        ("All users are affected.", ()),
        ("Users across multiple subscription plans may be unable to start tasks.", ()),
        ("This is no longer limited to Enterprise.", ()),
        ("The API is affected too.", ()),
        ("Tüm kullanıcılar etkileniyor.", ()),
        ("word " * 2000, ()),
    ],
)
def test_a_post_may_only_widen(post: str, plans: tuple[str, ...]) -> None:
    """It adds whom it names, and what cannot be read adds everybody."""
    assert read_audience("Elevated errors for Enterprise users", (post,)).plans == plans
    assert read_audience("Elevated errors", (post,)) == Audience()


def test_what_also_concerns_the_api_is_not_narrowed_by_a_plan() -> None:
    """The API is not sold by ChatGPT's plans."""
    assert read_audience("Elevated errors for Enterprise users", (), ("APIs", "ChatGPT")) == Audience()
    assert read_audience("Elevated errors for users in Europe", (), ("APIs",)).regions == ("Europe",)


@pytest.mark.parametrize(
    ("mine", "named", "may_be_me"),
    [
        ("Turkey", "Europe", True),
        ("Turkey", "Middle East", True),
        ("Turkey", "Asia", True),
        ("Turkey", "EU", False),
        ("Asia", "Europe", False),
        ("Europe", "Asia", False),
        ("Europe", "EU", True),
        ("Europe", "Italy", True),
        ("Italy", "EU", True),
        ("Italy", "Germany", False),
        ("Indonesia", "APAC", True),
        ("Indonesia", "Southeast Asia", True),
        ("Indonesia", "South Asia", False),
        ("United States", "North America", True),
        ("United States", "Latin America", False),
        ("South America", "Latin America", True),
        ("United Kingdom", "EU", False),
        ("United Kingdom", "Europe", True),
        ("Georgia", "United States", True),
    ],
)
def test_a_region_holds_its_countries_and_one_between_two_belongs_to_both(
    mine: str, named: str, may_be_me: bool
) -> None:
    """And continents that share such a country are two all the same."""
    assert has_region_overlap([mine], [named]) is may_be_me


def test_every_name_of_a_region_leads_to_countries() -> None:
    """The menu's own too."""
    assert {*region_by_spelling().values(), *CONTINENTS} <= set(countries_by_region())
    assert all(countries_by_region().values())


def _recorded_titles() -> Iterator[str]:
    for file in sorted(Path(RECORDED).glob("history/openai-incident_history_*.csv")):
        with file.open(encoding="utf-8", newline="") as rows:
            yield from (row["Incident_Title"] for row in csv.DictReader(rows))
    for file in sorted(Path(RECORDED).glob("openai-incidentio/*.json")):
        yield from _names_in(json.loads(file.read_text("utf-8")))


def _names_in(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        if isinstance(found.get("name"), str) and "incident_updates" in found:
            yield found["name"]
        found = list(found.values())
    if isinstance(found, list):
        for each in found:
            yield from _names_in(each)


@pytest.mark.skipif(not RECORDED, reason="RECORDED_PAGES names no folder of recorded pages")
def test_recorded_titles_are_read_without_a_mistake() -> None:
    """Of 331 titles of six years eleven name somebody alone; each says so by a word for people or a place."""
    found = {title: read_audience(title) for title in _recorded_titles()}
    narrow = {title: read for title, read in found.items() if read.names}
    assert len(found) > 300
    assert 8 <= len(narrow) <= 20
    by_kind = sorted((read.plans, read.regions) for read in narrow.values())
    everybody_paid = PLANS[1:]
    assert by_kind == sorted(
        [
            (("Free",), ()),
            (("Free",), ()),
            (("Enterprise",), ()),
            (("Enterprise",), ()),
            (everybody_paid, ()),
            (("Plus", "Pro"), ()),
            (("new accounts",), ()),
            (("Free", "Go"), ()),
            (("Plus", "Pro", "Team", "Business", "Enterprise", "Edu"), ()),
            ((), ("Europe",)),
            ((), ("APAC",)),
        ]
    )
