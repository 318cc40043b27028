"""The states of a product in order of severity, the icon's looks, and the stages of an incident."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The state of a product. The first five are severities, worst last; the last two mean that nothing is known."""

    OPERATIONAL = "operational"
    MAINTENANCE = "maintenance"
    DEGRADED = "degraded"
    PARTIAL = "partial_outage"
    MAJOR = "major_outage"
    UNKNOWN = "unknown"
    OFFLINE = "offline"

    @property
    def is_known(self) -> bool:
        """Whether this is a severity, and not UNKNOWN or OFFLINE."""
        return self in _RANK

    @property
    def is_trouble(self) -> bool:
        """Whether it is degraded or worse. Maintenance, UNKNOWN and OFFLINE are no trouble."""
        return _RANK.get(self, 0) >= _RANK[State.DEGRADED]


LADDER = (State.OPERATIONAL, State.MAINTENANCE, State.DEGRADED, State.PARTIAL, State.MAJOR)
_RANK = {state: rank for rank, state in enumerate(LADDER)}


def milder_state(one: State, other: State) -> State:
    """Returns the milder of two severities. Raises KeyError as `ladder_rank`."""
    return min(one, other, key=ladder_rank)


def ladder_rank(state: State) -> int:
    """Returns the rank of a severity, 0 for operational. Raises KeyError for UNKNOWN and OFFLINE."""
    return _RANK[state]


def is_on_ladder(state: State) -> bool:
    """Whether a state is a severity, and not UNKNOWN or OFFLINE."""
    return state in _RANK


def worst_state(states: Iterable[State], default: State = State.OPERATIONAL) -> State:
    """Returns the worst of some severities. Raises KeyError as `ladder_rank`."""
    return max(states, key=ladder_rank, default=default)


class Stage(StrEnum):
    """The stage of an incident, in the page's own words; OTHER stands for an unknown word."""

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
    """The icon's appearance: a shape and a colour for the state, hollow while unconfirmed or checking."""

    state: State
    hollow: bool = False

    @property
    def symbol(self) -> str:
        """The same as one character, for text and for menus that show no pictures."""
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
"""Filled and hollow, each with its own shape. The systems' fonts have all of them and draw none as an emoji."""
