"""The verdict: the state of each product, with the reasons for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from trayapp.model.probes import AnswerFinding, Cause, ProbeResult
from trayapp.model.rounds import ConnectionState, Incident, Miss
from trayapp.model.states import State

if TYPE_CHECKING:
    from trayapp.model.crowd import CrowdVerdict  # loaded only where somebody asks for it


class ReasonKind(StrEnum):
    """Kinds of reasons; each is worded in `core.wording.reasons`."""

    PAGE_SAYS = "page_says"
    """who: product, state"""
    INCIDENT = "incident"
    """who: incident's id"""
    INDICATOR = "indicator"
    """state: the page's indicator, without an incident or a component that explains it"""
    UNKNOWN_STATUS = "new_word"
    """word: an unknown status"""
    PROBES_FAILED = "probes_failed"
    """who: product, count of total failed, since"""
    PROBES_FINE = "probes_fine"
    """who: product, total"""
    ANSWERS_AGAIN = "answers_again"
    """who: product that OpenAI reports down but that answers this computer again, since"""
    NOT_POSTED = "not_posted"
    """OpenAI has posted nothing about who"""
    PAGE_UNREADABLE = "page_unreadable"
    """cause, status, since"""
    NEVER_READ = "never_read"
    """the page has not been read since the program started"""
    OLD_COPY = "old_copy"
    """since: when a cache stored the copy of the page that was read"""
    OFFLINE = "offline"
    PORTAL = "portal"
    EDGE = "edge"
    LOCAL_CAUSE = "local"
    """who: product, cause: name look-up, certificate or proxy fails for it alone"""
    UNREACHABLE_HERE = "unreachable_here"
    """who: product that has never been reached on this network"""
    KEY_CHECK = "answers"
    """who: product, finding: the result of the check with the person's key"""
    VANISHED = "vanished"
    """who: a followed name the page no longer has"""
    IGNORED = "ignored"
    """who: a component that the person ignores, state: as the page reports it"""
    IGNORED_UNKNOWN = "ignored_unknown"
    """who: an ignored name the page does not have, word: the one most like it"""
    PEOPLE_REPORT = "people_report"
    """who: product of which many people report trouble though the page is green, total of its probes answered, since"""
    PEOPLE_REPORT_TOO = "people_report_too"
    """who: product that this computer suspects and of which other people report trouble too, since"""
    REPORTS_LAST = "reports_last"
    """who: product in a posted outage, since when other people have reported trouble with it"""
    REPORTS_FALL = "reports_fall"
    """who: the same, since when there are fewer and fewer reports"""


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact behind a verdict; its kind decides which fields are set ("who" above is `subject`)."""

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
    """Whether this computer can reach a product."""

    OK = "ok"
    FAILING = "failing"
    UNREACHABLE_HERE = "unreachable_here"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class ProductVerdict:
    """The state of one product and its details."""

    name: str
    state: State
    confirmed: bool = True
    """False while only this computer's probes show it."""
    checking: bool = False
    """Whether trouble is suspected and not reported yet."""
    since: datetime | None = None
    """When its present state began; None if that is not known."""
    recovering: bool = False
    """Every open incident that concerns it is being monitored."""
    incidents: tuple[str, ...] = ()
    """Ids of open incidents that concern it, the worst first."""
    page_state: State | None = None
    """The worst state that the page reports for it, if it differs from `state`; only this may be quoted as OpenAI's."""
    parts: tuple[str, ...] = ()
    """The components that have trouble, if they are only one or two."""
    parts_state: State | None = None
    reach: Reachability = Reachability.NOT_ASKED
    answering: bool = False
    """Whether its failed probes are answered again, but not yet often enough to count as the end."""
    answers_since: datetime | None = None
    """Since when they are answered often enough, although OpenAI has not reported the end."""
    audience: tuple[str, ...] = ()
    """The plans and regions that its trouble is limited to, if this person is not among them."""
    only_shown: bool = False
    """Whether its trouble is shown and not notified: a fix is applied, or only other people have it."""
    reported_by_people: bool = False
    """Whether many other people report trouble with it, and neither page nor probes show any."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One component of a product, which can be followed separately."""

    group: str
    name: str
    follow_name: str
    """The name for `follow`: its own, or "ChatGPT/Login" if another component has the same name."""


@dataclass(frozen=True, slots=True)
class PageStatus:
    """Whether and when the page could be read."""

    url: str = ""
    """The page's address for people; empty before the first reading."""
    readable: bool = False
    """Whether there is a recent reading."""
    last_miss: Miss | None = None
    """The miss of the last poll, if it failed."""
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The conclusion that the program draws from a poll, with the reasons for it."""

    at: datetime
    state: State
    confirmed: bool = True
    checking: bool = False
    since: datetime | None = None
    products: tuple[ProductVerdict, ...] = ()
    """The followed products, in the person's order."""
    others: tuple[ProductVerdict, ...] = ()
    """The page's other products."""
    features: tuple[Feature, ...] = ()
    """The components of the page's products."""
    incidents: tuple[Incident, ...] = ()
    """The open incidents, newest first, with `products` filled in."""
    audiences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Incident's id -> the plans and regions it is limited to, if this person is not among them."""
    reasons: tuple[Reason, ...] = ()
    connection: ConnectionState = ConnectionState.NOT_CHECKED
    page: PageStatus = PageStatus()
    probes: tuple[ProbeResult, ...] = ()
    """The newest result of each probe without a key."""
    key_check: ProbeResult | None = None
    """The newest result of the check with the person's key."""
    crowd: CrowdVerdict | None = None
    """What other people report; None if nobody asks for it."""

    @property
    def is_reported_by_people(self) -> bool:
        """Whether other people's word is all that speaks against a calm state."""
        return self.state is State.OPERATIONAL and any(p.reported_by_people for p in self.products)

    def find_product(self, name: str) -> ProductVerdict | None:
        """Returns the product with this name, followed or not; None if there is none."""
        return next((p for p in (*self.products, *self.others) if p.name == name), None)

    def find_incident(self, incident_id: str) -> Incident | None:
        """Returns the open incident with this id; None if there is none."""
        return next((i for i in self.incidents if i.id == incident_id), None)
