"""Decides which failures of a round's probes count and adds up the evidence (law 5 of `docs/law.md`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from trayapp.core.state import probe_evidence as weighing
from trayapp.core.state import probe_habits
from trayapp.core.state.memory import Evidence, Memory
from trayapp.core.state.probe_evidence import ConnectionProof
from trayapp.model import (
    ConnectionState,
    Limits,
    Outcome,
    ProbeResult,
    Round,
    RoundTerms,
    SavedProbe,
    State,
)

NO_INTERNET = frozenset({ConnectionState.OFFLINE, ConnectionState.PORTAL})


def add_probe_results(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """Adds a round's probe results to the memory, and raises alarms where there is enough evidence."""
    now = round_.moment
    # Drop the result of a probe that was removed from the settings while it was asked.
    known = {spec.name for spec in limits.probes}
    round_ = replace(round_, probes=tuple(result for result in round_.probes if result.name in known))
    frozen = (
        memory.connection is not ConnectionState.GOOD
        or memory.edge_failing_since is not None
        or now.awake < memory.grace_until
    )
    memory = record_answers(memory, round_, limits)
    found, kept = dict(memory.evidence), dict(memory.saved.probes)
    for result in round_.probes:
        found[result.name], kept[result.name] = _add_result(
            memory, result, RoundTerms(now, limits), frozen=frozen
        )
    rate = probe_habits.connection_failure_rate(kept, limits.probes)
    proof = ConnectionProof(
        is_page_fresh=is_page_fresh(memory, RoundTerms(now, limits)),
        is_bad_connection=rate > limits.bad_line,
        alarm_span=probe_habits.alarm_span(rate, limits),
    )
    if not frozen:
        found = weighing.raise_alarms(found, now, limits, proof)
    found = _close_lapsed_alarms(found, memory, RoundTerms(now, limits))
    results = {**memory.probe_results, **{result.name: result for result in round_.probes}}
    return replace(memory, evidence=found, probe_results=results, saved=replace(memory.saved, probes=kept))


def _close_lapsed_alarms(
    found: dict[str, Evidence], memory: Memory, terms: RoundTerms
) -> dict[str, Evidence]:
    """Returns the evidence without the alarms that have learnt nothing for an hour.

    Where only probes showed trouble that was notified, its end closes them.
    """
    lapsed = [
        spec
        for spec in terms.limits.probes
        if spec.name in found and weighing.has_lapsed(found[spec.name], terms.now, terms.limits)
    ]
    closed = {
        spec.name: weighing.reset_evidence(found[spec.name])
        for spec in lapsed
        if not any(_is_told_by_probes(memory, name, spec.product) for name in terms.limits.follow)
    }
    return found | closed


def is_page_fresh(memory: Memory, terms: RoundTerms) -> bool:
    """Decides whether a reading of the page is recent enough to prove the connection."""
    read = memory.page_read_at
    return (
        memory.page_miss is None
        and read is not None
        and terms.now.awake - read.awake <= terms.limits.page_proves_for
    )


def _add_result(
    memory: Memory, result: ProbeResult, terms: RoundTerms, *, frozen: bool
) -> tuple[Evidence, SavedProbe]:
    now = terms.now
    old = memory.evidence.get(result.name, Evidence())
    known = memory.saved.probes.get(result.name, SavedProbe())
    outcome = weighing.weigh_outcome(result, known)
    if frozen and outcome is not Outcome.ALIVE:
        return weighing.use_up_burst(old), known
    proves_nothing = weighing.is_without_answer(result, outcome) and not has_baseline(
        memory, result.name, known, terms
    )
    spec = next(spec for spec in terms.limits.probes if spec.name == result.name)
    if not frozen and _is_calm(memory, result.product):
        # The check with the key reports a finding, so it needs no usual status.
        known = known if spec.keyed else probe_habits.learn_usual_status(known, result, outcome, now.wall)
        outcome = weighing.weigh_outcome(result, known)
        if old.is_clean and not proves_nothing:
            # A failure that OpenAI signed came over the connection, which therefore worked.
            carried = Outcome.ALIVE if result.signed else outcome
            known = probe_habits.update_failure_rate(known, carried, spec.interval)
    if outcome in {Outcome.FAILURE, Outcome.ODD} and _is_covered(memory, result.product):
        return weighing.use_up_burst(old), known
    if proves_nothing and spec.keyed:
        return old, known  # the keyless probe of the same host shows whether it can be reached
    if proves_nothing:
        return weighing.add_unreachable(old, now), known
    return weighing.add_outcome(old, outcome, result, now, terms.limits), known


def has_baseline(memory: Memory, name: str, known: SavedProbe, terms: RoundTerms) -> bool:
    """Decides whether a probe was answered on this network lately, so that its silence counts (law 5)."""
    limits = terms.limits
    if memory.evidence.get(name, Evidence()).has_alarm:
        return True
    product = next((spec.product for spec in limits.probes if spec.name == name), "")
    if any(_is_told_by_probes(memory, followed, product) for followed in limits.follow):
        return True
    if not memory.network:
        return name in memory.answered_on_network
    at = known.answered.get(memory.network)
    return at is not None and abs((terms.now.wall - at).total_seconds()) <= limits.answered_within


def _is_told_by_probes(memory: Memory, name: str, product: str) -> bool:
    """Decides whether trouble that only probes showed is open; the page's would prove no earlier answer."""
    kept = memory.saved.products.get(name)
    reading = memory.readings.get(name)
    concerned = name == product or (reading is not None and product in reading.groups)
    return concerned and kept is not None and kept.told.is_trouble and not kept.confirmed


def record_answers(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """Records the network of this round, and which probes were answered on it."""
    now = round_.moment
    changed = bool(round_.network) and round_.network != memory.network
    # Answers from before say nothing about a network that is seen for the first time.
    here = {} if changed else dict(memory.answered_on_network)
    network = round_.network or memory.network
    probes = dict(memory.saved.probes)
    answering = [
        result.name
        for result in round_.probes
        # A failure of a stream that OpenAI signed does not show that whole streams pass this network.
        if (result.signed and result.finding is None)
        or weighing.weigh_outcome(result, probes.get(result.name, SavedProbe())) is Outcome.ALIVE
    ]
    here |= dict.fromkeys(answering, now.awake)
    if network:
        # Once the network is known, answers from before that count for it too.
        for name in answering if network == memory.network else here:
            probes[name] = _add_network_answer(probes.get(name, SavedProbe()), network, now.wall, limits)
    return replace(
        memory, network=network, answered_on_network=here, saved=replace(memory.saved, probes=probes)
    )


ANSWER_TIME_PRECISION = timedelta(hours=1)
"""The precision of the saved time of the last answer on a network, so that not every poll writes it."""


def _add_network_answer(known: SavedProbe, network: str, now: datetime, limits: Limits) -> SavedProbe:
    before = known.answered.get(network)
    if before is not None and timedelta(0) <= now - before < ANSWER_TIME_PRECISION:
        return known
    answered = {**known.answered, network: now}
    newest = sorted(answered, key=answered.__getitem__)[-limits.networks :]
    return replace(known, answered={name: answered[name] for name in newest})


def _is_calm(memory: Memory, product: str) -> bool:
    """Decides whether the page calls a product operational: only then do probes show what is usual."""
    reading = memory.readings.get(product)
    return reading is not None and reading.state is State.OPERATIONAL


def _is_covered(memory: Memory, product: str) -> bool:
    """Decides whether a planned maintenance in progress covers what a product's probes ask."""
    reading = memory.readings.get(product)
    return reading is not None and reading.is_covered


def reset_after_absence(memory: Memory, terms: RoundTerms) -> Memory:
    """Drops the evidence after ten minutes without a round, except that of notified alarms."""
    found = _restore_evidence(memory, terms, answers_needed=terms.limits.end_answers_least)
    return replace(memory, evidence=found, answered_on_network={}, network="")


def restore_alarms(memory: Memory, terms: RoundTerms, seconds: float) -> Memory:
    """Restores after a start the alarms that were notified and that OpenAI had not confirmed.

    `seconds`: how long the program was not running. After a long time the fewest answers end an alarm.
    """
    needed = terms.limits.end_answers_least if seconds >= terms.limits.evidence_lifetime else 0
    return replace(memory, evidence=_restore_evidence(memory, terms, needed))


def _restore_evidence(memory: Memory, terms: RoundTerms, answers_needed: int) -> dict[str, Evidence]:
    """Restores saved alarms, only of probes that are still asked: nothing would ever end another one."""
    kept = memory.saved.probes
    return {
        spec.name: weighing.restore_evidence(
            alarm, terms.now, terms.limits.answers_to_end if spec.keyed else answers_needed
        )
        for spec in terms.limits.probes
        if (alarm := kept.get(spec.name, SavedProbe()).alarm) is not None
    }
