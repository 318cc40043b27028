"""Calm stretches, lived through without `step`.

Where nothing is the matter `step` is a fixed point: only clocks, and what a probe's calm looks teach of its line, go
on. So they alone are carried on here, look by look and with the same dice, to just before the look that sees
something new. A test holds both: the fixed point, and that a life with this is, bit for bit, a life without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from tests.prove.clock import Clock
from tests.prove.pages import NATIVE
from tests.prove.world import World
from trayapp.core.case import DAY
from trayapp.core.evidence import WEEK
from trayapp.core.memory import Evidence, Memory
from trayapp.core.rhythm import FEED, PAGE, TOGETHER, Dice, Schedule
from trayapp.model import KeptProbe, Limits, Line, Outcome, State

_CALM = (State.OPERATIONAL, State.MAINTENANCE)


def is_calm(memory: Memory, schedule: Schedule, now: float, limits: Limits) -> bool:
    """Whether another look that finds the same changes nothing that decides. `now` is on the awake clock."""
    return (
        _line_is_calm(memory, schedule, now)
        and _page_is_calm(memory, limits)
        and all(e == Evidence() for e in memory.evidence.values())
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
    if memory.kept.groups != NATIVE.groups:
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
class _Probes:
    """The probes' part of a schedule, opened up for speed."""

    names: Sequence[str]
    intervals: Sequence[float]
    asked: list[float]
    factor: list[float]
    looks: list[float]
    failures: list[float]
    fade: Sequence[float]


def skip(  # noqa: PLR0917 - a client's whole state, and its world
    memory: Memory, schedule: Schedule, clock: Clock, world: World, limits: Limits, dice: Dice, until: float
) -> tuple[Memory, Schedule]:
    """Memory and schedule after all looks that find nothing new; the clock is moved on with them."""
    start = clock.t
    horizon = min(world.undisturbed_until(start), until)
    if horizon <= start or world.page(start) is not memory.raw:
        return memory, schedule
    probes = _opened(memory, schedule, limits)
    fresh = memory.raw.fresh_for or 0.0
    asked, factor = dict(schedule.asked), dict(schedule.factor)
    page_at, page_by = asked[PAGE], factor[PAGE]
    feed_at, feed_by = asked[FEED], factor[FEED]
    tokens, now, slept, jitter = schedule.tokens, clock.awake, clock.slept, limits.jitter
    read = None
    while True:
        page_due = page_at + max(limits.page_interval * page_by, fresh)
        dues = [a + f * i for a, f, i in zip(probes.asked, probes.factor, probes.intervals, strict=True)]
        first = min(page_due, min(dues, default=inf))
        at = now + max(0.0, first - now)
        together = first + TOGETHER
        due = [n for n, d in enumerate(dues) if d <= together]
        with_page = page_due <= together
        if at + slept >= horizon or world.luck <= len(due) + with_page:
            break
        world.luck -= len(due) + with_page
        with_feed = with_page and now >= feed_at + limits.slow_feed_interval * feed_by - TOGETHER
        tokens = min(limits.bucket_size, tokens + (at - now) * limits.bucket_per_hour / 3600.0)
        now = at
        for n in due:
            probes.asked[n] = now
            probes.factor[n] = 1.0 + jitter * (2.0 * dice() - 1.0)
            probes.looks[n] = probes.looks[n] * probes.fade[n] + 1.0
            probes.failures[n] *= probes.fade[n]
        if with_page:
            page_at, page_by, read = now, 1.0 + jitter * (2.0 * dice() - 1.0), now
        if with_feed:
            feed_at, feed_by = now, 1.0 + jitter * (2.0 * dice() - 1.0)
    if now == clock.awake:
        return memory, schedule
    clock.awake = now
    asked |= dict(zip(probes.names, probes.asked, strict=True)) | {PAGE: page_at, FEED: feed_at}
    factor |= dict(zip(probes.names, probes.factor, strict=True)) | {PAGE: page_by, FEED: feed_by}
    schedule = replace(schedule, asked=asked, factor=factor, tokens=tokens, tokens_at=now)
    return _carried(memory, probes, clock, read), schedule


def _opened(memory: Memory, schedule: Schedule, limits: Limits) -> _Probes:
    names = [spec.name for spec in limits.probes]
    intervals = [spec.interval for spec in limits.probes]
    kept = [memory.kept.probes.get(name, KeptProbe()) for name in names]
    return _Probes(
        names,
        intervals,
        [schedule.asked[name] for name in names],
        [schedule.factor[name] for name in names],
        [k.looks for k in kept],
        [k.failures for k in kept],
        [max(0.0, 1.0 - interval / WEEK) for interval in intervals],
    )


def _carried(memory: Memory, probes: _Probes, clock: Clock, read: float | None) -> Memory:
    """The memory with its clocks, and what calm looks taught, brought up to now."""
    moment = clock.moment()
    learned = {
        name: replace(memory.kept.probes[name], looks=looks, failures=failures)
        for name, looks, failures in zip(probes.names, probes.looks, probes.failures, strict=True)
    }
    products = {
        name: replace(kept, changes=tuple(at for at in kept.changes if moment.wall - at < DAY))
        if kept.changes
        else kept
        for name, kept in memory.kept.products.items()
    }
    kept = replace(
        memory.kept, products=products, probes={**memory.kept.probes, **learned}, last_round=moment.wall
    )
    memory = replace(memory, moment=moment, kept=kept)
    if read is None:
        return memory
    return replace(memory, page_read=Clock(read, clock.slept, clock.wrong).moment(), newest_read=read)
