"""One probe's answers -> its suspicion, and its way out of it (laws 5 and 7).

A score that rises by much with a failure and falls by little with an answer finds a service that fails one time in
four as surely as one that is gone, where "three in a row" is nearly blind to the first. The steps are log-likelihood
ratios of a service that fails 30 % of the time against a line that fails 1 %: ln(.30/.01) and ln(.70/.99).

The way out is as long as the failures were rare: k answers in a row with (1 - f)^k at most 0.0005, where f is the
share of polls that failed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from trayapp.core.state.memory import Evidence
from trayapp.model import Finding, KeptAlarm, KeptProbe, Limits, Moment, Outcome, ProbeResult

_WEIGHT = {Outcome.FAILURE: 1.0, Outcome.ODD: 0.5}
_PRIOR_LOOKS = 4
"""Added to the polls, so that one failure of one poll is no certainty."""


def weigh(result: ProbeResult, kept: KeptProbe) -> Outcome:
    """The outcome in the light of what this endpoint usually gives."""
    if result.outcome is Outcome.ODD and result.status in kept.usual:
        return Outcome.ALIVE
    return result.outcome


def is_without_answer(result: ProbeResult, outcome: Outcome) -> bool:
    """Whether it failed in a way that the person's own line or network may have made."""
    return outcome is Outcome.FAILURE and not result.signed


def add_outcome(
    evidence: Evidence, outcome: Outcome, result: ProbeResult, now: Moment, limits: Limits
) -> Evidence:
    """The evidence after one more answer that says something, or a poll that says nothing."""
    if outcome is Outcome.ALIVE:
        return _add_answer(_fade(evidence, now, limits), now, limits)
    if outcome in _WEIGHT:
        return _add_failure(_fade(evidence, now, limits), _WEIGHT[outcome], result, now, limits)
    return use_up_burst(evidence)


def _fade(evidence: Evidence, now: Moment, limits: Limits) -> Evidence:
    """The score halves for each gap in which nothing was learnt."""
    if evidence.learnt is None or evidence.score == 0.0:
        return evidence
    gaps = math.floor((now.awake - evidence.learnt) / limits.score_halves_after)
    return replace(evidence, score=evidence.score * 0.5**gaps) if gaps > 0 else evidence


def _add_answer(evidence: Evidence, now: Moment, limits: Limits) -> Evidence:
    if evidence.clean:
        back_at = now.wall if evidence.unreachable else evidence.back_at
        return replace(forget(evidence), back_at=back_at, learnt=now.awake)
    counts = evidence.alive_at is None or now.awake - evidence.alive_at >= limits.end_answer_spacing
    after = replace(
        evidence,
        score=max(0.0, evidence.score - limits.alive_step),
        looks=evidence.looks + 1,
        alive=evidence.alive + counts,
        alive_at=now.awake if counts else evidence.alive_at,
        back_at=now.wall if evidence.alive == 0 else evidence.back_at,
        burst=max(0, evidence.burst - 1),
        learnt=now.awake,
        waits_since=None,
    )
    over = after.alive >= answers_to_end(after, limits) if after.alarm else after.score == 0.0
    if over and after.alarm:
        return replace(forget(after), answers_since=after.back_at)
    return forget(after) if over else after


def forget(evidence: Evidence) -> Evidence:
    """A clean slate, but for when the probe came back."""
    return Evidence(back_at=evidence.back_at, learnt=evidence.learnt, answers_since=evidence.answers_since)


def _add_failure(
    evidence: Evidence, weight: float, result: ProbeResult, now: Moment, limits: Limits
) -> Evidence:
    step = limits.failure_step * weight if weight == 1.0 else limits.odd_step
    looks = evidence.looks + 1
    return replace(
        evidence,
        score=min(limits.score_max, evidence.score + step),
        weight=evidence.weight + weight,
        signed=evidence.signed + weight * result.signed,
        cut=evidence.cut + (result.finding is Finding.TRUNCATED),
        looks=looks,
        failed=evidence.failed + 1,
        looks_at_failure=looks,
        first=now.awake if evidence.first is None else evidence.first,
        first_wall=now.wall if evidence.first_wall is None else evidence.first_wall,
        recent=(*evidence.recent, now.awake)[-2:],
        learnt=now.awake,
        alive=0,
        alive_at=None,
        # Who is asked seldom is believed sooner: rare failures among rare polls say little of their share.
        answers_needed=limits.answers_to_end if result.finding else 0,
        burst=limits.burst_looks,
        unreachable=0,
        unreachable_since=None,
    )


def add_unreachable(evidence: Evidence, now: Moment) -> Evidence:
    """A failure that proves nothing: the probe was never answered on this network (law 5, baseline)."""
    return replace(
        evidence,
        unreachable=evidence.unreachable + 1,
        unreachable_since=evidence.unreachable_since or now.wall,
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """What speaks for the connection in this round."""

    page_is_fresh: bool
    """The page was read within the last two minutes, and the last poll of it was no miss."""
    bad_line: bool
    """This line fails by itself, so failures without an answer need more."""
    span: float
    """Seconds over which failures must lie."""


def raise_alarms(
    evidence: Mapping[str, Evidence], now: Moment, limits: Limits, proof: Proof
) -> dict[str, Evidence]:
    """The evidence of all probes, with an alarm where there is enough."""
    return {name: _judge_alarm(name, evidence, now, limits, proof) for name in evidence}


def _judge_alarm(
    name: str, all_evidence: Mapping[str, Evidence], now: Moment, limits: Limits, proof: Proof
) -> Evidence:
    evidence = all_evidence[name]
    if evidence.alarm or evidence.first is None or len(evidence.recent) < 2:
        return evidence
    signed = evidence.signed >= limits.alarm_failures
    span = limits.alarm_span if signed else proof.span
    lasted = evidence.recent[-1] - evidence.first
    enough = (
        evidence.score >= limits.alarm_score
        and evidence.weight >= limits.alarm_failures
        and lasted >= span
        and now.awake - evidence.recent[0] <= _recent(name, limits)
    )
    if enough and proof.bad_line and not signed:
        others = (other for key, other in all_evidence.items() if key != name)
        enough = any(_agrees(other, now, limits) for other in others) or _fails_steadily(
            evidence, lasted, limits
        )
    if not enough:
        return evidence
    waits_since = now.awake if evidence.waits_since is None else evidence.waits_since
    waited = now.awake - waits_since >= limits.page_proof_wait
    if signed or proof.page_is_fresh or waited:
        return replace(evidence, alarm=True, alarm_since=now.awake, waits_since=None, answers_since=None)
    return replace(evidence, waits_since=waits_since)


def _recent(name: str, limits: Limits) -> float:
    keyed = any(spec.keyed and spec.name == name for spec in limits.probes)
    return limits.answers_recent if keyed else limits.alarm_recent


def _agrees(other: Evidence, now: Moment, limits: Limits) -> bool:
    recently = bool(other.recent) and now.awake - other.recent[-1] <= limits.alarm_recent
    return other.alarm or (recently and other.score >= limits.failure_step)


def _fails_steadily(evidence: Evidence, lasted: float, limits: Limits) -> bool:
    return (
        lasted >= limits.alarm_span_max
        and evidence.looks_at_failure >= limits.bad_line_polls
        and evidence.failed >= limits.bad_line_share * evidence.looks_at_failure
    )


def answers_to_end(evidence: Evidence, limits: Limits) -> int:
    """How many answers in a row end a suspicion: the rarer the failures were, the more (law 7)."""
    if evidence.answers_needed:
        return evidence.answers_needed
    share = evidence.failed / (evidence.looks_at_failure + _PRIOR_LOOKS)
    if share <= 0.0:
        return limits.end_answers_least
    needed = math.ceil(math.log(limits.end_risk) / math.log(1.0 - share))
    return min(max(needed, limits.end_answers_least), limits.end_answers_most)


def has_lapsed(evidence: Evidence, now: Moment, limits: Limits) -> bool:
    """Whether an alarm has learnt nothing for so long that it is not known any more."""
    return (
        evidence.alarm
        and evidence.learnt is not None
        and now.awake - evidence.learnt >= limits.alarm_lapses_after
    )


def is_checking(evidence: Evidence, limits: Limits) -> bool:
    """Whether there is enough to show a hollow icon, not enough to say anything."""
    return (
        not evidence.alarm
        and evidence.weight >= limits.checking_failures
        and evidence.score >= limits.failure_step
    )


def restore(kept: KeptAlarm, now: Moment, answers_needed: int = 0) -> Evidence:
    """The evidence of a told, unconfirmed trouble after a restart or a sleep."""
    return Evidence(
        looks=kept.looks,
        failed=kept.failed,
        looks_at_failure=kept.looks,
        cut=kept.cut,
        first=now.awake,
        first_wall=kept.since,
        alarm=True,
        alarm_since=now.awake,
        answers_needed=answers_needed,
        learnt=now.awake,
    )


def keep(evidence: Evidence) -> KeptAlarm | None:
    """What of an alarm outlives the program."""
    if not evidence.alarm or evidence.first_wall is None:
        return None
    return KeptAlarm(evidence.first_wall, evidence.failed, evidence.looks_at_failure, evidence.cut)


def use_up_burst(evidence: Evidence) -> Evidence:
    """The evidence after a poll that said nothing: it uses up the burst as any other."""
    return replace(evidence, burst=evidence.burst - 1) if evidence.burst else evidence
