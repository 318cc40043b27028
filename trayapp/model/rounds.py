"""A round of polling and all that it brings: readings of the page and of the feed, misses, results of probes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from trayapp.model.probes import Cause, KeyUsage, ProbeResult
from trayapp.model.states import CLOSED_STAGES, Stage, State

if TYPE_CHECKING:
    from trayapp.model.crowd import CrowdReport
else:

    class CrowdReport:
        """Stands for the type of this name, so that it is loaded only when one is read from a file."""

        module = "trayapp.model.crowd"


@dataclass(frozen=True, slots=True)
class Moment:
    """The same instant on three clocks."""

    wall: datetime
    """Aware UTC, for people and for what is kept on disk."""
    awake: float
    """Seconds on a clock that stops while the computer sleeps; for ages and spans."""
    boot: float
    """Seconds on a clock that runs during sleep: compared with `awake` it shows sleep, with `wall` a set clock."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A failed request and its cause. It says nothing about OpenAI."""

    cause: Cause
    status: int | None = None
    """The HTTP status, if there was one."""
    detail: str = ""
    """For the log and `doctor` only, never for a sentence; contains no secrets."""
    retry_after: float | None = None
    """Seconds that the server asks the program to wait."""
    whereto: str = ""
    """Scheme, host and port of a redirect's target."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the status page."""

    id: str
    name: str
    state: State
    word: str
    """The status as the page spelled it."""
    group: str | None = None
    """Its product, by the built-in table, the native feed or the page's own group; None if it is not known."""
    core: bool = False
    """Whether the product is hardly usable without it, by the built-in table."""
    apart: bool = False
    """Whether it does not count for its group, because the person ignores it or follows it separately."""


@dataclass(frozen=True, slots=True)
class Update:
    """One post within an incident."""

    id: str
    stage: Stage
    word: str
    text: str
    """Markdown from outside: to be quoted, never trusted."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Incident:
    """An outage or a maintenance that the page has posted."""

    id: str
    name: str
    stage: Stage
    stage_word: str
    impact: State
    """On the ladder; the page's "none" is OPERATIONAL."""
    impact_word: str
    started_at: datetime | None = None
    updated_at: datetime | None = None
    """When its newest post was made, not when one was last edited."""
    resolved_at: datetime | None = None
    reopened_at: datetime | None = None
    """When it was reopened after a post that closed it."""
    ends_by: datetime | None = None
    """When a planned maintenance is scheduled to end."""
    components: tuple[str, ...] = ()
    """Ids of the components that it names; may be empty."""
    products: tuple[str, ...] = ()
    """The products it concerns, as far as the page or the judge knows."""
    updates: tuple[Update, ...] = ()
    """Newest first."""
    url: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the incident is still open."""
        return self.stage not in CLOSED_STAGES


@dataclass(frozen=True, slots=True)
class PageReading:
    """One successful reading of the status page."""

    url: str
    """The address that the page gives for itself, for links; empty if it gives none."""
    name: str
    updated_at: datetime | None
    """When its content last changed, as the page states; months old on a calm page."""
    indicator: State | None
    """The page's overall state; None if it gives none."""
    indicator_word: str
    components: tuple[Component, ...]
    whole: bool
    """Whether all components are listed; if not, a missing one means nothing."""
    incidents: tuple[Incident, ...]
    """The open incidents, and recently ended ones if they were asked for."""
    fresh_for: float | None = None
    """Seconds for which another request would get the same answer (Cache-Control less Age)."""
    age: float = 0.0
    """Seconds since the server made it (the header Age), if a cache gave it."""
    copy: str = ""
    """The name of the cached copy: two readings with the same name, if it is not empty, count as one."""
    past_read: bool = False
    """Whether the list of past incidents was requested and could be read."""


@dataclass(frozen=True, slots=True)
class NativeReading:
    """One successful reading of incident.io's own feed: the groups of components, and the components of incidents."""

    groups: Mapping[str, str]
    """Component id -> the name of its group."""
    concerns: Mapping[str, tuple[str, ...]]
    """Incident id -> ids of the components it affects."""
    states: Mapping[str, State] = field(default_factory=dict)
    """Component id -> its state, for those that are not operational."""


class SystemConnectivity(StrEnum):
    """The connectivity that the operating system reports."""

    FULL = "full"
    PORTAL = "portal"
    LIMITED = "limited"
    NONE = "none"
    UNKNOWN = "silent"
    """The system reports nothing, or could not be asked."""


class ConnectionState(StrEnum):
    """The state of the person's connection, as far as it is known."""

    GOOD = "good"
    OFFLINE = "offline"
    PORTAL = "portal"
    """A captive portal answers in place of every host."""
    EDGE = "edge"
    """The neutral hosts answer but Cloudflare's trace page does not."""
    NOT_CHECKED = "unasked"
    """Not checked, because nothing failed."""


@dataclass(frozen=True, slots=True)
class Round:
    """All results of one poll. What was not asked for is None or absent."""

    moment: Moment
    page: PageReading | Miss | None = None
    native: NativeReading | Miss | None = None
    probes: tuple[ProbeResult, ...] = ()
    line: ConnectionState = ConnectionState.NOT_CHECKED
    network: str = ""
    """An opaque name of this computer's network; empty if it was not asked for or is not known."""
    spent: KeyUsage = field(default_factory=KeyUsage)
    """The use of the person's key since the round before."""
    crowd: CrowdReport | None = None
    """What other people's reports were when they were last asked for; None if there is nothing new."""
