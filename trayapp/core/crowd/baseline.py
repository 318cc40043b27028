"""Keeps how many people usually report trouble in a source at each hour of the day, over two weeks.

The hours are those of UTC. An hour in which the source was hot teaches nothing, or an outage would become usual.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

DAYS = 14
HOURS = 24
LEARNING = timedelta(days=3)
"""How long a source has no vote."""
_LEAST_HOURS = 24
"""Hours that must be known: three days in which the computer slept teach nothing."""
_MOST = 65_535
"""The greatest count that is kept for an hour."""
_PULL = 0.25
"""How far an hour is drawn towards the mean of the day: three hours of fourteen days hold few reports."""
_FLOOR_AN_HOUR = 0.03
"""The fewest people an hour that are expected of any source: 0.01 in 20 minutes."""

HourCounts = tuple[int | None, ...]
"""Tenths of people by day; None for an hour that is not known."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """People by hour of the day and by day: 24 rows of 14 small numbers."""

    begun: datetime
    """When it was read for the first time."""
    day: int
    """The newest day, as an ordinal; day n has column n modulo 14."""
    counts: tuple[HourCounts, ...] = field(default=((None,) * DAYS,) * HOURS)

    def __post_init__(self) -> None:
        """Raises ValueError for a table of another shape, as a damaged file may bring it."""
        if len(self.counts) != HOURS or any(len(row) != DAYS for row in self.counts):
            raise ValueError("not 24 rows of 14")
        if any(count is not None and not 0 <= count <= _MOST for row in self.counts for count in row):
            raise ValueError("an impossible count")

    @classmethod
    def begin(cls, at: datetime) -> Baseline:
        """Returns an empty one that begins now."""
        return cls(at, _day_of(at))

    def advance(self, at: datetime) -> Baseline:
        """Forgets the days that are two weeks old. A clock that was set back by days begins anew."""
        day = _day_of(at)
        if day < self.day - 1:
            return Baseline.begin(at)
        if day <= self.day:
            return self
        stale = {(self.day + n) % DAYS for n in range(1, min(day - self.day, DAYS) + 1)}
        rows = tuple(tuple(None if n in stale else c for n, c in enumerate(row)) for row in self.counts)
        return replace(self, day=day, counts=rows)

    def learn_hour(self, at: datetime, people: float) -> Baseline:
        """Keeps how many people reported in the hour of this time."""
        advanced = self.advance(at)
        if _day_of(at) < advanced.day - 1:
            return advanced
        column, hour = _day_of(at) % DAYS, at.astimezone(UTC).hour
        count = min(round(max(people, 0.0) * 10), _MOST)
        row = advanced.counts[hour]
        rows = list(advanced.counts)
        rows[hour] = (*row[:column], count, *row[column + 1 :])
        return replace(advanced, counts=tuple(rows))

    def is_learned(self, at: datetime) -> bool:
        """Whether enough is known to say what is unusual."""
        return at - self.begun >= LEARNING and self._count_known_hours() >= _LEAST_HOURS

    def _count_known_hours(self) -> int:
        return sum(len(row) - row.count(None) for row in self.counts)

    def people_an_hour(self, at: datetime) -> float:
        """Returns how many people are expected: this hour of the day and its neighbours, drawn towards the day's mean."""
        hour = at.astimezone(UTC).hour
        rows = (self.counts[(hour + n) % HOURS] for n in (-1, 0, 1))
        near = [count for row in rows for count in row if count is not None]
        every = [count for row in self.counts for count in row if count is not None]
        if not every:
            return _FLOOR_AN_HOUR
        day_mean = sum(every) / len(every)
        near_mean = sum(near) / len(near) if near else day_mean
        return max((near_mean * (1.0 - _PULL) + day_mean * _PULL) / 10, _FLOOR_AN_HOUR)


def _day_of(at: datetime) -> int:
    return at.astimezone(UTC).toordinal()
