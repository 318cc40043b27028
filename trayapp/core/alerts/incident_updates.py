"""Notifies of new posts in open incidents, for a person whose level is "everything"."""

from __future__ import annotations

from trayapp.core.alerts.eligibility import is_held_back, is_post_cap_reached
from trayapp.core.state.memory import Memory
from trayapp.model import (
    Incident,
    Level,
    RoundTerms,
    SavedIncident,
    State,
    Transition,
    TransitionKind,
    ladder_rank,
)


def find_updates(
    memory: Memory, told: tuple[Transition, ...], terms: RoundTerms
) -> tuple[tuple[Transition, ...], dict[str, SavedIncident]]:
    """Returns the updates to notify, and for each open incident the newest post that counts as notified."""
    if memory.page is None:
        return (), dict(memory.saved.incidents)
    incidents = sorted((i for i in memory.page.incidents if i.is_open), key=lambda i: i.id)
    known = {i.id: SavedIncident(i.stage, _newest_post_id(i), i.name) for i in incidents}
    if terms.limits.level is not Level.EVERYTHING or not memory.saved.looked:
        return (), known
    if is_held_back(memory, terms):
        return (), {i: memory.saved.incidents.get(i, k) for i, k in known.items()}
    covered = {i for t in told for i in t.incidents}
    fresh = [i for i in incidents if i.id not in covered and memory.saved.incidents.get(i.id) != known[i.id]]
    return tuple(t for i in fresh if (t := _update_transition(i, memory, terms)) is not None), known


def _newest_post_id(incident: Incident) -> str:
    return incident.updates[0].id if incident.updates else ""


def _is_told_by_start(incident: Incident, memory: Memory, concerned: tuple[str, ...]) -> bool:
    """Whether a first post is left out because the start of its trouble is still to be notified."""
    if incident.id in memory.saved.incidents or incident.impact is State.OPERATIONAL:
        return False
    return any(ladder_rank(memory.saved.products[n].told) < ladder_rank(incident.impact) for n in concerned)


def _update_transition(incident: Incident, memory: Memory, terms: RoundTerms) -> Transition | None:
    """Builds the transition; None if no followed product is concerned, or only other people are."""
    named = [
        n
        for n in terms.limits.follow
        if (word := memory.readings.get(n))
        and incident.id in word.incidents
        and incident.id not in word.others_incidents
    ]
    products = memory.saved.products
    concerned = tuple(
        n
        for n in named
        if n in products and not is_post_cap_reached(products[n], terms.now.wall, terms.limits)
    )
    if not concerned or _is_told_by_start(incident, memory, concerned):
        return None
    return Transition(
        change=TransitionKind.UPDATE,
        products=concerned,
        before=incident.impact,
        after=incident.impact,
        at=incident.updated_at or terms.now.wall,
        since=incident.started_at,
        incidents=(incident.id,),
        thread=incident.id,
    )
