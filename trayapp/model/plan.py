"""The plan of the next poll: which sources the program asks, and when."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollPlan:
    """The sources to ask in the next poll."""

    wait: float
    """Seconds from now."""
    reason: str
    """For the log: why the wait has this length."""
    page: bool = False
    incidents: bool = False
    """Whether to ask for the list of past incidents too."""
    native: bool = False
    probes: tuple[str, ...] = ()
    """Names of the probes that are due."""
    components: bool = True
    """Whether to ask for the page's list of all components too."""
    unconditional: bool = False
    """Whether to ask past every cache and without ETags."""
    page_if_failing: bool = False
    """Whether a failing probe makes the page be asked in the same round: it is the best proof of the connection."""
    streamed_here: bool = False
    """A stream once came whole on this network, so that a broken one need not be repeated in one piece."""
    network: bool = False
    """Whether to find out which network this is even if nothing fails."""
    crowd: bool = False
    """Whether to begin to ask how many other people report trouble; a later round has the answers."""
    trends: bool = False
    """Whether to ask for a country's list of searches too."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.wait) and self.wait >= 0.0):
            raise ValueError(f"a plan without an end: {self.wait} s")
