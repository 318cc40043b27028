"""States, the ladder they stand on and how they look; the stages of an incident."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a product does. The first five are the ladder, worst last; the last two are missing knowledge."""

    OPERATIONAL = "operational"
    MAINTENANCE = "maintenance"
    DEGRADED = "degraded"
    PARTIAL = "partial_outage"
    MAJOR = "major_outage"
    UNKNOWN = "unknown"
    OFFLINE = "offline"

    @property
    def is_known(self) -> bool:
        """Whether this is a severity and not missing knowledge."""
        return self in _RANK

    @property
    def is_trouble(self) -> bool:
        """Whether something is wrong: degraded or worse. Maintenance is none, and neither is missing knowledge."""
        return _RANK.get(self, 0) >= _RANK[State.DEGRADED]


LADDER = (State.OPERATIONAL, State.MAINTENANCE, State.DEGRADED, State.PARTIAL, State.MAJOR)
_RANK = {state: rank for rank, state in enumerate(LADDER)}


def milder_state(one: State, other: State) -> State:
    """The less bad of two states of the ladder."""
    return min(one, other, key=ladder_rank)


def ladder_rank(state: State) -> int:
    """Where a state stands on the ladder, 0 for operational. Raises KeyError for missing knowledge."""
    return _RANK[state]


def is_on_ladder(state: State) -> bool:
    """Whether a state is a severity and not missing knowledge."""
    return state in _RANK


def worst_state(states: Iterable[State], default: State = State.OPERATIONAL) -> State:
    """The worst of some states of the ladder."""
    return max(states, key=ladder_rank, default=default)


class Stage(StrEnum):
    """How far an incident is, in the page's own words; OTHER is a word never heard before."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    OTHER = "other"


CLOSED_STAGES = frozenset({Stage.RESOLVED, Stage.COMPLETED})
"""Stages of an incident that is no longer open."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the icon shows: a shape and a colour for the state, hollow while unconfirmed or checking."""

    state: State
    hollow: bool = False

    @property
    def symbol(self) -> str:
        """The same as one letter, where no picture can be drawn: in a line of text, and in menus that take none."""
        return _SYMBOLS[self.state][self.hollow]


_SYMBOLS = {
    State.OPERATIONAL: ("✓", "○"),
    State.MAINTENANCE: ("⬢", "⬡"),
    State.DEGRADED: ("▲", "△"),
    State.PARTIAL: ("◆", "◇"),
    State.MAJOR: ("✘", "✗"),
    State.UNKNOWN: ("?", "…"),
    State.OFFLINE: ("⊘", "⊘"),
}
"""Filled, and hollow: each with a shape of its own. Systems' fonts have all of them, and none is drawn as an emoji."""
