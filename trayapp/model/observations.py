"""Observations over time, and the estimates made from past incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trayapp.model.states import State


class ObservationSource(StrEnum):
    """Where an observation comes from."""

    PAGE = "page"
    """OpenAI's page, for a product."""
    OWN_PROBES = "here"
    """This computer's probes, for a product."""
    PROBE = "probe"
    """A single probe, by its name: whether it was answered, and how fast."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One state that a source showed within a span of time. A long span has one observation for each state seen in it."""

    witness: ObservationSource
    about: str
    """The name of a product or of a probe."""
    at: datetime
    """When the span began."""
    seconds: float
    """How long the state lasted within the span; for a new observation, how long until the next poll."""
    state: State
    """UNKNOWN and OFFLINE: the program polled, but learned nothing."""
    elapsed_ms: int | None = None
    """The mean answer time of a probe, in milliseconds."""


class EstimateBasis(StrEnum):
    """Which past incidents an estimate is based on."""

    PRODUCT_AND_IMPACT = "product_and_impact"
    PRODUCT = "product"
    FOLLOWED = "followed"
    """Incidents of any followed product."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much longer the middle half of comparable incidents lasted (from the first to the third quartile)."""

    low: float
    """Seconds from now, rounded."""
    high: float
    cases: int
    """The number of comparable incidents that had lasted this long."""
    monitoring: bool = False
    """Whether it is counted from the post that says a fix is being monitored."""
    basis: EstimateBasis = EstimateBasis.FOLLOWED
