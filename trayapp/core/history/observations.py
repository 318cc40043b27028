"""Collects what a round showed of products, probes and incidents, for the history and not for the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_evidence import weigh_outcome
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.state.product_context import find_probes
from trayapp.model import (
    Incident,
    Limits,
    Miss,
    Observation,
    ObservationSource,
    Outcome,
    PageReading,
    ProbeSpec,
    Round,
    SavedProbe,
    SeenIncident,
    State,
)

FIRST_EVENT_TEMPLATE = "{name} (first event)"
"""Name of the time until a streamed answer's first event; the time until its end has the probe's own name."""
_STATE_BY_OUTCOME = {Outcome.ALIVE: State.OPERATIONAL, Outcome.FAILURE: State.DEGRADED}


def round_observations(memory: Memory, round_: Round, limits: Limits) -> tuple[Observation, ...]:
    """Returns the observations of the sources polled in a round; `memory` is the one after the round."""
    return (
        *_page_observations(memory, round_, limits),
        *_own_observations(memory, round_, limits),
        *_probe_observations(memory, round_, limits),
    )


def incident_sightings(before: Memory, memory: Memory, round_: Round) -> tuple[SeenIncident, ...]:
    """Returns the incidents that the last reading added or changed, and when they were suspected here."""
    if memory.page is None or not isinstance(round_.page, PageReading):
        return ()
    known = {incident.id: incident for incident in before.page.incidents} if before.page else {}
    return tuple(
        SeenIncident(incident, first_seen=round_.moment.wall, suspected_at=_suspicion_time(before, incident))
        for incident in memory.page.incidents
        if incident != known.get(incident.id)
    )


def _suspicion_time(before: Memory, incident: Incident) -> datetime | None:
    """Returns when trouble of an open incident's products was first notified, if OpenAI had not posted it."""
    if not incident.is_open:
        return None
    said = (before.saved.products[name] for name in incident.products if name in before.saved.products)
    return min((p.told_at for p in said if p.told_at and not p.confirmed), default=None)


def _page_observations(memory: Memory, round_: Round, limits: Limits) -> Iterator[Observation]:
    if round_.page is None:
        return
    missed = State.OFFLINE if memory.connection in NO_INTERNET else State.UNKNOWN
    for name, word in memory.readings.items():
        said = None if isinstance(round_.page, Miss) else word.state
        yield Observation(
            ObservationSource.PAGE, name, round_.moment.wall, limits.page_interval, said or missed
        )


def _own_observations(memory: Memory, round_: Round, limits: Limits) -> Iterator[Observation]:
    asked = {result.name for result in round_.probes}
    for name in memory.readings or limits.follow:
        specs = [spec for spec in find_probes(memory, name, limits) if spec.name in asked]
        if specs:
            state = _own_observed_state(memory, round_, name, specs)
            yield Observation(
                ObservationSource.OWN_PROBES, name, round_.moment.wall, min(s.interval for s in specs), state
            )


def _own_observed_state(memory: Memory, round_: Round, name: str, specs: list[ProbeSpec]) -> State:
    """Returns the suspected state, if there is one; otherwise whether any check failed."""
    if memory.connection in NO_INTERNET:
        return State.OFFLINE
    state = memory.product_states.get(name)
    suspected = state.suspected_state if state is not None else None
    if suspected is not None:
        return suspected
    asked = {spec.name for spec in specs}
    outcomes = {
        weigh_outcome(r, memory.saved.probes.get(r.name, SavedProbe()))
        for r in round_.probes
        if r.name in asked
    }
    if outcomes & {Outcome.FAILURE, Outcome.ODD}:
        return State.DEGRADED
    return State.OPERATIONAL if Outcome.ALIVE in outcomes else State.UNKNOWN


def _probe_observations(memory: Memory, round_: Round, limits: Limits) -> Iterator[Observation]:
    intervals = {spec.name: spec.interval for spec in limits.probes}
    away = State.OFFLINE if memory.connection in NO_INTERNET else None
    for result in round_.probes:
        outcome = weigh_outcome(result, memory.saved.probes.get(result.name, SavedProbe()))
        state = _STATE_BY_OUTCOME.get(outcome, State.UNKNOWN) if away is None else away
        elapsed = result.elapsed_ms if state is State.OPERATIONAL else None
        interval = intervals.get(result.name, limits.page_interval)
        yield Observation(ObservationSource.PROBE, result.name, round_.moment.wall, interval, state, elapsed)
        if result.first_ms is not None and elapsed is not None:
            name = FIRST_EVENT_TEMPLATE.format(name=result.name)
            yield Observation(
                ObservationSource.PROBE, name, round_.moment.wall, interval, state, result.first_ms
            )
