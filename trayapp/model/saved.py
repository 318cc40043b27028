"""The part of the program's memory that is kept on disk over restarts (`docs/law.md` has the laws)."""

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
    """One notification that was sent about a product, for the counts of law 8."""

    at: datetime
    state: State
    """The state that was notified; for an end, the state notified before it."""
    start: bool = True


@dataclass(frozen=True, slots=True)
class SavedProduct:
    """The saved facts about one product: its known states and the notifications about it."""

    known: State = State.OPERATIONAL
    """The last state that the page reported; a miss never changes it."""
    reached: tuple[datetime | None, ...] = ()
    """For each state of `LADDER`, since when it has been at least that bad; for the first, since when it is fine."""
    told: State = State.OPERATIONAL
    """The state of the open trouble that was notified; OPERATIONAL if there is none."""
    told_at: datetime | None = None
    told_since: datetime | None = None
    """When the notified trouble began."""
    told_state_since: datetime | None = None
    """When it reached the state `told`."""
    told_incidents: tuple[str, ...] = ()
    told_parts: tuple[str, ...] = ()
    """The components that were named in the notification, while only these one or two have trouble."""
    thread: str = ""
    """The thread of the notifications about this trouble."""
    confirmed: bool = True
    """Whether the page has confirmed what was notified."""
    answers_since: datetime | None = None
    """Since when it answers again although OpenAI reports it down, as last notified."""
    edge: bool = False
    """Whether the notified trouble was Cloudflare's."""
    only_shown: bool = False
    """Whether it counts as notified only because the person ticked what the icon shows (law 11): its end is the icon's."""
    ended_at: datetime | None = None
    """When the last notified trouble ended; used to recognise a reopening."""
    ended_incidents: tuple[str, ...] = ()
    notified: tuple[SentNotification, ...] = ()
    """The notifications of the last day, for flapping and the daily cap."""
    posts: tuple[datetime, ...] = ()
    """Times of the posts notified in the last day, which are counted separately."""
    unstable: bool = False
    """Whether "unstable" was notified: nothing more is sent until it is calm."""

    def __post_init__(self) -> None:
        """Drops dates of a ladder of another length, which a file of another version may have."""
        if len(self.reached) != len(LADDER):
            object.__setattr__(self, "reached", ())


@dataclass(frozen=True, slots=True)
class SavedIncident:
    """The newest update of an open incident that the person could have seen."""

    stage: Stage
    newest: str
    """The id of its newest update."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SavedAlarm:
    """How often a probe failed between its first and last failure; decides how many good answers prove the end."""

    since: datetime
    failed: int
    looks: int
    cut: int = 0
    """The number of failures that were streams that broke off."""


@dataclass(frozen=True, slots=True)
class SavedProbe:
    """The usual answers of one probe, and how reliably the connection carries them."""

    usual: tuple[int, ...] = ()
    """The unusual statuses that this endpoint always gives."""
    odd: Mapping[str, datetime] = field(default_factory=dict)
    """Status as text -> when it first came, for those that are not usual yet."""
    looks: float = 0.0
    """The number of polls in the last seven days; older ones count less."""
    failures: float = 0.0
    answered: Mapping[str, datetime] = field(default_factory=dict)
    """Network -> when this probe last had an answer there."""
    alarm: SavedAlarm | None = None
    """Its failures in a trouble that was notified and that OpenAI has not confirmed."""


@dataclass(frozen=True, slots=True)
class Spending:
    """The requests and costs of the check with the person's key, so that a restart does not reset its limits."""

    day: str = ""
    """In UTC, as 2026-11-27."""
    today: int = 0
    """The number of requests on that day."""
    month: str = ""
    requests: int = 0
    """The number of requests in that month; the fields below are for the month too."""
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """The names that the person follows and ignores."""

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
    """Open incidents whose components the page has marked since their first post: from then on the components decide."""
    probes: Mapping[str, SavedProbe] = field(default_factory=dict)
    welcomed: bool = False
    """Whether the welcome of the first run was sent."""
    looked: bool = False
    """Whether there was ever a successful reading: the first one notifies nothing."""
    level: Level | None = None
    """The level at the last round: changing it neither starts nor ends a trouble."""
    selection: Selection | None = None
    """The selection at the last reading: changing it neither starts nor ends a trouble."""
    last_round: datetime | None = None
    last_reading: datetime | None = None
    """When the page was last read."""
    paused_until: datetime | None = None
    """FOREVER means until the person ends the pause."""
    tell_when_back: tuple[str, ...] = ()
    """Products whose end is notified once in spite of pauses and quiet hours."""
    seen: Mapping[str, str] = field(default_factory=dict)
    """Open incident's id -> id of its newest update when the person last opened it; empty if it had none."""
    standing: Mapping[str, DisplayedNotification] = field(default_factory=dict)
    """Thread -> its newest notification on the screen, if that can be replaced later."""
    spending: Spending = field(default_factory=Spending)
    key_trouble: AnswerFinding | None = None
    """The last notified trouble with the person's key, while it lasts."""
    crowd: str = ""
    """What is remembered of other people's reports, as text: only a program that asks for them reads it."""


@dataclass(frozen=True, slots=True)
class SeenIncident:
    """An incident, with the times at which this computer saw it."""

    incident: Incident
    first_seen: datetime
    suspected_at: datetime | None = None
    """When this computer first suspected the trouble before OpenAI posted it; None if it did not."""


class StoreFault(StrEnum):
    """The faults of the state file."""

    CORRUPT = "corrupt"
    NEWER = "newer"
    """A later version of the program wrote it."""
    READ_ONLY = "read_only"
    FULL = "full"
    LOCKED = "locked"
    """Another program has locked the file."""
    LARGE = "large"
    """The file grew over its budget, and old entries were deleted."""
    DISK = "disk"
    """The disk answers with errors."""


@dataclass(frozen=True, slots=True)
class StoreComplaint:
    """A fault of the state file; the person is notified when it differs from the last one."""

    fault: StoreFault
    moved_to: str = ""
    """The new path of an unusable file that was moved aside; empty for a fault that may pass."""
