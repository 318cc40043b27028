"""Holds what the judge remembers from round to round; only `Memory.saved` outlives the program.

Laws cited here are in `docs/law.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from trayapp.core.state.readings import PageHistory
from trayapp.model import (
    ConnectionState,
    Incident,
    Miss,
    Moment,
    PageReading,
    ProbeResult,
    Reachability,
    Reason,
    SavedMemory,
    State,
    Transition,
)

if TYPE_CHECKING:
    from trayapp.core.crowd.votes import CrowdMemory


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sum of one probe's answers (law 5). Clock readings are `Moment.awake`, in seconds."""

    score: float = 0.0
    failure_weight: float = 0.0
    """The number of failures since the score was last 0; an odd answer counts as half a failure."""
    signed_weight: float = 0.0
    """The part of `failure_weight` that OpenAI or its edge signed."""
    polls: int = 0
    """The number of polls since the first failure, that one included."""
    failures: int = 0
    polls_at_failure: int = 0
    """The number of polls from the first to the last failure."""
    first_failure_at: float | None = None
    """When the first failure was."""
    first_failure_wall: datetime | None = None
    recent_failures: tuple[float, ...] = ()
    """When the last two failures were."""
    learnt_at: float | None = None
    """When a poll last gave evidence for or against a failure."""
    proof_wait_since: float | None = None
    """Since when an alarm waits for a reading of the page to prove the connection."""
    cut_streams: int = 0
    """The number of failures that were streams that broke off."""
    has_alarm: bool = False
    """True from the alarm until answers clear it."""
    alarm_since: float = 0.0
    answers_in_row: int = 0
    """The number of answers in a row since the last failure that lay far enough apart to count."""
    last_answer_at: float | None = None
    """When the last answer that counted came."""
    answers_needed: int = 0
    """The number of answers that end the alarm; 0 if the number follows from the share of failures."""
    first_answer_at: datetime | None = None
    """When the first answer after the last failure came; kept when the rest is reset, to date an end."""
    answers_since: datetime | None = None
    """When the answers began that ended its last alarm; None if it has had none, or has a new one."""
    burst_left: int = 0
    """The number of quick polls that are left."""
    unreachable_failures: int = 0
    """The number of failures in a row that prove nothing, as the probe was never answered on this network."""
    unreachable_since: datetime | None = None

    @property
    def is_clean(self) -> bool:
        """True if the probe has not failed since it was last reset."""
        return self.first_failure_at is None and not self.has_alarm

    @property
    def has_only_cut_streams(self) -> bool:
        """True if all of its failures were streams that broke off."""
        return 0 < self.failures == self.cut_streams

    @property
    def is_failing(self) -> bool:
        """True if the newest poll that gave evidence was a failure."""
        return bool(self.recent_failures) and self.learnt_at == self.recent_failures[-1]


@dataclass(frozen=True, slots=True)
class ProductReading:
    """The state of one product by one reading of the page (law 4)."""

    state: State | None
    """None if the page no longer lists it."""
    page_state: State | None = None
    """The worst state that the page itself gives; the program's rules may make another `state` of it."""
    fix_applied: bool = False
    """True if its incidents are monitored and its components operational, which counts as an end."""
    is_monitored: bool = False
    """True if OpenAI has applied a fix to every incident that concerns it, and watches."""
    groups: tuple[str, ...] = ()
    """The groups its components belong to: a probe of one of them speaks for it."""
    incidents: tuple[str, ...] = ()
    """Ids of open incidents that concern it, the worst first."""
    reasons: tuple[Reason, ...] = ()
    parts: tuple[str, ...] = ()
    """The names of the one or two components that alone are hurt."""
    parts_state: State | None = None
    posted_at: datetime | None = None
    """The date of the post that makes it as bad as it is."""
    is_covered: bool = False
    """True while a planned maintenance in progress covers what its probes ask."""
    others_incidents: tuple[str, ...] = ()
    """Ids of the incidents that only name people with other plans or in other regions."""
    audience: tuple[str, ...] = ()
    """The plans and regions that those incidents name, if all of the trouble is theirs."""
    own_state: State | None = None
    """The part of the state that concerns the person; None if all of it does."""

    @property
    def notifiable_state(self) -> State:
        """The state for notifications: a fix applied, or trouble that only others have, counts as over."""
        if self.fix_applied or self.state is None:
            return State.OPERATIONAL
        return self.state if self.own_state is None else self.own_state

    @property
    def notifiable_incidents(self) -> tuple[str, ...]:
        """The ids of the incidents that a notification is about."""
        return tuple(i for i in self.incidents if i not in self.others_incidents)


@dataclass(frozen=True, slots=True)
class IncidentTrack:
    """The course of one open incident since the judge first read it, or since it began anew."""

    first_read_at: float
    """When it was first read (`awake`)."""
    states_before: Mapping[str, State] = field(default_factory=dict)
    """Component id -> state, just before that."""
    marked: bool = False
    """True once one of its components has become worse: then the components count, not its impact."""
    is_late_stage: bool = False
    """True while it is at the stage of monitoring or a later one."""
    has_feed_answer: bool = False
    """True if the native feed has been read since."""


@dataclass(frozen=True, slots=True)
class ProductState:
    """The judged state of one product, worked out once a round and used by all later steps."""

    name: str
    shown_page_state: State | None
    """The state to show by the page; None if there is no recent reading."""
    suspected_state: State | None
    """The state by failing probes; None if none has an alarm."""
    edge_state: State | None
    """The state by trouble at Cloudflare's edge; None if there is none."""
    state: State
    confirmed: bool
    checking: bool
    reach: Reachability
    answering: bool
    answers_since: datetime | None
    """Since when it answers again although OpenAI has not reported the end (law 12)."""
    notifiable_state: State
    """The worst state to notify: read twice, suspected for long enough, or seen by both page and probes."""
    lasting_state: State | None
    """The worst state that is not over yet; None while that cannot be known."""
    reading: ProductReading


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that the judge remembers; only the poller owns one."""

    saved: SavedMemory = field(default_factory=SavedMemory)
    moment: Moment | None = None
    """When the last round was."""
    raw_page: PageReading | None = None
    """The last reading as it was received."""
    page: PageReading | None = None
    """The last reading with incidents attributed, and with unlisted components from the one before."""
    page_read_at: Moment | None = None
    """When that reading left the page's server."""
    previous_read_at: datetime | None = None
    """The same of the reading before it; None before the second reading since the start."""
    whole_read_at: float | None = None
    """When the page's list of all components was last read (`awake`)."""
    page_interval: float = 0.0
    """The interval in force between polls of the page, in seconds; 0 before the first round."""
    page_misses: int = 0
    """The number of misses of the page in a row."""
    page_miss: Miss | None = None
    """The last poll's miss; None if it brought a reading."""
    is_page_unread: bool = False
    """True if the page has been polled in vain since its last reading: a miss, or an old copy of it."""
    past_incidents: tuple[Incident, ...] = ()
    """The incidents that are over, as last read."""
    is_past_wanted: bool = False
    """True from an absence until the incidents that came and went meanwhile are read."""
    native_states: Mapping[str, State] = field(default_factory=dict)
    """Component id -> state by the native feed."""
    native_read_at: float | None = None
    incidents_changed_at: float = 0.0
    """When a reading last found other open incidents, or another stage of one (`awake`)."""
    native_misses: int = 0
    incident_tracks: Mapping[str, IncidentTrack] = field(default_factory=dict)
    readings: Mapping[str, ProductReading] = field(default_factory=dict)
    histories: Mapping[str, PageHistory] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    probe_results: Mapping[str, ProbeResult] = field(default_factory=dict)
    product_states: Mapping[str, ProductState] = field(default_factory=dict)
    """Product -> its state as of the last round."""
    absent_since: datetime | None = None
    """The start of an absence (asleep, offline, not running, no readable page), until the page is read again."""
    absence_start: datetime | None = None
    """The same, kept until the incidents that came and went meanwhile are known."""
    newest_gap: datetime | None = None
    """The start of the newest time in which nobody polled (asleep, offline, not running): an absence may have several."""
    unread_since: datetime | None = None
    """When the page was last read before that; long before it if the page could not be read before a nap."""
    is_absence_unread: bool = False
    """True if the program ran during all of that absence, and only the page could not be read."""
    missed_transitions: tuple[Transition, ...] = ()
    """The transitions during the absence that are not notified yet."""
    returned_at: float = 0.0
    """When the page was first read after the absence (`awake`)."""
    connection: ConnectionState = ConnectionState.NOT_CHECKED
    edge_failing_since: float | None = None
    """Since when Cloudflare's edge has failed from here (`awake`)."""
    answered_on_network: Mapping[str, float] = field(default_factory=dict)
    """Probe -> when it was last answered (`awake`), since the start, waking or return of the connection."""
    network: str = ""
    """The network that this computer is on, as a salted hash; empty while that is not known."""
    offline_since: Moment | None = None
    """When the first round without internet was; None while there is internet."""
    grace_until: float = 0.0
    """No notification before this (`awake`), after a return, a waking or a set clock."""
    end_possible_since: Mapping[str, float] = field(default_factory=dict)
    """Product -> since when its end could be notified (`awake`)."""
    crowd: CrowdMemory | None = None
    """What is remembered of other people's reports; None while nobody asks for them. `SavedMemory` has it as text."""

    @property
    def was_page_unreadable(self) -> bool:
        """Whether the page could not be read while the program ran, all through the absence or for long before it."""
        return self.is_absence_unread or self.unread_since != self.absence_start

    @property
    def shown_connection(self) -> ConnectionState:
        """The connection to show: trouble at Cloudflare's edge if the connection is otherwise good."""
        return (
            ConnectionState.EDGE
            if self.edge_failing_since is not None and self.connection is ConnectionState.GOOD
            else self.connection
        )
