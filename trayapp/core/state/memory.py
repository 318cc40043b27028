"""What the judge remembers from round to round. Only `kept` outlives the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from trayapp.core.state.readings import PageHistory
from trayapp.model import (
    Incident,
    Kept,
    Line,
    Miss,
    Moment,
    Page,
    ProbeResult,
    Reach,
    Reason,
    State,
    Transition,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one probe's answers add up to (law 5). Clock readings are `Moment.awake`."""

    score: float = 0.0
    weight: float = 0.0
    """Failures since the score was last 0; an odd answer is half a one."""
    signed: float = 0.0
    """Those of them that OpenAI or its edge signed."""
    looks: int = 0
    """Polls since the first of them."""
    failed: int = 0
    looks_at_failure: int = 0
    """Polls from the first to the last failure."""
    first: float | None = None
    """When the first of them was."""
    first_wall: datetime | None = None
    recent: tuple[float, ...] = ()
    """When the last two were."""
    learnt: float | None = None
    """When a poll last said anything."""
    waits_since: float | None = None
    """Since when an alarm waits for a reading of the page to prove the connection."""
    cut: int = 0
    """How many of the failures were streams that broke off."""
    alarm: bool = False
    """It has been enough to say so, and has not been cleared since."""
    alarm_since: float = 0.0
    alive: int = 0
    """Answers in a row since the last failure that lay far enough apart to count."""
    alive_at: float | None = None
    """When the last that counted came."""
    answers_needed: int = 0
    """How many end it, where that does not follow from the failures; 0 where it does."""
    back_at: datetime | None = None
    """When the first answer after the last failure came; it stays when the rest is forgotten, to date an end."""
    answers_since: datetime | None = None
    """When the answers began that ended its last alarm; None while it has none, or has another."""
    burst: int = 0
    """Quick polls that are left."""
    unreachable: int = 0
    """Failures in a row that prove nothing: the probe was never answered on this network."""
    unreachable_since: datetime | None = None

    @property
    def clean(self) -> bool:
        """Whether it never failed since it was last cleared."""
        return self.first is None and not self.alarm

    @property
    def only_cut(self) -> bool:
        """Whether all of its failures were streams that broke off."""
        return 0 < self.failed == self.cut

    @property
    def failing(self) -> bool:
        """Whether the newest poll that said anything was a failure."""
        return bool(self.recent) and self.learnt == self.recent[-1]


@dataclass(frozen=True, slots=True)
class PageWord:
    """What one reading of the page says of one product (law 4)."""

    state: State | None
    """None: the page no longer has it."""
    said: State | None = None
    """The worst that the page itself says of it; `state` may be what a rule of ours makes of that."""
    fix_applied: bool = False
    """Every incident that hurts it is being monitored and its components are operational: this is an end."""
    watched: bool = False
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
    covered: bool = False
    """A planned maintenance in progress covers what its probes ask."""
    others_only: tuple[str, ...] = ()
    """Those of the incidents that name people with other plans, or in other regions, alone."""
    only: tuple[str, ...] = ()
    """Whom they name, where all of the trouble is theirs: plans and regions."""
    mine: State | None = None
    """What of the state concerns the person; None: all of it."""

    @property
    def notifiable(self) -> State:
        """The state as far as notifications go: a fix that is only watched is over, and so is what others alone have."""
        if self.fix_applied or self.state is None:
            return State.OPERATIONAL
        return self.state if self.mine is None else self.mine

    @property
    def told_incidents(self) -> tuple[str, ...]:
        """The incidents that a notification is about."""
        return tuple(i for i in self.incidents if i not in self.others_only)


@dataclass(frozen=True, slots=True)
class IncidentTrack:
    """What the judge has seen of one open incident since its first post, or since it began anew."""

    first_read: float
    """When it was first read (`awake`)."""
    before: Mapping[str, State] = field(default_factory=dict)
    """The states of the components just before that."""
    marked: bool = False
    """One of its components has become worse since then: from now on the components speak."""
    late_stage: bool = False
    """It is being monitored, or later."""
    answered: bool = False
    """The native feed has been read since."""


@dataclass(frozen=True, slots=True)
class ProductState:
    """What holds for one product, worked out once a round and handed on."""

    name: str
    page: State | None
    """The page's own recent word; None when there is none."""
    suspected: State | None
    """What failing probes make of it."""
    edge: State | None
    """What trouble at Cloudflare's edge makes of it."""
    state: State
    confirmed: bool
    checking: bool
    reach: Reach
    answering: bool
    answers_since: datetime | None
    """Since when it answers again although OpenAI has not said that it is over (law 12)."""
    notifiable: State
    """The worst that may be told now: read twice, suspected for long enough, or one that agrees with the other."""
    lasting: State | None
    """How bad it still is as far as an end goes; None while that cannot be known."""
    word: PageWord


@dataclass(frozen=True, slots=True)
class Memory:
    """All of it. The poller alone owns one."""

    kept: Kept = field(default_factory=Kept)
    moment: Moment | None = None
    """The last round's."""
    raw: Page | None = None
    """The last good reading as it came."""
    page: Page | None = None
    """The last good reading, its incidents attributed, with the components it did not list from the one before."""
    page_read: Moment | None = None
    """When that reading left the page's server."""
    whole_read: float | None = None
    """When the page's list of all components was last read (`awake`)."""
    interval: float = 0.0
    """Seconds between polls of the page that are in force; 0 before the first round."""
    misses: int = 0
    """Polls of the page in a row that brought nothing."""
    miss: Miss | None = None
    """Why the last poll of the page failed, if it did."""
    past: tuple[Incident, ...] = ()
    """Incidents that are over, as last read."""
    past_wanted: bool = False
    """Nobody looked for a while, and what came and went meanwhile has not been read."""
    native_states: Mapping[str, State] = field(default_factory=dict)
    """Component id -> state, by the native feed."""
    native_read: float | None = None
    native_misses: int = 0
    tracks: Mapping[str, IncidentTrack] = field(default_factory=dict)
    words: Mapping[str, PageWord] = field(default_factory=dict)
    history: Mapping[str, PageHistory] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    results: Mapping[str, ProbeResult] = field(default_factory=dict)
    products: Mapping[str, ProductState] = field(default_factory=dict)
    """What holds for each, as of the last round."""
    absent_since: datetime | None = None
    """Since when nobody has looked, until the page was read again: asleep, offline or not running."""
    away_from: datetime | None = None
    """The same, kept until what came and went meanwhile is known."""
    missed: tuple[Transition, ...] = ()
    """What came and went meanwhile, and is not told yet."""
    back_at: float = 0.0
    """When the page was first read after it (`awake`)."""
    line: Line = Line.UNASKED
    edge_since: float | None = None
    """Since when Cloudflare's edge has failed from here."""
    answered_here: Mapping[str, float] = field(default_factory=dict)
    """Probe -> when it was last answered since the start, the waking or the return of the connection."""
    network: str = ""
    """The network that this computer is on; empty while that is not known."""
    offline_since: Moment | None = None
    """The first round without internet, since the last one with it."""
    quiet_until: float = 0.0
    """Nothing is told before this (`awake`): the computer has just come back, woken or had its clock set."""
    end_due: Mapping[str, float] = field(default_factory=dict)
    """Product -> since when its end could be told."""

    @property
    def shown_line(self) -> Line:
        """What is said of the connection: trouble at Cloudflare's edge where it is otherwise good."""
        return Line.EDGE if self.edge_since is not None and self.line is Line.GOOD else self.line
