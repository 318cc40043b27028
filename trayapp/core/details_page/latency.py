"""How fast each probe was answered over the last day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median_high

from trayapp.core.history.time_grid import Grid, Witnessed
from trayapp.i18n.translator import Speech
from trayapp.model import Observation, State, Witness
from trayapp.model.details_page import Curve, Curves, Table

_CELL = timedelta(minutes=15)
_COUNT = 96
_PARTS = 4
_HOUR = 4
"""Cells in a row of the table."""
_SCALES = (100, 200, 300, 500, 1000, 2000, 3000, 5000, 10_000, 20_000)


def latency(speech: Speech, seen: Witnessed, probes: Sequence[str], now: datetime) -> Curves | None:
    """One curve a probe, on one scale; None while none was ever answered."""
    grid = Grid.until(now, _CELL, _COUNT)
    cells = {name: _cells(grid, seen.get((Witness.PROBE, name), ())) for name in probes}
    failed = {name: _failed(grid, seen.get((Witness.PROBE, name), ())) for name in probes}
    drawn = [name for name in probes if any(cells[name]) or failed[name]]
    if not drawn:
        return None
    medians = {name: tuple(_median(cell) for cell in cells[name]) for name in drawn}
    top = _top(value for name in drawn for value in medians[name] if value is not None)
    title = speech.say("How fast the checks were answered, the last 24 hours")
    return Curves(
        title=title,
        curves=tuple(
            Curve(
                speech.name(name),
                _summary(speech, name, cells[name], failed[name]),
                medians[name],
                failed[name],
            )
            for name in drawn
        ),
        top=top,
        scale=(_ms(speech, top), _ms(speech, top // 2)),
        ticks=tuple(speech.clock(grid.tick(number, _PARTS)) for number in range(_PARTS + 1)),
        numbers=Table(
            caption=speech.say("{what}, by the hour", what=title),
            head=(speech.say("From"), *(speech.name(name) for name in drawn)),
            rows=tuple(_row(speech, grid, [cells[n] for n in drawn], at) for at in range(0, _COUNT, _HOUR)),
        ),
    )


def _cells(grid: Grid, seen: Iterable[Observation]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(grid.count)]
    for each in seen:
        number = _number(grid, each)
        if each.elapsed_ms is not None and number is not None:
            found[number].append(each.elapsed_ms)
    return found


def _failed(grid: Grid, seen: Iterable[Observation]) -> tuple[int, ...]:
    numbers = {_number(grid, each) for each in seen if each.state is State.DEGRADED}
    return tuple(sorted(number for number in numbers if number is not None))


def _number(grid: Grid, seen: Observation) -> int | None:
    number = int((seen.at - grid.start) // grid.cell)
    return number if 0 <= number < grid.count else None


def _median(values: Sequence[int]) -> int | None:
    return median_high(values) if values else None


def _top(values: Iterable[int]) -> int:
    highest = max(values, default=0)
    return next((scale for scale in _SCALES if scale >= highest), highest)


def _summary(speech: Speech, name: str, cells: Sequence[Sequence[int]], failed: Sequence[int]) -> str:
    values = [value for cell in cells for value in cell]
    service = speech.name(name)
    if not values:
        return speech.say("{service}: no check was answered", service=service)
    told = speech.say(
        "{service}: half of the answers within {middle}, the slowest after {slowest}",
        service=service,
        middle=_ms(speech, median_high(values)),
        slowest=_ms(speech, max(values)),
    )
    if not failed:
        return told
    minutes = speech.duration(len(failed) * _CELL.total_seconds())
    return speech.say("{what}; some checks failed during {length}", what=told, length=minutes)


def _row(speech: Speech, grid: Grid, curves: Sequence[Sequence[Sequence[int]]], at: int) -> tuple[str, ...]:
    hours = [[value for cell in cells[at : at + _HOUR] for value in cell] for cells in curves]
    return (
        speech.clock(grid.start + grid.cell * at),
        *(_ms(speech, median_high(values)) if values else "–" for values in hours),
    )


def _ms(speech: Speech, milliseconds: int) -> str:
    return speech.say("{number} ms", number=milliseconds)
