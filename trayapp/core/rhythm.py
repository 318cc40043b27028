"""When to look next, at what, and why.

Calm looks are jittered by ±10 % so that many programs started by one login do not march in step. A page that does not
answer is asked less and less often (decorrelated back-off). A new word of the page is read again after 20 s, since it
is told only when it was read twice. A probe that failed is asked in a burst, then from a bucket of quick looks, so that
no outage turns its clients into a load.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from trayapp.core.memory import Evidence, Memory
from trayapp.core.standing import AWAY_FROM_NET, in_trouble, is_over, probes_of, stale, stale_after, stand
from trayapp.model import Limits, Miss, Moment, Page, Plan, ProbeSpec, Round, State, rank

PAGE = "page"
FEED = "feed"
TOGETHER = 5.0
"""Seconds within which what is due is asked in one round, so that the computer is woken once."""
LONGEST_FRESH = 300.0
"""Seconds of Cache-Control that are honoured: less than half of what makes the page's word too old (law 1)."""
NEVER = math.inf
Dice = Callable[[], float]
"""A number from 0 up to 1."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what was last asked (`awake`), and what chance made of its interval."""

    asked: Mapping[str, float] = field(default_factory=dict)
    factor: Mapping[str, float] = field(default_factory=dict)
    backoff: float = 0.0
    """Seconds until a page that did not answer is asked again; 0 while it answers."""
    tokens: float = 0.0
    tokens_at: float = 0.0
    feed_for: tuple[tuple[str, str], ...] = ()
    """The open incidents that the feed was last read for."""


def begin(now: Moment, limits: Limits, dice: Dice) -> Schedule:
    """The schedule of a program that has just started: the page at once, the probes at a random phase."""
    asked = {spec.name: now.awake - dice() * spec.interval for spec in limits.probes}
    return Schedule(
        asked=asked, factor=dict.fromkeys(asked, 1.0), tokens=limits.bucket_size, tokens_at=now.awake
    )


def after(schedule: Schedule, memory: Memory, round_: Round, limits: Limits, dice: Dice) -> Schedule:
    """The schedule after a round; `memory` has judged it."""
    now = round_.moment.awake
    names = [p.name for p in round_.probes]
    if round_.page is not None:
        names.append(PAGE)
    if round_.native is not None:
        names.append(FEED)
    spread = {name: 1.0 + limits.jitter * (2.0 * dice() - 1.0) for name in names}
    return replace(
        schedule,
        asked={**schedule.asked, **dict.fromkeys(names, now)},
        factor={**schedule.factor, **spread},
        backoff=_backoff(schedule.backoff, memory, round_, limits, dice),
        tokens=_tokens(schedule, memory, round_, limits),
        tokens_at=now,
        feed_for=_running(memory) if round_.native is not None else schedule.feed_for,
    )


def plan(schedule: Schedule, memory: Memory, now: Moment, limits: Limits) -> Plan:
    """The next look."""
    page_due, why = _page_due(schedule, memory, now, limits)
    due = {spec.name: _probe_due(schedule, memory, spec, now, limits) for spec in limits.probes}
    first = min([page_due, *due.values(), _stale_at(memory, now, limits)])
    together = max(first, now.awake) + TOGETHER
    page = page_due <= together
    probes = tuple(name for name, at in due.items() if at <= together)
    feed = page and _feed_due(schedule, memory, first, limits)
    return Plan(
        wait=max(0.0, first - now.awake),
        why=why
        if page
        else f"probes due: {', '.join(probes)}"
        if probes
        else "the page's word grows too old",
        page=page,
        incidents=feed,
        native=feed,
        probes=probes,
    )


def everything(limits: Limits, why: str) -> Plan:
    """A look at all there is, now."""
    probes = tuple(spec.name for spec in limits.probes)
    return Plan(wait=0.0, why=why, page=True, incidents=True, native=True, probes=probes)


def overdue(planned: Plan, limits: Limits, look_at_most: float) -> float:
    """Seconds after which a round that should have ended has not: three intervals, or the pause that is planned."""
    return max(limits.stale_intervals * limits.page_interval, planned.wait + look_at_most)


def _stale_at(memory: Memory, now: Moment, limits: Limits) -> float:
    """When the page's word becomes too old to show, so that the icon turns grey then and not at the next look."""
    if memory.page_read is None or stale(memory, now, limits):
        return NEVER
    return memory.page_read.awake + stale_after(limits) + 0.1


def _page_due(schedule: Schedule, memory: Memory, now: Moment, limits: Limits) -> tuple[float, str]:
    asked = schedule.asked.get(PAGE)
    if asked is None:
        return now.awake, "first look"
    factor = schedule.factor[PAGE]
    if memory.line in AWAY_FROM_NET:
        return asked + limits.page_interval_in_trouble * factor, "offline: is the line back?"
    if memory.miss is not None:
        asked_to_wait = min(memory.miss.retry_after or 0.0, limits.retry_after_cap)
        return asked + max(schedule.backoff, asked_to_wait), "the page did not answer"
    read = memory.page_read
    pending = _pending(memory, read.awake, limits) if read else None
    if pending is not None:
        # A slower cache's copy was passed over: asking it sooner than any new word would bring the same again.
        return asked + max(pending, limits.same_word_after * memory.passed_over), "a new word is read twice"
    if _trouble(memory, now, limits):
        wait, why = limits.page_interval_in_trouble, "trouble"
    else:
        wait, why = limits.page_interval, "calm"
    fresh = min((memory.raw.fresh_for if memory.raw else None) or 0.0, LONGEST_FRESH)
    return asked + max(wait * factor, fresh), why


def _pending(memory: Memory, read: float, limits: Limits) -> float | None:
    """Seconds from the last reading to the one that makes a new word count, if there is a new word."""
    waits = []
    for name in limits.follow:
        said, kept = memory.says.get(name), memory.kept.products.get(name)
        if said is None or said.state is None or kept is None:
            continue
        since = said.held[rank(said.state)]
        if said.state is not State.OPERATIONAL and rank(said.state) > rank(kept.told) and since is not None:
            waits.append(since + limits.same_word_after - read)
        if kept.told is not State.OPERATIONAL and said.fine_since is not None:
            waits.append(said.fine_since + limits.clear_page_span - read)
    return min((wait for wait in waits if wait > 0.0), default=None)


def _trouble(memory: Memory, now: Moment, limits: Limits) -> bool:
    for name in limits.follow:
        standing = stand(memory, name, now, limits)
        if (
            standing.checking
            or standing.suspected is not None
            or (standing.page and in_trouble(standing.page))
        ):
            return True
        if _unfinished(memory, name, now, limits):
            return True
    return False


def _unfinished(memory: Memory, name: str, now: Moment, limits: Limits) -> bool:
    """Whether something was told whose end is still to be seen; an end that only may not be told yet needs no looks."""
    kept = memory.kept.products.get(name)
    return kept is not None and kept.told is not State.OPERATIONAL and not is_over(memory, name, now, limits)


def _probe_due(schedule: Schedule, memory: Memory, spec: ProbeSpec, now: Moment, limits: Limits) -> float:
    if memory.line in AWAY_FROM_NET:
        return NEVER
    asked, factor = schedule.asked.get(spec.name, now.awake), schedule.factor.get(spec.name, 1.0)
    result = memory.results.get(spec.name)
    held_back = min((result.retry_after if result else None) or 0.0, limits.retry_after_cap)
    return asked + max(factor * _probe_wait(schedule, memory, spec, now, limits), held_back)


def _probe_wait(schedule: Schedule, memory: Memory, spec: ProbeSpec, now: Moment, limits: Limits) -> float:
    if _suspected_or_down(memory, spec, now, limits):
        return min(spec.interval, limits.probe_interval_suspected)
    evidence = memory.evidence.get(spec.name, Evidence())
    if evidence.burst > 0:
        return min(spec.interval, limits.burst_interval)
    if evidence.score > 0.0 and schedule.tokens >= 1.0:
        return min(spec.interval, limits.slow_burst_interval)
    return spec.interval


def _suspected_or_down(memory: Memory, spec: ProbeSpec, now: Moment, limits: Limits) -> bool:
    for name in limits.follow:
        if spec not in probes_of(memory, name, limits):
            continue
        standing, told = stand(memory, name, now, limits), _unfinished(memory, name, now, limits)
        down = standing.page is not None and rank(standing.page) >= rank(State.PARTIAL)
        if told or down or standing.suspected is not None:
            return True
    return False


def _backoff(before: float, memory: Memory, round_: Round, limits: Limits, dice: Dice) -> float:
    if isinstance(round_.page, Page):
        return 0.0
    if not isinstance(round_.page, Miss):
        return before
    base = max(
        limits.backoff_base, limits.page_interval_in_trouble if memory.misses == 1 else limits.page_interval
    )
    return min(limits.backoff_cap, base + dice() * max(0.0, 3.0 * (before or base) - base))


def _tokens(schedule: Schedule, memory: Memory, round_: Round, limits: Limits) -> float:
    """The bucket of quick looks, refilled with time, less those just taken: after the burst, while suspicion lasts."""
    now = round_.moment.awake
    refilled = schedule.tokens + (now - schedule.tokens_at) * limits.bucket_per_hour / 3600.0
    taken = sum(
        (e := memory.evidence.get(p.name, Evidence())).burst == 0 and e.score > 0.0 for p in round_.probes
    )
    return max(0.0, min(limits.bucket_size, refilled) - taken)


def _running(memory: Memory) -> tuple[tuple[str, str], ...]:
    incidents = memory.page.incidents if memory.page else ()
    return tuple(sorted((i.id, i.stage_word) for i in incidents if i.open))


def _feed_due(schedule: Schedule, memory: Memory, at: float, limits: Limits) -> bool:
    asked = schedule.asked.get(FEED)
    if asked is None or schedule.feed_for != _running(memory):
        return True
    return at >= asked + limits.slow_feed_interval * schedule.factor.get(FEED, 1.0) - TOGETHER
