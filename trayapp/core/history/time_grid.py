"""Puts observations on a grid of time: the worst state of each cell, and how long each state was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trayapp.model import Observation, ObservationSource, State, is_on_ladder, ladder_rank

ObservationsBySource = Mapping[tuple[ObservationSource, str], Sequence[Observation]]


@dataclass(frozen=True, slots=True)
class TimeGrid:
    """A number of cells of one length, one after the other."""

    start: datetime
    cell: timedelta
    count: int
    now: datetime

    @classmethod
    def create_until(cls, now: datetime, cell: timedelta, count: int) -> TimeGrid:
        """Returns the grid whose last cell holds `now`; it ends on a full hour (UTC)."""
        end = now + (datetime(1970, 1, 1, tzinfo=UTC) - now) % timedelta(hours=1)
        return cls(end - cell * count, cell, count, now)

    @property
    def elapsed_seconds(self) -> float:
        """Seconds from its beginning until now."""
        return (self.now - self.start).total_seconds()

    def tick_time(self, number: int, of: int) -> datetime:
        """Returns the time of edge `number` when the grid is divided into `of` parts."""
        return self.start + self.cell * self.count * number / of

    def clip_span(self, seen: Observation) -> tuple[float, float]:
        """Cuts an observation to the grid and to now; returns its ends in seconds from the grid's start."""
        begins = (seen.at - self.start).total_seconds()
        return max(begins, 0.0), min(begins + max(seen.seconds, 1.0), self.elapsed_seconds)


def group_by_source(observations: Iterable[Observation]) -> ObservationsBySource:
    """Groups observations by their source and subject."""
    found: dict[tuple[ObservationSource, str], list[Observation]] = {}
    for each in observations:
        found.setdefault((each.witness, each.about), []).append(each)
    return found


def worst_by_cell(grid: TimeGrid, seen: Iterable[Observation]) -> tuple[State | None, ...]:
    """Returns each cell's worst state; states off the ladder count only if nothing else was seen."""
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
    """Returns the seconds for which each state was seen; the key None holds the gaps."""
    found: dict[State | None, float] = {}
    for each in seen:
        begins, ends = grid.clip_span(each)
        if ends > begins:
            found[each.state] = found.get(each.state, 0.0) + ends - begins
    found[None] = max(0.0, grid.elapsed_seconds - sum(found.values()))
    return found
