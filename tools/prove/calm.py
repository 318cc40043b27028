"""Calm stretches, lived through without `step`. Besides `engine` the only file that knows the program's inside.

Where nothing is the matter `step` is a fixed point: only clocks, and what a probe's calm looks teach of its line, go
on. So they alone are carried on here, look by look and with the same dice, to just before the look that sees
something new. A test holds both: the fixed point, and that a life with this is, bit for bit, a life without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tools.prove.clock import Clock
from tools.prove.pages import MEMBERS
from tools.prove.world import World
from trayapp.core.alerts.eligibility import DAY_SECONDS
from trayapp.core.polling.poll_times import FEED, PAGE, PAST_INCIDENTS, ROUND_WINDOW, RandomSource, Schedule
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_habits import WEEK_SECONDS
from trayapp.core.state.probe_round import ANSWER_TIME_PRECISION
from trayapp.model import ConnectionState, Limits, Moment, Outcome, ProbeSpec, State


def is_calm(memory: Memory, schedule: Schedule, now: float, limits: Limits) -> bool:
    """Whether another look that finds the same changes nothing that decides. `now` is on the awake clock."""
    return (
        _line_is_calm(memory, schedule, now)
        and _page_is_calm(memory, limits)
        and all(e.is_clean for e in memory.evidence.values())
        and all(
            spec.name in memory.probe_results
            and memory.probe_results[spec.name].outcome is Outcome.ALIVE
            and spec.name in memory.saved.probes
            for spec in limits.probes
        )
    )


def _line_is_calm(memory: Memory, schedule: Schedule, now: float) -> bool:
    return (
        memory.connection is ConnectionState.GOOD
        and memory.page_miss is None
        and now >= memory.grace_until
        and schedule.backoff == 0.0
        and FEED in schedule.polled_at
        and PAST_INCIDENTS in schedule.polled_at
        and schedule.incidents == schedule.incidents_at_feed == schedule.incidents_at_past == ()
        and not schedule.immediate_probes
        and not memory.is_past_wanted
        and memory.absence_start is None
        and memory.edge_failing_since is None
    )


def _page_is_calm(memory: Memory, limits: Limits) -> bool:
    if memory.page_read_at is None or memory.raw_page is None or memory.raw_page.incidents:
        return False
    if len(memory.saved.groups) < sum(map(len, MEMBERS.values())) or not memory.raw_page.whole:
        return False
    for name in limits.follow:
        history, kept = memory.histories.get(name), memory.saved.products.get(name)
        if history is None or kept is None or memory.product_states[name].state is not State.OPERATIONAL:
            return False
        if any(
            rung.is_reached or memory.page_read_at.awake - rung.since < limits.end_readings_span
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
        if network and (before is None or not timedelta(0) <= wall - before < ANSWER_TIME_PRECISION):
            self.answered = {**self.answered, network: wall}
        self.looks = self.looks * self.fade + 1.0
        self.failures *= self.fade


def skip(  # noqa: PLR0917 - a client's whole state, and its world
    memory: Memory,
    schedule: Schedule,
    clock: Clock,
    world: World,
    limits: Limits,
    dice: RandomSource,
    until: float,
) -> tuple[Memory, Schedule]:
    """Memory and schedule after all looks that find nothing new; the clock is moved on with them."""
    start = clock.t
    horizon = min(world.undisturbed_until(start), until)
    if horizon <= start or world.page(start)[0] is not memory.raw_page:
        return memory, schedule
    probes = [_open_probe(memory, schedule, spec) for spec in limits.probes]
    asked, factor, tokens = dict(schedule.polled_at), dict(schedule.interval_factors), schedule.tokens
    now, fresh = clock.awake, memory.raw_page.fresh_for or 0.0
    assert memory.page_read_at is not None
    reads = [memory.page_read_at]
    forgets = _forgets_at(memory)
    while True:
        page_due = asked[PAGE] + max(limits.page_interval * factor[PAGE], fresh)
        first = min([page_due, *(probe.due() for probe in probes)])
        at = now + max(0.0, first - now)
        due = [probe for probe in probes if probe.due() <= first + ROUND_WINDOW]
        with_page = page_due <= first + ROUND_WINDOW
        requests = len(due) + 2 * with_page
        if at + clock.slept >= horizon or world.luck <= requests:
            break
        if forgets is not None and Clock(at, clock.slept, clock.wrong).moment().wall >= forgets:
            break
        # What is asked once an hour is lived through.
        if first + 2.0 * ROUND_WINDOW >= min(
            asked[PAST_INCIDENTS], asked[FEED]
        ) + limits.calm_feed_interval * min(1.0, factor[FEED]):
            break
        world.luck -= requests
        tokens = min(limits.bucket_size, tokens + (at - now) * limits.bucket_per_hour / 3600.0)
        now = at
        for probe in due:
            probe.look(
                now,
                _draw_jitter(limits, dice),
                memory.network,
                Clock(now, clock.slept, clock.wrong).moment().wall,
            )
        if with_page:
            asked[PAGE], factor[PAGE] = now, _draw_jitter(limits, dice)
            reads = [reads[-1], Clock(now, clock.slept, clock.wrong).moment()]
    if now == clock.awake:
        return memory, schedule
    clock.awake = now
    asked |= {probe.name: probe.asked for probe in probes}
    factor |= {probe.name: probe.factor for probe in probes}
    schedule = replace(schedule, polled_at=asked, interval_factors=factor, tokens=tokens, tokens_at=now)
    return _carry_over(memory, probes, clock, reads), schedule


def _forgets_at(memory: Memory) -> datetime | None:
    """When the first of what was notified falls out of the day that counts."""
    kept = memory.saved.products.values()
    told = [at for product in kept for at in (*(one.at for one in product.notified), *product.posts)]
    return min(told) + timedelta(seconds=DAY_SECONDS) if told else None


def _draw_jitter(limits: Limits, dice: RandomSource) -> float:
    return 1.0 + limits.jitter * (2.0 * dice() - 1.0)


def _open_probe(memory: Memory, schedule: Schedule, spec: ProbeSpec) -> _Probe:
    kept, name = memory.saved.probes[spec.name], spec.name
    fade = max(0.0, 1.0 - spec.interval / WEEK_SECONDS)
    return _Probe(
        name,
        spec.interval,
        schedule.polled_at[name],
        schedule.interval_factors[name],
        kept.looks,
        kept.failures,
        fade,
        kept.answered,
    )


def _carry_over(memory: Memory, probes: Sequence[_Probe], clock: Clock, reads: Sequence[Moment]) -> Memory:
    """The memory with its clocks, and what calm looks taught, brought up to now."""
    moment = clock.moment()
    learned = {
        p.name: replace(memory.saved.probes[p.name], looks=p.looks, failures=p.failures, answered=p.answered)
        for p in probes
    }
    kept = replace(
        memory.saved,
        probes={**memory.saved.probes, **learned},
        last_round=moment.wall,
        last_reading=reads[-1].wall,
    )
    asked = [p for p in probes if p.looked]
    memory = replace(
        memory,
        moment=moment,
        saved=kept,
        evidence={
            **memory.evidence,
            **{p.name: replace(memory.evidence[p.name], learnt_at=p.asked) for p in asked},
        },
        answered_on_network={**memory.answered_on_network, **{p.name: p.asked for p in asked}},
    )
    if len(reads) == 1:
        return memory
    previous, read = reads
    return replace(memory, page_read_at=read, previous_read_at=previous.wall)
