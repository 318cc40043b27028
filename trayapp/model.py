"""The words of the domain: what flows from room to room.

Everything here is a frozen value. Times are aware UTC; durations are seconds; texts that came from outside are
carried as they came and are cleaned in `core.words`, the only place that makes sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

# ---------------------------------------------------------------------------------------------- states


class State(StrEnum):
    """How a product does. The first five are the ladder, worst last; the last two are missing knowledge."""

    OPERATIONAL = "operational"
    MAINTENANCE = "maintenance"
    DEGRADED = "degraded"
    PARTIAL = "partial_outage"
    MAJOR = "major_outage"
    UNKNOWN = "unknown"
    OFFLINE = "offline"


LADDER = (State.OPERATIONAL, State.MAINTENANCE, State.DEGRADED, State.PARTIAL, State.MAJOR)
_RANK = {state: rank for rank, state in enumerate(LADDER)}


def rank(state: State) -> int:
    """Where a state stands on the ladder, 0 for operational. Raises KeyError for missing knowledge."""
    return _RANK[state]


def on_ladder(state: State) -> bool:
    """Whether a state is a severity and not missing knowledge."""
    return state in _RANK


def worst(states: Iterable[State], default: State = State.OPERATIONAL) -> State:
    """The worst of some states of the ladder."""
    return max(states, key=rank, default=default)


class Stage(StrEnum):
    """How far an incident is, in the page's own words; OTHER is a word never heard before."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    OTHER = "other"


OVER = frozenset({Stage.RESOLVED, Stage.COMPLETED})
"""Stages of an incident that is no longer open."""

# ------------------------------------------------------------------------------------------------ time


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant on three clocks."""

    wall: datetime
    """Aware UTC, for people and for what must outlive the program."""
    awake: float
    """Seconds on a clock that stands still while the computer sleeps: for ages and spans."""
    boot: float
    """Seconds on a clock that runs while it sleeps: against `awake` it shows sleep, against `wall` a set clock."""


# ---------------------------------------------------------------------------------- what was asked and seen


class Cause(StrEnum):
    """Why an answer could not be had or read."""

    TIMEOUT = "timeout"
    DNS = "dns"
    REFUSED = "refused"
    RESET = "reset"
    UNREACHABLE = "unreachable"
    TLS = "certificate"
    PROXY = "proxy"
    STATUS = "status"
    REDIRECT = "redirect"
    HTML = "html"
    TRUNCATED = "truncated"
    TOO_BIG = "too_big"
    FORMAT = "format"
    PROTOCOL = "protocol"
    INTERNAL = "internal"


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
    components: tuple[str, ...] = ()
    """Ids of the components it names; empty when it names none."""
    products: tuple[str, ...] = ()
    """Products it concerns, where the page or the judge could tell."""
    updates: tuple[Update, ...] = ()
    """Newest first."""
    url: str = ""

    @property
    def open(self) -> bool:
        """Whether it still goes on."""
        return self.stage not in OVER


@dataclass(frozen=True, slots=True)
class Page:
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


@dataclass(frozen=True, slots=True)
class Native:
    """One good reading of incident.io's own feed: what belongs to what."""

    groups: Mapping[str, str]
    """Component id -> its group's name."""
    concerns: Mapping[str, tuple[str, ...]]
    """Incident id -> ids of the components it affects."""


class Outcome(StrEnum):
    """What a probe's answer means (law 5)."""

    ALIVE = "alive"
    FAILURE = "failure"
    ODD = "odd"
    """An answer with an unusual status: half a failure, unless this endpoint always gives it."""
    NEUTRAL = "neutral"
    """It says nothing: 429."""
    LOCAL = "local"
    """Our own trouble: name look-up, certificate, proxy."""


@dataclass(frozen=True, slots=True)
class ProbeSpec:
    """A health endpoint and the product it speaks for."""

    name: str
    product: str
    url: str
    interval: float
    """Seconds between looks on a calm day."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one probe got."""

    name: str
    product: str
    outcome: Outcome
    cause: Cause | None = None
    status: int | None = None
    elapsed_ms: int | None = None
    retry_after: float | None = None


class OsWord(StrEnum):
    """The operating system's own word on connectivity."""

    FULL = "full"
    PORTAL = "portal"
    LIMITED = "limited"
    NONE = "none"
    SILENT = "silent"
    """It says nothing, or nobody could be asked."""


class Line(StrEnum):
    """What is known about the person's own line."""

    GOOD = "good"
    OFFLINE = "offline"
    PORTAL = "portal"
    """A captive portal answers in everybody's place."""
    EDGE = "edge"
    """The neutral hosts answer, Cloudflare's own trace page does not."""
    UNASKED = "unasked"
    """Nothing failed, so nobody asked."""


@dataclass(frozen=True, slots=True)
class Round:
    """All that one look brought. What was not asked is None or absent."""

    moment: Moment
    page: Page | Miss | None = None
    native: Native | Miss | None = None
    probes: tuple[ProbeResult, ...] = ()
    line: Line = Line.UNASKED


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look at in the next round."""

    wait: float
    """Seconds from now."""
    why: str
    """For the log: what made this rhythm."""
    page: bool = False
    incidents: bool = False
    """Also the list of past incidents."""
    native: bool = False
    probes: tuple[str, ...] = ()
    """Names of the probes that are due."""


# -------------------------------------------------------------------------------------------- limits


class Level(StrEnum):
    """What a person wants to be told."""

    OUTAGES = "outages"
    PROBLEMS = "problems"
    EVERYTHING = "everything"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of local time each day, over midnight when it starts later than it ends."""

    start: time
    end: time


class Hush(StrEnum):
    """What quiet hours hold back now."""

    NOTHING = "nothing"
    ALL_BUT_MAJOR = "all_but_major"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Limits:
    """Every number and choice the core goes by. DESIGN's law gives the defaults."""

    follow: tuple[str, ...] = ("ChatGPT", "APIs", "Codex")
    probes: tuple[ProbeSpec, ...] = ()
    level: Level = Level.OUTAGES
    hush: Hush = Hush.NOTHING
    """In this round: the clock on the wall decides."""
    page_interval: float = 120.0
    page_interval_in_trouble: float = 60.0

    # law 1
    stale_intervals: int = 3
    stale_at_least: float = 600.0
    # law 3
    same_word_after: float = 20.0
    slower_cache: float = 120.0
    # law 5
    failure_step: float = 3.40
    odd_step: float = 1.70
    alive_step: float = 0.35
    score_max: float = 11.0
    alarm_score: float = 9.0
    alarm_failures: int = 3
    alarm_span: float = 105.0
    alarm_span_max: float = 315.0
    alarm_span_per_percent: float = 60.0
    checking_failures: int = 2
    burst_interval: float = 22.0
    burst_looks: int = 9
    slow_burst_interval: float = 40.0
    bucket_size: float = 40.0
    bucket_per_hour: float = 20.0
    # law 6
    grace: float = 60.0
    clock_jump: float = 30.0
    # law 7
    clear_page_span: float = 60.0
    clear_alive: int = 12
    clear_alive_span: float = 600.0
    probe_interval_suspected: float = 60.0
    # law 8
    flap_changes: int = 4
    flap_window: float = 3600.0
    flap_calm: float = 1800.0
    reopen_window: float = 1800.0
    cap_per_day: int = 6
    # rhythm
    jitter: float = 0.10
    backoff_base: float = 30.0
    backoff_cap: float = 900.0
    retry_after_cap: float = 3600.0
    slow_feed_interval: float = 3600.0
    """How often the native feed and the list of past incidents are read on a calm day."""


# ------------------------------------------------------------------------------------------- verdict


class Why(StrEnum):
    """Kinds of reasons; each is worded in `core.words`."""

    PAGE_SAYS = "page_says"
    """who: product, state"""
    INCIDENT = "incident"
    """who: incident's id"""
    INDICATOR = "indicator"
    """state: what the page's indicator says with nothing to explain it"""
    NEW_WORD = "new_word"
    """word: a status never heard before"""
    PROBES_FAILED = "probes_failed"
    """who: product, count of total failed, since"""
    PROBES_FINE = "probes_fine"
    """who: product, total"""
    NOT_POSTED = "not_posted"
    """OpenAI has posted nothing about who"""
    PAGE_UNREADABLE = "page_unreadable"
    """cause, status, since"""
    NEVER_READ = "never_read"
    """the page has not been read since the program started"""
    SLOWER_CACHE = "slower_cache"
    OFFLINE = "offline"
    PORTAL = "portal"
    EDGE = "edge"
    LOCAL = "local"
    """who: product, cause: name look-up, certificate or proxy fails for it alone"""
    VANISHED = "vanished"
    """who: a followed name the page no longer has"""


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact behind a verdict; which fields are set depends on the kind."""

    why: Why
    who: str = ""
    state: State | None = None
    word: str = ""
    cause: Cause | None = None
    status: int | None = None
    count: int = 0
    total: int = 0
    since: datetime | None = None


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
    """When its trouble began, however bad it was then, or when it became fine; None when that is not known."""
    recovering: bool = False
    """Every open incident that concerns it is being monitored."""
    incidents: tuple[str, ...] = ()
    """Ids of open incidents that concern it, the worst first."""


@dataclass(frozen=True, slots=True)
class PageStatus:
    """How the page could be read."""

    url: str = ""
    """Its own address for people; empty before the first reading."""
    readable: bool = False
    """Whether there is a recent reading to go by."""
    why: Miss | None = None
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
    incidents: tuple[Incident, ...] = ()
    """The open ones, newest first, with `products` filled in."""
    reasons: tuple[Reason, ...] = ()
    line: Line = Line.UNASKED
    page: PageStatus = PageStatus()
    probes: tuple[ProbeResult, ...] = ()
    """The newest result of each."""

    def product(self, name: str) -> ProductVerdict | None:
        """A product by its name, followed or not."""
        return next((p for p in (*self.products, *self.others) if p.name == name), None)

    def incident(self, incident_id: str) -> Incident | None:
        """An open incident by its id."""
        return next((i for i in self.incidents if i.id == incident_id), None)


# --------------------------------------------------------------------------------------- transitions


class Change(StrEnum):
    """What may be told."""

    START = "start"
    WORSE = "worse"
    END = "end"
    UPDATE = "update"
    """A new post in an open incident, a reopening, an improvement that is not the end."""
    AWAY = "away"
    """It began or ended while the program did not run."""
    UNSTABLE = "unstable"


@dataclass(frozen=True, slots=True)
class Transition:
    """One thing to tell, of one or several products hit by one cause."""

    change: Change
    products: tuple[str, ...]
    before: State
    after: State
    at: datetime
    since: datetime | None
    """When the trouble began."""
    incidents: tuple[str, ...] = ()
    """Ids, the one that explains it first."""
    thread: str = ""
    """What this belongs to: a newer notice of the same thread replaces the older."""
    confirmed: bool = True
    must_arrive: bool = False
    """Told at least once even across a crash (a major outage's start); all else at most once."""
    away: bool = False
    """It happened while the program did not run."""
    silent: bool = False
    """Counts as told but is not shown (the first look ever, level nothing)."""
    parts: tuple[Transition, ...] = ()
    """What an away summary puts together."""


class NoticeKind(StrEnum):
    """Where a notice comes from: a transition, or the program itself."""

    START = "start"
    WORSE = "worse"
    END = "end"
    UPDATE = "update"
    AWAY = "away"
    UNSTABLE = "unstable"
    WELCOME = "welcome"
    TROUBLE = "trouble"
    """The program's own trouble: a full disk, a broken config."""


class Urgency(StrEnum):
    """How loudly a notice comes."""

    LOW = "low"
    NORMAL = "normal"
    CRITICAL = "critical"


class Act(StrEnum):
    """What a person can ask for."""

    CHECK = "check"
    DETAILS = "details"
    """argument: an incident's id, or empty for all"""
    OPEN_INCIDENT = "open_incident"
    """argument: an incident's id"""
    OPEN_PAGE = "open_page"
    PAUSE = "pause"
    """argument: "1h", "tomorrow", "on" """
    RESUME = "resume"
    TELL_WHEN_BACK = "tell_when_back"
    FOLLOW = "follow"
    """argument: a product's name; toggles"""
    LEVEL = "level"
    """argument: a `Level`"""
    LANGUAGE = "language"
    AUTOSTART = "autostart"
    """argument: "on", "off" """
    OPEN_SETTINGS = "open_settings"
    LEGEND = "legend"
    ABOUT = "about"
    RESTART = "restart"
    """End, and begin again as the version that is on the disk now."""
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Command:
    """What a person did, on its way back to the poller."""

    act: Act
    argument: str = ""
    token: str = ""
    """The desktop's activation token for a window that this opens (XDG_ACTIVATION_TOKEN); empty if none came."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One native notification, worded and clipped."""

    id: str
    """Unique; on disk it makes a crash between showing and noting harmless."""
    kind: NoticeKind
    title: str
    body: str
    thread: str = ""
    """A newer notice of the same thread replaces the older on screen; empty replaces nothing."""
    urgency: Urgency = Urgency.NORMAL
    lasting: bool = False
    """Stays until the person has seen it."""
    click: Command = Command(Act.DETAILS)
    button: str = ""
    """The label of the button that does the same as a click."""
    must_arrive: bool = False
    look: Look | None = None
    """The icon's look that stands for what is told; None where it is about the program itself."""


# ----------------------------------------------------------------------------------------------- view


@dataclass(frozen=True, slots=True)
class Look:
    """What the icon shows: a shape and a colour for the state, hollow while unconfirmed or checking."""

    state: State
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person has chosen, for the menu's marks."""

    follow: tuple[str, ...] = ("ChatGPT", "APIs", "Codex")
    level: Level = Level.OUTAGES
    language: str = "auto"
    at_login: bool | None = None
    """Whether the program starts at login; None where that cannot be chosen."""
    mistake: str = ""
    """What is wrong with the file of settings; empty if nothing."""
    mute: bool = False
    """Whether the newest notification could not be shown: then the menu alone tells of anything."""
    restart: bool = False
    """Whether another version has taken the running one's place on the disk."""


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One line of the menu."""

    key: str
    """Stable for the same logical line: a late click must never reach another line's command."""
    text: str = ""
    command: Command | None = None
    """None: the line only says something."""
    checked: bool | None = None
    """None: no check mark."""
    radio: bool = False
    default: bool = False
    """What a click on the icon does."""
    separator: bool = False
    lines: tuple[MenuLine, ...] = ()
    """A submenu."""


@dataclass(frozen=True, slots=True)
class View:
    """All that the tray shows. Two equal views cause no drawing and no traffic."""

    look: Look
    title: str
    """The state in a few words, for screen readers."""
    tooltip: str
    """At most 127 UTF-16 units."""
    menu: tuple[MenuLine, ...] = field(default=())
    attention: bool = False
    """An outage: hosts that can may mark the icon."""
    status_line: str = ""
    """One line for a terminal, without the time of the check."""
    checked: str = ""
    """When that was found, in words; empty before the first round has ended."""


# ----------------------------------------------------------------------------- what outlives the program


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
    """datetime.max (UTC): until the person says."""
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
    DISK = "disk"
    """The disk answers with errors."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fault to tell the person once: whenever it differs from the last one told."""

    fault: Fault
    kept_as: str = ""
    """Where the unfit file was put aside; empty for a fault that may pass."""


# --------------------------------------------------------------------------------------- observations


class Witness(StrEnum):
    """Who said so."""

    PAGE = "page"
    """OpenAI's page, of a product."""
    HERE = "here"
    """This computer's probes, of a product."""
    PROBE = "probe"
    """One probe, by its name: whether it answered, and how fast."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one witness showed over a stretch of time. A long stretch has one for each state that was seen in it."""

    witness: Witness
    about: str
    """A product's name, or a probe's."""
    at: datetime
    """When the stretch began."""
    seconds: float
    """How long this was so within it; of a new one, how long until the next look."""
    state: State
    """UNKNOWN and OFFLINE: it was looked, but nothing was learned."""
    elapsed_ms: int | None = None
    """How long a probe's answers took, in the middle."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much longer the middle half of comparable incidents lasted."""

    low: float
    """Seconds from now, rounded."""
    high: float
    cases: int
    """Comparable incidents that had lasted this long."""
    monitoring: bool = False
    """Counted from the post that a fix is being monitored."""


# ------------------------------------------------------------------------------------ the details page


@dataclass(frozen=True, slots=True)
class Lines:
    """Paragraphs."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list; each point may carry a look."""

    points: tuple[tuple[Look | None, str], ...]


@dataclass(frozen=True, slots=True)
class Post:
    """One update of an incident, quoted."""

    stage: str
    when: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Posts:
    """An incident's storyline, newest first."""

    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers in words; the first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """One witness's word on one product over time."""

    label: str
    summary: str
    """The same for who cannot see it."""
    cells: tuple[State | None, ...]
    """The worst of each, oldest first; None is a gap."""


@dataclass(frozen=True, slots=True)
class Strips:
    """Strips over the same time, grouped by product."""

    title: str
    groups: tuple[tuple[str, tuple[Strip, ...]], ...]
    ticks: tuple[str, ...]
    """Evenly spaced, from the first cell's beginning to the last one's end."""
    numbers: Table


@dataclass(frozen=True, slots=True)
class Curve:
    """How fast one probe was answered."""

    label: str
    summary: str
    values: tuple[int | None, ...]
    """Milliseconds in the middle of each cell, oldest first; None where there was no answer."""
    failed: tuple[int, ...]
    """Numbers of the cells in which a look failed."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves over the same time on the same scale."""

    title: str
    curves: tuple[Curve, ...]
    top: int
    """Milliseconds at the upper edge."""
    scale: tuple[str, str]
    """What the upper edge and its half are called."""
    ticks: tuple[str, ...]
    numbers: Table


@dataclass(frozen=True, slots=True)
class Links:
    """Places to go, as (text, address)."""

    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Copyable:
    """A text to take along."""

    text: str
    button: str
    done: str
    """What the button says once it is copied."""


Block = Lines | Points | Posts | Table | Strips | Curves | Links | Copyable


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The details page in words: all that it shows, in order."""

    language: str
    """A BCP 47 tag."""
    title: str
    look: Look
    headline: str
    lede: str
    checked: str
    products: Points
    sections: tuple[Section, ...]
    legend: Points
    show_numbers: str
    """What opens a plot's table."""
    legend_heading: str
    skip: str
    """What leads a keyboard past the heading."""
    foot: tuple[str, ...]
    reload: int = 0
    """Seconds after which it is worth asking again; 0: it does not change."""
