"""One probe's answers -> its suspicion (law 5).

A score that rises by much with a failure and falls by little with an answer finds a service that fails one time in
four as surely as one that is gone, where "three in a row" is nearly blind to the first. The steps are log-likelihood
ratios of a service that fails 30 % of the time against a line that fails 1 %: ln(.30/.01) and ln(.70/.99).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from trayapp.core.memory import Evidence
from trayapp.model import KeptProbe, Limits, Moment, Outcome, ProbeResult

WEEK = 7 * 24 * 3600.0
LOOKS_TO_JUDGE_A_LINE = 500
"""Fewer looks than about a day's say too little of a line: until then it is taken for a good one."""
USUAL_AFTER = 24 * 3600.0
"""Seconds after which a status that keeps coming is what this endpoint always gives: longer than outages last."""

_WEIGHT = {Outcome.FAILURE: 1.0, Outcome.ODD: 0.5}


def weighed(result: ProbeResult, kept: KeptProbe) -> Outcome:
    """The outcome in the light of what this endpoint usually gives."""
    if result.outcome is Outcome.ODD and result.status in kept.usual:
        return Outcome.ALIVE
    return result.outcome


def added(evidence: Evidence, outcome: Outcome, now: Moment, limits: Limits, span: float) -> Evidence:
    """The evidence after one more answer. `span`: seconds over which failures must lie before they are an alarm."""
    if outcome is Outcome.ALIVE:
        return _alive(evidence, now, limits)
    if outcome in _WEIGHT:
        return _failure(evidence, _WEIGHT[outcome], now, limits, span)
    return looked(evidence)


def _alive(evidence: Evidence, now: Moment, limits: Limits) -> Evidence:
    if evidence.clean:
        return evidence
    after = replace(
        evidence,
        score=max(0.0, evidence.score - limits.alive_step),
        looks=evidence.looks + 1,
        alive=evidence.alive + 1,
        alive_since=now.awake if evidence.alive_since is None else evidence.alive_since,
        back_at=now.wall if evidence.alive_since is None else evidence.back_at,
        burst=max(0, evidence.burst - 1),
    )
    calm = after.score == 0.0 and not after.alarm
    return forgotten(after) if calm or cleared(after, now, limits) else after


def forgotten(evidence: Evidence) -> Evidence:
    """A clean slate, but for when the probe came back."""
    return Evidence(back_at=evidence.back_at)


def _failure(evidence: Evidence, weight: float, now: Moment, limits: Limits, span: float) -> Evidence:
    step = limits.failure_step if weight == 1.0 else limits.odd_step
    score = min(limits.score_max, evidence.score + step)
    first = now.awake if evidence.first is None else evidence.first
    total = evidence.weight + weight
    enough = score >= limits.alarm_score and total >= limits.alarm_failures and now.awake - first >= span
    return replace(
        evidence,
        score=score,
        weight=total,
        looks=evidence.looks + 1,
        failed=evidence.failed + 1,
        first=first,
        first_wall=now.wall if evidence.first_wall is None else evidence.first_wall,
        alarm=evidence.alarm or enough,
        alive=0,
        alive_since=None,
        burst=limits.burst_looks,
    )


def checking(evidence: Evidence, limits: Limits) -> bool:
    """Whether there is enough to show a hollow icon, not enough to say anything."""
    return (
        not evidence.alarm
        and evidence.weight >= limits.checking_failures
        and evidence.score >= limits.failure_step
    )


def cleared(evidence: Evidence, now: Moment, limits: Limits) -> bool:
    """Whether a probe takes nothing from the page's word that all is well (law 7)."""
    return evidence.clean or (
        evidence.alive >= limits.clear_alive
        and evidence.alive_since is not None
        and now.awake - evidence.alive_since >= limits.clear_alive_span
    )


def span(probes: Mapping[str, KeptProbe], limits: Limits) -> float:
    """Seconds over which failures must lie on this line, by its own failure rate over the last seven days."""
    looks = sum(p.looks for p in probes.values())
    percent = 100.0 * sum(p.failures for p in probes.values()) / max(looks, LOOKS_TO_JUDGE_A_LINE)
    longer = limits.alarm_span + limits.alarm_span_per_percent * max(0.0, percent - 1.0)
    return min(limits.alarm_span_max, longer)


def rated(kept: KeptProbe, outcome: Outcome, interval: float) -> KeptProbe:
    """What a calm look teaches about the line: its failure rate.

    Only the first look after calm counts: those that follow a failure are asked because of it.
    """
    fade = max(0.0, 1.0 - interval / WEEK)
    failed = 1.0 if outcome is Outcome.FAILURE else 0.0
    return replace(kept, looks=kept.looks * fade + 1.0, failures=kept.failures * fade + failed)


def accustomed(kept: KeptProbe, result: ProbeResult, outcome: Outcome, now: datetime) -> KeptProbe:
    """What an answer teaches about an endpoint: the very first, and one that came alone for long, is its usual one."""
    if outcome is Outcome.ALIVE:
        return replace(kept, odd={}) if kept.odd else kept
    if outcome is not Outcome.ODD or result.status is None:
        return kept
    since = kept.odd.get(str(result.status), now)
    if kept.looks == 0.0 or (now - since).total_seconds() >= USUAL_AFTER:
        return replace(kept, usual=(*kept.usual, result.status), odd={})
    return replace(kept, odd={**kept.odd, str(result.status): since})


def looked(evidence: Evidence) -> Evidence:
    """The evidence after a look that said nothing: it uses up the burst as any other."""
    return replace(evidence, burst=evidence.burst - 1) if evidence.burst else evidence
