"""One client's life: plan, wait, look, judge, over and over, through the real core."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.prove import engine
from tools.prove.chance import chance
from tools.prove.clock import Clock
from tools.prove.engine import Memory
from tools.prove.look import look
from tools.prove.pages import Edition
from tools.prove.subject import Subject
from tools.prove.world import Kind, World
from trayapp.model import PollPlan, RoundTerms, Transition, Verdict

WOKEN = 10.0
"""Seconds from waking to the first poll: the network needs them."""
_SHORT_SLEEP = 30.0
"""Seconds of sleep that nothing notices."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one round brought, for those who keep the score."""

    t: float
    """The world's time."""
    verdict: Verdict
    told: tuple[Transition, ...]
    """What a person is shown."""
    truth: frozenset[Kind]
    """What was going on."""
    edition: Edition | None
    """What was read of the page, if it was."""
    requests: tuple[int, int]
    """To OpenAI's page and hosts, and to neutral ones."""
    pause: float = 0.0
    """Seconds awake since the page was asked, when this round began; the wait for the network on waking left out."""
    missed: bool = False
    """This round asked the page in vain."""


class Client:
    """A program that runs on one computer in one world."""

    def __init__(self, world: World, subject: Subject, seed: object, *, skips: bool = engine.SKIPS) -> None:
        """`skips`: calm stretches without `step`."""
        self.clock = Clock()
        self.memory = Memory()
        self.rounds = 0
        self._world, self._subject, self._skips = world, subject, skips
        self._woken = 0.0
        self._dice = chance(seed, "client").random
        self.schedule = engine.begin(self.clock.moment(), subject.limits, self._dice)

    def live(self, until: float) -> Iterator[Seen]:
        """Rounds up to a time of the world, those apart that find a calm world as it was."""
        limits = self._subject.limits
        while True:
            if self._skips:
                self._skip_calm(until)
            plan = self._wait(
                engine.plan(self.schedule, self.memory, RoundTerms(self.clock.moment(), limits))
            )
            if self.clock.t >= until:
                return
            if plan is None:
                continue
            asked = engine.page_asked(self.schedule)
            pause = 0.0 if asked is None else self.clock.awake - asked - self._woken
            round_, edition = look(self._world, plan, self.clock.moment(), self._subject)
            self.memory, verdict, told = engine.step(self.memory, round_, limits)
            self.schedule = engine.booked(self.schedule, self.memory, round_, limits, self._dice, plan)
            self.rounds += 1
            truth = frozenset(s.kind for s in self._world.active)
            shown = tuple(t for t in told if not t.silent)
            asked_for = engine.requests(plan, round_)
            missed = plan.page and edition is None
            yield Seen(self.clock.t, verdict, shown, truth, edition, asked_for, pause, missed)

    def _skip_calm(self, until: float) -> None:
        from tools.prove import calm

        limits = self._subject.limits
        if calm.is_calm(self.memory, self.schedule, self.clock.awake, limits):
            self.memory, self.schedule = calm.skip(
                self.memory, self.schedule, self.clock, self._world, limits, self._dice, until
            )

    def _wait(self, plan: PollPlan) -> PollPlan | None:
        """What to look at after the wait, whatever sleep or stop falls into it; None: plan anew."""
        seconds, found, self._woken = plan.wait, plan, 0.0
        pause = self._world.next_pause(self.clock.t)
        if pause is not None and max(0.0, pause.start - self.clock.t) <= seconds:
            self._pass(max(0.0, pause.start - self.clock.t))
            length = pause.end - self.clock.t
            if pause.kind is Kind.STOPPED:
                self._pass(length)
                self.memory = engine.restart_memory(self.memory)
                self.schedule = engine.begin(self.clock.moment(), self._subject.limits, self._dice)
                return None
            self.clock.slept += length
            if length <= _SHORT_SLEEP:
                return None
            seconds, found, self._woken = WOKEN, engine.woken(self._subject.limits), WOKEN
        self._pass(seconds)
        return found

    def _pass(self, seconds: float) -> None:
        self.clock.awake += seconds
        self._world.move(self.clock.t)
        self.clock.wrong = self._world.wrong
