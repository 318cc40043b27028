"""What outlives the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trayapp.model.rounds import Incident
from trayapp.model.states import Stage, State


@dataclass(frozen=True, slots=True)
class KeptProduct:
    """What is known and was told of one product, over restarts."""

    known: State = State.OPERATIONAL
    """The last known state: a miss never changes it."""
    since: datetime | None = None
    """When it got there."""
    told: State = State.OPERATIONAL
    """The worst that was told of the trouble that is open; OPERATIONAL when nothing is."""
    told_at: datetime | None = None
    trouble_since: datetime | None = None
    """When the trouble that is open began."""
    told_incidents: tuple[str, ...] = ()
    thread: str = ""
    """What the notices of this trouble belong to."""
    confirmed: bool = True
    """Whether the page has agreed with what was told."""
    ended_at: datetime | None = None
    """When the last told trouble ended, to know a reopening."""
    ended_incidents: tuple[str, ...] = ()
    changes: tuple[datetime, ...] = ()
    """Told changes of the last day, for flapping and the daily cap."""
    posts: tuple[datetime, ...] = ()
    """Told posts of the last day, which count for the cap alone."""
    unstable: bool = False
    """The "unstable" notice was given; silence until calm."""


@dataclass(frozen=True, slots=True)
class KeptIncident:
    """The newest of an open incident that the person could have seen."""

    stage: Stage
    newest: str
    """Id of its newest update."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class KeptProbe:
    """What one probe usually answers, and how well the line carries it."""

    usual: tuple[int, ...] = ()
    """Statuses this endpoint always gives."""
    odd: Mapping[str, datetime] = field(default_factory=dict)
    """Status, as text -> when it was first given, for those not usual yet."""
    looks: float = 0.0
    """Looks of the last seven days, older ones fading."""
    failures: float = 0.0


@dataclass(frozen=True, slots=True)
class Kept:
    """The part of memory that is kept on disk."""

    products: Mapping[str, KeptProduct] = field(default_factory=dict)
    incidents: Mapping[str, KeptIncident] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    """Component id -> group, from the native feed."""
    concerns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Incident id -> component ids, from the native feed, for open incidents."""
    probes: Mapping[str, KeptProbe] = field(default_factory=dict)
    welcomed: bool = False
    """Whether the first run's notification was given."""
    looked: bool = False
    """Whether there ever was a good reading: the first one is silent."""
    last_round: datetime | None = None
    paused_until: datetime | None = None
    """FOREVER: until the person says."""
    tell_when_back: tuple[str, ...] = ()
    """Products whose end passes pauses and quiet hours, once."""
    seen: Mapping[str, str] = field(default_factory=dict)
    """Open incident's id -> id of the newest update when the person last looked at it; empty if it had none."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An incident as this computer has seen it."""

    incident: Incident
    first_seen: datetime
    suspected_at: datetime | None = None
    """When this computer first suspected what OpenAI then posted; None if it did not."""


class Fault(StrEnum):
    """What is wrong with the file of what is kept."""

    CORRUPT = "corrupt"
    NEWER = "newer"
    """A later version of the program wrote it."""
    READ_ONLY = "read_only"
    FULL = "full"
    LOCKED = "locked"
    """Another program holds it."""
    LARGE = "large"
    """It has grown over its budget, and what is old was let go."""
    DISK = "disk"
    """The disk answers with errors."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fault to tell the person once: whenever it differs from the last one told."""

    fault: Fault
    kept_as: str = ""
    """Where the unfit file was put aside; empty for a fault that may pass."""
