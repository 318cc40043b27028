"""What was asked when: all that the schedule remembers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf

PAGE = "page"
FEED = "feed"
PAST_INCIDENTS = "past"
ROUND_WINDOW = 5.0
"""Seconds within which what is due is asked in one round, so that the computer is woken once."""
RandomSource = Callable[[], float]
"""A number from 0 up to 1."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what was last asked (`awake`), and what chance made of its interval."""

    polled_at: Mapping[str, float] = field(default_factory=dict)
    interval_factors: Mapping[str, float] = field(default_factory=dict)
    backoff: float = 0.0
    """Seconds until a page that did not answer is asked again; 0 while it answers."""
    wait_requests: int = 0
    """Answers in a row with which the page asked us to wait."""
    tokens: float = 0.0
    tokens_at: float = 0.0
    incidents: tuple[tuple[str, str], ...] = ()
    """The open incidents at the last reading."""
    incidents_at_feed: tuple[tuple[str, str], ...] = ()
    """The open incidents that the feed was last asked for."""
    incidents_at_past: tuple[tuple[str, str], ...] = ()
    """The open incidents that the list of past ones was last asked for."""
    incidents_changed_at: float = -inf
    """When the open incidents last changed."""
    immediate_probes: frozenset[str] = frozenset()
    """Probes that are asked at once, because another one has just failed."""
    components_missing: bool = False
    """The last reading came without the list of all components: left out in a long trouble, or not answered."""
