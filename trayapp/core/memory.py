"""What the judge remembers from round to round. Only `kept` outlives the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from trayapp.model import Kept, Line, Miss, Moment, Page, ProbeResult, Reason, State, Transition


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one probe's answers add up to (law 5). Clock readings are `Moment.awake`."""

    score: float = 0.0
    weight: float = 0.0
    """Failures since the score was last 0; an odd answer is half a one."""
    looks: int = 0
    """Looks since the first of them."""
    failed: int = 0
    first: float | None = None
    """When the first of them was."""
    first_wall: datetime | None = None
    alarm: bool = False
    """It has been enough to say so, and has not been cleared since."""
    alive: int = 0
    """Answers in a row since the last failure."""
    alive_since: float | None = None
    back_at: datetime | None = None
    """When the first of them came; it stays when the rest is forgotten, to date an end."""
    burst: int = 0
    """Quick looks that are left."""

    @property
    def clean(self) -> bool:
        """Whether it never failed since it was last cleared."""
        return self.first is None


@dataclass(frozen=True, slots=True)
class Says:
    """What the page says of one product, and since when it has said at least so much (clock readings: `awake`)."""

    state: State | None
    """None: the page no longer has it."""
    groups: tuple[str, ...] = ()
    """The groups its components belong to: a probe of one of them speaks for it."""
    incidents: tuple[str, ...] = ()
    """Open incidents that concern it, the worst first."""
    reasons: tuple[Reason, ...] = ()
    held: tuple[float | None, ...] = (None, None, None, None, None)
    """For each rung of the ladder, since when the page's word has been at least as bad."""
    fine_since: float | None = None
    fine_wall: datetime | None = None
    away: bool = False
    """It got there while the program was not looking."""


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
    newest: datetime | None = None
    """`updated_at` of the reading that is believed."""
    newest_read: float = 0.0
    misses: int = 0
    """Looks at the page in a row that brought nothing."""
    miss: Miss | None = None
    """Why the last look at the page failed, if it did."""
    passed_over: bool = False
    """The last reading came from a slower cache."""
    says: Mapping[str, Says] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    results: Mapping[str, ProbeResult] = field(default_factory=dict)
    absent_since: datetime | None = None
    """Since when nobody has looked, until the page was read again: asleep, or not running."""
    missed: tuple[Transition, ...] = ()
    """What came and went meanwhile, and is not told yet."""
    back_at: float = 0.0
    """When the page was first read after it (`awake`)."""
    line: Line = Line.UNASKED
    quiet_until: float = 0.0
    """Nothing is told before this (`awake`): the computer has just come back, woken or had its clock set."""
