"""One client's life: plan, wait, look, judge, over and over, through the real core."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.prove.calm import is_calm, skip
from tests.prove.chance import chance
from tests.prove.clock import Clock
from tests.prove.look import look
from tests.prove.subject import Subject
from tests.prove.world import Kind, World
from trayapp.core import judge
from trayapp.core.schedule import plan_next_poll, start_schedule, update_schedule
from trayapp.core.state.memory import Memory
from trayapp.model import Transition, Verdict


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


class Client:
    """A program that runs on one computer in one world."""

    def __init__(self, world: World, subject: Subject, seed: object, *, skips: bool = True) -> None:
        """`skips`: calm stretches without `step`."""
        self.clock = Clock()
        self.memory = Memory()
        self.rounds = 0
        self._world, self._subject, self._skips = world, subject, skips
        self._dice = chance(seed, "client").random
        self.schedule = start_schedule(self.clock.moment(), subject.limits, self._dice)

    def live(self, until: float) -> Iterator[Seen]:
        """Rounds up to a time of the world, those apart that find a calm world as it was."""
        limits = self._subject.limits
        while True:
            if self._skips and is_calm(self.memory, self.schedule, self.clock.awake, limits):
                self.memory, self.schedule = skip(
                    self.memory, self.schedule, self.clock, self._world, limits, self._dice, until
                )
            plan = plan_next_poll(self.schedule, self.memory, self.clock.moment(), limits)
            self._wait(plan.wait)
            if self.clock.t >= until:
                return
            round_ = look(self._world, plan, self.clock.moment(), self._subject)
            self.memory, verdict, told = judge.step(self.memory, round_, limits)
            self.schedule = update_schedule(self.schedule, self.memory, round_, limits, self._dice)
            self.rounds += 1
            truth = frozenset(s.kind for s in self._world.active)
            yield Seen(self.clock.t, verdict, tuple(t for t in told if not t.silent), truth)

    def _wait(self, seconds: float) -> None:
        """Wait on the awake clock, through whatever sleep falls into it."""
        while (sleep := self._world.next_sleep(self.clock.t)) is not None:
            left = max(0.0, sleep.start - self.clock.t)
            if left > seconds:
                break
            self.clock.awake += left
            self.clock.slept += sleep.end - self.clock.t
            seconds -= left
        self.clock.awake += seconds
        self._world.move(self.clock.t)
        self.clock.wrong = self._world.wrong
