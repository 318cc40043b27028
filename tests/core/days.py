"""A program's day: each look taken when the rhythm has planned it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle, pairwise

from tests.core.films import LIMITS, alive, failing, look, moment
from tests.core.pages import page
from trayapp.core.judge import judge_round
from trayapp.core.schedule import plan_next_poll, start_schedule, update_schedule
from trayapp.core.state.memory import Memory
from trayapp.model import (
    ConnectionState,
    Limits,
    Miss,
    Moment,
    NativeReading,
    PageReading,
    PollPlan,
    ProbeResult,
    Round,
    RoundTerms,
)

QUIET = replace(LIMITS, probes=())
"""The page alone."""
FEED = NativeReading({}, {})


def middle() -> float:
    """Dice that leave every interval as it is."""
    return 0.5


def rolling(*numbers: float) -> Callable[[], float]:
    """Dice that roll these numbers again and again."""
    rolls: Iterator[float] = cycle(numbers)
    return lambda: next(rolls)


@dataclass(frozen=True)
class Asked:
    """A look, and what was planned before it."""

    second: float
    plan: PollPlan


class Day:
    """A program's looks, each when it was planned. What they bring is put in before each."""

    def __init__(self, limits: Limits = QUIET, dice: Callable[[], float] = middle) -> None:
        self.limits, self.dice, self.second = limits, dice, 0.0
        self.memory = Memory()
        self.schedule = start_schedule(moment(0), limits, dice)
        self.reading: PageReading | Miss = page()
        self.native: NativeReading | Miss = FEED
        self.answers: Callable[[str], ProbeResult] = lambda name: alive(name)[0]
        self.line: ConnectionState | None = None

    def next(self) -> Asked:
        """The next look, taken."""
        plan = self.plan()
        self.second += plan.wait
        found = look(
            self.second,
            self._read(plan),
            tuple(map(self.answers, plan.probes)),
            self.line,
            native=None,
        )
        self.take_round(replace(found, native=self.native if plan.native else None), plan)
        return Asked(self.second, plan)

    def _read(self, plan: PollPlan) -> PageReading | Miss | None:
        if not plan.page:
            return None
        return (
            replace(self.reading, past_read=plan.incidents)
            if isinstance(self.reading, PageReading)
            else self.reading
        )

    def plan(self) -> PollPlan:
        """What is planned now."""
        return plan_next_poll(self.schedule, self.memory, RoundTerms(self.now, self.limits))

    @property
    def now(self) -> Moment:
        """The moment of the last look."""
        return moment(self.second)

    def take_round(self, round_: Round, plan: PollPlan | None = None) -> None:
        """A round has ended."""
        self.memory = judge_round(self.memory, round_, self.limits)[0]
        self.schedule = update_schedule(self.schedule, self.memory, round_, self.limits, self.dice, plan)

    def until(self, second: float) -> list[Asked]:
        """All looks up to a second of the day."""
        found = []
        while self.second + self.plan().wait <= second:
            found.append(self.next())
        return found

    def waits(self, count: int) -> list[float]:
        """The pauses before the next so many looks."""
        return [self.next().plan.wait for _ in range(count)]


def with_probe() -> Day:
    """A day with the API's probe alone, asked every 150 s, after its first calm look at 75 s."""
    day = Day(replace(LIMITS, probes=LIMITS.probes[:1]))
    day.until(80)
    return day


def asked_of(day: Day, name: str, until: float) -> list[float]:
    """When a probe was asked, up to a second of the day."""
    return [asked.second for asked in day.until(until) if name in asked.plan.probes]


def pages(day: Day, until: float) -> list[float]:
    """When the page was asked, up to a second of the day."""
    return [asked.second for asked in day.until(until) if asked.plan.page]


def gaps(seconds: list[float]) -> list[float]:
    """The pauses between seconds."""
    return [round(b - a, 3) for a, b in pairwise(seconds)]


def fails(name: str) -> ProbeResult:
    """No answer."""
    return failing(name)[0]


def lives(name: str) -> ProbeResult:
    """An answer."""
    return alive(name)[0]
