"""When to look next, at what, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.days import (
    FEED,
    QUIET,
    Day,
    fails,
    gaps,
    pages,
    rolling,
)
from tests.core.films import LIMITS, MISS, PROBE_INTERVAL, alive, look
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, incident, page, part
from trayapp.model import Cause, ConnectionState, Miss, PageReading, PollPlan, Stage, State
from trayapp.model.defaults import PAGE_INTERVAL, PAGE_INTERVAL_IN_TROUBLE


def test_the_page_is_asked_at_once() -> None:
    """The first look is now, and of everything."""
    plan = Day().plan()
    assert (plan.wait, plan.page, plan.native, plan.incidents, plan.reason) == (
        0.0,
        True,
        True,
        True,
        "first poll",
    )


def test_on_a_calm_day_the_page_is_asked_every_two_minutes() -> None:
    """The configured interval."""
    day = Day()
    assert day.waits(4) == [0.0, PAGE_INTERVAL, PAGE_INTERVAL, PAGE_INTERVAL]
    assert day.plan().reason == "calm"


@pytest.mark.parametrize(("roll", "share"), [(0.0, 0.9), (0.5, 1.0), (0.999_999, 1.1)])
def test_calm_looks_are_jittered_by_ten_percent(roll: float, share: float) -> None:
    """From -10 % to +10 %, so that many clients do not march in step."""
    day = Day(dice=rolling(roll))
    day.next()
    assert day.next().plan.wait == pytest.approx(share * PAGE_INTERVAL, abs=0.01)


def test_what_is_due_together_is_asked_together() -> None:
    """What is due within 5 s is asked in one round, so that the computer wakes once."""
    day = Day(LIMITS)
    day.next()
    plan = day.plan()
    assert (plan.wait, plan.probes, plan.page) == (PROBE_INTERVAL / 2, ("API", "ChatGPT"), False)
    assert plan.reason == "probes due: API, ChatGPT"


def test_a_new_word_is_read_again_after_20_s() -> None:
    """It is told only when read twice."""
    day = Day()
    day.until(130)
    day.reading = page(ChatGPT=MAJOR)
    assert day.waits(3) == [PAGE_INTERVAL, 20.0, PAGE_INTERVAL_IN_TROUBLE]


def test_the_reason_of_a_quick_look_is_named() -> None:
    """For the log."""
    day = Day()
    day.until(130)
    day.reading = page(ChatGPT=MAJOR)
    day.next()
    assert day.plan().reason == "a changed word is read twice"
    day.next()
    assert day.plan().reason == "trouble"


def test_a_word_that_was_told_is_not_read_again_quickly() -> None:
    """In trouble the page is asked every minute."""
    day = Day()
    day.reading = page(ChatGPT=MAJOR)
    assert day.waits(4) == [0.0, *[PAGE_INTERVAL_IN_TROUBLE] * 3]


def test_the_end_is_read_again_after_60_s() -> None:
    """After 20 s for the icon, and 60 s after the first one for the end; then it is calm."""
    day = Day()
    day.reading = page(ChatGPT=MAJOR)
    day.waits(3)
    day.reading = page()
    assert day.waits(4) == [PAGE_INTERVAL_IN_TROUBLE, 20.0, 40.0, PAGE_INTERVAL]


def test_degraded_that_nobody_is_told_is_trouble_too() -> None:
    """The rhythm follows the state, not the level."""
    day = Day()
    day.waits(2)
    day.reading = page(ChatGPT=DEGRADED)
    assert day.waits(4) == [PAGE_INTERVAL, 20.0, PAGE_INTERVAL_IN_TROUBLE, PAGE_INTERVAL_IN_TROUBLE]


def test_a_page_that_does_not_answer_is_asked_ever_more_rarely() -> None:
    """With dice at their highest the pauses grow threefold, to 15 min at most."""
    day = Day(dice=rolling(0.999_999))
    day.reading = MISS
    assert [round(gap) for gap in gaps(pages(day, 4000))] == [
        1.5 * PAGE_INTERVAL,
        4.5 * PAGE_INTERVAL,
        *[LIMITS.backoff_cap] * 3,
    ]
    assert day.plan().reason == "the page did not answer"


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
    assert day.plan().wait == pytest.approx(1.1 * PAGE_INTERVAL, abs=0.01)


def asked_to_wait(seconds: float, day: Day) -> list[float]:
    """The pauses of a page that asks for so many seconds of peace each time."""
    day.until(400)
    day.reading = Miss(Cause.STATUS, 503, retry_after=seconds)
    return gaps(pages(day, 12_000))


def test_retry_after_is_honoured() -> None:
    """A page that asks for 9 min of peace gets them."""
    assert asked_to_wait(540.0, Day())[:3] == [540.0] * 3


def test_retry_after_is_capped_at_ten_minutes_and_at_an_hour_when_asked_twice() -> None:
    """No header stops the program for a day, nor for an hour by itself; the icon turns grey in between."""
    for seconds, pauses in ((1200.0, [600.0, 1200.0, 1200.0]), (86_400.0, [600.0, 3600.0, 3600.0])):
        assert asked_to_wait(seconds, Day())[:3] == pauses


def test_a_page_that_asks_for_an_hour_does_not_get_it_while_a_probe_fails() -> None:
    """It is the best proof of the connection, and the only word on what fails."""
    day = Day(LIMITS)
    day.until(400)
    day.answers = fails
    assert max(asked_to_wait(86_400.0, day)) <= LIMITS.backoff_cap


def test_retry_after_does_not_hurry() -> None:
    """A page that asks for one second is still asked no sooner than its back-off says."""
    day = Day()
    day.next()
    day.reading = Miss(Cause.STATUS, 503, retry_after=1.0)
    day.next()
    assert day.plan().wait >= LIMITS.page_interval_in_trouble


def test_a_page_that_says_how_long_it_is_fresh_is_asked_after_that() -> None:
    """Cache-Control is honoured, up to 300 s."""
    for fresh_for, wait in ((30.0, PAGE_INTERVAL), (200.0, 200.0), (300.0, 300.0), (86_400.0, 300.0)):
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
    assert (plan.page, plan.probes, plan.reason) == (False, (), "the page's word grows too old")
    day.next()
    assert day.plan().page


def test_offline_the_page_is_asked_every_minute_and_the_probes_as_ever() -> None:
    """Whichever answers first shows that the connection is back."""
    day = Day(LIMITS)
    day.until(400)
    day.reading, day.line, day.answers = MISS, ConnectionState.OFFLINE, fails
    while not day.plan().page:
        day.next()
    day.next()
    while not day.plan().page:
        day.next()
    assert day.plan().reason == "offline: is it back?"
    asked = day.until(day.second + 6000)
    assert set(gaps([a.second for a in asked if a.plan.page])) == {PAGE_INTERVAL_IN_TROUBLE}
    assert set(gaps([a.second for a in asked if "API" in a.plan.probes])) == {PROBE_INTERVAL}


def test_the_feed_and_the_past_are_read_hourly() -> None:
    """On a calm day the native feed and the list of incidents are asked for with every thirtieth page."""
    asked = [a.second for a in Day().until(4 * 3600) if a.plan.native]
    assert asked == [0.0, 3600.0, 7200.0, 10_800.0, 14_400.0]


ONE = page(incident(impact=PARTIAL))


@pytest.mark.parametrize(
    "reading",
    [
        page(incident(impact=PARTIAL), incident("Another", PARTIAL, number=2)),
        page(incident(impact=PARTIAL, stage=Stage.IDENTIFIED)),
    ],
)
def test_the_feed_is_read_within_2_s_of_an_incident_that_opens_or_changes(reading: PageReading) -> None:
    """In a round of its own; the list of past incidents goes with the next poll of the page."""
    day = Day()
    day.until(130)
    for each in (ONE, reading):
        day.until(day.second + 100)
        day.reading = each
        while not day.next().plan.page:
            pass
        plan = day.plan()
        assert (plan.wait, plan.page, plan.native, plan.reason) == (
            2.0,
            False,
            True,
            "the native feed is due",
        )
        day.next()
        while not day.plan().page:
            day.next()
        assert (day.plan().native, day.plan().incidents) == (False, True)


def test_the_end_of_the_last_incident_needs_no_feed() -> None:
    """Whom it concerned is known; the list of past incidents says when it ended."""
    day = Day()
    day.reading = ONE
    day.until(200)
    day.reading = page()
    while not day.next().plan.page:
        pass
    assert (day.plan().native, day.plan().incidents) == (False, True)


def feeds(day: Day, until: float) -> list[float]:
    """When the feed was asked, up to a second of the day."""
    return [asked.second for asked in day.until(until) if asked.plan.native]


def test_during_an_incident_the_feed_is_read_every_5_min_and_every_15_after_two_hours() -> None:
    """Its states of components are those of now."""
    day = Day()
    day.until(PAGE_INTERVAL + 10)
    day.reading = ONE
    asked = feeds(day, 14_000)
    assert asked[0] == 2 * PAGE_INTERVAL + LIMITS.feed_within
    assert set(gaps(asked)) == {300.0, 900.0}
    assert gaps(asked).index(900.0) == 24


def test_a_feed_that_fails_twice_is_asked_hourly() -> None:
    """A page may have none. After the first miss it has another try."""
    day = Day()
    day.until(130)
    day.reading, day.native = ONE, MISS
    first, *later = gaps(feeds(day, 12_000))
    assert 15.0 <= first <= 20.0, "with the poll of the page"
    assert set(later) == {3600.0}


def test_a_feed_that_failed_twice_is_asked_again_when_an_incident_changes() -> None:
    """Its word from before the change counts no more, so that nothing else would say whom it concerns."""
    day = Day()
    day.until(130)
    day.reading, day.native = ONE, MISS
    day.until(1000)
    day.reading = page(incident(impact=PARTIAL, stage=Stage.MONITORING))
    while not (changed := day.next()).plan.page:
        pass
    asked = feeds(day, changed.second + 300)
    assert asked
    assert asked[0] - changed.second <= 2.0


def test_a_feed_that_fails_on_a_calm_day_is_not_asked_again_at_once() -> None:
    """It is not needed, so it has an hour."""
    day = Day()
    day.native = MISS
    day.next()
    assert not day.plan().native


def test_in_a_trouble_that_lasts_the_page_is_asked_every_two_minutes() -> None:
    """After two hours; the list of all components is left out of every second poll."""
    day = Day()
    day.until(130)
    day.reading = page(ChatGPT=MAJOR)
    asked = [a for a in day.until(12_000) if a.plan.page]
    late = [a for a in asked if a.second > 260 + 7200 + PAGE_INTERVAL]
    assert set(gaps([a.second for a in asked if 260 < a.second < 260 + 7200])) == {PAGE_INTERVAL_IN_TROUBLE}
    assert set(gaps([a.second for a in late])) == {PAGE_INTERVAL}
    assert [a.plan.components for a in late[:4]] in ([True, False] * 2, [False, True] * 2)


def test_an_incident_that_changes_in_a_long_trouble_has_its_components_read_20_s_later() -> None:
    """The poll that found it so had left out the list of all components."""
    day = Day()
    day.until(130)
    day.reading = page(incident(impact=MAJOR), ChatGPT=MAJOR)
    day.until(12_000)
    while day.plan().components or not day.plan().page:
        day.next()
    day.reading = page(incident(impact=MAJOR, stage=Stage.IDENTIFIED), ChatGPT=MAJOR)
    first = day.next()
    while not (again := day.next()).plan.page:
        pass
    assert (first.plan.components, again.plan.components) == (False, True)
    assert again.second - first.second == 20.0
    assert again.plan.reason == "an incident changed: its components are asked"


def test_a_list_of_components_that_is_not_answered_after_a_change_is_asked_for_a_minute() -> None:
    """Every 20 s; of a page that never gives one no more than before."""
    day = Day()
    day.until(130)
    day.reading = part(page(incident(impact=MAJOR), ChatGPT=MAJOR), "Chats", "Images")
    asked = pages(day, 600)
    assert [round(at - asked[0]) for at in asked[:6]] == [
        0,
        20,
        40,
        60,
        60 + PAGE_INTERVAL_IN_TROUBLE,
        60 + 2 * PAGE_INTERVAL_IN_TROUBLE,
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [({"ChatGPT/Chats": MAJOR}, {}), ({}, {"ChatGPT/Chats": MAJOR})],
    ids=["better", "worse"],
)
def test_what_the_feed_says_otherwise_than_the_page_counts_with_a_reading_20_s_later(
    before: dict[str, State], after: dict[str, State]
) -> None:
    """It is asked 2 s after an incident's change; the next poll of the page would be a minute away."""
    day = Day()
    day.until(130)
    day.reading, day.native = ONE, replace(FEED, states=before)
    day.until(1000)
    day.reading = page(incident(impact=PARTIAL, stage=Stage.IDENTIFIED))
    day.native = replace(FEED, states=after)
    while not (first := day.next()).plan.page:
        pass
    assert day.next().plan.native
    again = day.next()
    assert (again.plan.page, again.second - first.second) == (True, 20.0)
    # What it said before the change counts no more, so that a better word is news when the page is read.
    assert again.plan.reason == (
        "a changed word is read twice" if before else "the native feed says otherwise"
    )


def test_a_second_trouble_is_followed_closely_beside_one_that_lasts() -> None:
    """The other products' new start is as new as any."""
    day = Day()
    day.until(130)
    day.reading = page(ChatGPT=MAJOR)
    day.until(9000)
    day.reading = page(ChatGPT=MAJOR, APIs=MAJOR)
    day.until(9400)
    assert set(gaps(pages(day, 12_000))) == {PAGE_INTERVAL_IN_TROUBLE}


@pytest.mark.parametrize("wait", [float("inf"), float("nan"), -1.0])
def test_a_plan_without_an_end_is_refused(wait: float) -> None:
    """A program that never looks again shows the last word for ever."""
    with pytest.raises(ValueError, match="without an end"):
        PollPlan(wait, "calm")


def test_a_round_without_the_page_leaves_its_back_off() -> None:
    """A look at a probe says nothing of the page."""
    day = Day(replace(LIMITS, probes=LIMITS.probes[:1]), rolling(0.999_999))
    day.next()
    day.reading = MISS
    day.until(300)
    before = day.schedule.backoff
    assert before > 0.0
    day.take_round(look(day.second + 1, None, alive("API")))
    assert day.schedule.backoff == before
