"""Observations on a grid of time: what each cell showed at its worst, and how long each state was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trayapp.model import Observation, ObservationSource, State, is_on_ladder, ladder_rank

ObservationsBySource = Mapping[tuple[ObservationSource, str], Sequence[Observation]]


@dataclass(frozen=True, slots=True)
class TimeGrid:
    """So many cells of one length, one after the other."""

    start: datetime
    cell: timedelta
    count: int
    now: datetime

    @classmethod
    def create_until(cls, now: datetime, cell: timedelta, count: int) -> TimeGrid:
        """The grid whose last cell holds `now`; it ends on a full hour."""
        end = now + (datetime(1970, 1, 1, tzinfo=UTC) - now) % timedelta(hours=1)
        return cls(end - cell * count, cell, count, now)

    @property
    def elapsed_seconds(self) -> float:
        """From its beginning until now."""
        return (self.now - self.start).total_seconds()

    def tick_time(self, number: int, of: int) -> datetime:
        """The edge at so many parts of so many."""
        return self.start + self.cell * self.count * number / of

    def clip_span(self, seen: Observation) -> tuple[float, float]:
        """The part of an observation that lies within it and not in the future, in seconds from its beginning."""
        begins = (seen.at - self.start).total_seconds()
        return max(begins, 0.0), min(begins + max(seen.seconds, 1.0), self.elapsed_seconds)


def group_by_source(observations: Iterable[Observation]) -> ObservationsBySource:
    """Observations parted by who saw what."""
    found: dict[tuple[ObservationSource, str], list[Observation]] = {}
    for each in observations:
        found.setdefault((each.witness, each.about), []).append(each)
    return found


def worst_by_cell(grid: TimeGrid, seen: Iterable[Observation]) -> tuple[State | None, ...]:
    """The worst that each cell showed; what nothing was learned from counts only where nothing else was seen."""
    cells: list[State | None] = [None] * grid.count
    length = grid.cell.total_seconds()
    for each in seen:
        begins, ends = grid.clip_span(each)
        for number in range(int(begins // length), min(int(-(-ends // length)), grid.count)):
            if _cell_rank(each.state) > _cell_rank(cells[number]):
                cells[number] = each.state
    return tuple(cells)


def _cell_rank(state: State | None) -> int:
    if state is None:
        return -2
    return ladder_rank(state) if is_on_ladder(state) else -1


def seconds_by_state(grid: TimeGrid, seen: Iterable[Observation]) -> dict[State | None, float]:
    """Seconds for which each state was seen; None for the gaps."""
    found: dict[State | None, float] = {}
    for each in seen:
        begins, ends = grid.clip_span(each)
        if ends > begins:
            found[each.state] = found.get(each.state, 0.0) + ends - begins
    found[None] = max(0.0, grid.elapsed_seconds - sum(found.values()))
    return found
