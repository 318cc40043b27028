"""Decides when to poll the probes."""

from __future__ import annotations

import math

from trayapp.core.polling.key_check import key_check_due
from trayapp.core.polling.page import is_told_long_ago
from trayapp.core.polling.poll_times import Schedule
from trayapp.core.state.memory import Evidence, Memory
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.product_context import find_probes
from trayapp.model import Limits, Outcome, ProbeSpec, Round, RoundTerms, SavedProduct


def probe_due(schedule: Schedule, memory: Memory, spec: ProbeSpec, terms: RoundTerms) -> float:
    """Returns when a probe is due (`Moment.awake`)."""
    now = terms.now
    if spec.keyed:
        return key_check_due(schedule, memory, spec, terms)
    if spec.name in schedule.immediate_probes:
        return now.awake
    asked = schedule.polled_at.get(spec.name, now.awake)
    if not asked <= now.awake:
        return now.awake  # a time in the future, or not a number
    result = memory.probe_results.get(spec.name)
    if _has_failed_in_grace(schedule, memory, spec, asked):
        return min(memory.grace_until, asked + spec.interval)
    held_back = (result.retry_after if result else None) or 0.0
    pause = max(probe_pause(schedule, memory, spec, terms), held_back)
    longest = max(spec.interval * (1.0 + terms.limits.jitter), terms.limits.retry_after_cap_repeated)
    return asked + (min(pause, longest) if math.isfinite(pause) else spec.interval)


def _has_failed_in_grace(schedule: Schedule, memory: Memory, spec: ProbeSpec, asked: float) -> bool:
    """Whether a failure did not count because the computer had just come back: the probe is polled again."""
    result = memory.probe_results.get(spec.name)
    failed = result is not None and result.outcome is Outcome.FAILURE and spec.name in schedule.polled_at
    return failed and asked < memory.grace_until and memory.connection not in NO_INTERNET


def probe_pause(schedule: Schedule, memory: Memory, spec: ProbeSpec, terms: RoundTerms) -> float:
    """Returns the seconds from the last poll of a probe to the next."""
    limits = terms.limits
    factor = schedule.interval_factors.get(spec.name, 1.0)
    evidence = memory.evidence.get(spec.name, Evidence())
    calm = spec.interval * factor
    if memory.connection in NO_INTERNET or (evidence.unreachable_failures and not evidence.has_alarm):
        return calm
    told = [] if evidence.is_clean else _told_troubles(memory, spec, limits)
    if evidence.has_alarm or told:
        late = evidence.has_alarm and terms.now.awake - evidence.alarm_since >= limits.late_after
        late = late or is_told_long_ago(told, terms.now, limits)
        # Several answers in a row may mean that it is over: the quick polls go on until that is decided.
        late = late and evidence.answers_in_row < limits.end_answers_least
        return min(spec.interval, limits.late_probe_interval if late else limits.probe_interval_in_trouble)
    if evidence.burst_left > 0:
        return min(calm, limits.burst_interval * factor)
    if evidence.score > 0.0 and schedule.tokens >= 1.0:
        return min(calm, limits.slow_burst_interval * factor)
    return calm


def _told_troubles(memory: Memory, spec: ProbeSpec, limits: Limits) -> list[SavedProduct]:
    """Returns the products of this probe with notified trouble that is not over."""
    own = [name for name in limits.follow if spec in find_probes(memory, name, limits)]
    told = [memory.saved.products.get(name, SavedProduct()) for name in own]
    return [kept for kept in told if kept.told.is_trouble]


def probes_after_first_failure(
    schedule: Schedule, memory: Memory, round_: Round, limits: Limits
) -> frozenset[str]:
    """Returns the probes to poll at once because another has just failed, so that one cause is notified once.

    A probe polled just before is left out: otherwise two first failures would poll each other in turn.
    """
    now, asked = round_.moment.awake, {p.name for p in round_.probes}
    begun = {
        p.product for p in round_.probes if memory.evidence.get(p.name, Evidence()).first_failure_at == now
    }
    if not begun or memory.connection in NO_INTERNET:
        return frozenset()
    since = now - limits.burst_interval
    return frozenset(
        spec.name
        for spec in limits.probes
        if spec.name not in asked
        and (spec.product in begun or not spec.keyed)
        and schedule.polled_at.get(spec.name, since) <= since
    )


def refill_tokens(schedule: Schedule, memory: Memory, round_: Round, limits: Limits) -> float:
    """Refills the bucket of quick polls with time, less this round's: after the burst, in suspicion."""
    now = round_.moment.awake
    refilled = schedule.tokens + (now - schedule.tokens_at) * limits.bucket_per_hour / 3600.0
    keyed = {spec.name for spec in limits.probes if spec.keyed}
    taken = sum(
        p.name not in keyed
        and (e := memory.evidence.get(p.name, Evidence())).burst_left == 0
        and e.score > 0.0
        and not e.has_alarm
        for p in round_.probes
    )
    return max(0.0, min(limits.bucket_size, refilled) - taken)
