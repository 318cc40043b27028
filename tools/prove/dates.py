"""What the notices of an outage said of its dates, against what the readings of the page allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import inf

from tools.prove.clock import EPOCH
from tools.prove.engine import SHIPPED, transition_of
from tools.prove.noise import MINUTE
from tools.prove.score import Score
from tools.prove.troubles import Trouble, starts_of
from trayapp.model import Transition

_TWICE = 20.0
"""Seconds between two readings that count as two."""
_RIGHT = 120.0
_END_SPAN = SHIPPED.end_readings_span
_NEXT_READING = SHIPPED.backoff_cap
"""Seconds in which the next reading comes even after misses; after a longer pause nothing is known to have gone on."""
Reading = tuple[float, float]
"""When the page was read, and since when it had said so."""


@dataclass(frozen=True, slots=True)
class Dated:
    """What a trouble's notices said of its dates, against the page: seconds beyond what the readings allow."""

    starts: int
    ends: int
    since: float
    length: float

    @property
    def right(self) -> bool:
        """Told once, its beginning and length within two minutes."""
        return self.starts == self.ends == 1 and self.since <= _RIGHT and self.length <= _RIGHT


def find_dates(
    trouble: Trouble, score: Score, readings: Sequence[Reading], patience: float = 10 * MINUTE
) -> Iterator[Dated]:
    """The dates told of a trouble that was read twice in a row; what was read once need not be told.

    An end counts that is told within the `patience` after the reading that it is over.
    """
    mine = [(t, trouble.first <= at < trouble.last) for t, at in readings if t >= trouble.first]
    pairs = pairwise(mine)
    if not any(a and b and u - t >= _TWICE for (t, a), (u, b) in pairs):
        return
    read = next(t for t, within in mine if within)
    over = _over_at(trouble, [one for one in readings if one[0] > read])
    starts = starts_of(trouble, score.starts)
    ends = [
        e
        for e in score.ends
        if trouble.product in e.products
        and read <= e.t <= over + patience
        # The end of an earlier trouble may be told with the start of this one, after a sleep.
        and _seconds(transition_of(e.told, trouble.product).at) >= trouble.first
    ]
    since = length = inf
    if starts and ends:
        said = transition_of(starts[0].told, trouble.product).since
        since = inf if said is None else _beyond(_seconds(said), trouble.first, read)
        end = transition_of(ends[0].told, trouble.product)
        length = _beyond_length(end, trouble, read, over)
    yield Dated(len(starts), len(ends), since, length)


def _over_at(trouble: Trouble, readings: Sequence[Reading]) -> float:
    """When a trouble was first read to be over, by readings that agree for as long as an end needs (law 3)."""
    since = previous = inf
    for t, at in readings:
        if at < trouble.last or t - previous > _NEXT_READING:
            since = inf
        if at >= trouble.last:
            since = min(since, t)
        if t - since >= _END_SPAN:
            return since
        previous = t
    return inf


def _beyond_length(end: Transition, trouble: Trouble, read: float, over: float) -> float:
    if end.ended_after is not None:
        # Nobody saw the end, and no post dates it: it is said between when it lies.
        return _beyond(trouble.last, _seconds(end.ended_after), _seconds(end.at))
    if end.since is None:
        return inf
    return _beyond((end.at - end.since).total_seconds(), trouble.last - read, over - trouble.first)


def _seconds(date: datetime) -> float:
    return (date - EPOCH).total_seconds()


def _beyond(value: float, low: float, high: float) -> float:
    return max(0.0, low - value, value - high)
