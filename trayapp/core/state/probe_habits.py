"""Learns from calm polls a connection's failure rate and endpoints' usual statuses (law 5, `docs/law.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from trayapp.model import Limits, Outcome, ProbeResult, ProbeSpec, SavedProbe

WEEK_SECONDS = 7 * 24 * 3600.0
MIN_POLLS_TO_JUDGE = 500
"""About a day's polls; with fewer, the connection counts as a good one."""
USUAL_STATUS_AFTER = 24 * 3600.0
"""Seconds after which a status that keeps coming is the usual one: longer than outages last."""


def connection_failure_rate(probes: Mapping[str, SavedProbe], specs: Iterable[ProbeSpec]) -> float:
    """Returns the share of polls that failed over the last seven days, of the probes configured now."""
    known = [probes[spec.name] for spec in specs if spec.name in probes]
    return sum(p.failures for p in known) / max(sum(p.looks for p in known), MIN_POLLS_TO_JUDGE)


def alarm_span(rate: float, limits: Limits) -> float:
    """Returns the seconds that failures must span on a connection with this failure rate, from 0 to 1."""
    longer = limits.alarm_span_per_percent * 100.0 * max(0.0, rate - limits.bad_line)
    return min(limits.alarm_span_max, limits.alarm_span + longer)


def update_failure_rate(kept: SavedProbe, outcome: Outcome, interval: float) -> SavedProbe:
    """Updates the connection's failure rate after a calm poll.

    Only the first poll after calm counts, as those that follow a failure are made because of it.
    """
    fade = max(0.0, 1.0 - interval / WEEK_SECONDS)
    failed = 1.0 if outcome is Outcome.FAILURE else 0.0
    return replace(kept, looks=kept.looks * fade + 1.0, failures=kept.failures * fade + failed)


def learn_usual_status(kept: SavedProbe, result: ProbeResult, outcome: Outcome, now: datetime) -> SavedProbe:
    """Learns an odd status as usual if it came first of all, or for a day without a normal answer."""
    if outcome is Outcome.ALIVE:
        return replace(kept, odd={}) if kept.odd else kept
    if outcome is not Outcome.ODD or result.status is None:
        return kept
    since = kept.odd.get(str(result.status), now)
    if kept.looks == 0.0 or (now - since).total_seconds() >= USUAL_STATUS_AFTER:
        return replace(kept, usual=(*kept.usual, result.status), odd={})
    return replace(kept, odd={**kept.odd, str(result.status): since})
