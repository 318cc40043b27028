"""Calm stretches, passed at once.

Where nothing is the matter a round changes nothing that decides (`tests/prove/calm.py` holds that fixed point): only
clocks go on. So all that is dated by the clock of waking hours is moved on with it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trayapp.core.polling.poll_times import FEED, PAGE, PAST, Schedule
from trayapp.core.state.memory import Memory
from trayapp.model import Limits, Line, Moment, Outcome, State

LONG_AGO = 1200.0
"""Seconds after which a change has had all its effects: the absence's list of past incidents is waited for longest."""


def pass_calm(
    memory: Memory, schedule: Schedule, now: Moment, limits: Limits, seconds: float
) -> tuple[Memory, Schedule] | None:
    """Memory and schedule so many seconds later; None where something may still come of what was."""
    if not _is_calm(memory, schedule, now, limits):
        return None
    asked = {name: at + seconds for name, at in schedule.asked.items()}
    schedule = replace(
        schedule, asked=asked, tokens=limits.bucket_size, tokens_at=schedule.tokens_at + seconds
    )
    assert memory.page_read is not None
    assert memory.moment is not None
    whole, native = memory.whole_read, memory.native_read
    last = memory.moment.wall + timedelta(seconds=seconds)
    probes = {
        name: replace(
            known, answered={**known.answered, memory.network: last} if memory.network else known.answered
        )
        for name, known in memory.kept.probes.items()
    }
    memory = replace(
        memory,
        kept=replace(memory.kept, last_round=last, probes=probes),
        moment=_moved(memory.moment, seconds),
        page_read=_moved(memory.page_read, seconds),
        whole_read=None if whole is None else whole + seconds,
        native_read=None if native is None else native + seconds,
        answered_here={name: at + seconds for name, at in memory.answered_here.items()},
        evidence={
            name: replace(e, learnt=None if e.learnt is None else e.learnt + seconds)
            for name, e in memory.evidence.items()
        },
    )
    return memory, schedule


def _moved(moment: Moment, seconds: float) -> Moment:
    return Moment(moment.wall + timedelta(seconds=seconds), moment.awake + seconds, moment.boot + seconds)


def _is_calm(memory: Memory, schedule: Schedule, now: Moment, limits: Limits) -> bool:
    since = now.awake - LONG_AGO
    return (
        memory.line in {Line.GOOD, Line.UNASKED}
        and memory.miss is None
        and memory.edge_since is None
        and memory.offline_since is None
        and memory.absent_since is None
        and memory.away_from is None
        and not memory.missed
        and not memory.end_due
        and not memory.tracks
        and memory.quiet_until < since
        and schedule.backoff == 0.0
        and not schedule.at_once
        and not schedule.incidents
        and {PAGE, FEED, PAST} <= set(schedule.asked)
        and memory.moment is not None
        and now.awake - memory.moment.awake < 1.0
        and _is_page_calm(memory, since, limits)
        and all(e.clean and not e.unreachable for e in memory.evidence.values())
        and all(
            memory.results[spec.name].outcome is Outcome.ALIVE if spec.name in memory.results else False
            for spec in limits.probes
        )
    )


def _is_page_calm(memory: Memory, since: float, limits: Limits) -> bool:
    if memory.page_read is None or memory.raw is None or memory.raw.age or not memory.raw.whole:
        return False
    for name in limits.follow:
        state, history = memory.products.get(name), memory.history.get(name)
        kept = memory.kept.products.get(name)
        if state is None or history is None or kept is None or state.state is not State.OPERATIONAL:
            return False
        if kept.told is not State.OPERATIONAL or kept.unstable:
            return False
        if any(
            (rung.reached and rung.first is False) or rung.since > since
            for rung in (*history.rungs[1:], *history.shown_rungs[1:])
        ):
            return False
    return not any(s.state.is_trouble for s in memory.products.values() if s.state.is_known)
