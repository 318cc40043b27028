"""Calm stretches, lived through without `step`. Besides `engine` the only file that knows the program's inside.

Where nothing is the matter `step` is a fixed point: only clocks, and what a probe's calm looks teach of its line, go
on. So they alone are carried on here, look by look and with the same dice, to just before the look that sees
something new. A test holds both: the fixed point, and that a life with this is, bit for bit, a life without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.prove.clock import Clock
from tests.prove.pages import MEMBERS
from tests.prove.world import World
from trayapp.core.alerts.eligibility import DAY
from trayapp.core.polling.poll_times import FEED, PAGE, PAST, TOGETHER, Dice, Schedule
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_habits import WEEK
from trayapp.core.state.probe_round import ROUGHLY
from trayapp.model import Limits, Line, Outcome, ProbeSpec, State


def is_calm(memory: Memory, schedule: Schedule, now: float, limits: Limits) -> bool:
    """Whether another look that finds the same changes nothing that decides. `now` is on the awake clock."""
    return (
        _line_is_calm(memory, schedule, now)
        and _page_is_calm(memory, limits)
        and all(e.clean for e in memory.evidence.values())
        and all(
            spec.name in memory.results
            and memory.results[spec.name].outcome is Outcome.ALIVE
            and spec.name in memory.kept.probes
            for spec in limits.probes
        )
    )


def _line_is_calm(memory: Memory, schedule: Schedule, now: float) -> bool:
    return (
        memory.line is Line.GOOD
        and memory.miss is None
        and now >= memory.quiet_until
        and schedule.backoff == 0.0
        and FEED in schedule.asked
        and PAST in schedule.asked
        and schedule.incidents == schedule.feed_for == schedule.past_for == ()
        and not schedule.at_once
        and not memory.past_wanted
        and memory.away_from is None
        and memory.edge_since is None
    )


def _page_is_calm(memory: Memory, limits: Limits) -> bool:
    if memory.page_read is None or memory.raw is None or memory.raw.incidents:
        return False
    if len(memory.kept.groups) < sum(map(len, MEMBERS.values())) or not memory.raw.whole:
        return False
    for name in limits.follow:
        history, kept = memory.history.get(name), memory.kept.products.get(name)
        if history is None or kept is None or memory.products[name].state is not State.OPERATIONAL:
            return False
        if any(
            rung.reached or memory.page_read.awake - rung.since < limits.end_readings_span
            for rung in (*history.rungs[1:], *history.shown_rungs[1:])
        ):
            return False
        if kept.told is not State.OPERATIONAL or kept.unstable:
            return False
    return True


@dataclass(slots=True)
class _Probe:
    """One probe's part of the schedule and of what is learned."""

    name: str
    interval: float
    asked: float
    factor: float
    looks: float
    failures: float
    fade: float
    answered: Mapping[str, datetime]
    looked: bool = False

    def due(self) -> float:
        return self.asked + self.factor * self.interval

    def look(self, now: float, factor: float, network: str, wall: datetime) -> None:
        self.asked, self.factor, self.looked = now, factor, True
        before = self.answered.get(network)
        if network and (before is None or not timedelta(0) <= wall - before < ROUGHLY):
            self.answered = {**self.answered, network: wall}
        self.looks = self.looks * self.fade + 1.0
        self.failures *= self.fade


def skip(  # noqa: PLR0917 - a client's whole state, and its world
    memory: Memory, schedule: Schedule, clock: Clock, world: World, limits: Limits, dice: Dice, until: float
) -> tuple[Memory, Schedule]:
    """Memory and schedule after all looks that find nothing new; the clock is moved on with them."""
    start = clock.t
    horizon = min(world.undisturbed_until(start), until)
    if horizon <= start or world.page(start)[0] is not memory.raw:
        return memory, schedule
    probes = [_opened(memory, schedule, spec) for spec in limits.probes]
    asked, factor, tokens = dict(schedule.asked), dict(schedule.factor), schedule.tokens
    now, read, fresh = clock.awake, None, memory.raw.fresh_for or 0.0
    forgets = _forgets_at(memory)
    while True:
        page_due = asked[PAGE] + max(limits.page_interval * factor[PAGE], fresh)
        first = min([page_due, *(probe.due() for probe in probes)])
        at = now + max(0.0, first - now)
        due = [probe for probe in probes if probe.due() <= first + TOGETHER]
        with_page = page_due <= first + TOGETHER
        requests = len(due) + 2 * with_page
        if at + clock.slept >= horizon or world.luck <= requests:
            break
        if forgets is not None and Clock(at, clock.slept, clock.wrong).moment().wall >= forgets:
            break
        # What is asked once an hour is lived through.
        if first + 2.0 * TOGETHER >= min(asked[PAST], asked[FEED]) + limits.calm_feed_interval * min(
            1.0, factor[FEED]
        ):
            break
        world.luck -= requests
        tokens = min(limits.bucket_size, tokens + (at - now) * limits.bucket_per_hour / 3600.0)
        now = at
        for probe in due:
            probe.look(
                now,
                _jittered(limits, dice),
                memory.network,
                Clock(now, clock.slept, clock.wrong).moment().wall,
            )
        if with_page:
            asked[PAGE], factor[PAGE], read = now, _jittered(limits, dice), now
    if now == clock.awake:
        return memory, schedule
    clock.awake = now
    asked |= {probe.name: probe.asked for probe in probes}
    factor |= {probe.name: probe.factor for probe in probes}
    schedule = replace(schedule, asked=asked, factor=factor, tokens=tokens, tokens_at=now)
    return _carried(memory, probes, clock, read), schedule


def _forgets_at(memory: Memory) -> datetime | None:
    """When the first of what was notified falls out of the day that counts."""
    kept = memory.kept.products.values()
    told = [at for product in kept for at in (*(one.at for one in product.notified), *product.posts)]
    return min(told) + timedelta(seconds=DAY) if told else None


def _jittered(limits: Limits, dice: Dice) -> float:
    return 1.0 + limits.jitter * (2.0 * dice() - 1.0)


def _opened(memory: Memory, schedule: Schedule, spec: ProbeSpec) -> _Probe:
    kept, name = memory.kept.probes[spec.name], spec.name
    fade = max(0.0, 1.0 - spec.interval / WEEK)
    return _Probe(
        name,
        spec.interval,
        schedule.asked[name],
        schedule.factor[name],
        kept.looks,
        kept.failures,
        fade,
        kept.answered,
    )


def _carried(memory: Memory, probes: Sequence[_Probe], clock: Clock, read: float | None) -> Memory:
    """The memory with its clocks, and what calm looks taught, brought up to now."""
    moment = clock.moment()
    learned = {
        p.name: replace(memory.kept.probes[p.name], looks=p.looks, failures=p.failures, answered=p.answered)
        for p in probes
    }
    kept = replace(memory.kept, probes={**memory.kept.probes, **learned}, last_round=moment.wall)
    asked = [p for p in probes if p.looked]
    memory = replace(
        memory,
        moment=moment,
        kept=kept,
        evidence={
            **memory.evidence,
            **{p.name: replace(memory.evidence[p.name], learnt=p.asked) for p in asked},
        },
        answered_here={**memory.answered_here, **{p.name: p.asked for p in asked}},
    )
    if read is None:
        return memory
    return replace(memory, page_read=Clock(read, clock.slept, clock.wrong).moment())
