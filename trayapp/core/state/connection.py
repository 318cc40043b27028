"""Judges the person's connection, and outdates what was known before a sleep, a set clock or an absence.

The rules are laws 1 and 6 of `docs/law.md`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import MAXYEAR, datetime, timedelta

from trayapp.core.state.clock_jumps import measure_gap
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_round import NO_INTERNET, reset_after_absence, restore_alarms
from trayapp.model import (
    ConnectionState,
    Limits,
    Outcome,
    PageReading,
    Round,
    RoundTerms,
    SavedProduct,
)


def apply_clock_jumps(memory: Memory, terms: RoundTerms) -> Memory:
    """Updates the memory if the computer slept, nobody polled or the clock was set since the last round."""
    now, limits = terms.now, terms.limits
    before = memory.moment
    if before is None:
        return _begin_first_round(memory, terms)
    gap = measure_gap(before, now, limits)
    if gap.clock_set_seconds:
        memory = _move_dates(memory, timedelta(seconds=gap.clock_set_seconds))
    unseen = gap.asleep_seconds + now.awake - before.awake
    read = memory.page_read_at
    unread = unseen if read is None else gap.asleep_seconds + now.awake - read.awake
    # The computer was awake only briefly, but asleep nobody polled: the last reading is not recent any more.
    if gap.asleep_seconds and max(unseen, unread) > stale_after(memory, limits):
        memory = mark_absence(memory, before.wall, terms)
    if unseen >= limits.evidence_lifetime:
        memory = reset_after_absence(memory, terms)
    return start_grace_period(memory, terms) if gap.is_disturbance else memory


def _begin_first_round(memory: Memory, terms: RoundTerms) -> Memory:
    """Begins the first round after a start: restores notified alarms, and marks the time not running."""
    last = memory.saved.last_round
    seconds = terms.limits.evidence_lifetime if last is None else abs((terms.now.wall - last).total_seconds())
    memory = restore_alarms(memory, terms, seconds)
    return memory if last is None else mark_absence(memory, last, terms)


def mark_absence(memory: Memory, since: datetime, terms: RoundTerms) -> Memory:
    """Marks that the program has not polled since then, so that the last reading is not recent any more."""
    unread_since = memory.unread_since if memory.absent_since else _last_reading(memory, since, terms.limits)
    newest_gap, since = since, memory.absent_since or since
    read = memory.page_read_at
    if read is not None:
        too_old = terms.now.awake - stale_after(memory, terms.limits) - 1.0
        read = replace(read, awake=min(read.awake, too_old))
    return replace(
        memory,
        page_read_at=read,
        absent_since=since,
        absence_start=since,
        newest_gap=newest_gap,
        unread_since=unread_since,
        is_absence_unread=False,
        is_past_wanted=True,
        # What changed in an earlier absence did not change in this one.
        histories={name: replace(h, changed_away=False) for name, h in memory.histories.items()},
    )


def _last_reading(memory: Memory, since: datetime, limits: Limits) -> datetime:
    """Returns when the page was last read, if that was long before an absence began, else when that began."""
    read = memory.page_read_at
    last = memory.saved.last_reading if read is None else read.wall
    is_long_ago = last is not None and (since - last).total_seconds() > stale_after(memory, limits)
    return last if last is not None and is_long_ago else since


def start_grace_period(memory: Memory, terms: RoundTerms) -> Memory:
    """Suspends notifications and failures for a while after the connection returned, a waking or a set clock.

    The computer may be on another network now, so the network is looked up again even if nothing fails.
    """
    return replace(
        memory, grace_until=max(memory.grace_until, terms.now.awake + terms.limits.grace), network=""
    )


def stale_after(memory: Memory, limits: Limits) -> float:
    """Returns after how many seconds awake a reading is stale: three intervals in force, at least 10 min."""
    return max(limits.stale_intervals * (memory.page_interval or limits.page_interval), limits.stale_at_least)


def update_connection(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """Updates the memory with what this round shows about the person's connection."""
    now = round_.moment
    line = _current_connection(memory.connection, round_)
    was_away, is_away = memory.connection in NO_INTERNET, line in NO_INTERNET
    memory = replace(memory, connection=line)
    if is_away:
        return replace(memory, offline_since=memory.offline_since or now)
    if was_away:
        memory = _mark_return(memory, RoundTerms(now, limits))
    return replace(_update_edge_trouble(memory, round_), offline_since=None)


def _mark_return(memory: Memory, terms: RoundTerms) -> Memory:
    now = terms.now
    absence = now.awake - (memory.offline_since or now).awake
    if absence >= terms.limits.evidence_lifetime:
        # Whichever network this is, no probe has been answered on it since the connection returned.
        memory = replace(memory, answered_on_network={}, network="")
        memory = mark_absence(memory, now.wall - timedelta(seconds=absence), terms)
    return start_grace_period(memory, terms)


def _current_connection(before: ConnectionState, round_: Round) -> ConnectionState:
    if isinstance(round_.page, PageReading):
        return ConnectionState.EDGE if round_.line is ConnectionState.EDGE else ConnectionState.GOOD
    if round_.line is not ConnectionState.NOT_CHECKED:
        return round_.line
    answered = any(p.status is not None for p in round_.probes)
    return ConnectionState.GOOD if answered else before


def _update_edge_trouble(memory: Memory, round_: Round) -> Memory:
    """Keeps trouble at Cloudflare's edge open until its trace page or a probe answers again."""
    if memory.connection is ConnectionState.EDGE:
        since = round_.moment.awake if memory.edge_failing_since is None else memory.edge_failing_since
        return replace(memory, edge_failing_since=since, connection=ConnectionState.GOOD)
    answered = any(p.outcome is Outcome.ALIVE for p in round_.probes)
    # A failing probe asks for the trace page; if the connection is good then, that page answered.
    traced = any(p.outcome is Outcome.FAILURE for p in round_.probes) and round_.line is ConnectionState.GOOD
    return replace(memory, edge_failing_since=None) if answered or traced else memory


def _move_dates(memory: Memory, by: timedelta) -> Memory:
    """Moves the dates taken from the wall clock by as much as it was set, so that durations stay true."""
    kept = memory.saved
    products = {name: _move_product_dates(product, by) for name, product in kept.products.items()}
    paused = kept.paused_until
    if paused is not None and paused.year < MAXYEAR:
        paused += by
    offline, read = memory.offline_since, memory.page_read_at
    return replace(
        memory,
        page_read_at=None if read is None else replace(read, wall=read.wall + by),
        offline_since=None if offline is None else replace(offline, wall=offline.wall + by),
        previous_read_at=_move_date(memory.previous_read_at, by),
        saved=replace(
            kept,
            products=products,
            paused_until=paused,
            last_reading=_move_date(kept.last_reading, by),
        ),
        evidence={
            name: replace(
                e,
                first_failure_wall=_move_date(e.first_failure_wall, by),
                first_answer_at=_move_date(e.first_answer_at, by),
                answers_since=_move_date(e.answers_since, by),
            )
            for name, e in memory.evidence.items()
        },
        histories={
            name: replace(
                h,
                rungs=tuple(replace(rung, since_wall=rung.since_wall + by) for rung in h.rungs),
                shown_rungs=tuple(replace(rung, since_wall=rung.since_wall + by) for rung in h.shown_rungs),
            )
            for name, h in memory.histories.items()
        },
    )


def _move_date(at: datetime | None, by: timedelta) -> datetime | None:
    return None if at is None else at + by


def _move_product_dates(product: SavedProduct, by: timedelta) -> SavedProduct:
    def move_date(at: datetime | None) -> datetime | None:
        return _move_date(at, by)

    return replace(
        product,
        reached=tuple(map(move_date, product.reached)),
        told_at=move_date(product.told_at),
        told_since=move_date(product.told_since),
        told_state_since=move_date(product.told_state_since),
        answers_since=move_date(product.answers_since),
        ended_at=move_date(product.ended_at),
        notified=tuple(replace(one, at=one.at + by) for one in product.notified),
        posts=tuple(at + by for at in product.posts),
    )
