"""Whatever the schedule is made of, the page is asked within law 1's bound, and planning never fails."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.films import LIMITS, PROBES, moment
from tests.core.pages import MAJOR, incident, page, wall
from trayapp.core.polling.page import longest_pause, page_due
from trayapp.core.polling.poll_times import FEED, PAGE, PAST_INCIDENTS, Schedule
from trayapp.core.schedule import plan_next_poll
from trayapp.core.state.memory import Evidence, Memory
from trayapp.core.state.readings import begin_history
from trayapp.model import (
    Cause,
    ConnectionState,
    Limits,
    Miss,
    Moment,
    Outcome,
    ProbeResult,
    RoundTerms,
    SavedMemory,
    SavedProduct,
    State,
)

MANY = settings(max_examples=300, derandomize=True, deadline=None)
NOW = moment(50_000.0)
NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-1e6, 1e6) | st.sampled_from([0.0, -1.0])
"""Any number at all: infinities, no number, times to come."""
_NAMES = (PAGE, FEED, PAST_INCIDENTS, *(spec.name for spec in PROBES))
_PERSONS = st.floats(15.0, 3600.0)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """A schedule of any numbers."""
    running = (("incident1", "investigating"),)
    return Schedule(
        polled_at={name: draw(NUMBERS) for name in _NAMES if draw(st.booleans())},
        interval_factors={name: draw(st.floats(0.9, 1.1)) for name in _NAMES},
        backoff=draw(NUMBERS),
        wait_requests=draw(st.integers(0, 9)),
        tokens=draw(NUMBERS),
        tokens_at=draw(NUMBERS),
        incidents=draw(st.sampled_from([(), running])),
        incidents_at_feed=draw(st.sampled_from([(), running])),
        incidents_changed_at=draw(NUMBERS),
        components_missing=draw(st.booleans()),
    )


@st.composite
def memories(draw: st.DrawFn) -> Memory:
    """A memory of any numbers: what was read when, what the page and the probes asked for, what was told."""
    at = draw(NUMBERS)
    read = Moment(wall(0), at, at)
    reading = page(incident(), ChatGPT=MAJOR) if draw(st.booleans()) else page()
    history = begin_history(State.MAJOR, State.MAJOR, read, changed_away=draw(st.booleans()))
    miss = Miss(Cause.STATUS, 503, retry_after=draw(st.none() | NUMBERS)) if draw(st.booleans()) else None
    told = SavedProduct(told=draw(st.sampled_from([State.OPERATIONAL, State.MAJOR])), told_at=wall(0))
    evidence = Evidence(
        score=draw(NUMBERS),
        first_failure_at=draw(st.none() | NUMBERS),
        has_alarm=draw(st.booleans()),
        alarm_since=draw(NUMBERS),
        burst_left=draw(st.integers(0, 9)),
        unreachable_failures=draw(st.integers(0, 3)),
    )
    result = ProbeResult("API", "APIs", Outcome.NEUTRAL, retry_after=draw(st.none() | NUMBERS))
    return Memory(
        saved=SavedMemory(products={"ChatGPT": told}),
        raw_page=replace(reading, fresh_for=draw(st.none() | NUMBERS)),
        page=reading if draw(st.booleans()) else None,
        page_read_at=read if draw(st.booleans()) else None,
        page_interval=draw(_PERSONS),
        page_miss=miss,
        page_misses=draw(st.integers(0, 9)),
        native_misses=draw(st.integers(0, 3)),
        histories={"ChatGPT": history},
        evidence=dict.fromkeys(("API", "ChatGPT"), evidence),
        probe_results={"API": result},
        connection=draw(st.sampled_from(list(ConnectionState))),
        moment=NOW,
    )


@st.composite
def limits_of_a_person(draw: st.DrawFn) -> Limits:
    """Any intervals that the settings file takes."""
    return replace(
        LIMITS,
        page_interval=draw(_PERSONS),
        page_interval_in_trouble=draw(_PERSONS),
        probes=tuple(replace(spec, interval=draw(_PERSONS)) for spec in PROBES),
    )


@pytest.mark.long
@MANY
@given(schedules(), memories(), limits_of_a_person())
def test_planning_never_fails_and_always_has_an_end(
    schedule: Schedule, memory: Memory, limits: Limits
) -> None:
    """A plan in no time at all, or in one that comes."""
    plan = plan_next_poll(schedule, memory, RoundTerms(NOW, limits))
    assert 0.0 <= plan.wait <= longest_pause(limits)
    assert plan.page or plan.probes or plan.native or plan.reason == "the page's word grows too old"


@pytest.mark.long
@MANY
@given(schedules(), memories(), limits_of_a_person())
def test_the_page_is_asked_again_within_the_bound(schedule: Schedule, memory: Memory, limits: Limits) -> None:
    """So long after it was asked last the next round asks it; where that time makes no sense, now."""
    due, _ = page_due(schedule, memory, RoundTerms(NOW, limits))
    asked = schedule.polled_at.get(PAGE, NOW.awake)
    last = min(NOW.awake, asked)  # in this order: no number at all is no time, and now then stands
    assert math.isfinite(due) or asked == -math.inf
    assert due <= max(last + longest_pause(limits), NOW.awake)
    later = replace(NOW, awake=max(due, NOW.awake))
    plan = plan_next_poll(schedule, memory, RoundTerms(later, limits))
    assert (plan.page, plan.wait) == (True, 0.0)


@pytest.mark.long
@MANY
@given(schedules(), memories(), limits_of_a_person())
def test_each_probe_is_asked_again_within_its_interval_or_what_it_asked_for(
    schedule: Schedule, memory: Memory, limits: Limits
) -> None:
    """An hour at most, also where the time of its last poll makes no sense."""
    later = replace(NOW, awake=NOW.awake + limits.retry_after_cap_repeated * 1.1 + 1.0)
    plan = plan_next_poll(schedule, memory, RoundTerms(later, limits))
    sane = {name for name, at in schedule.polled_at.items() if at <= NOW.awake}
    assert sane & {spec.name for spec in limits.probes} <= set(plan.probes)
    strange = {name for name, at in schedule.polled_at.items() if not at <= later.awake}
    assert strange & {spec.name for spec in limits.probes} <= set(plan.probes)
