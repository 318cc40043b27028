"""Holds everything that the schedule remembers: when each source was polled, and for what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf

PAGE = "page"
FEED = "feed"
PAST_INCIDENTS = "past"
ROUND_WINDOW = 5.0
"""Seconds within which due sources are polled in one round, so that the computer wakes once."""
RandomSource = Callable[[], float]
"""Returns a random number from 0 up to 1."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When each source was last polled (`Moment.awake`), with the random factor of its interval."""

    polled_at: Mapping[str, float] = field(default_factory=dict)
    interval_factors: Mapping[str, float] = field(default_factory=dict)
    backoff: float = 0.0
    """Seconds until a page that did not answer is polled again; 0 while it answers."""
    wait_requests: int = 0
    """The number of answers in a row with which the page asked the program to wait."""
    tokens: float = 0.0
    tokens_at: float = 0.0
    incidents: tuple[tuple[str, str], ...] = ()
    """The open incidents at the last reading."""
    incidents_at_feed: tuple[tuple[str, str], ...] = ()
    """The open incidents when the feed was last polled."""
    incidents_at_past: tuple[tuple[str, str], ...] = ()
    """The open incidents when the list of past ones was last polled."""
    incidents_changed_at: float = -inf
    """When the open incidents last changed."""
    immediate_probes: frozenset[str] = frozenset()
    """Probes that are polled at once because another one has just failed."""
    components_missing: bool = False
    """True if the last reading lacks the list of components: not polled in long trouble, or not answered."""
    failed_at: float = -inf
    """When a probe last failed."""
    crowd_asked_at: float | None = None
    """When other people's reports were last asked for; None before the first time."""
    trends_asked_at: float = -inf
    crowd_luck: float = 0.0
    """From 0 to 1: lengthens the wait until they are asked for again, so that installations do not ask in step."""
