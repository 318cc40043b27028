"""What is asked and what is seen: a plan before, a round after, and all that a round holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trayapp.model.probes import Cause, KeyUsage, ProbeResult
from trayapp.model.states import CLOSED_STAGES, Stage, State


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant on three clocks."""

    wall: datetime
    """Aware UTC, for people and for what must outlive the program."""
    awake: float
    """Seconds on a clock that stands still while the computer sleeps: for ages and spans."""
    boot: float
    """Seconds on a clock that runs while it sleeps: against `awake` it shows sleep, against `wall` a set clock."""


@dataclass(frozen=True, slots=True)
class Miss:
    """Nothing was learned, and why. It says nothing about OpenAI."""

    cause: Cause
    status: int | None = None
    """The HTTP status, where one came."""
    detail: str = ""
    """For the log and `doctor` only, never for a sentence; free of secrets."""
    retry_after: float | None = None
    """Seconds the server asked us to wait."""
    whereto: str = ""
    """Scheme, host and port to which a redirect leads."""


@dataclass(frozen=True, slots=True)
class Component:
    """One line of the status page."""

    id: str
    name: str
    state: State
    word: str
    """The status as the page spelled it."""
    group: str | None = None
    """The product it belongs to, by the built-in table, the native feed or the page's own group; None if nobody knows."""
    core: bool = False
    """Whether the product as good as stands still without it (the built-in table says so)."""
    apart: bool = False
    """Whether it does not count for its group, because the person ignores it or follows it by its own name."""


@dataclass(frozen=True, slots=True)
class Update:
    """One post within an incident."""

    id: str
    stage: Stage
    word: str
    text: str
    """Markdown from outside: quote it, never trust it."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Incident:
    """Something the page has posted, an outage or a maintenance."""

    id: str
    name: str
    stage: Stage
    stage_word: str
    impact: State
    """On the ladder; the page's "none" is OPERATIONAL."""
    impact_word: str
    started_at: datetime | None = None
    updated_at: datetime | None = None
    """When its newest post was made, not when somebody last edited it."""
    resolved_at: datetime | None = None
    reopened_at: datetime | None = None
    """When it began anew, after a post that called it over."""
    ends_by: datetime | None = None
    """When a planned maintenance should be over, by its own post."""
    components: tuple[str, ...] = ()
    """Ids of the components it names; empty when it names none."""
    products: tuple[str, ...] = ()
    """Products it concerns, where the page or the judge could tell."""
    updates: tuple[Update, ...] = ()
    """Newest first."""
    url: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.stage not in CLOSED_STAGES


@dataclass(frozen=True, slots=True)
class PageReading:
    """One good reading of the status page."""

    url: str
    """The page's own address, for links; empty when it gives none."""
    name: str
    updated_at: datetime | None
    """When its content last changed, by its own word; months old on a calm page."""
    indicator: State | None
    """The page's word for everything together; None when it gives none."""
    indicator_word: str
    components: tuple[Component, ...]
    whole: bool
    """Whether the components are all there are; if not, one that is missing here means nothing."""
    incidents: tuple[Incident, ...]
    """The open ones, and those that lately ended where they were asked for."""
    fresh_for: float | None = None
    """Seconds for which asking again would give the same answer (Cache-Control less Age)."""
    age: float = 0.0
    """Seconds: how old it is by its own word (Age), because a cache on the way gave it."""
    copy: str = ""
    """The cached copy it is of: two readings with the same one, if it is not empty, are one reading."""
    past_read: bool = False
    """Whether the list of past incidents was asked for and could be read."""


@dataclass(frozen=True, slots=True)
class NativeReading:
    """One good reading of incident.io's own feed: what belongs to what."""

    groups: Mapping[str, str]
    """Component id -> its group's name."""
    concerns: Mapping[str, tuple[str, ...]]
    """Incident id -> ids of the components it affects."""
    states: Mapping[str, State] = field(default_factory=dict)
    """Component id -> its state, for those that are not operational."""


class SystemConnectivity(StrEnum):
    """The operating system's own word on connectivity."""

    FULL = "full"
    PORTAL = "portal"
    LIMITED = "limited"
    NONE = "none"
    UNKNOWN = "silent"
    """It says nothing, or nobody could be asked."""


class ConnectionState(StrEnum):
    """What is known about the person's own line."""

    GOOD = "good"
    OFFLINE = "offline"
    PORTAL = "portal"
    """A captive portal answers in everybody's place."""
    EDGE = "edge"
    """The neutral hosts answer, Cloudflare's own trace page does not."""
    NOT_CHECKED = "unasked"
    """Nothing failed, so nobody asked."""


@dataclass(frozen=True, slots=True)
class Round:
    """All that one look brought. What was not asked is None or absent."""

    moment: Moment
    page: PageReading | Miss | None = None
    native: NativeReading | Miss | None = None
    probes: tuple[ProbeResult, ...] = ()
    line: ConnectionState = ConnectionState.NOT_CHECKED
    network: str = ""
    """Which network this computer was on, as an opaque name; empty where it was not asked or cannot be known."""
    spent: KeyUsage = field(default_factory=KeyUsage)
    """What was asked with the person's key since the round before."""
