"""Two outages of one product, one before a sleep and one after it, are two: each has its own dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.core.films import LIMITS, MISS
from tests.core.life import Life
from tests.core.lives.world import ALL_FAIL, at, down
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, page, wall
from trayapp.model import (
    Action,
    ConnectionState,
    Incident,
    Level,
    PageReading,
    QuietHours,
    Stage,
    State,
    TransitionKind,
    Update,
)

WORST = replace(LIMITS, level=Level.OUTAGES)


def on_page(incident: Incident) -> PageReading:
    """The page with an open incident that names the APIs, whose core component it hurts."""
    return page(incident, APIs=incident.impact)


def apis(began: str, ended: str | None = None, *, number: int = 1, impact: State = PARTIAL) -> Incident:
    """An incident of the APIs."""
    return down("APIs have trouble", impact, began=began, ended=ended, number=number)


def until_asleep(first: Incident) -> Life:
    """A day in which an outage was told at 10:02 and the lid is closed at 10:30."""
    day = Life(limits=WORST).until("10:00")
    day.page = on_page(first)
    return day.until("10:30")


@pytest.mark.long
@pytest.mark.parametrize("away", ["asleep", "switched off", "no internet", "no readable page"])
def test_the_first_ends_when_it_ended_and_the_second_begins_when_it_began(away: str) -> None:
    """The page looks the same before and after: only OpenAI's posts tell the two apart."""
    day = until_asleep(apis("10:00"))
    day.past, day.page = (apis("10:00", "11:00"),), on_page(apis("17:00", number=2))
    if away == "asleep":
        day.sleep_until("18:00")
    elif away == "switched off":
        day.restart(off_until="18:00")
    elif away == "no readable page":
        now, day.page = day.page, MISS
        day.until("18:00")
        day.page = now
    else:
        now, day.page, day.line = day.page, MISS, ConnectionState.OFFLINE
        day.answers = ALL_FAIL
        day.until("18:00")
        day.page, day.line, day.answers = now, None, {}
    day.until("19:00")
    day.past, day.page = (apis("10:00", "11:00"), apis("17:00", "19:00", number=2)), page()
    day.until("20:00")
    assert [line[6:] for line in day.heard[1:]] == [
        "While the status page could not be read" if away == "no readable page" else "While you were away",
        "APIs: Answers API is back after 2 h",
    ]
    assert day.bodies[1] == "APIs partly down since 17:00. APIs partly down 10:02–11:00 (58 min)."


def test_the_start_of_a_major_one_is_told_by_itself_after_the_end() -> None:
    """It must arrive; the end of the first is no later than it."""
    day = until_asleep(apis("10:00"))
    day.past, day.page = (apis("10:00", "11:00"),), on_page(apis("17:00", number=2, impact=MAJOR))
    day.sleep_until("18:00").until("18:30")
    assert [t.change for t in day.notices] == [TransitionKind.START, TransitionKind.END, TransitionKind.START]
    assert "since 17:00" in day.bodies[2]


def test_posts_less_than_five_minutes_apart_are_one_trouble() -> None:
    """Who looked would have been told no end in so short a time."""
    day = until_asleep(apis("10:00"))
    day.past, day.page = (apis("10:00", "16:57"),), on_page(apis("17:00", number=2))
    day.sleep_until("18:00").until("19:00")
    day.page = page()
    day.until("20:00")
    assert len(day.heard) == 2
    assert day.heard[1] == "19:01 APIs: Answers API is back after 8 h 58 min"


def test_where_something_milder_went_on_all_the_time_it_was_never_back() -> None:
    """The APIs were degraded between the two."""
    milder = down("APIs are slow", DEGRADED, began="09:50", number=3)
    day = Life(limits=WORST).until("10:00")
    day.page = page(apis("10:00"), milder, APIs=PARTIAL)
    day.until("10:30")
    day.past = (apis("10:00", "11:00"),)
    day.page = page(apis("17:00", number=2), milder, APIs=PARTIAL)
    day.sleep_until("18:00").until("19:00")
    assert len(day.heard) == 1


def test_an_incident_that_was_closed_and_opened_again_meanwhile_is_two() -> None:
    """One id, but three hours without trouble between its posts."""
    posts = [(Stage.INVESTIGATING, "17:00"), (Stage.RESOLVED, "11:00"), (Stage.INVESTIGATING, "10:00")]
    again = replace(
        apis("10:00"),
        reopened_at=wall(at("17:00")),
        updates=tuple(
            Update(f"p{n}", stage, str(stage), "", wall(at(when))) for n, (stage, when) in enumerate(posts)
        ),
    )
    day = until_asleep(apis("10:00"))
    day.page = on_page(again)
    day.sleep_until("18:00").until("19:00")
    assert day.bodies[1] == "APIs partly down since 17:00. APIs partly down 10:02–11:00 (58 min)."


def test_what_the_list_of_past_incidents_does_not_hold_yet_joins_nothing_wrong() -> None:
    """The list is up to three minutes behind: it is asked for again until it was read, and one trouble is told till then."""
    day = until_asleep(apis("10:00"))
    day.page = on_page(apis("17:00", number=2))
    day.sleep_until("18:00").until("19:00")
    assert len(day.heard) == 1


@pytest.mark.long
@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    st.integers(10, 300),
    st.integers(0, 300),
    st.integers(5, 300),
    st.booleans(),
    st.sampled_from([PARTIAL, MAJOR]),
)
def test_no_length_is_longer_than_its_posts(
    first: int, apart: int, second: int, restarts: bool, impact: State
) -> None:
    """For any two outages of an absence: what is told to have ended lasted as long as its own posts say."""
    began = at("10:00")
    one = replace(apis("10:00", "11:00"), resolved_at=wall(began + first * 60))
    two = replace(apis("17:00", number=2, impact=impact), started_at=wall(began + (first + apart) * 60))
    day = Life(limits=WORST).until("10:00")
    day.page = on_page(apis("10:00"))
    day.until("10:05")
    day.past, day.page = (one,), on_page(two)
    minutes = first + apart + second
    if restarts:
        day.restart(off_until=f"{(10 + minutes // 60) % 24:02}:{minutes % 60:02}")
    else:
        day.sleep_for(timedelta(minutes=minutes - 5))
    day.for_seconds(3600)
    day.page, day.past = page(), (one, replace(two, stage=Stage.RESOLVED, resolved_at=day.now.wall))
    day.for_seconds(3600)
    told = [part for t in day.notices for part in t.parts or (t,) if part.change is TransitionKind.END]
    lengths = [(t.at - t.since).total_seconds() / 60 for t in told if t.since is not None]
    if apart >= 5:
        assert len(lengths) == 2
        assert abs(lengths[0] - first) <= 2
        assert abs(lengths[1] - second - 60) <= 5
    else:
        assert len(lengths) == 1


def test_a_restart_before_the_second_is_told_loses_no_end() -> None:
    """In quiet hours neither can be told: the first stays open, and the end comes in the morning."""
    day = until_asleep(apis("10:00"))
    day.quiet_hours = QuietHours(start=time(17, 30), end=time(20, 0))
    day.past, day.page = (apis("10:00", "11:00"),), on_page(apis("17:00", number=2))
    day.sleep_until("18:00").until("18:30")
    day.restart().until("19:00")
    day.page = page()
    day.until("20:30")
    assert [line[:5] for line in day.heard] == ["10:02", "20:00"]
    assert "is back" in day.heard[1]


def test_who_waits_for_the_end_is_told_the_end_of_the_second_too() -> None:
    """Two outages, one tick: it goes with the end of all trouble, not with that of the first."""
    day = until_asleep(apis("10:00"))
    day.do(Action.TELL_WHEN_BACK, "APIs")
    day.past, day.page = (apis("10:00", "11:00"),), on_page(apis("17:00", number=2))
    day.sleep_until("18:00").until("18:30")
    assert list(day.memory.saved.tell_when_back) == ["APIs"]
    day.page = page()
    day.until("19:30")
    assert not day.memory.saved.tell_when_back
    assert "is back" in day.heard[-1]


def test_what_was_told_as_worse_after_the_return_is_not_started_again() -> None:
    """The list of past incidents came a minute late."""
    day = until_asleep(apis("10:00"))
    day.page = on_page(apis("17:00", number=2, impact=MAJOR))
    day.sleep_until("18:00").until("18:03")
    day.past = (apis("10:00", "11:00"),)
    day.until("19:00")
    assert [t.change for t in day.notices] == [TransitionKind.START, TransitionKind.WORSE]


@pytest.mark.parametrize("impact", [PARTIAL, DEGRADED])
def test_another_incident_that_filled_the_gap_makes_them_one(impact: State) -> None:
    """It came after the first and was over before the second: the product was never fine for five minutes."""
    day = until_asleep(apis("10:00"))
    day.past = (apis("10:00", "11:00"), apis("10:58", "16:58", number=3, impact=impact))
    day.page = on_page(apis("17:00", number=2))
    day.sleep_until("18:00").until("18:30")
    assert TransitionKind.END not in [p.change for t in day.notices for p in t.parts or (t,)]


def test_an_end_is_never_told_of_the_future() -> None:
    """The clock was set back, so that the posts of the first outage's end are later than now."""
    day = until_asleep(apis("10:00"))
    day.past, day.page = (apis("10:00", "23:00"),), on_page(apis("17:00", number=2))
    day.sleep_until("18:00").until("19:00")
    assert all(part.at <= day.now.wall for t in day.notices for part in t.parts or (t,))
