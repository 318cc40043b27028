"""How many people are too many, and what is usual at an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.crowd.counts import DOWNDETECTOR, GITHUB, NEWS, START, crowd_count
from trayapp.core.crowd.baseline import DAYS, Baseline
from trayapp.core.crowd.unusual import is_hot, tail_probability
from trayapp.model.crowd import CrowdSource, ReportLevel

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_the_tail_is_that_of_a_negative_binomial() -> None:
    """Of mean 2 and shape 3, whose chance of success is 0.6: the terms by hand."""
    assert tail_probability(0, 2.0) == 1.0
    assert tail_probability(1, 2.0) == pytest.approx(1 - 0.216)
    assert tail_probability(2, 2.0) == pytest.approx(1 - 0.216 - 0.2592)
    assert tail_probability(3, 2.0) == pytest.approx(1 - 0.216 - 0.2592 - 0.20736)


@given(st.integers(0, 2000), st.floats(0.0, 2000.0))
def test_the_tail_falls_with_people_and_rises_with_what_is_usual(people: int, usual: float) -> None:
    """And stays a probability."""
    tail = tail_probability(people, usual)
    assert 0.0 <= tail <= 1.0
    assert tail_probability(people + 1, usual) <= tail
    assert tail_probability(people, usual + 1.0) >= tail - 1e-12


def test_a_count_is_hot_from_each_source_s_own_least() -> None:
    """A single person is never hot, however quiet the source."""
    assert not is_hot(crowd_count(GITHUB, 2, START), 0.0)
    assert is_hot(crowd_count(GITHUB, 3, START), 0.0)
    assert not is_hot(crowd_count(NEWS, 1, START), 0.0)
    assert is_hot(crowd_count(NEWS, 2, START), 0.0)
    assert not is_hot(crowd_count(DOWNDETECTOR, 19, START, ReportLevel.DANGER), 0.0)
    assert is_hot(crowd_count(DOWNDETECTOR, 20, START, ReportLevel.DANGER), 0.0)
    assert not is_hot(crowd_count(CrowdSource.TRENDS, 10_000, START), 0.0)


@given(st.integers(0, 10_000), st.floats(0.0, 3000.0))
def test_less_than_three_times_the_usual_is_never_hot(people: int, usual: float) -> None:
    """Also where it is unlikely."""
    assert not is_hot(crowd_count(GITHUB, people, START), usual) or people >= 3 * usual


def even(people: float, days: int = DAYS) -> Baseline:
    """So many people in every hour of some days."""
    baseline = Baseline.begin(START)
    for n in range(days * 24):
        baseline = baseline.learn_hour(START + n * HOUR, people)
    return baseline


def test_an_even_source_is_expected_to_go_on() -> None:
    """At every hour alike, and with the floor where nobody ever writes."""
    assert even(2.0).people_an_hour(START) == pytest.approx(2.0)
    assert even(0.0).people_an_hour(START) == pytest.approx(0.03)


def test_an_hour_is_expected_by_its_own_days_and_its_neighbours() -> None:
    """Three quarters of it; a quarter is the mean of the day."""
    baseline = Baseline.begin(START)
    for n in range(DAYS * 24):
        baseline = baseline.learn_hour(START + n * HOUR, 24.0 if n % 24 == 9 else 0.0)
    at = START + 9 * HOUR
    assert baseline.people_an_hour(at) == pytest.approx(0.75 * 8.0 + 0.25 * 1.0)
    assert baseline.people_an_hour(at + HOUR) == baseline.people_an_hour(at)
    assert baseline.people_an_hour(at + 2 * HOUR) == pytest.approx(0.25)


def test_after_two_weeks_a_day_is_forgotten() -> None:
    """Those of a fortnight without a reading all at once."""
    baseline = even(5.0)
    assert baseline.advance(START + DAYS * DAY).people_an_hour(START) == pytest.approx(5.0)
    assert all(count is None for row in baseline.advance(START + 40 * DAY).counts for count in row)
    assert not baseline.advance(START + 40 * DAY).is_learned(START + 40 * DAY)


@given(st.lists(st.tuples(st.integers(0, 60 * 24), st.floats(0.0, 1e9)), max_size=60))
def test_a_baseline_is_24_rows_of_14_small_numbers(hours: list[tuple[int, float]]) -> None:
    """Whatever is learned, in any order."""
    baseline = Baseline.begin(START)
    for hour, people in hours:
        baseline = baseline.learn_hour(START + hour * HOUR, people)
        assert baseline.people_an_hour(START + hour * HOUR) >= 0.03
    assert len(baseline.counts) == 24
    for row in baseline.counts:
        assert len(row) == DAYS
        assert all(count is None or 0 <= count <= 65_535 for count in row)
