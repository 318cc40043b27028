"""What is asked in the next round, and when."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollPlan:
    """What to look at in the next round."""

    wait: float
    """Seconds from now."""
    reason: str
    """For the log: what made this rhythm."""
    page: bool = False
    incidents: bool = False
    """Also the list of past incidents."""
    native: bool = False
    probes: tuple[str, ...] = ()
    """Names of the probes that are due."""
    components: bool = True
    """With the page, also its list of all components."""
    unconditional: bool = False
    """Past every cache, and without ETags."""
    page_if_failing: bool = False
    """The page too, within the same round, if a probe fails: it is the best proof of the connection."""
    streamed_here: bool = False
    """A streamed answer has come whole on this network: what breaks off need not be asked in one piece."""
    network: bool = False
    """Also which network this is, though nothing fails."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.wait) and self.wait >= 0.0):
            raise ValueError(f"a plan without an end: {self.wait} s")
