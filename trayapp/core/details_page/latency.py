"""Builds the curves of how fast each probe was answered over the last day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median_high

from trayapp.core.history.time_grid import ObservationsBySource, TimeGrid
from trayapp.i18n.translator import Translator
from trayapp.model import Observation, ObservationSource, State
from trayapp.model.details_page import Curve, Curves, Table

_CELL = timedelta(minutes=15)
_COUNT = 96
_PARTS = 4
_CELLS_PER_ROW = 4
"""The number of cells in a row of the table."""
_SCALES = (100, 200, 300, 500, 1000, 2000, 3000, 5000, 10_000, 20_000)


def latency_curves(
    speech: Translator, seen: ObservationsBySource, probes: Sequence[str], now: datetime
) -> Curves | None:
    """Builds one curve per probe, all on one scale; None if no probe was answered or failed in that day."""
    grid = TimeGrid.create_until(now, _CELL, _COUNT)
    cells = {name: _cell_times(grid, seen.get((ObservationSource.PROBE, name), ())) for name in probes}
    failed = {name: _failed_cells(grid, seen.get((ObservationSource.PROBE, name), ())) for name in probes}
    drawn = [name for name in probes if any(cells[name]) or failed[name]]
    if not drawn:
        return None
    medians = {name: tuple(_median_ms(cell) for cell in cells[name]) for name in drawn}
    top = _scale_top(value for name in drawn for value in medians[name] if value is not None)
    title = speech.say("How fast the checks were answered, the last 24 hours")
    return Curves(
        title=title,
        curves=tuple(
            Curve(
                speech.clean_name(name),
                _curve_summary(speech, name, cells[name], failed[name]),
                medians[name],
                failed[name],
            )
            for name in drawn
        ),
        top=top,
        scale_labels=(_milliseconds_text(speech, top), _milliseconds_text(speech, top // 2)),
        ticks=tuple(speech.clock_time(grid.tick_time(number, _PARTS)) for number in range(_PARTS + 1)),
        numbers=Table(
            caption=speech.say("{what}, by the hour", what=title),
            header=(speech.say("From"), *(speech.clean_name(name) for name in drawn)),
            rows=tuple(
                _table_row(speech, grid, [cells[n] for n in drawn], at)
                for at in range(0, _COUNT, _CELLS_PER_ROW)
            ),
        ),
    )


def _cell_times(grid: TimeGrid, seen: Iterable[Observation]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(grid.count)]
    for each in seen:
        number = _cell_number(grid, each)
        if each.elapsed_ms is not None and number is not None:
            found[number].append(each.elapsed_ms)
    return found


def _failed_cells(grid: TimeGrid, seen: Iterable[Observation]) -> tuple[int, ...]:
    numbers = {_cell_number(grid, each) for each in seen if each.state is State.DEGRADED}
    return tuple(sorted(number for number in numbers if number is not None))


def _cell_number(grid: TimeGrid, seen: Observation) -> int | None:
    number = int((seen.at - grid.start) // grid.cell)
    return number if 0 <= number < grid.count else None


def _median_ms(values: Sequence[int]) -> int | None:
    return median_high(values) if values else None


def _scale_top(values: Iterable[int]) -> int:
    highest = max(values, default=0)
    return next((scale for scale in _SCALES if scale >= highest), highest)


def _curve_summary(
    speech: Translator, name: str, cells: Sequence[Sequence[int]], failed: Sequence[int]
) -> str:
    values = [value for cell in cells for value in cell]
    service = speech.clean_name(name)
    if not values:
        return speech.say("{service}: no check was answered", service=service)
    told = speech.say(
        "{service}: half of the answers within {middle}, the slowest after {slowest}",
        service=service,
        middle=_milliseconds_text(speech, median_high(values)),
        slowest=_milliseconds_text(speech, max(values)),
    )
    if not failed:
        return told
    minutes = speech.duration_text(len(failed) * _CELL.total_seconds())
    return speech.say("{what}; some checks failed during {length}", what=told, length=minutes)


def _table_row(
    speech: Translator, grid: TimeGrid, curves: Sequence[Sequence[Sequence[int]]], at: int
) -> tuple[str, ...]:
    hours = [[value for cell in cells[at : at + _CELLS_PER_ROW] for value in cell] for cells in curves]
    return (
        speech.clock_time(grid.start + grid.cell * at),
        *(_milliseconds_text(speech, median_high(values)) if values else "–" for values in hours),
    )


def _milliseconds_text(speech: Translator, milliseconds: int) -> str:
    return speech.say("{number} ms", number=milliseconds)
