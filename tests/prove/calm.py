"""Calm stretches, lived through without `step`. Besides `engine` the only file that knows the program's inside.

Where nothing is the matter `step` is a fixed point: only clocks, and what a probe's calm looks teach of its line, go
on. So they alone are carried on here, look by look and with the same dice, to just before the look that sees
something new: what `rhythm` does with its schedule, and `judge` with clocks and a line's rate, stands here a second
time. A test holds both: the fixed point, and that a life with this is, bit for bit, a life without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.prove.clock import Clock
from tests.prove.pages import MEMBERS
from tests.prove.world import World
from trayapp.core.case import DAY, lately
from trayapp.core.evidence import WEEK
from trayapp.core.memory import Memory
from trayapp.core.rhythm import FEED, PAGE, TOGETHER, Dice, Schedule
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
        and not memory.passed_over
        and now >= memory.quiet_until
        and schedule.backoff == 0.0
        and FEED in schedule.asked
        and schedule.feed_for == ()
    )


def _page_is_calm(memory: Memory, limits: Limits) -> bool:
    if memory.page_read is None or memory.raw is None or memory.raw.incidents:
        return False
    if len(memory.kept.groups) < sum(map(len, MEMBERS.values())) or not memory.raw.whole:
        return False
    for name in limits.follow:
        said, kept = memory.says.get(name), memory.kept.products.get(name)
        if said is None or kept is None or said.state is not State.OPERATIONAL or said.fine_since is None:
            return False
        if memory.page_read.awake - said.fine_since < limits.clear_page_span:
            return False
        if kept.told is not State.OPERATIONAL or kept.unstable or kept.trouble_since is not None:
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

    def due(self) -> float:
        return self.asked + self.factor * self.interval

    def look(self, now: float, factor: float) -> None:
        self.asked, self.factor = now, factor
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
    while True:
        page_due = asked[PAGE] + max(limits.page_interval * factor[PAGE], fresh)
        first = min([page_due, *(probe.due() for probe in probes)])
        at = now + max(0.0, first - now)
        due = [probe for probe in probes if probe.due() <= first + TOGETHER]
        with_page = page_due <= first + TOGETHER
        with_feed = with_page and first >= (asked[FEED] + limits.slow_feed_interval * factor[FEED] - TOGETHER)
        requests = len(due) + 2 * with_page
        if at + clock.slept >= horizon or world.luck <= requests:
            break
        if with_feed and (world.feed_luck <= 1 or world.has_past(at + clock.slept)):
            break
        world.luck -= requests
        world.feed_luck -= with_feed
        tokens = min(limits.bucket_size, tokens + (at - now) * limits.bucket_per_hour / 3600.0)
        now = at
        for probe in due:
            probe.look(now, _jittered(limits, dice))
        if with_page:
            asked[PAGE], factor[PAGE], read = now, _jittered(limits, dice), now
            if with_feed:
                asked[FEED], factor[FEED] = now, _jittered(limits, dice)
    if now == clock.awake:
        return memory, schedule
    clock.awake = now
    asked |= {probe.name: probe.asked for probe in probes}
    factor |= {probe.name: probe.factor for probe in probes}
    schedule = replace(schedule, asked=asked, factor=factor, tokens=tokens, tokens_at=now)
    return _carried(memory, probes, clock, read), schedule


def _jittered(limits: Limits, dice: Dice) -> float:
    return 1.0 + limits.jitter * (2.0 * dice() - 1.0)


def _opened(memory: Memory, schedule: Schedule, spec: ProbeSpec) -> _Probe:
    kept, name = memory.kept.probes[spec.name], spec.name
    fade = max(0.0, 1.0 - spec.interval / WEEK)
    return _Probe(
        name, spec.interval, schedule.asked[name], schedule.factor[name], kept.looks, kept.failures, fade
    )


def _carried(memory: Memory, probes: Sequence[_Probe], clock: Clock, read: float | None) -> Memory:
    """The memory with its clocks, and what calm looks taught, brought up to now."""
    moment = clock.moment()
    learned = {
        p.name: replace(memory.kept.probes[p.name], looks=p.looks, failures=p.failures) for p in probes
    }
    products = {
        name: replace(kept, changes=lately(kept.changes, moment.wall, DAY)) if kept.changes else kept
        for name, kept in memory.kept.products.items()
    }
    kept = replace(
        memory.kept, products=products, probes={**memory.kept.probes, **learned}, last_round=moment.wall
    )
    memory = replace(memory, moment=moment, kept=kept)
    if read is None:
        return memory
    return replace(memory, page_read=Clock(read, clock.slept, clock.wrong).moment(), newest_read=read)
