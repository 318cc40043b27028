"""Our own connection: whether it is us (law 6), and what a sleep, a set clock or an absence makes doubtful."""

from __future__ import annotations

from dataclasses import replace
from datetime import MAXYEAR, datetime, timedelta

from trayapp.core.state.clock_jumps import measure_gap
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_round import AWAY_FROM_NET, reset_after_absence, restore_alarms
from trayapp.model import KeptProduct, Limits, Line, Moment, Outcome, Page, Round


def heed_clocks(memory: Memory, now: Moment, limits: Limits) -> Memory:
    """The memory in the light of the time since the last round: slept, stopped, or a clock that was set."""
    before = memory.moment
    if before is None:
        return _begin(memory, now, limits)
    gap = measure_gap(before, now, limits)
    if gap.clock_set:
        memory = _move_dates(memory, timedelta(seconds=gap.clock_set))
    unseen = gap.asleep + now.awake - before.awake
    read = memory.page_read
    unread = unseen if read is None else gap.asleep + now.awake - read.awake
    # Awake it may have been a short time, but nobody looked: what was read before is not recent any more.
    if gap.asleep and max(unseen, unread) > stale_after(memory, limits):
        memory = leave(memory, before.wall, now, limits)
    if unseen >= limits.evidence_lifetime:
        memory = reset_after_absence(memory, now, limits)
    return stay_quiet(memory, now, limits) if gap.is_disturbance else memory


def _begin(memory: Memory, now: Moment, limits: Limits) -> Memory:
    """The first round of a start: what was told before is still open, and somebody may have missed something."""
    last = memory.kept.last_round
    seconds = limits.evidence_lifetime if last is None else abs((now.wall - last).total_seconds())
    memory = restore_alarms(memory, now, limits, seconds)
    return memory if last is None else leave(memory, last, now, limits)


def leave(memory: Memory, since: datetime, now: Moment, limits: Limits) -> Memory:
    """The memory of who has not looked since then: what was read before is not recent any more."""
    since = memory.absent_since or since
    read = memory.page_read
    if read is not None:
        too_old = now.awake - stale_after(memory, limits) - 1.0
        read = replace(read, awake=min(read.awake, too_old))
    return replace(memory, page_read=read, absent_since=since, away_from=since, past_wanted=True)


def stay_quiet(memory: Memory, now: Moment, limits: Limits) -> Memory:
    """Nothing is told and no failure counts for a while: the computer has just come back, woken or had its clock set.

    It may be on another network, so that is asked after again, also if nothing fails.
    """
    return replace(memory, quiet_until=max(memory.quiet_until, now.awake + limits.grace), network="")


def stale_after(memory: Memory, limits: Limits) -> float:
    """Seconds awake after which a reading is too old to go by (law 1): three intervals in force, at least 10 min."""
    return max(limits.stale_intervals * (memory.interval or limits.page_interval), limits.stale_at_least)


def heed_connection(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """The memory with what this round shows of our own connection."""
    now = round_.moment
    line = _present_line(memory.line, round_)
    was_away, is_away = memory.line in AWAY_FROM_NET, line in AWAY_FROM_NET
    memory = replace(memory, line=line)
    if is_away:
        return replace(memory, offline_since=memory.offline_since or now)
    if was_away:
        memory = _come_back(memory, now, limits)
    return replace(_heed_edge(memory, round_), offline_since=None)


def _come_back(memory: Memory, now: Moment, limits: Limits) -> Memory:
    absence = now.awake - (memory.offline_since or now).awake
    if absence >= limits.evidence_lifetime:
        # Whatever network this is, nothing was answered on it since it came.
        memory = replace(memory, answered_here={}, network="")
        memory = leave(memory, now.wall - timedelta(seconds=absence), now, limits)
    return stay_quiet(memory, now, limits)


def _present_line(before: Line, round_: Round) -> Line:
    if isinstance(round_.page, Page):
        return Line.EDGE if round_.line is Line.EDGE else Line.GOOD
    if round_.line is not Line.UNASKED:
        return round_.line
    answered = any(p.status is not None for p in round_.probes)
    return Line.GOOD if answered else before


def _heed_edge(memory: Memory, round_: Round) -> Memory:
    """Trouble at Cloudflare's edge holds until its trace page or a probe answers again."""
    if memory.line is Line.EDGE:
        since = round_.moment.awake if memory.edge_since is None else memory.edge_since
        return replace(memory, edge_since=since, line=Line.GOOD)
    answered = any(p.outcome is Outcome.ALIVE for p in round_.probes)
    # A failing probe asks for the trace page, so a line that is good in such a round means that it was answered.
    traced = any(p.outcome is Outcome.FAILURE for p in round_.probes) and round_.line is Line.GOOD
    return replace(memory, edge_since=None) if answered or traced else memory


def _move_dates(memory: Memory, by: timedelta) -> Memory:
    """What was dated by a clock that has been set is moved with it, so that lengths stay true."""
    kept = memory.kept
    products = {name: _move_product(product, by) for name, product in kept.products.items()}
    paused = kept.paused_until
    if paused is not None and paused.year < MAXYEAR:
        paused += by
    offline = memory.offline_since
    return replace(
        memory,
        offline_since=None if offline is None else replace(offline, wall=offline.wall + by),
        kept=replace(kept, products=products, paused_until=paused),
        evidence={
            name: replace(
                e,
                first_wall=_moved(e.first_wall, by),
                back_at=_moved(e.back_at, by),
                answers_since=_moved(e.answers_since, by),
            )
            for name, e in memory.evidence.items()
        },
        history={
            name: replace(
                h,
                rungs=tuple(replace(rung, wall=rung.wall + by) for rung in h.rungs),
                shown_rungs=tuple(replace(rung, wall=rung.wall + by) for rung in h.shown_rungs),
            )
            for name, h in memory.history.items()
        },
    )


def _moved(at: datetime | None, by: timedelta) -> datetime | None:
    return None if at is None else at + by


def _move_product(product: KeptProduct, by: timedelta) -> KeptProduct:
    def moved(at: datetime | None) -> datetime | None:
        return _moved(at, by)

    return replace(
        product,
        reached=tuple(map(moved, product.reached)),
        told_at=moved(product.told_at),
        told_since=moved(product.told_since),
        told_state_since=moved(product.told_state_since),
        answers_since=moved(product.answers_since),
        ended_at=moved(product.ended_at),
        notified=tuple(replace(one, at=one.at + by) for one in product.notified),
        posts=tuple(at + by for at in product.posts),
    )
