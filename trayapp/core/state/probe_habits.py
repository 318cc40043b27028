"""What calm polls teach: how well the line carries a probe, and which status an endpoint always gives (law 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from trayapp.model import KeptProbe, Limits, Outcome, ProbeResult, ProbeSpec

WEEK = 7 * 24 * 3600.0
LOOKS_TO_JUDGE_A_LINE = 500
"""Fewer polls than about a day's say too little of a line: until then it is taken for a good one."""
USUAL_AFTER = 24 * 3600.0
"""Seconds after which a status that keeps coming is what this endpoint always gives: longer than outages last."""


def line_failure_rate(probes: Mapping[str, KeptProbe], specs: Iterable[ProbeSpec]) -> float:
    """The share of polls that failed over the last seven days, of the probes configured now."""
    known = [probes[spec.name] for spec in specs if spec.name in probes]
    return sum(p.failures for p in known) / max(sum(p.looks for p in known), LOOKS_TO_JUDGE_A_LINE)


def alarm_span(rate: float, limits: Limits) -> float:
    """Seconds over which failures must lie on a line with this failure rate."""
    longer = limits.alarm_span_per_percent * 100.0 * max(0.0, rate - limits.bad_line)
    return min(limits.alarm_span_max, limits.alarm_span + longer)


def add_to_rate(kept: KeptProbe, outcome: Outcome, interval: float) -> KeptProbe:
    """The failure rate of the line after a calm poll.

    Only the first poll after calm counts: those that follow a failure are asked because of it.
    """
    fade = max(0.0, 1.0 - interval / WEEK)
    failed = 1.0 if outcome is Outcome.FAILURE else 0.0
    return replace(kept, looks=kept.looks * fade + 1.0, failures=kept.failures * fade + failed)


def learn_usual_status(kept: KeptProbe, result: ProbeResult, outcome: Outcome, now: datetime) -> KeptProbe:
    """What an answer teaches about an endpoint: the very first, and one that came alone for long, is its usual one."""
    if outcome is Outcome.ALIVE:
        return replace(kept, odd={}) if kept.odd else kept
    if outcome is not Outcome.ODD or result.status is None:
        return kept
    since = kept.odd.get(str(result.status), now)
    if kept.looks == 0.0 or (now - since).total_seconds() >= USUAL_AFTER:
        return replace(kept, usual=(*kept.usual, result.status), odd={})
    return replace(kept, odd={**kept.odd, str(result.status): since})
