"""After sleep and clocks that jump, a minute is given to the line to come up."""

from __future__ import annotations

import pytest

from tests.core.films import alive, failing, look, play, sequence
from tests.core.pages import MAJOR, page
from trayapp.model import Change, Limits

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
    assert film.heard == [(200, Change.START, ("ChatGPT",))]


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
    assert film.heard == [(140, Change.START, ("ChatGPT",))]


def test_sleep_moves_the_wall_without_being_a_jump() -> None:
    """Sleep shows between the clocks of awake and boot time; the wall goes on with the latter."""
    before, now = look(0).moment, look(60, asleep=3600).moment
    assert disturbed(before, now, Limits())
    assert not disturbed(before, look(60).moment, Limits())


def test_failures_after_waking_do_not_count_for_a_minute() -> None:
    """Wi-Fi is not there yet."""
    film = play(sequence(START, [look(t, page(), failing("API"), asleep=3600) for t in (150, 170, 190, 209)]))
    assert film.memory.evidence["API"].clean
    again = play([look(211, page(), failing("API"), asleep=3600)], memory=film.memory)
    assert not again.memory.evidence["API"].clean


def test_life_after_waking_counts() -> None:
    """An answer within the silent minute is an answer."""
    film = play(
        sequence(
            START,
            [look(150, None, failing("API"))],
            [look(170, page(), alive("API"), asleep=3600)],
        )
    )
    assert film.memory.evidence["API"].alive == 1
