"""Calm stretches, passed at once.

Where nothing is the matter a round changes nothing that decides (`tools/prove/calm.py` holds that fixed point): only
clocks go on. So all that is dated by the clock of waking hours is moved on with it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trayapp.core.polling.poll_times import FEED, PAGE, PAST_INCIDENTS, Schedule
from trayapp.core.state.memory import Memory
from trayapp.model import ConnectionState, Limits, Moment, Outcome, State

LONG_AGO = 1200.0
"""Seconds after which a change has had all its effects: the absence's list of past incidents is waited for longest."""


def pass_calm(
    memory: Memory, schedule: Schedule, now: Moment, limits: Limits, seconds: float
) -> tuple[Memory, Schedule] | None:
    """Memory and schedule so many seconds later; None where something may still come of what was."""
    if not _is_calm(memory, schedule, now, limits):
        return None
    asked = {name: at + seconds for name, at in schedule.polled_at.items()}
    schedule = replace(
        schedule, polled_at=asked, tokens=limits.bucket_size, tokens_at=schedule.tokens_at + seconds
    )
    assert memory.page_read_at is not None
    assert memory.moment is not None
    whole, native, previous = memory.whole_read_at, memory.native_read_at, memory.previous_read_at
    last = memory.moment.wall + timedelta(seconds=seconds)
    probes = {
        name: replace(
            known, answered={**known.answered, memory.network: last} if memory.network else known.answered
        )
        for name, known in memory.saved.probes.items()
    }
    memory = replace(
        memory,
        saved=replace(memory.saved, last_round=last, probes=probes),
        moment=_move_moment(memory.moment, seconds),
        page_read_at=_move_moment(memory.page_read_at, seconds),
        previous_read_at=None if previous is None else previous + timedelta(seconds=seconds),
        whole_read_at=None if whole is None else whole + seconds,
        native_read_at=None if native is None else native + seconds,
        answered_on_network={name: at + seconds for name, at in memory.answered_on_network.items()},
        evidence={
            name: replace(e, learnt_at=None if e.learnt_at is None else e.learnt_at + seconds)
            for name, e in memory.evidence.items()
        },
    )
    return memory, schedule


def _move_moment(moment: Moment, seconds: float) -> Moment:
    return Moment(moment.wall + timedelta(seconds=seconds), moment.awake + seconds, moment.boot + seconds)


def _is_calm(memory: Memory, schedule: Schedule, now: Moment, limits: Limits) -> bool:
    since = now.awake - LONG_AGO
    return (
        memory.connection in {ConnectionState.GOOD, ConnectionState.NOT_CHECKED}
        and memory.page_miss is None
        and memory.edge_failing_since is None
        and memory.offline_since is None
        and memory.absent_since is None
        and memory.absence_start is None
        and not memory.missed_transitions
        and not memory.end_possible_since
        and not memory.incident_tracks
        and memory.grace_until < since
        and schedule.backoff == 0.0
        and not schedule.immediate_probes
        and not schedule.incidents
        and {PAGE, FEED, PAST_INCIDENTS} <= set(schedule.polled_at)
        and memory.moment is not None
        and now.awake - memory.moment.awake < 1.0
        and _is_page_calm(memory, since, limits)
        and all(e.is_clean and not e.unreachable_failures for e in memory.evidence.values())
        and all(
            memory.probe_results[spec.name].outcome is Outcome.ALIVE
            if spec.name in memory.probe_results
            else False
            for spec in limits.probes
        )
    )


def _is_page_calm(memory: Memory, since: float, limits: Limits) -> bool:
    if (
        memory.page_read_at is None
        or memory.raw_page is None
        or memory.raw_page.age
        or not memory.raw_page.whole
    ):
        return False
    for name in limits.follow:
        state, history = memory.product_states.get(name), memory.histories.get(name)
        kept = memory.saved.products.get(name)
        if state is None or history is None or kept is None or state.state is not State.OPERATIONAL:
            return False
        if kept.told is not State.OPERATIONAL or kept.unstable:
            return False
        if any(
            (rung.is_reached and rung.is_first_reading is False) or rung.since > since
            for rung in (*history.rungs[1:], *history.shown_rungs[1:])
        ):
            return False
    return not any(s.state.is_trouble for s in memory.product_states.values() if s.state.is_known)
