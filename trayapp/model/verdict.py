"""What is held to be true, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trayapp.model.probes import AnswerFinding, Cause, ProbeResult
from trayapp.model.rounds import ConnectionState, Incident, Miss
from trayapp.model.states import State


class ReasonKind(StrEnum):
    """Kinds of reasons; each is worded in `core.wording.reasons`."""

    PAGE_SAYS = "page_says"
    """who: product, state"""
    INCIDENT = "incident"
    """who: incident's id"""
    INDICATOR = "indicator"
    """state: what the page's indicator says with nothing to explain it"""
    UNKNOWN_STATUS = "new_word"
    """word: a status never heard before"""
    PROBES_FAILED = "probes_failed"
    """who: product, count of total failed, since"""
    PROBES_FINE = "probes_fine"
    """who: product, total"""
    ANSWERS_AGAIN = "answers_again"
    """who: product that OpenAI calls down and that answers again from here, since"""
    NOT_POSTED = "not_posted"
    """OpenAI has posted nothing about who"""
    PAGE_UNREADABLE = "page_unreadable"
    """cause, status, since"""
    NEVER_READ = "never_read"
    """the page has not been read since the program started"""
    OLD_COPY = "old_copy"
    """since: the page came from a cache that had kept it since then"""
    OFFLINE = "offline"
    PORTAL = "portal"
    EDGE = "edge"
    LOCAL_CAUSE = "local"
    """who: product, cause: name look-up, certificate or proxy fails for it alone"""
    UNREACHABLE_HERE = "unreachable_here"
    """who: product that has never been reached on this network"""
    KEY_CHECK = "answers"
    """who: product, finding: what became of the answer asked for with the person's key"""
    VANISHED = "vanished"
    """who: a followed name the page no longer has"""
    IGNORED = "ignored"
    """who: a component that the person ignores, state: what the page says of it"""
    IGNORED_UNKNOWN = "ignored_unknown"
    """who: an ignored name the page does not have, word: the one most like it"""


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact behind a verdict; which fields are set depends on the kind."""

    kind: ReasonKind
    subject: str = ""
    state: State | None = None
    word: str = ""
    cause: Cause | None = None
    status: int | None = None
    count: int = 0
    total: int = 0
    since: datetime | None = None
    finding: AnswerFinding | None = None


class Reachability(StrEnum):
    """Whether this computer gets through to a product."""

    OK = "ok"
    FAILING = "failing"
    UNREACHABLE_HERE = "unreachable_here"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class ProductVerdict:
    """What holds for one product."""

    name: str
    state: State
    confirmed: bool = True
    """False while only this computer says so."""
    checking: bool = False
    """Suspected, not yet said."""
    since: datetime | None = None
    """When the state that it is in began; None when that is not known."""
    recovering: bool = False
    """Every open incident that concerns it is being monitored."""
    incidents: tuple[str, ...] = ()
    """Ids of open incidents that concern it, the worst first."""
    page_state: State | None = None
    """The worst that the page itself says of it, where that is another word than `state`: only this may be quoted."""
    parts: tuple[str, ...] = ()
    """The one or two components that alone are hurt."""
    parts_state: State | None = None
    reach: Reachability = Reachability.NOT_ASKED
    answering: bool = False
    """Its failing checks are answered again, not yet often enough to call it over."""
    answers_since: datetime | None = None
    """Since when they are, often enough, although OpenAI has not said that it is over."""
    audience: tuple[str, ...] = ()
    """Whom its trouble concerns alone, by plan and region, where that is not this person."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One component of a product, as it can be followed by itself."""

    group: str
    name: str
    follow_name: str
    """The name to follow it by: its own, or "ChatGPT/Login" where that names another one too."""


@dataclass(frozen=True, slots=True)
class PageStatus:
    """How the page could be read."""

    url: str = ""
    """Its own address for people; empty before the first reading."""
    readable: bool = False
    """Whether there is a recent reading to go by."""
    last_miss: Miss | None = None
    """The last failure, if the last look failed."""
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one glance, with its reasons."""

    at: datetime
    state: State
    confirmed: bool = True
    checking: bool = False
    since: datetime | None = None
    products: tuple[ProductVerdict, ...] = ()
    """The followed ones, in the person's order."""
    others: tuple[ProductVerdict, ...] = ()
    """The page's other products."""
    features: tuple[Feature, ...] = ()
    """The components of the page's products."""
    incidents: tuple[Incident, ...] = ()
    """The open ones, newest first, with `products` filled in."""
    audiences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Incident's id -> whom alone it names, by plan and region, where that is not this person."""
    reasons: tuple[Reason, ...] = ()
    connection: ConnectionState = ConnectionState.NOT_CHECKED
    page: PageStatus = PageStatus()
    probes: tuple[ProbeResult, ...] = ()
    """The newest result of each that is asked without a key."""
    key_check: ProbeResult | None = None
    """The newest result of the check with the person's key."""

    def find_product(self, name: str) -> ProductVerdict | None:
        """A product by its name, followed or not."""
        return next((p for p in (*self.products, *self.others) if p.name == name), None)

    def find_incident(self, incident_id: str) -> Incident | None:
        """An open incident by its id."""
        return next((i for i in self.incidents if i.id == incident_id), None)
