"""When to poll next, whom, and why.

Calm polls are jittered by ±10 % so that many programs started by one login do not march in step. A page that does not
answer is asked less and less often (decorrelated back-off), but it is always asked again: no plan leaves it alone for
longer than law 1 allows, whatever the plan was made from. A changed word of the page is read again after 20 s, since it
counts only when it was read twice. A probe that failed is asked in a burst, then from a bucket of quick polls, so that
no outage turns its clients into a load.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from trayapp.core.judge import is_trouble_on
from trayapp.core.state.connection import stale_after
from trayapp.core.state.memory import Evidence, Memory
from trayapp.core.state.probing import AWAY_FROM_NET
from trayapp.core.state.product_state import is_stale, probes_of
from trayapp.core.state.readings import open_changes
from trayapp.model import KeptProduct, Limits, Miss, Moment, Page, Plan, ProbeSpec, Round, rank

PAGE = "page"
FEED = "feed"
PAST = "past"
TOGETHER = 5.0
"""Seconds within which what is due is asked in one round, so that the computer is woken once."""
Dice = Callable[[], float]
"""A number from 0 up to 1."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what was last asked (`awake`), and what chance made of its interval."""

    asked: Mapping[str, float] = field(default_factory=dict)
    factor: Mapping[str, float] = field(default_factory=dict)
    backoff: float = 0.0
    """Seconds until a page that did not answer is asked again; 0 while it answers."""
    asked_to_wait: int = 0
    """Answers in a row with which the page asked us to wait."""
    tokens: float = 0.0
    tokens_at: float = 0.0
    incidents: tuple[tuple[str, str], ...] = ()
    """The open incidents at the last reading."""
    feed_for: tuple[tuple[str, str], ...] = ()
    """The open incidents that the feed was last asked for."""
    past_for: tuple[tuple[str, str], ...] = ()
    """The open incidents that the list of past ones was last asked for."""
    changed_at: float = 0.0
    """When the open incidents last changed."""
    at_once: frozenset[str] = frozenset()
    """Probes that are asked at once, because another one has just failed."""
    components_skipped: bool = False
    """The last reading in a long trouble left out the list of all components."""


def start_schedule(now: Moment, limits: Limits, dice: Dice) -> Schedule:
    """The schedule of a program that has just started: the page at once, the probes at a random phase."""
    asked = {spec.name: now.awake - dice() * spec.interval for spec in limits.probes}
    return Schedule(
        asked=asked, factor=dict.fromkeys(asked, 1.0), tokens=limits.bucket_size, tokens_at=now.awake
    )


def update_schedule(  # noqa: PLR0913, PLR0917 - what a round leaves behind
    schedule: Schedule, memory: Memory, round_: Round, limits: Limits, dice: Dice, plan: Plan | None = None
) -> Schedule:
    """The schedule after a round; `memory` has judged it."""
    now = round_.moment.awake
    names = [p.name for p in round_.probes]
    if round_.page is not None:
        names.append(PAGE)
    if round_.native is not None:
        names.append(FEED)
    if isinstance(round_.page, Page) and round_.page.past_read:
        names.append(PAST)
    spread = {name: 1.0 + limits.jitter * (2.0 * dice() - 1.0) for name in names}
    running = _open_incidents(memory)
    changed = running != schedule.incidents
    return replace(
        schedule,
        asked={**schedule.asked, **dict.fromkeys(names, now)},
        factor={**schedule.factor, **spread},
        backoff=_backoff(schedule.backoff, memory, round_, limits, dice),
        asked_to_wait=_asked_to_wait(schedule, round_),
        tokens=_tokens(schedule, memory, round_, limits),
        tokens_at=now,
        incidents=running,
        feed_for=running if round_.native is not None else schedule.feed_for,
        past_for=running if PAST in names else schedule.past_for,
        changed_at=now if changed else schedule.changed_at,
        at_once=(schedule.at_once - set(names))
        | _others_of_a_first_failure(schedule, memory, round_, limits),
        components_skipped=not plan.components
        if plan is not None and plan.page
        else schedule.components_skipped,
    )


def plan_next_poll(schedule: Schedule, memory: Memory, now: Moment, limits: Limits) -> Plan:
    """The next round."""
    page_at, why = _page_due(schedule, memory, now, limits)
    probes_at = {spec.name: _probe_due(schedule, memory, spec, now, limits) for spec in limits.probes}
    feed_at = _feed_due(schedule, memory, limits)
    dues = [page_at, *probes_at.values(), *feed_at, *_stale_at(memory, now, limits)]
    first = max(min(dues), now.awake)
    together = first + TOGETHER
    probes = tuple(name for name, at in probes_at.items() if at <= together)
    failing = any(memory.evidence.get(name, Evidence()).failing for name in probes)
    proves = memory.miss is None and first - schedule.asked.get(PAGE, first) >= limits.second_reading_after
    page = page_at <= together or (failing and proves)
    return Plan(
        wait=first - now.awake,
        why=why
        if page_at <= together
        else f"probes due: {', '.join(probes)}"
        if probes
        else "the native feed is due"
        if feed_at and feed_at[0] <= together
        else "the page's word grows too old",
        page=page,
        incidents=page and _is_past_due(schedule, memory, first, limits),
        native=any(at <= together for at in feed_at) or (page and FEED not in schedule.asked),
        probes=probes,
        components=page
        and (schedule.components_skipped or not _is_late(memory, now, limits) or not memory.page),
        unconditional=memory.absent_since is not None,
        page_if_failing=not page and bool(probes) and proves,
        network=bool(probes) and not memory.network,
    )


def plan_full_poll(limits: Limits, why: str) -> Plan:
    """A poll of all there is, now, past every cache."""
    return Plan(
        wait=0.0,
        why=why,
        page=True,
        incidents=True,
        native=True,
        probes=tuple(spec.name for spec in limits.probes),
        unconditional=True,
        network=True,
    )


def overdue_after(planned: Plan, limits: Limits, poll_at_most: float) -> float:
    """Seconds after which a round that should have ended has not: three intervals, or the pause that is planned."""
    return max(limits.stale_intervals * limits.page_interval, planned.wait + poll_at_most)


def longest_pause(limits: Limits) -> float:
    """Seconds within which the page is asked again in any case (law 1)."""
    return max(
        limits.page_interval * (1.0 + limits.jitter),
        limits.longest_cache_control,
        limits.backoff_cap,
        limits.retry_after_cap_repeated,
    )


def _stale_at(memory: Memory, now: Moment, limits: Limits) -> list[float]:
    """When the page's word becomes too old to show, so that the icon turns grey then and not at the next poll."""
    if memory.page_read is None or is_stale(memory, now, limits):
        return []
    return [memory.page_read.awake + stale_after(memory, limits) + 0.1]


# ------------------------------------------------------------------------------------------------ the page


def _page_due(schedule: Schedule, memory: Memory, now: Moment, limits: Limits) -> tuple[float, str]:
    """When the page is due, within law 1's bound, whatever it was worked out from."""
    asked = schedule.asked.get(PAGE)
    if asked is None or not asked <= now.awake:
        return now.awake, "first poll"
    pause, why = _page_pause(schedule, memory, now, limits)
    if not 0.0 <= pause <= longest_pause(limits):
        pause = limits.page_interval
    return asked + pause, why


def _page_pause(schedule: Schedule, memory: Memory, now: Moment, limits: Limits) -> tuple[float, str]:
    factor = schedule.factor.get(PAGE, 1.0)
    if memory.line in AWAY_FROM_NET:
        return min(limits.page_interval_in_trouble, limits.page_interval) * factor, "offline: is it back?"
    if memory.miss is not None:
        return max(schedule.backoff, _page_wait(schedule, memory, limits)), "the page did not answer"
    if (pending := _until_second_reading(memory, limits)) is not None:
        return pending, "a changed word is read twice"
    if is_trouble_on(memory, limits):
        late = limits.late_page_interval if _is_late(memory, now, limits) else 0.0
        wait, why = max(limits.page_interval_in_trouble, min(late, limits.page_interval)), "trouble"
    else:
        wait, why = limits.page_interval, "calm"
    fresh = min((memory.raw.fresh_for if memory.raw else None) or 0.0, limits.longest_cache_control)
    return max(wait * factor, fresh), why


def _page_wait(schedule: Schedule, memory: Memory, limits: Limits) -> float:
    """Seconds that the page asked us to wait: an hour only if it asked twice in a row and no probe fails."""
    asked = (memory.miss.retry_after if memory.miss else None) or 0.0
    failing = any(e.failing or e.alarm for e in memory.evidence.values())
    repeated = schedule.asked_to_wait > 1 and not failing
    return min(asked, limits.retry_after_cap_repeated if repeated else limits.retry_after_cap)


def _asked_to_wait(schedule: Schedule, round_: Round) -> int:
    if round_.page is None:
        return schedule.asked_to_wait
    waits = isinstance(round_.page, Miss) and round_.page.retry_after
    return schedule.asked_to_wait + 1 if waits else 0


def _until_second_reading(memory: Memory, limits: Limits) -> float | None:
    """Seconds from the last poll to the one that makes a changed word count, if there is one."""
    if memory.page_read is None:
        return None
    waits = [wait for name in limits.follow for wait in _open_changes(memory, name, limits)]
    return min(waits, default=None)


def _open_changes(memory: Memory, name: str, limits: Limits) -> Iterator[float]:
    history, read = memory.history.get(name), memory.page_read
    if history is None or read is None:
        return
    told = memory.kept.products.get(name, KeptProduct()).told
    twice, ending = limits.second_reading_after, limits.end_readings_span
    worse = open_changes(history.rungs, read, twice, reached=True)
    yield from (wait for rung, wait in worse if rank(rung) > rank(told))
    better = open_changes(history.shown_rungs, read, twice, reached=False, also_first=False)
    yield from (wait for _, wait in better)
    yield from (
        wait for rung, wait in open_changes(history.rungs, read, ending, reached=False) if rung is told
    )


def _backoff(before: float, memory: Memory, round_: Round, limits: Limits, dice: Dice) -> float:
    if isinstance(round_.page, Page):
        return 0.0
    if not isinstance(round_.page, Miss):
        return before
    base = max(
        limits.backoff_base, limits.page_interval_in_trouble if memory.misses == 1 else limits.page_interval
    )
    return min(limits.backoff_cap, base + dice() * max(0.0, 3.0 * (before or base) - base))


def _is_late(memory: Memory, now: Moment, limits: Limits) -> bool:
    """Whether all that was told and is not over has gone on for so long that it is followed less closely."""
    told = [memory.kept.products.get(name, KeptProduct()) for name in limits.follow]
    return _is_told_for_long([kept for kept in told if kept.told.is_trouble], now, limits)


def _is_told_for_long(told: list[KeptProduct], now: Moment, limits: Limits) -> bool:
    ages = [abs((now.wall - kept.told_at).total_seconds()) for kept in told if kept.told_at is not None]
    return min(ages, default=0.0) >= limits.late_after


# ------------------------------------------------------------------------------------------------ feed and past


def _open_incidents(memory: Memory) -> tuple[tuple[str, str], ...]:
    incidents = memory.page.incidents if memory.page else ()
    return tuple(sorted((i.id, i.stage_word) for i in incidents if i.open))


def _feed_due(schedule: Schedule, memory: Memory, limits: Limits) -> list[float]:  # noqa: PLR0911 - a table
    """When the native feed is due: at once for changed incidents, then every 5 min, hourly on a calm day."""
    if memory.page is None or memory.line in AWAY_FROM_NET:
        return []
    asked = schedule.asked.get(FEED)
    if asked is None:
        return []  # it goes with the next poll of the page
    if memory.native_misses >= limits.feed_misses:
        return [asked + limits.calm_feed_interval]
    if memory.native_misses and schedule.incidents:
        return [asked + limits.second_reading_after]
    if schedule.incidents and schedule.feed_for != schedule.incidents:
        return [schedule.changed_at + limits.feed_within]
    if schedule.incidents:
        late = asked - schedule.changed_at >= limits.late_after
        return [asked + (limits.late_feed_interval if late else limits.feed_interval)]
    return [asked + limits.calm_feed_interval * schedule.factor.get(FEED, 1.0)]


def _is_past_due(schedule: Schedule, memory: Memory, at: float, limits: Limits) -> bool:
    """Whether the list of past incidents is asked with the page: hourly, and where something has ended."""
    asked = schedule.asked.get(PAST)
    if asked is None or memory.past_wanted or schedule.past_for != schedule.incidents:
        return True
    return at >= asked + limits.calm_feed_interval - TOGETHER


# ------------------------------------------------------------------------------------------------ the probes


def _probe_due(schedule: Schedule, memory: Memory, spec: ProbeSpec, now: Moment, limits: Limits) -> float:
    if spec.name in schedule.at_once:
        return now.awake
    asked = min(schedule.asked.get(spec.name, now.awake), now.awake)
    result = memory.results.get(spec.name)
    held_back = min((result.retry_after if result else None) or 0.0, limits.retry_after_cap_repeated)
    pause = max(_probe_pause(schedule, memory, spec, now, limits), held_back)
    return asked + (pause if math.isfinite(pause) else spec.interval)


def _probe_pause(schedule: Schedule, memory: Memory, spec: ProbeSpec, now: Moment, limits: Limits) -> float:
    factor = schedule.factor.get(spec.name, 1.0)
    evidence = memory.evidence.get(spec.name, Evidence())
    calm = spec.interval * factor
    if memory.line in AWAY_FROM_NET or (evidence.unreachable and not evidence.alarm):
        return calm
    told = [] if evidence.clean else _told_troubles(memory, spec, limits)
    if evidence.alarm or told:
        late = evidence.alarm and now.awake - evidence.alarm_since >= limits.late_after
        late = late or _is_told_for_long(told, now, limits)
        return min(spec.interval, limits.late_probe_interval if late else limits.probe_interval_in_trouble)
    if evidence.burst > 0:
        return min(calm, limits.burst_interval * factor)
    if evidence.score > 0.0 and schedule.tokens >= 1.0:
        return min(calm, limits.slow_burst_interval * factor)
    return calm


def _told_troubles(memory: Memory, spec: ProbeSpec, limits: Limits) -> list[KeptProduct]:
    """The products that a probe speaks for, of which trouble was told and is not over."""
    own = [name for name in limits.follow if spec in probes_of(memory, name, limits)]
    told = [memory.kept.products.get(name, KeptProduct()) for name in own]
    return [kept for kept in told if kept.told.is_trouble]


def _others_of_a_first_failure(
    schedule: Schedule, memory: Memory, round_: Round, limits: Limits
) -> frozenset[str]:
    """The probes that are asked at once, because one that was well has just failed: one cause is then one notice.

    One that was asked just before is not: the first failure of the second would ask the first again, and so on.
    """
    now, asked = round_.moment.awake, {p.name for p in round_.probes}
    begun = any(memory.evidence.get(name, Evidence()).first == now for name in asked)
    if not begun or memory.line in AWAY_FROM_NET:
        return frozenset()
    since = now - limits.burst_interval
    return frozenset(
        spec.name
        for spec in limits.probes
        if spec.name not in asked and schedule.asked.get(spec.name, since) <= since
    )


def _tokens(schedule: Schedule, memory: Memory, round_: Round, limits: Limits) -> float:
    """The bucket of quick polls, refilled with time, less those just taken: after the burst, while suspicion lasts."""
    now = round_.moment.awake
    refilled = schedule.tokens + (now - schedule.tokens_at) * limits.bucket_per_hour / 3600.0
    taken = sum(
        (e := memory.evidence.get(p.name, Evidence())).burst == 0 and e.score > 0.0 and not e.alarm
        for p in round_.probes
    )
    return max(0.0, min(limits.bucket_size, refilled) - taken)
