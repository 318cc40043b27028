"""When to look next, at what, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.days import (
    QUIET,
    Day,
    gaps,
    pages,
    rolling,
)
from tests.core.films import LIMITS, MISS, alive, look
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, incident, page
from trayapp.model import Cause, Line, Miss


def test_the_page_is_asked_at_once() -> None:
    """The first look is now, and of everything."""
    plan = Day().plan()
    assert (plan.wait, plan.page, plan.native, plan.incidents, plan.why) == (
        0.0,
        True,
        True,
        True,
        "first look",
    )


def test_on_a_calm_day_the_page_is_asked_every_two_minutes() -> None:
    """The configured interval."""
    day = Day()
    assert day.waits(4) == [0.0, 120.0, 120.0, 120.0]
    assert day.plan().why == "calm"


@pytest.mark.parametrize(("roll", "wait"), [(0.0, 108.0), (0.5, 120.0), (0.999_999, 132.0)])
def test_calm_looks_are_jittered_by_ten_percent(roll: float, wait: float) -> None:
    """From -10 % to +10 %, so that many clients do not march in step."""
    day = Day(dice=rolling(roll))
    day.next()
    assert day.next().plan.wait == pytest.approx(wait, abs=0.01)


def test_what_is_due_together_is_asked_together() -> None:
    """What is due within 5 s is asked in one round, so that the computer wakes once."""
    day = Day(LIMITS)
    day.next()
    plan = day.plan()
    assert (plan.wait, plan.probes, plan.page) == (75.0, ("API", "ChatGPT"), False)
    assert plan.why == "probes due: API, ChatGPT"


def test_a_new_word_is_read_again_after_20_s() -> None:
    """It is told only when read twice."""
    day = Day()
    day.until(130)
    day.reading = page(ChatGPT=MAJOR)
    assert day.waits(3) == [120.0, 20.0, 60.0]


def test_the_reason_of_a_quick_look_is_named() -> None:
    """For the log."""
    day = Day()
    day.until(130)
    day.reading = page(ChatGPT=MAJOR)
    day.next()
    assert day.plan().why == "a new word is read twice"
    day.next()
    assert day.plan().why == "trouble"


def test_a_word_that_was_told_is_not_read_again_quickly() -> None:
    """In trouble the page is asked every minute."""
    day = Day()
    day.reading = page(ChatGPT=MAJOR)
    assert day.waits(4) == [0.0, 60.0, 60.0, 60.0]


def test_the_end_is_read_again_after_60_s() -> None:
    """Operational twice, 60 s apart, is the end; then it is calm."""
    day = Day()
    day.reading = page(ChatGPT=MAJOR)
    day.waits(3)
    day.reading = page()
    assert day.waits(3) == [60.0, 60.0, 120.0]


def test_degraded_that_nobody_is_told_is_trouble_too() -> None:
    """The rhythm follows the state, not the level."""
    day = Day()
    day.waits(2)
    day.reading = page(ChatGPT=DEGRADED)
    assert day.waits(4) == [120.0, 20.0, 60.0, 60.0]


def test_a_page_that_does_not_answer_is_asked_ever_more_rarely() -> None:
    """With dice at their highest the pauses grow threefold, to 15 min at most."""
    day = Day(dice=rolling(0.999_999))
    day.reading = MISS
    assert [round(gap) for gap in gaps(pages(day, 4000))] == [180, 540, 900, 900, 900]
    assert day.plan().why == "the page did not answer"


@pytest.mark.parametrize("roll", [0.0, 0.3, 0.7, 0.999_999])
def test_failing_is_never_asked_more_often_than_health(roll: float) -> None:
    """One early second try after 60 s, as in trouble; after that never sooner than on a calm day."""
    day = Day(dice=rolling(roll))
    day.reading = MISS
    waits = gaps(pages(day, 6000))
    assert waits[0] >= LIMITS.page_interval_in_trouble
    assert all(LIMITS.page_interval <= wait <= LIMITS.backoff_cap for wait in waits[1:])


def test_an_answer_ends_the_back_off() -> None:
    """The page is asked in the usual rhythm again."""
    day = Day(dice=rolling(0.999_999))
    day.next()
    day.reading = MISS
    day.waits(4)
    day.reading = page()
    day.next()
    assert day.plan().wait == pytest.approx(132.0, abs=0.01)


def test_retry_after_is_honoured() -> None:
    """A page that asks for 20 min of peace gets them; the icon turns grey in between all the same."""
    day = Day()
    day.next()
    day.reading = Miss(Cause.STATUS, 503, retry_after=1200.0)
    asked = day.next().second
    assert next(a for a in day.until(3000) if a.plan.page).second == asked + 1200.0


def test_retry_after_is_capped_at_an_hour() -> None:
    """No header stops the program for a day."""
    day = Day()
    day.next()
    day.reading = Miss(Cause.STATUS, 503, retry_after=86_400.0)
    asked = day.next().second
    assert next(a for a in day.until(9000) if a.plan.page).second == asked + 3600.0


def test_retry_after_does_not_hurry() -> None:
    """A page that asks for one second is still asked no sooner than its back-off says."""
    day = Day()
    day.next()
    day.reading = Miss(Cause.STATUS, 503, retry_after=1.0)
    day.next()
    assert day.plan().wait >= LIMITS.page_interval_in_trouble


def test_a_page_that_says_how_long_it_is_fresh_is_asked_after_that() -> None:
    """Cache-Control is honoured, up to 300 s."""
    for fresh_for, wait in ((30.0, 120.0), (200.0, 200.0), (300.0, 300.0), (86_400.0, 300.0)):
        day = Day()
        day.reading = page(fresh_for=fresh_for)
        day.next()
        assert day.plan().wait == wait


def test_the_icon_turns_grey_when_the_word_grows_too_old_and_not_later() -> None:
    """A round that asks nobody is planned for that moment."""
    day = Day(replace(QUIET, page_interval=100.0))
    day.next()
    day.reading = Miss(Cause.STATUS, 503, retry_after=3600.0)
    day.next()
    plan = day.plan()
    assert day.second + plan.wait == pytest.approx(600.1)
    assert (plan.page, plan.probes, plan.why) == (False, (), "the page's word grows too old")
    day.next()
    assert day.plan().page


def test_offline_only_the_page_is_asked_every_minute() -> None:
    """Probes wait for the line."""
    day = Day(LIMITS)
    day.until(400)
    day.reading, day.line = MISS, Line.OFFLINE
    day.next()
    while not day.plan().page:
        day.next()
    day.next()
    assert day.plan().why == "offline: is the line back?"
    asked = day.until(day.second + 6000)
    assert set(gaps([a.second for a in asked if a.plan.page])) == {60.0}
    assert all(a.plan.probes == () for a in asked)


def test_the_feed_and_the_past_are_read_hourly() -> None:
    """On a calm day the native feed and the list of incidents are asked for with every thirtieth page."""
    asked = [a.second for a in Day().until(4 * 3600) if a.plan.native]
    assert asked == [0.0, 3600.0, 7200.0, 10_800.0, 14_400.0]


def test_the_feed_is_read_when_an_incident_opens_changes_or_ends() -> None:
    """What it says of whom an incident concerns is wanted at once."""
    day = Day()
    day.until(130)
    for reading in (
        page(incident(impact=PARTIAL)),
        page(incident(impact=PARTIAL), incident("Another", PARTIAL, number=2)),
        page(),
    ):
        day.reading = reading
        day.next()
        plan = day.plan()
        assert (plan.page, plan.native, plan.incidents) == (True, True, True)
        day.next()
        assert not day.plan().native


def test_a_feed_that_fails_is_not_asked_again_at_once() -> None:
    """It is not needed, so it has an hour."""
    day = Day()
    day.native = MISS
    day.next()
    assert not day.plan().native


def test_a_round_without_the_page_leaves_its_back_off() -> None:
    """A look at a probe says nothing of the page."""
    day = Day(replace(LIMITS, probes=LIMITS.probes[:1]), rolling(0.999_999))
    day.next()
    day.reading = MISS
    day.until(300)
    before = day.schedule.backoff
    assert before > 0.0
    day.brought(look(day.second + 1, None, alive("API")))
    assert day.schedule.backoff == before
