"""Observations on a grid: the worst of each cell, gaps as gaps, and numbers that add up."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.core.scenes import NOW, translator_of
from trayapp.core.details_page.latency import latency_curves
from trayapp.core.details_page.strips import build_strips
from trayapp.core.history.time_grid import TimeGrid, group_by_source, seconds_by_state, worst_by_cell
from trayapp.model import Observation, ObservationSource, State

HOUR = timedelta(hours=1)
GRID = TimeGrid(NOW - 4 * HOUR, HOUR, 4, NOW)
EN = translator_of("en")


def page_word(hours_ago: float, state: State, hours: float = 1.0) -> Observation:
    """The page's word for so many hours, from so many ago."""
    return Observation(ObservationSource.PAGE, "ChatGPT", NOW - hours_ago * HOUR, hours * 3600.0, state)


def probe_answer(minutes_ago: float, elapsed_ms: int | None) -> Observation:
    """A probe's answer, or none."""
    state = State.DEGRADED if elapsed_ms is None else State.OPERATIONAL
    return Observation(
        ObservationSource.PROBE, "Front", NOW - timedelta(minutes=minutes_ago), 150.0, state, elapsed_ms
    )


def test_a_cell_shows_the_worst_of_it() -> None:
    """A minute of outage in an hour is seen; a look that brought nothing hides nothing."""
    seen = [
        page_word(2, State.OPERATIONAL),
        page_word(1.9, State.MAJOR, 1 / 60),
        page_word(1, State.UNKNOWN),
        page_word(0.5, State.DEGRADED),
    ]
    assert worst_by_cell(GRID, seen) == (None, None, State.MAJOR, State.DEGRADED)


def test_what_lasts_fills_its_cells_and_no_more() -> None:
    """One and a half hours from the middle of a cell touch two; the future and the time before stay out."""
    assert worst_by_cell(GRID, [page_word(3.5, State.PARTIAL, 1.5)]) == (
        State.PARTIAL,
        State.PARTIAL,
        None,
        None,
    )
    assert worst_by_cell(GRID, [page_word(9, State.PARTIAL, 2), page_word(-1, State.MAJOR)]) == (
        None,
        None,
        None,
        None,
    )


def test_the_numbers_add_up_to_the_whole() -> None:
    """What was seen and the gaps make four hours; what is still going on counts until now."""
    found = seconds_by_state(GRID, [page_word(3, State.OPERATIONAL), page_word(0.5, State.MAJOR, 2)])
    assert found == {State.OPERATIONAL: 3600.0, State.MAJOR: 1800.0, None: 4 * 3600.0 - 5400.0}


@given(
    st.lists(
        st.builds(
            page_word,
            st.floats(-10, 3000, allow_nan=False),
            st.sampled_from(State),
            st.floats(0, 100, allow_nan=False),
        ),
        max_size=20,
    )
)
def test_whatever_was_observed_can_be_drawn(seen: list[Observation]) -> None:
    """Overlapping, long past, in the future or without length: every plot has all its cells."""
    for plot in build_strips(EN, group_by_source(seen), ("ChatGPT",), NOW):
        assert all(len(strip.cells) in {96, 168, 90} for _, found in plot.groups for strip in found)
        assert all(len(row) == len(plot.numbers.header) for row in plot.numbers.rows)


def test_only_witnesses_that_were_heard_are_drawn() -> None:
    """A product without a probe has one strip, one never seen has none."""
    day = build_strips(EN, group_by_source([page_word(2, State.OPERATIONAL)]), ("ChatGPT", "Video"), NOW)[0]
    assert [(name, [strip.label for strip in found]) for name, found in day.groups] == [
        ("ChatGPT", ["OpenAI's page"])
    ]


def test_the_axis_ends_on_a_full_hour() -> None:
    """Now is 13:53 there, so the day ends at 14:00."""
    day, week, quarter = build_strips(
        EN, group_by_source([page_word(2, State.OPERATIONAL)]), ("ChatGPT",), NOW
    )
    assert day.ticks == ("14:00", "20:00", "02:00", "08:00", "14:00")
    assert (week.ticks[0], week.ticks[-1], quarter.ticks[0]) == ("7 Mar", "14 Mar", "14 Dec")


def test_answer_times_are_medians_with_gaps() -> None:
    """One slow answer of three does not move the curve; a quarter of an hour without an answer has no value."""
    curves = latency_curves(
        EN,
        group_by_source(
            [probe_answer(3, 100), probe_answer(4, 120), probe_answer(5, 900), probe_answer(40, None)]
        ),
        ["Front"],
        NOW,
    )
    assert curves is not None
    (curve,) = curves.curves
    assert [value for value in curve.values if value is not None] == [120]
    assert len(curve.failed_cells) == 1
    assert curves.top == 200
    assert (
        curve.summary
        == "Front: half of the answers within 120 ms, the slowest after 900 ms; some checks failed during 15 min"
    )


def test_without_answers_there_is_no_plot() -> None:
    """Nothing is drawn for a probe that was never asked."""
    assert latency_curves(EN, {}, ["Front"], NOW) is None
