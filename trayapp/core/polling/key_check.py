"""When the check with the person's own key is due, and what it has cost.

It costs money, however little: it is asked seldom, never for nothing, and no more than so often a day.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from trayapp.core.polling.poll_times import Schedule
from trayapp.core.state.memory import Evidence, Memory
from trayapp.core.state.probe_round import AWAY_FROM_NET
from trayapp.model import Limits, Moment, Outcome, ProbeSpec, Spending, Spent

DOLLARS_IN, DOLLARS_OUT = 0.10, 0.50
"""For a million tokens of the cheapest model (gpt-6-luna, 2026-11)."""
_LONGEST_PAUSE = 6 * 3600.0


def answers_due(schedule: Schedule, memory: Memory, spec: ProbeSpec, now: Moment, limits: Limits) -> float:
    """When it is due (`Moment.awake`); never while offline, while paused, or when the day's share is spent."""
    paused = memory.kept.paused_until
    if memory.line in AWAY_FROM_NET or (paused is not None and paused > now.wall):
        return math.inf
    if asked_today(memory.kept.spending, now.wall) >= limits.answers_a_day:
        return math.inf
    return max(_wanted(schedule, memory, spec, now, limits), memory.quiet_until)


def _wanted(schedule: Schedule, memory: Memory, spec: ProbeSpec, now: Moment, limits: Limits) -> float:
    asked = schedule.asked.get(spec.name, now.awake)
    result = memory.results.get(spec.name)
    if not asked <= now.awake:
        return now.awake
    if result is not None and result.retry_after is not None:
        # What is ours names its own time; a server's may be none at all.
        least = 0.0 if result.outcome is Outcome.LOCAL else spec.interval
        return asked + min(max(result.retry_after, least), _LONGEST_PAUSE)
    if spec.name in schedule.at_once:
        return now.awake
    evidence = memory.evidence.get(spec.name, Evidence())
    if evidence.clean or evidence.first is None or (result and result.outcome is Outcome.LOCAL):
        return asked + spec.interval * schedule.factor.get(spec.name, 1.0)
    quick = [evidence.first + after for after in limits.answers_after_failure]
    return next((at for at in quick if at > asked), asked + min(limits.answers_in_doubt, spec.interval))


def asked_today(spending: Spending, now: datetime) -> int:
    """Requests of this day."""
    return spending.today if spending.day == f"{now:%Y-%m-%d}" else 0


def add_spent(spending: Spending, spent: Spent, now: datetime) -> Spending:
    """The account with what was spent since the last round."""
    if spent == Spent():
        return spending
    day, month = f"{now:%Y-%m-%d}", f"{now:%Y-%m}"
    before = spending if spending.month == month else Spending()
    return replace(
        before,
        day=day,
        today=asked_today(spending, now) + spent.requests,
        month=month,
        requests=before.requests + spent.requests,
        tokens_in=before.tokens_in + spent.tokens_in,
        tokens_out=before.tokens_out + spent.tokens_out,
    )


def dollars(spending: Spending) -> float:
    """What this month's checks have cost, at the cheapest model's price."""
    return (spending.tokens_in * DOLLARS_IN + spending.tokens_out * DOLLARS_OUT) / 1e6
