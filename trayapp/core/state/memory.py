"""What the judge remembers from round to round. Only `kept` outlives the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one probe's answers add up to (law 5). Clock readings are `Moment.awake`."""

    score: float = 0.0
    failure_weight: float = 0.0
    """Failures since the score was last 0; an odd answer is half a one."""
    signed_weight: float = 0.0
    """Those of them that OpenAI or its edge signed."""
    polls: int = 0
    """Polls since the first of them."""
    failures: int = 0
    polls_at_failure: int = 0
    """Polls from the first to the last failure."""
    first_failure_at: float | None = None
    """When the first of them was."""
    first_failure_wall: datetime | None = None
    recent_failures: tuple[float, ...] = ()
    """When the last two were."""
    learnt_at: float | None = None
    """When a poll last said anything."""
    proof_wait_since: float | None = None
    """Since when an alarm waits for a reading of the page to prove the connection."""
    cut_streams: int = 0
    """How many of the failures were streams that broke off."""
    has_alarm: bool = False
    """It has been enough to say so, and has not been cleared since."""
    alarm_since: float = 0.0
    answers_in_row: int = 0
    """Answers in a row since the last failure that lay far enough apart to count."""
    last_answer_at: float | None = None
    """When the last that counted came."""
    answers_needed: int = 0
    """How many end it, where that does not follow from the failures; 0 where it does."""
    first_answer_at: datetime | None = None
    """When the first answer after the last failure came; it stays when the rest is forgotten, to date an end."""
    answers_since: datetime | None = None
    """When the answers began that ended its last alarm; None while it has none, or has another."""
    burst_left: int = 0
    """Quick polls that are left."""
    unreachable_failures: int = 0
    """Failures in a row that prove nothing: the probe was never answered on this network."""
    unreachable_since: datetime | None = None

    @property
    def is_clean(self) -> bool:
        """Whether it never failed since it was last cleared."""
        return self.first_failure_at is None and not self.has_alarm

    @property
    def has_only_cut_streams(self) -> bool:
        """Whether all of its failures were streams that broke off."""
        return 0 < self.failures == self.cut_streams

    @property
    def is_failing(self) -> bool:
        """Whether the newest poll that said anything was a failure."""
        return bool(self.recent_failures) and self.learnt_at == self.recent_failures[-1]


@dataclass(frozen=True, slots=True)
class ProductReading:
    """What one reading of the page says of one product (law 4)."""

    state: State | None
    """None: the page no longer has it."""
    page_state: State | None = None
    """The worst that the page itself says of it; `state` may be what a rule of ours makes of that."""
    fix_applied: bool = False
    """Every incident that hurts it is being monitored and its components are operational: this is an end."""
    is_monitored: bool = False
    """OpenAI has mended every incident that concerns it, and watches."""
    groups: tuple[str, ...] = ()
    """The groups its components belong to: a probe of one of them speaks for it."""
    incidents: tuple[str, ...] = ()
    """Open incidents that concern it, the worst first."""
    reasons: tuple[Reason, ...] = ()
    parts: tuple[str, ...] = ()
    """The one or two components that alone are hurt."""
    parts_state: State | None = None
    posted_at: datetime | None = None
    """The date of the post that makes it as bad as it is."""
    is_covered: bool = False
    """A planned maintenance in progress covers what its probes ask."""
    others_incidents: tuple[str, ...] = ()
    """Those of the incidents that name people with other plans, or in other regions, alone."""
    audience: tuple[str, ...] = ()
    """Whom they name, where all of the trouble is theirs: plans and regions."""
    own_state: State | None = None
    """What of the state concerns the person; None: all of it."""

    @property
    def notifiable_state(self) -> State:
        """The state as far as notifications go: a fix that is only watched is over, and so is what others alone have."""
        if self.fix_applied or self.state is None:
            return State.OPERATIONAL
        return self.state if self.own_state is None else self.own_state

    @property
    def notifiable_incidents(self) -> tuple[str, ...]:
        """The incidents that a notification is about."""
        return tuple(i for i in self.incidents if i not in self.others_incidents)


@dataclass(frozen=True, slots=True)
class IncidentTrack:
    """What the judge has seen of one open incident since its first post, or since it began anew."""

    first_read_at: float
    """When it was first read (`awake`)."""
    states_before: Mapping[str, State] = field(default_factory=dict)
    """The states of the components just before that."""
    marked: bool = False
    """One of its components has become worse since then: from now on the components speak."""
    is_late_stage: bool = False
    """It is being monitored, or later."""
    has_feed_answer: bool = False
    """The native feed has been read since."""


@dataclass(frozen=True, slots=True)
class ProductState:
    """What holds for one product, worked out once a round and handed on."""

    name: str
    shown_page_state: State | None
    """The page's own recent word; None when there is none."""
    suspected_state: State | None
    """What failing probes make of it."""
    edge_state: State | None
    """What trouble at Cloudflare's edge makes of it."""
    state: State
    confirmed: bool
    checking: bool
    reach: Reachability
    answering: bool
    answers_since: datetime | None
    """Since when it answers again although OpenAI has not said that it is over (law 12)."""
    notifiable_state: State
    """The worst that may be told now: read twice, suspected for long enough, or one that agrees with the other."""
    lasting_state: State | None
    """How bad it still is as far as an end goes; None while that cannot be known."""
    reading: ProductReading


@dataclass(frozen=True, slots=True)
class Memory:
    """All of it. The poller alone owns one."""

    saved: SavedMemory = field(default_factory=SavedMemory)
    moment: Moment | None = None
    """The last round's."""
    raw_page: PageReading | None = None
    """The last good reading as it came."""
    page: PageReading | None = None
    """The last good reading, its incidents attributed, with the components it did not list from the one before."""
    page_read_at: Moment | None = None
    """When that reading left the page's server."""
    whole_read_at: float | None = None
    """When the page's list of all components was last read (`awake`)."""
    page_interval: float = 0.0
    """Seconds between polls of the page that are in force; 0 before the first round."""
    page_misses: int = 0
    """Polls of the page in a row that brought nothing."""
    page_miss: Miss | None = None
    """Why the last poll of the page failed, if it did."""
    past_incidents: tuple[Incident, ...] = ()
    """Incidents that are over, as last read."""
    is_past_wanted: bool = False
    """Nobody looked for a while, and what came and went meanwhile has not been read."""
    native_states: Mapping[str, State] = field(default_factory=dict)
    """Component id -> state, by the native feed."""
    native_read_at: float | None = None
    native_misses: int = 0
    incident_tracks: Mapping[str, IncidentTrack] = field(default_factory=dict)
    readings: Mapping[str, ProductReading] = field(default_factory=dict)
    histories: Mapping[str, PageHistory] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    probe_results: Mapping[str, ProbeResult] = field(default_factory=dict)
    product_states: Mapping[str, ProductState] = field(default_factory=dict)
    """What holds for each, as of the last round."""
    absent_since: datetime | None = None
    """Since when nobody has looked, until the page was read again: asleep, offline or not running."""
    absence_start: datetime | None = None
    """The same, kept until what came and went meanwhile is known."""
    missed_transitions: tuple[Transition, ...] = ()
    """What came and went meanwhile, and is not told yet."""
    returned_at: float = 0.0
    """When the page was first read after it (`awake`)."""
    connection: ConnectionState = ConnectionState.NOT_CHECKED
    edge_failing_since: float | None = None
    """Since when Cloudflare's edge has failed from here."""
    answered_on_network: Mapping[str, float] = field(default_factory=dict)
    """Probe -> when it was last answered since the start, the waking or the return of the connection."""
    network: str = ""
    """The network that this computer is on; empty while that is not known."""
    offline_since: Moment | None = None
    """The first round without internet, since the last one with it."""
    grace_until: float = 0.0
    """Nothing is told before this (`awake`): the computer has just come back, woken or had its clock set."""
    end_possible_since: Mapping[str, float] = field(default_factory=dict)
    """Product -> since when its end could be told."""

    @property
    def shown_connection(self) -> ConnectionState:
        """What is said of the connection: trouble at Cloudflare's edge where it is otherwise good."""
        return (
            ConnectionState.EDGE
            if self.edge_failing_since is not None and self.connection is ConnectionState.GOOD
            else self.connection
        )
