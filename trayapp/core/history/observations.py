"""What a round showed of each product and probe, and of each incident: for the history, never for the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_evidence import weigh
from trayapp.core.state.probe_round import AWAY_FROM_NET
from trayapp.core.state.product_state import probes_of
from trayapp.model import (
    Incident,
    KeptProbe,
    Limits,
    Miss,
    Observation,
    Outcome,
    Page,
    ProbeSpec,
    Round,
    Seen,
    State,
    Witness,
)

FIRST_EVENT = "{name} (first event)"
"""A streamed answer has two times: until its first event, and until its end, which has the probe's own name."""
_OF_A_PROBE = {Outcome.ALIVE: State.OPERATIONAL, Outcome.FAILURE: State.DEGRADED}


def observations(memory: Memory, round_: Round, limits: Limits) -> tuple[Observation, ...]:
    """What a round showed, with the memory that came of it; only who was asked in it is heard."""
    return (*_page(memory, round_, limits), *_here(memory, round_, limits), *_probes(memory, round_, limits))


def sightings(before: Memory, memory: Memory, round_: Round) -> tuple[Seen, ...]:
    """The incidents that the page's last reading brought or changed, and since when this computer suspected them."""
    if memory.page is None or not isinstance(round_.page, Page):
        return ()
    known = {incident.id: incident for incident in before.page.incidents} if before.page else {}
    return tuple(
        Seen(incident, first_seen=round_.moment.wall, suspected_at=_suspected(before, incident))
        for incident in memory.page.incidents
        if incident != known.get(incident.id)
    )


def _suspected(before: Memory, incident: Incident) -> datetime | None:
    """When this computer said so of a product of an incident, if OpenAI had not yet."""
    if not incident.open:
        return None
    said = (before.kept.products[name] for name in incident.products if name in before.kept.products)
    return min((p.told_at for p in said if p.told_at and not p.confirmed), default=None)


def _page(memory: Memory, round_: Round, limits: Limits) -> Iterator[Observation]:
    if round_.page is None:
        return
    missed = State.OFFLINE if memory.line in AWAY_FROM_NET else State.UNKNOWN
    for name, word in memory.words.items():
        said = None if isinstance(round_.page, Miss) else word.state
        yield Observation(Witness.PAGE, name, round_.moment.wall, limits.page_interval, said or missed)


def _here(memory: Memory, round_: Round, limits: Limits) -> Iterator[Observation]:
    asked = {result.name for result in round_.probes}
    for name in memory.words or limits.follow:
        specs = [spec for spec in probes_of(memory, name, limits) if spec.name in asked]
        if specs:
            state = _seen_here(memory, round_, name, specs)
            yield Observation(Witness.HERE, name, round_.moment.wall, min(s.interval for s in specs), state)


def _seen_here(memory: Memory, round_: Round, name: str, specs: list[ProbeSpec]) -> State:
    """Suspicion once there is enough of it; before that, whether any check failed."""
    if memory.line in AWAY_FROM_NET:
        return State.OFFLINE
    state = memory.products.get(name)
    suspected = state.suspected if state is not None else None
    if suspected is not None:
        return suspected
    asked = {spec.name for spec in specs}
    outcomes = {
        weigh(r, memory.kept.probes.get(r.name, KeptProbe())) for r in round_.probes if r.name in asked
    }
    if outcomes & {Outcome.FAILURE, Outcome.ODD}:
        return State.DEGRADED
    return State.OPERATIONAL if Outcome.ALIVE in outcomes else State.UNKNOWN


def _probes(memory: Memory, round_: Round, limits: Limits) -> Iterator[Observation]:
    intervals = {spec.name: spec.interval for spec in limits.probes}
    away = State.OFFLINE if memory.line in AWAY_FROM_NET else None
    for result in round_.probes:
        outcome = weigh(result, memory.kept.probes.get(result.name, KeptProbe()))
        state = _OF_A_PROBE.get(outcome, State.UNKNOWN) if away is None else away
        elapsed = result.elapsed_ms if state is State.OPERATIONAL else None
        interval = intervals.get(result.name, limits.page_interval)
        yield Observation(Witness.PROBE, result.name, round_.moment.wall, interval, state, elapsed)
        if result.first_ms is not None and elapsed is not None:
            name = FIRST_EVENT.format(name=result.name)
            yield Observation(Witness.PROBE, name, round_.moment.wall, interval, state, result.first_ms)
