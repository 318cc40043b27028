"""What calm polls teach: how well the line carries a probe, and which status an endpoint always gives (law 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from trayapp.model import Limits, Outcome, ProbeResult, ProbeSpec, SavedProbe

WEEK_SECONDS = 7 * 24 * 3600.0
MIN_POLLS_TO_JUDGE = 500
"""Fewer polls than about a day's say too little of a line: until then it is taken for a good one."""
USUAL_STATUS_AFTER = 24 * 3600.0
"""Seconds after which a status that keeps coming is what this endpoint always gives: longer than outages last."""


def connection_failure_rate(probes: Mapping[str, SavedProbe], specs: Iterable[ProbeSpec]) -> float:
    """The share of polls that failed over the last seven days, of the probes configured now."""
    known = [probes[spec.name] for spec in specs if spec.name in probes]
    return sum(p.failures for p in known) / max(sum(p.looks for p in known), MIN_POLLS_TO_JUDGE)


def alarm_span(rate: float, limits: Limits) -> float:
    """Seconds over which failures must lie on a line with this failure rate."""
    longer = limits.alarm_span_per_percent * 100.0 * max(0.0, rate - limits.bad_line)
    return min(limits.alarm_span_max, limits.alarm_span + longer)


def update_failure_rate(kept: SavedProbe, outcome: Outcome, interval: float) -> SavedProbe:
    """The failure rate of the line after a calm poll.

    Only the first poll after calm counts: those that follow a failure are asked because of it.
    """
    fade = max(0.0, 1.0 - interval / WEEK_SECONDS)
    failed = 1.0 if outcome is Outcome.FAILURE else 0.0
    return replace(kept, looks=kept.looks * fade + 1.0, failures=kept.failures * fade + failed)


def learn_usual_status(kept: SavedProbe, result: ProbeResult, outcome: Outcome, now: datetime) -> SavedProbe:
    """What an answer teaches about an endpoint: the very first, and one that came alone for long, is its usual one."""
    if outcome is Outcome.ALIVE:
        return replace(kept, odd={}) if kept.odd else kept
    if outcome is not Outcome.ODD or result.status is None:
        return kept
    since = kept.odd.get(str(result.status), now)
    if kept.looks == 0.0 or (now - since).total_seconds() >= USUAL_STATUS_AFTER:
        return replace(kept, usual=(*kept.usual, result.status), odd={})
    return replace(kept, odd={**kept.odd, str(result.status): since})
