"""A round's probes: which of their failures count, and what they add up to (law 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from trayapp.core.state import probe_evidence as weighing
from trayapp.core.state import probe_habits
from trayapp.core.state.memory import Evidence, Memory
from trayapp.core.state.probe_evidence import ConnectionProof
from trayapp.model import ConnectionState, Limits, Moment, Outcome, ProbeResult, Round, SavedProbe, State

NO_INTERNET = frozenset({ConnectionState.OFFLINE, ConnectionState.PORTAL})


def add_probe_results(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """The memory with a round's probes weighed, and with alarms where there is enough."""
    now = round_.moment
    # What was under way when the probes were changed speaks for nobody.
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
        found[result.name], kept[result.name] = _add_result(memory, result, now, limits, frozen=frozen)
    rate = probe_habits.connection_failure_rate(kept, limits.probes)
    proof = ConnectionProof(
        is_page_fresh=is_page_fresh(memory, now, limits),
        is_bad_connection=rate > limits.bad_line,
        alarm_span=probe_habits.alarm_span(rate, limits),
    )
    if not frozen:
        found = weighing.raise_alarms(found, now, limits, proof)
    results = {**memory.probe_results, **{result.name: result for result in round_.probes}}
    return replace(memory, evidence=found, probe_results=results, saved=replace(memory.saved, probes=kept))


def is_page_fresh(memory: Memory, now: Moment, limits: Limits) -> bool:
    """Whether a reading of the page proves the connection."""
    read = memory.page_read_at
    return memory.page_miss is None and read is not None and now.awake - read.awake <= limits.page_proves_for


def _add_result(
    memory: Memory, result: ProbeResult, now: Moment, limits: Limits, *, frozen: bool
) -> tuple[Evidence, SavedProbe]:
    old = memory.evidence.get(result.name, Evidence())
    known = memory.saved.probes.get(result.name, SavedProbe())
    outcome = weighing.weigh_outcome(result, known)
    if frozen and outcome is not Outcome.ALIVE:
        return weighing.use_up_burst(old), known
    proves_nothing = weighing.is_without_answer(result, outcome) and not has_baseline(
        memory, result.name, known, now, limits
    )
    spec = next(spec for spec in limits.probes if spec.name == result.name)
    if not frozen and _is_calm(memory, result.product):
        # Of one that has a finding of its own no status is a riddle.
        known = known if spec.keyed else probe_habits.learn_usual_status(known, result, outcome, now.wall)
        outcome = weighing.weigh_outcome(result, known)
        if old.is_clean and not proves_nothing:
            # What OpenAI signed came over the line, which is not to blame for it.
            carried = Outcome.ALIVE if result.signed else outcome
            known = probe_habits.update_failure_rate(known, carried, spec.interval)
    if outcome in {Outcome.FAILURE, Outcome.ODD} and _is_covered(memory, result.product):
        return weighing.use_up_burst(old), known
    if proves_nothing and spec.keyed:
        return old, known  # the key-less probe of the same host says whether it can be reached
    if proves_nothing:
        return weighing.add_unreachable(old, now), known
    return weighing.add_outcome(old, outcome, result, now, limits), known


def has_baseline(memory: Memory, name: str, known: SavedProbe, now: Moment, limits: Limits) -> bool:
    """Whether a probe was answered on this network lately, so that its silence means something (law 5)."""
    if memory.evidence.get(name, Evidence()).has_alarm:
        return True
    product = next((spec.product for spec in limits.probes if spec.name == name), "")
    if any(_is_told_by_probes(memory, followed, product) for followed in limits.follow):
        return True
    if not memory.network:
        return name in memory.answered_on_network
    at = known.answered.get(memory.network)
    return at is not None and abs((now.wall - at).total_seconds()) <= limits.answered_within


def _is_told_by_probes(memory: Memory, name: str, product: str) -> bool:
    """Whether trouble is open that only probes have told. What the page told says nothing of who was ever reached."""
    kept = memory.saved.products.get(name)
    word = memory.readings.get(name)
    concerned = name == product or (word is not None and product in word.groups)
    return concerned and kept is not None and kept.told.is_trouble and not kept.confirmed


def record_answers(memory: Memory, round_: Round, limits: Limits) -> Memory:
    """The memory with the network that this is, and with who was answered on it."""
    now = round_.moment
    changed = bool(round_.network) and round_.network != memory.network
    # What was answered before says nothing about a network that is seen for the first time.
    here = {} if changed else dict(memory.answered_on_network)
    network = round_.network or memory.network
    probes = dict(memory.saved.probes)
    answering = [
        result.name
        for result in round_.probes
        # A stream that OpenAI itself ends does not show that streams come through whole.
        if (result.signed and result.finding is None)
        or weighing.weigh_outcome(result, probes.get(result.name, SavedProbe())) is Outcome.ALIVE
    ]
    here |= dict.fromkeys(answering, now.awake)
    if network:
        # Once this network's name is known, what was answered before that counts for it too.
        for name in answering if network == memory.network else here:
            probes[name] = _add_network_answer(probes.get(name, SavedProbe()), network, now.wall, limits)
    return replace(
        memory, network=network, answered_on_network=here, saved=replace(memory.saved, probes=probes)
    )


ANSWER_TIME_PRECISION = timedelta(hours=1)
"""How exactly the time of the last answer on a network is kept, so that it is not written with each poll."""


def _add_network_answer(known: SavedProbe, network: str, now: datetime, limits: Limits) -> SavedProbe:
    before = known.answered.get(network)
    if before is not None and timedelta(0) <= now - before < ANSWER_TIME_PRECISION:
        return known
    answered = {**known.answered, network: now}
    newest = sorted(answered, key=answered.__getitem__)[-limits.networks :]
    return replace(known, answered={name: answered[name] for name in newest})


def _is_calm(memory: Memory, product: str) -> bool:
    """Whether nothing speaks against a product: only then do its probes' answers show what is usual."""
    word = memory.readings.get(product)
    return word is not None and word.state is State.OPERATIONAL


def _is_covered(memory: Memory, product: str) -> bool:
    """Whether a planned maintenance in progress covers what a probe asks."""
    word = memory.readings.get(product)
    return word is not None and word.is_covered


def reset_after_absence(memory: Memory, now: Moment, limits: Limits) -> Memory:
    """The memory after nobody looked for ten minutes: evidence is gone, but for what was told of it."""
    found = _restore_evidence(memory, now, limits, answers_needed=limits.end_answers_least)
    return replace(memory, evidence=found, answered_on_network={}, network="")


def restore_alarms(memory: Memory, now: Moment, limits: Limits, seconds: float) -> Memory:
    """The memory of a program that has just started, with what it had told and OpenAI had not confirmed.

    `seconds`: how long ago it ended. After a long time as few answers as are ever enough end it.
    """
    needed = limits.end_answers_least if seconds >= limits.evidence_lifetime else 0
    return replace(memory, evidence=_restore_evidence(memory, now, limits, needed))


def _restore_evidence(
    memory: Memory, now: Moment, limits: Limits, answers_needed: int
) -> dict[str, Evidence]:
    """What was told of the probes that are still asked: of one that is not, nothing would ever end it."""
    kept = memory.saved.probes
    return {
        spec.name: weighing.restore_evidence(
            alarm, now, limits.answers_to_end if spec.keyed else answers_needed
        )
        for spec in limits.probes
        if (alarm := kept.get(spec.name, SavedProbe()).alarm) is not None
    }
