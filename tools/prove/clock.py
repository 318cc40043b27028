"""A clock that nobody waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trayapp.model import Moment

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Where the world's time is 0."""


def wall(t: float) -> datetime:
    """The true time of day at a time of the world, in seconds."""
    return EPOCH + timedelta(seconds=t)


@dataclass(slots=True)
class Clock:
    """The three clocks of one computer."""

    awake: float = 0.0
    slept: float = 0.0
    """Seconds slept in all."""
    wrong: float = 0.0
    """Seconds by which somebody set the wall clock wrong."""

    @property
    def t(self) -> float:
        """The world's time."""
        return self.awake + self.slept

    def moment(self) -> Moment:
        """What the computer reads off its clocks now."""
        return Moment(wall(self.t + self.wrong), self.awake, self.t)
