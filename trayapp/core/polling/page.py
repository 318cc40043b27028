"""Decides when to poll the page, always within the bound of law 1 (`docs/law.md`)."""

from __future__ import annotations

from collections.abc import Iterator

from trayapp.core.polling.poll_times import PAGE, RandomSource, Schedule
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.readings import has_same_reading, notified_rungs, pending_changes
from trayapp.core.state.trouble import has_trouble
from trayapp.model import (
    Limits,
    Miss,
    Moment,
    Outcome,
    PageReading,
    Round,
    RoundTerms,
    SavedProduct,
    ladder_rank,
)


def longest_pause(limits: Limits) -> float:
    """Returns the seconds within which the page is polled again in any case (law 1)."""
    return max(
        limits.page_interval * (1.0 + limits.jitter),
        limits.longest_cache_control,
        limits.backoff_cap,
        limits.retry_after_cap_repeated,
    )


def page_due(schedule: Schedule, memory: Memory, terms: RoundTerms) -> tuple[float, str]:
    """Returns when the page is due and why; a pause outside law 1's bound is replaced by the interval."""
    asked = schedule.polled_at.get(PAGE)
    if asked is None or not asked <= terms.now.awake:
        return terms.now.awake, "first poll"
    pause, why = _page_pause(schedule, memory, terms)
    if not 0.0 <= pause <= longest_pause(terms.limits):
        pause = terms.limits.page_interval
    return asked + pause, why


def _page_pause(schedule: Schedule, memory: Memory, terms: RoundTerms) -> tuple[float, str]:
    limits = terms.limits
    factor = schedule.interval_factors.get(PAGE, 1.0)
    if memory.connection in NO_INTERNET:
        return min(limits.page_interval_in_trouble, limits.page_interval) * factor, "offline: is it back?"
    if memory.page_miss is not None:
        return max(schedule.backoff, _requested_wait(schedule, memory, limits)), "the page did not answer"
    if (pending := _second_reading_wait(memory, limits)) is not None:
        return pending, "a changed word is read twice"
    if (reason := _reason_to_reread(schedule, memory, limits)) is not None:
        return limits.second_reading_after, reason
    if has_trouble(memory, limits):
        late = limits.late_page_interval if is_long_trouble(memory, terms) else 0.0
        wait, why = max(limits.page_interval_in_trouble, min(late, limits.page_interval)), "trouble"
    else:
        wait, why = limits.page_interval, "calm"
    fresh = min((memory.raw_page.fresh_for if memory.raw_page else None) or 0.0, limits.longest_cache_control)
    return max(wait * factor, fresh), why


def _requested_wait(schedule: Schedule, memory: Memory, limits: Limits) -> float:
    """Returns the seconds of `Retry-After`: an hour only if it came twice in a row and no probe fails."""
    asked = (memory.page_miss.retry_after if memory.page_miss else None) or 0.0
    # This includes a failure that proves nothing about OpenAI: during any failure the page is polled soon.
    failing = any(e.is_failing or e.has_alarm for e in memory.evidence.values()) or any(
        result.outcome is Outcome.FAILURE for result in memory.probe_results.values()
    )
    repeated = schedule.wait_requests > 1 and not failing
    return min(asked, limits.retry_after_cap_repeated if repeated else limits.retry_after_cap)


def count_wait_requests(schedule: Schedule, round_: Round) -> int:
    """Counts the answers in a row with which the page asked the program to wait."""
    if round_.page is None:
        return schedule.wait_requests
    waits = isinstance(round_.page, Miss) and round_.page.retry_after
    return schedule.wait_requests + 1 if waits else 0


def _second_reading_wait(memory: Memory, limits: Limits) -> float | None:
    """Returns the seconds from the last poll to the one that makes a changed state count, if one changed."""
    if memory.page_read_at is None:
        return None
    waits = [wait for name in limits.follow for wait in _pending_change_waits(memory, name, limits)]
    return min(waits, default=None)


def _reason_to_reread(schedule: Schedule, memory: Memory, limits: Limits) -> str | None:
    """Returns why the page is read again soon although it reported nothing new; None if it is not."""
    if _has_cache_disagreement(memory, limits):
        return "the page's caches disagree"
    since_change = schedule.polled_at.get(PAGE, 0.0) - schedule.incidents_changed_at
    if schedule.components_missing and 0.0 <= since_change < limits.caches_differ_for:
        return "an incident changed: its components are asked"
    if _has_feed_news(schedule, memory, limits):
        return "the native feed says otherwise"
    return None


def _has_feed_news(schedule: Schedule, memory: Memory, limits: Limits) -> bool:
    """Whether the feed, polled after the page, changes a product's state; it counts with a reading."""
    if memory.native_read_at is None or schedule.polled_at.get(PAGE, 0.0) >= memory.native_read_at:
        return False
    return any(
        (word := memory.readings.get(name)) is not None
        and word.state is not None
        and (history := memory.histories.get(name)) is not None
        and not has_same_reading(history, word.state, word.notifiable_state)
        for name in limits.follow
    )


def _has_cache_disagreement(memory: Memory, limits: Limits) -> bool:
    """Whether another cache seems to have given an older answer.

    Trouble that goes on was just reported better and then not, or new trouble was reported once and then not.
    """
    read = memory.page_read_at
    if read is None:
        return False
    for name in limits.follow:
        history, kept = memory.histories.get(name), memory.saved.products.get(name)
        if history is None or kept is None or not kept.reached:
            continue
        for rung, since in zip(history.rungs, kept.reached, strict=True):
            if rung.is_first_reading or read.awake - rung.since >= limits.caches_differ_for:
                continue
            if not rung.is_reached and rung.lasted_before < limits.caches_differ_for:
                return True
            if rung.is_reached and since is not None and (rung.since_wall - since).total_seconds() > 1.0:
                return True
    return False


def _pending_change_waits(memory: Memory, name: str, limits: Limits) -> Iterator[float]:
    history, read = memory.histories.get(name), memory.page_read_at
    if history is None or read is None:
        return
    kept = memory.saved.products.get(name, SavedProduct())
    twice, ending = limits.second_reading_after, limits.end_readings_span
    worse = pending_changes(history.rungs, read, twice, reached=True)
    yield from (wait for rung, wait in worse if ladder_rank(rung) > ladder_rank(kept.told))
    better = pending_changes(history.shown_rungs, read, twice, reached=False, also_first=False)
    yield from (wait for _, wait in better)
    over = pending_changes(notified_rungs(history, kept), read, ending, reached=False)
    yield from (wait for rung, wait in over if rung is kept.told)


def backoff_seconds(
    before: float, memory: Memory, round_: Round, limits: Limits, dice: RandomSource
) -> float:
    """Returns the seconds until a failing page is polled again: decorrelated back-off, up to 15 min."""
    if isinstance(round_.page, PageReading) or memory.connection in NO_INTERNET:
        return 0.0  # offline says nothing about the page: it is polled at once when the connection returns
    if not isinstance(round_.page, Miss):
        return before
    base = max(
        limits.backoff_base,
        limits.page_interval_in_trouble if memory.page_misses == 1 else limits.page_interval,
    )
    return min(limits.backoff_cap, base + dice() * max(0.0, 3.0 * (before or base) - base))


def is_long_trouble(memory: Memory, terms: RoundTerms) -> bool:
    """Whether all notified trouble that is not over is so old that it is polled less often."""
    told = [memory.saved.products.get(name, SavedProduct()) for name in terms.limits.follow]
    return is_told_long_ago([kept for kept in told if kept.told.is_trouble], terms.now, terms.limits)


def is_told_long_ago(told: list[SavedProduct], now: Moment, limits: Limits) -> bool:
    """Whether the newest of these troubles was notified at least two hours ago."""
    ages = [abs((now.wall - kept.told_at).total_seconds()) for kept in told if kept.told_at is not None]
    return min(ages, default=0.0) >= limits.late_after
