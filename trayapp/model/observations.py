"""What was observed over time, and what is estimated from the past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trayapp.model.states import State


class ObservationSource(StrEnum):
    """Who said so."""

    PAGE = "page"
    """OpenAI's page, of a product."""
    OWN_PROBES = "here"
    """This computer's probes, of a product."""
    PROBE = "probe"
    """One probe, by its name: whether it answered, and how fast."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one witness showed over a stretch of time. A long stretch has one for each state that was seen in it."""

    witness: ObservationSource
    about: str
    """A product's name, or a probe's."""
    at: datetime
    """When the stretch began."""
    seconds: float
    """How long this was so within it; of a new one, how long until the next look."""
    state: State
    """UNKNOWN and OFFLINE: it was looked, but nothing was learned."""
    elapsed_ms: int | None = None
    """How long a probe's answers took, in the middle."""


class EstimateBasis(StrEnum):
    """How much alike the incidents are that an estimate rests on."""

    PRODUCT_AND_IMPACT = "product_and_impact"
    PRODUCT = "product"
    FOLLOWED = "followed"
    """Of anything that is followed."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much longer the middle half of comparable incidents lasted."""

    low: float
    """Seconds from now, rounded."""
    high: float
    cases: int
    """Comparable incidents that had lasted this long."""
    monitoring: bool = False
    """Counted from the post that a fix is being monitored."""
    basis: EstimateBasis = EstimateBasis.FOLLOWED
