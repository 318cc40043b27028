"""What outlives the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trayapp.model.levels import Level
from trayapp.model.notifications import DisplayedNotification
from trayapp.model.probes import AnswerFinding
from trayapp.model.rounds import Incident
from trayapp.model.states import LADDER, Stage, State


@dataclass(frozen=True, slots=True)
class SentNotification:
    """One notification of a product, as the counts of law 8 need it."""

    at: datetime
    state: State
    """How bad it was: of an end, what had been told before."""
    start: bool = True


@dataclass(frozen=True, slots=True)
class SavedProduct:
    """What is known and was told of one product, over restarts."""

    known: State = State.OPERATIONAL
    """The page's last known word: a miss never changes it."""
    reached: tuple[datetime | None, ...] = ()
    """For each rung of the ladder, since when it has been at least so bad; of the first, since when it is fine."""
    told: State = State.OPERATIONAL
    """How bad the trouble is that was told and is open; OPERATIONAL when none is."""
    told_at: datetime | None = None
    told_since: datetime | None = None
    """When the trouble that was told began."""
    told_state_since: datetime | None = None
    """When it became as bad as `told`."""
    told_incidents: tuple[str, ...] = ()
    told_parts: tuple[str, ...] = ()
    """The one or two components that it was told of by name, while they alone are hurt."""
    thread: str = ""
    """What the notices of this trouble belong to."""
    confirmed: bool = True
    """Whether the page has agreed with what was told."""
    answers_since: datetime | None = None
    """Since when it answers again although OpenAI calls it down, as was last said."""
    edge: bool = False
    """What was told was Cloudflare's trouble."""
    ended_at: datetime | None = None
    """When the last told trouble ended, to know a reopening."""
    ended_incidents: tuple[str, ...] = ()
    notified: tuple[SentNotification, ...] = ()
    """Notifications of the last day, for flapping and the daily cap."""
    posts: tuple[datetime, ...] = ()
    """Told posts of the last day, which have a count of their own."""
    unstable: bool = False
    """The "unstable" notice was given; silence until calm."""

    def __post_init__(self) -> None:
        """Dates of another ladder, as another version's file may have them, say nothing of the rungs of this one."""
        if len(self.reached) != len(LADDER):
            object.__setattr__(self, "reached", ())


@dataclass(frozen=True, slots=True)
class SavedIncident:
    """The newest of an open incident that the person could have seen."""

    stage: Stage
    newest: str
    """Id of its newest update."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SavedAlarm:
    """How often a probe failed between its first and its last failure: how many answers it takes to be sure of an end."""

    since: datetime
    failed: int
    looks: int
    cut: int = 0
    """How many of the failures were streams that broke off."""


@dataclass(frozen=True, slots=True)
class SavedProbe:
    """What one probe usually answers, and how well the line carries it."""

    usual: tuple[int, ...] = ()
    """Statuses this endpoint always gives."""
    odd: Mapping[str, datetime] = field(default_factory=dict)
    """Status, as text -> when it was first given, for those not usual yet."""
    looks: float = 0.0
    """Looks of the last seven days, older ones fading."""
    failures: float = 0.0
    answered: Mapping[str, datetime] = field(default_factory=dict)
    """Network -> when this probe was last answered there."""
    alarm: SavedAlarm | None = None
    """What it had seen of a trouble that was told and that OpenAI has not confirmed."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What the check with the person's key has asked and cost: a restart does not begin it anew."""

    day: str = ""
    """In UTC, as 2026-11-27."""
    today: int = 0
    """Requests of that day."""
    month: str = ""
    requests: int = 0
    """Of that month, as all that follows."""
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """What the person follows and ignores."""

    follow: tuple[str, ...]
    ignore: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedMemory:
    """The part of memory that is kept on disk."""

    products: Mapping[str, SavedProduct] = field(default_factory=dict)
    incidents: Mapping[str, SavedIncident] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    """Component id -> group, from the native feed."""
    concerns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Incident id -> component ids, from the native feed, for open incidents."""
    marked: tuple[str, ...] = ()
    """Open incidents whose components the page has marked since their first post: from then on the components speak."""
    probes: Mapping[str, SavedProbe] = field(default_factory=dict)
    welcomed: bool = False
    """Whether the first run's notification was given."""
    looked: bool = False
    """Whether there ever was a good reading: the first one is silent."""
    level: Level | None = None
    """The level at the last round: a change of it starts and ends nothing."""
    selection: Selection | None = None
    """What the last reading was judged by: a change of it starts and ends nothing either."""
    last_round: datetime | None = None
    paused_until: datetime | None = None
    """FOREVER: until the person says."""
    tell_when_back: tuple[str, ...] = ()
    """Products whose end passes pauses and quiet hours, once."""
    seen: Mapping[str, str] = field(default_factory=dict)
    """Open incident's id -> id of the newest update when the person last looked at it; empty if it had none."""
    standing: Mapping[str, DisplayedNotification] = field(default_factory=dict)
    """Thread -> its newest notice, where that can be replaced later."""
    spending: Spending = field(default_factory=Spending)
    key_trouble: AnswerFinding | None = None
    """What was last told of the person's key, while it holds."""


@dataclass(frozen=True, slots=True)
class SeenIncident:
    """An incident as this computer has seen it."""

    incident: Incident
    first_seen: datetime
    suspected_at: datetime | None = None
    """When this computer first suspected what OpenAI then posted; None if it did not."""


class StoreFault(StrEnum):
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
class StoreComplaint:
    """A fault to tell the person once: whenever it differs from the last one told."""

    fault: StoreFault
    moved_to: str = ""
    """Where the unfit file was put aside; empty for a fault that may pass."""
