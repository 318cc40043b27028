"""Decides when the check with the person's own key is due, and adds up its cost.

Each request costs a little money, so the check is rare, never runs without need, and has a daily cap.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from trayapp.core.polling.poll_times import Schedule
from trayapp.core.state.memory import Evidence, Memory
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.model import KeyUsage, Outcome, ProbeSpec, RoundTerms, Spending

INPUT_PRICE, OUTPUT_PRICE = 0.10, 0.50
"""Dollars for a million tokens of the cheapest model (gpt-6-luna, 2026-11)."""
_MAX_PAUSE = 6 * 3600.0


def key_check_due(schedule: Schedule, memory: Memory, spec: ProbeSpec, terms: RoundTerms) -> float:
    """Returns when the check is due (`Moment.awake`); never while offline, paused or over the daily cap."""
    paused = memory.saved.paused_until
    if memory.connection in NO_INTERNET or (paused is not None and paused > terms.now.wall):
        return math.inf
    if requests_today(memory.saved.spending, terms.now.wall) >= terms.limits.answers_a_day:
        return math.inf
    return max(_wanted_time(schedule, memory, spec, terms), memory.grace_until)


def _wanted_time(schedule: Schedule, memory: Memory, spec: ProbeSpec, terms: RoundTerms) -> float:
    now = terms.now
    asked = schedule.polled_at.get(spec.name, now.awake)
    result = memory.probe_results.get(spec.name)
    if not asked <= now.awake:
        return now.awake
    if result is not None and result.retry_after is not None:
        # A local problem (key, credit, country) sets its own time; a server's `Retry-After` may be zero.
        least = 0.0 if result.outcome is Outcome.LOCAL else spec.interval
        return asked + min(max(result.retry_after, least), _MAX_PAUSE)
    if spec.name in schedule.immediate_probes:
        return now.awake
    evidence = memory.evidence.get(spec.name, Evidence())
    if evidence.is_clean or evidence.first_failure_at is None or (result and result.outcome is Outcome.LOCAL):
        return asked + spec.interval * schedule.interval_factors.get(spec.name, 1.0)
    quick = [evidence.first_failure_at + after for after in terms.limits.answers_after_failure]
    return next((at for at in quick if at > asked), asked + min(terms.limits.answers_in_doubt, spec.interval))


def requests_today(spending: Spending, now: datetime) -> int:
    """Returns the number of requests made today."""
    return spending.today if spending.day == f"{now:%Y-%m-%d}" else 0


def add_usage(spending: Spending, spent: KeyUsage, now: datetime) -> Spending:
    """Adds what was spent since the last round to the account."""
    if spent == KeyUsage():
        return spending
    day, month = f"{now:%Y-%m-%d}", f"{now:%Y-%m}"
    before = spending if spending.month == month else Spending()
    return replace(
        before,
        day=day,
        today=requests_today(spending, now) + spent.requests,
        month=month,
        requests=before.requests + spent.requests,
        tokens_in=before.tokens_in + spent.tokens_in,
        tokens_out=before.tokens_out + spent.tokens_out,
    )


def dollar_cost(spending: Spending) -> float:
    """Returns this month's cost of the checks in dollars, at the cheapest model's price."""
    return (spending.tokens_in * INPUT_PRICE + spending.tokens_out * OUTPUT_PRICE) / 1e6
