"""Scores one probe's answers, raises its alarm and ends it (laws 5 and 7 of `docs/law.md`).

The score rises by much with a failure and falls by little with an answer. So it finds a service that fails
one time in four as surely as one that is gone, while "three in a row" hardly finds the first. The steps are
log-likelihood ratios of a service that fails 30 % of the time against a connection that fails 1 %:
ln(.30/.01) and ln(.70/.99).

The rarer the failures were, the more answers end an alarm: k in a row with (1 - f)^k at most 0.0005, where f
is the share of polls that failed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from trayapp.core.state.memory import Evidence
from trayapp.model import AnswerFinding, Limits, Moment, Outcome, ProbeResult, SavedAlarm, SavedProbe

_WEIGHT_BY_OUTCOME = {Outcome.FAILURE: 1.0, Outcome.ODD: 0.5}
_PRIOR_POLLS = 4
"""Added to the number of polls, so that one failure in one poll does not count as a share of 100 %."""


def weigh_outcome(result: ProbeResult, kept: SavedProbe) -> Outcome:
    """Returns the outcome, with a status that this endpoint usually gives taken for an answer."""
    if result.outcome is Outcome.ODD and result.status in kept.usual:
        return Outcome.ALIVE
    return result.outcome


def is_without_answer(result: ProbeResult, outcome: Outcome) -> bool:
    """Decides whether a poll failed in a way that the person's connection may have caused."""
    return outcome is Outcome.FAILURE and not result.signed


def add_outcome(
    evidence: Evidence, outcome: Outcome, result: ProbeResult, now: Moment, limits: Limits
) -> Evidence:
    """Adds one outcome to the evidence; a neutral or local one only uses up the burst."""
    if outcome is Outcome.ALIVE:
        return _add_answer(_fade_score(evidence, now, limits), now, limits)
    if outcome in _WEIGHT_BY_OUTCOME:
        return _add_failure(
            _fade_score(evidence, now, limits), _WEIGHT_BY_OUTCOME[outcome], result, now, limits
        )
    return use_up_burst(evidence)


def _fade_score(evidence: Evidence, now: Moment, limits: Limits) -> Evidence:
    """Halves the score for each `limits.score_halves_after` seconds in which nothing was learnt."""
    if evidence.learnt_at is None or evidence.score == 0.0:
        return evidence
    gaps = math.floor((now.awake - evidence.learnt_at) / limits.score_halves_after)
    return replace(evidence, score=evidence.score * 0.5**gaps) if gaps > 0 else evidence


def _add_answer(evidence: Evidence, now: Moment, limits: Limits) -> Evidence:
    if evidence.is_clean:
        back_at = now.wall if evidence.unreachable_failures else evidence.first_answer_at
        return replace(reset_evidence(evidence), first_answer_at=back_at, learnt_at=now.awake)
    counts = (
        evidence.last_answer_at is None or now.awake - evidence.last_answer_at >= limits.end_answer_spacing
    )
    after = replace(
        evidence,
        score=max(0.0, evidence.score - limits.alive_step),
        polls=evidence.polls + 1,
        answers_in_row=evidence.answers_in_row + counts,
        last_answer_at=now.awake if counts else evidence.last_answer_at,
        first_answer_at=now.wall if evidence.answers_in_row == 0 else evidence.first_answer_at,
        burst_left=max(0, evidence.burst_left - 1),
        learnt_at=now.awake,
        proof_wait_since=None,
    )
    over = after.answers_in_row >= answers_to_end(after, limits) if after.has_alarm else after.score == 0.0
    if over and after.has_alarm:
        return replace(reset_evidence(after), answers_since=after.first_answer_at)
    return reset_evidence(after) if over else after


def reset_evidence(evidence: Evidence) -> Evidence:
    """Returns empty evidence that keeps only when the probe answered again."""
    return Evidence(
        first_answer_at=evidence.first_answer_at,
        learnt_at=evidence.learnt_at,
        answers_since=evidence.answers_since,
    )


def _add_failure(
    evidence: Evidence, weight: float, result: ProbeResult, now: Moment, limits: Limits
) -> Evidence:
    step = limits.failure_step * weight if weight == 1.0 else limits.odd_step
    looks = evidence.polls + 1
    return replace(
        evidence,
        score=min(limits.score_max, evidence.score + step),
        failure_weight=evidence.failure_weight + weight,
        signed_weight=evidence.signed_weight + weight * result.signed,
        cut_streams=evidence.cut_streams + (result.finding is AnswerFinding.TRUNCATED),
        polls=looks,
        failures=evidence.failures + 1,
        polls_at_failure=looks,
        first_failure_at=now.awake if evidence.first_failure_at is None else evidence.first_failure_at,
        first_failure_wall=now.wall if evidence.first_failure_wall is None else evidence.first_failure_wall,
        recent_failures=(*evidence.recent_failures, now.awake)[-2:],
        learnt_at=now.awake,
        answers_in_row=0,
        last_answer_at=None,
        # The check with the key runs seldom, so its share of failures says little: use a fixed number.
        answers_needed=limits.answers_to_end if result.finding else 0,
        burst_left=limits.burst_looks,
        unreachable_failures=0,
        unreachable_since=None,
    )


def add_unreachable(evidence: Evidence, now: Moment) -> Evidence:
    """Adds a failure that proves nothing: the probe has no baseline on this network (law 5)."""
    return replace(
        evidence,
        unreachable_failures=evidence.unreachable_failures + 1,
        unreachable_since=evidence.unreachable_since or now.wall,
    )


@dataclass(frozen=True, slots=True)
class ConnectionProof:
    """The evidence about the connection in this round."""

    is_page_fresh: bool
    """True if the page was read within the last two minutes and its last poll was no miss."""
    is_bad_connection: bool
    """True if this connection often fails by itself: failures without an answer then need more support."""
    alarm_span: float
    """The seconds that failures must span before an alarm."""


def raise_alarms(
    evidence: Mapping[str, Evidence], now: Moment, limits: Limits, proof: ConnectionProof
) -> dict[str, Evidence]:
    """Raises an alarm for each probe that has enough evidence; returns the evidence of all."""
    return {name: _judge_alarm(name, evidence, now, limits, proof) for name in evidence}


def _judge_alarm(
    name: str, all_evidence: Mapping[str, Evidence], now: Moment, limits: Limits, proof: ConnectionProof
) -> Evidence:
    evidence = all_evidence[name]
    if evidence.has_alarm or evidence.first_failure_at is None or len(evidence.recent_failures) < 2:
        return evidence
    signed = evidence.signed_weight >= limits.alarm_failures
    span = limits.alarm_span if signed else proof.alarm_span
    lasted = evidence.recent_failures[-1] - evidence.first_failure_at
    enough = (
        evidence.score >= limits.alarm_score
        and evidence.failure_weight >= limits.alarm_failures
        and lasted >= span
        and now.awake - evidence.recent_failures[0] <= _recent_seconds(name, limits)
    )
    if enough and proof.is_bad_connection and not signed:
        others = (other for key, other in all_evidence.items() if key != name)
        enough = any(_is_failing_too(other, now, limits) for other in others) or _is_failing_steadily(
            evidence, lasted, limits
        )
    if not enough:
        return evidence
    waits_since = now.awake if evidence.proof_wait_since is None else evidence.proof_wait_since
    waited = now.awake - waits_since >= limits.page_proof_wait
    if signed or proof.is_page_fresh or waited:
        return replace(
            evidence, has_alarm=True, alarm_since=now.awake, proof_wait_since=None, answers_since=None
        )
    return replace(evidence, proof_wait_since=waits_since)


def _recent_seconds(name: str, limits: Limits) -> float:
    keyed = any(spec.keyed and spec.name == name for spec in limits.probes)
    return limits.answers_recent if keyed else limits.alarm_recent


def _is_failing_too(other: Evidence, now: Moment, limits: Limits) -> bool:
    recently = bool(other.recent_failures) and now.awake - other.recent_failures[-1] <= limits.alarm_recent
    return other.has_alarm or (recently and other.score >= limits.failure_step)


def _is_failing_steadily(evidence: Evidence, lasted: float, limits: Limits) -> bool:
    return (
        lasted >= limits.alarm_span_max
        and evidence.polls_at_failure >= limits.bad_line_polls
        and evidence.failures >= limits.bad_line_share * evidence.polls_at_failure
    )


def answers_to_end(evidence: Evidence, limits: Limits) -> int:
    """Returns how many answers in a row end an alarm: the rarer the failures were, the more (law 7)."""
    if evidence.answers_needed:
        return evidence.answers_needed
    share = evidence.failures / (evidence.polls_at_failure + _PRIOR_POLLS)
    if share <= 0.0:
        return limits.end_answers_least
    needed = math.ceil(math.log(limits.end_risk) / math.log(1.0 - share))
    return min(max(needed, limits.end_answers_least), limits.end_answers_most)


def has_lapsed(evidence: Evidence, now: Moment, limits: Limits) -> bool:
    """Decides whether an alarm has learnt nothing for so long that its state is not known any more."""
    return (
        evidence.has_alarm
        and evidence.learnt_at is not None
        and now.awake - evidence.learnt_at >= limits.alarm_lapses_after
    )


def is_checking(evidence: Evidence, limits: Limits) -> bool:
    """Decides whether there is enough evidence for a hollow icon, but not for an alarm."""
    return (
        not evidence.has_alarm
        and evidence.failure_weight >= limits.checking_failures
        and evidence.score >= limits.failure_step
    )


def restore_evidence(kept: SavedAlarm, now: Moment, answers_needed: int = 0) -> Evidence:
    """Restores the evidence of a notified, unconfirmed trouble after a restart or a sleep."""
    return Evidence(
        polls=kept.looks,
        failures=kept.failed,
        polls_at_failure=kept.looks,
        cut_streams=kept.cut,
        first_failure_at=now.awake,
        first_failure_wall=kept.since,
        has_alarm=True,
        alarm_since=now.awake,
        answers_needed=answers_needed,
        learnt_at=now.awake,
    )


def save_alarm(evidence: Evidence) -> SavedAlarm | None:
    """Returns the part of an alarm that outlives the program; None without an alarm."""
    if not evidence.has_alarm or evidence.first_failure_wall is None:
        return None
    return SavedAlarm(
        evidence.first_failure_wall, evidence.failures, evidence.polls_at_failure, evidence.cut_streams
    )


def use_up_burst(evidence: Evidence) -> Evidence:
    """Counts a poll that gave no evidence: it uses up the burst as any other."""
    return replace(evidence, burst_left=evidence.burst_left - 1) if evidence.burst_left else evidence
