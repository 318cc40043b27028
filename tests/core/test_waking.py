"""After sleep and clocks that jump, a minute is given to the line to come up."""

from __future__ import annotations

import pytest

from tests.core.films import alive, failing, look, play, sequence
from tests.core.pages import MAJOR, page, wall
from trayapp.core.state.clock_jumps import measure_gap
from trayapp.core.state.memory import Evidence, Memory
from trayapp.core.state.verdict import render_after_round
from trayapp.model import Limits, ReasonKind, RoundTerms, State, TransitionKind

START = [look(0, page(), alive("API", "ChatGPT", "Login"))]


@pytest.mark.parametrize(
    ("asleep", "clock_set"),
    [(31.0, 0.0), (8 * 3600.0, 0.0), (0.0, 31.0), (0.0, -31.0), (0.0, -86_400.0)],
)
def test_after_sleep_and_clock_jumps_a_minute_is_silent(asleep: float, clock_set: float) -> None:
    """More than 30 s of sleep, or of a clock set either way, is followed by 60 s in which nothing is told."""
    film = play(
        sequence(
            [look(0, page()), look(120, page(ChatGPT=MAJOR))],
            [
                look(t, page(ChatGPT=MAJOR), asleep=asleep, clock_set=clock_set)
                for t in (140, 160, 199, 200, 220)
            ],
        )
    )
    assert film.heard == [(200, TransitionKind.START, ("ChatGPT",))]


@pytest.mark.parametrize(("asleep", "clock_set"), [(30.0, 0.0), (0.0, 30.0), (0.0, -30.0), (20.0, 25.0)])
def test_small_sleeps_and_corrections_disturb_nothing(asleep: float, clock_set: float) -> None:
    """Up to 30 s each is how clocks are kept right."""
    film = play(
        [
            look(0, page()),
            look(120, page(ChatGPT=MAJOR)),
            look(140, page(ChatGPT=MAJOR), asleep=asleep, clock_set=clock_set),
        ]
    )
    assert film.heard == [(140, TransitionKind.START, ("ChatGPT",))]


def test_sleep_moves_the_wall_without_being_a_jump() -> None:
    """Sleep shows between the clocks of awake and boot time; the wall goes on with the latter."""
    before, now = look(0).moment, look(60, asleep=3600).moment
    slept, awake = (measure_gap(before, after, Limits()) for after in (now, look(60).moment))
    assert (slept.is_disturbance, slept.asleep_seconds, slept.clock_set_seconds) == (True, 3600.0, 0.0)
    assert not awake.is_disturbance


def test_failures_after_waking_do_not_count_for_a_minute() -> None:
    """Wi-Fi is not there yet."""
    film = play(sequence(START, [look(t, page(), failing("API"), asleep=300) for t in (150, 170, 190, 209)]))
    assert film.memory.evidence["API"].is_clean
    again = play([look(211, page(), failing("API"), asleep=300)], memory=film.memory)
    assert not again.memory.evidence["API"].is_clean


def test_life_after_waking_counts() -> None:
    """An answer within the silent minute is an answer."""
    film = play(
        sequence(
            START,
            [look(150, None, failing("API"))],
            [look(170, page(), alive("API"), asleep=300)],
        )
    )
    assert film.memory.evidence["API"].answers_in_row == 1


def test_after_a_long_sleep_nobody_was_answered_on_this_network_yet() -> None:
    """It may be another place: a failure without an answer proves nothing until the probe was answered once."""
    film = play(sequence(START, [look(t, page(), failing("API"), asleep=3600) for t in (150, 211, 233)]))
    assert film.memory.evidence["API"].is_clean
    assert ReasonKind.UNREACHABLE_HERE in {reason.kind for reason in film.last.reasons}
    film = play(
        [look(255, page(), alive("API"), asleep=3600), look(277, page(), failing("API"), asleep=3600)],
        memory=film.memory,
    )
    assert not film.memory.evidence["API"].is_clean


def test_a_suspicion_does_not_outlive_ten_minutes_of_sleep() -> None:
    """What was not told of it is forgotten."""
    for asleep, forgotten in ((500, False), (600, True)):
        failed = [look(t, page(), failing("API")) for t in (150, 172)]
        film = play(sequence(START, failed, [look(190, page(), asleep=asleep)]))
        assert film.memory.evidence.get("API", Evidence()).is_clean is forgotten


def test_what_was_told_outlives_a_night_and_ends_without_a_length() -> None:
    """Four answers in a row end it; nobody knows when it was over."""
    told = play(sequence(START, [look(t, page(), failing("API")) for t in (150, 174, 198, 222, 260)]))
    night = [look(300 + 40 * n, page(), alive("API"), asleep=8 * 3600) for n in range(5)]
    film = play(night, memory=told.memory)
    (end,) = film.notices
    assert (end.change, end.confirmed, end.since, end.ended_after) == (
        TransitionKind.END,
        False,
        None,
        wall(260),
    )
    assert [second for second, _, _ in film.heard] == [420]


def test_a_wall_clock_that_ran_on_by_more_than_ten_minutes_alone_is_a_sleep() -> None:
    """A virtual machine that is paused stops the other two clocks."""
    before = look(0).moment
    assert measure_gap(before, look(60, clock_set=3600).moment, Limits()).asleep_seconds == 3600.0
    assert measure_gap(before, look(60, clock_set=600).moment, Limits()).clock_set_seconds == 600.0
    assert measure_gap(before, look(60, clock_set=-3600).moment, Limits()).clock_set_seconds == -3600.0
    assert measure_gap(before, look(60, clock_set=8 * 86_400).moment, Limits()).asleep_seconds == 0.0


@pytest.mark.parametrize(
    ("later", "asleep", "clock_set", "state"),
    [
        (30.0, 0.0, 0.0, State.OPERATIONAL),
        (600.0, 0.0, 0.0, State.OPERATIONAL),
        (601.0, 0.0, 0.0, State.UNKNOWN),
        (1.0, 31.0, 0.0, State.UNKNOWN),
        (1.0, 8 * 3600.0, 0.0, State.UNKNOWN),
        (1.0, 0.0, 86_400.0, State.UNKNOWN),
        (1.0, 0.0, -3600.0, State.UNKNOWN),
        (1.0, 20.0, 0.0, State.OPERATIONAL),
    ],
)
def test_who_asks_between_two_rounds_is_told_only_what_still_holds(
    later: float, asleep: float, clock_set: float, state: State
) -> None:
    """For ten minutes of waking time, and not over a sleep or a clock that was set, whenever the next round comes."""
    film = play(START)
    now = look(later, asleep=asleep, clock_set=clock_set).moment
    said = render_after_round(film.last, film.memory, RoundTerms(now, Limits()), is_doubted=False)
    assert said is not None
    assert said.state is state
    doubted = render_after_round(film.last, film.memory, RoundTerms(now, Limits()), is_doubted=True)
    assert doubted is not None
    assert doubted.state is State.UNKNOWN


def test_before_the_first_round_there_is_nothing_to_tell() -> None:
    """Doubted or not."""
    for is_doubted in (False, True):
        assert (
            render_after_round(None, Memory(), RoundTerms(look(0).moment, Limits()), is_doubted=is_doubted)
            is None
        )
