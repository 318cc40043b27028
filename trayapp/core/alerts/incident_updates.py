"""New posts in open incidents, for a person who wants each of them."""

from __future__ import annotations

from trayapp.core.alerts.eligibility import is_held_back, is_post_cap_reached
from trayapp.core.state.memory import Memory
from trayapp.model import Change, Incident, KeptIncident, Level, Limits, Moment, State, Transition, rank


def find_updates(
    memory: Memory, told: tuple[Transition, ...], now: Moment, limits: Limits
) -> tuple[tuple[Transition, ...], dict[str, KeptIncident]]:
    """Updates to tell, and the open incidents as they are now known."""
    if memory.page is None:
        return (), dict(memory.kept.incidents)
    incidents = sorted((i for i in memory.page.incidents if i.open), key=lambda i: i.id)
    known = {i.id: KeptIncident(i.stage, _newest_post(i), i.name) for i in incidents}
    if limits.level is not Level.EVERYTHING or not memory.kept.looked:
        return (), known
    if is_held_back(memory, now, limits):
        return (), {i: memory.kept.incidents.get(i, k) for i, k in known.items()}
    covered = {i for t in told for i in t.incidents}
    fresh = [i for i in incidents if i.id not in covered and memory.kept.incidents.get(i.id) != known[i.id]]
    return tuple(t for i in fresh if (t := _update(i, memory, now, limits)) is not None), known


def _newest_post(incident: Incident) -> str:
    return incident.updates[0].id if incident.updates else ""


def _is_told_by_start(incident: Incident, memory: Memory, concerned: tuple[str, ...]) -> bool:
    """Whether this is an incident's first post and its start is still to be told: that tells of both."""
    if incident.id in memory.kept.incidents or incident.impact is State.OPERATIONAL:
        return False
    return any(rank(memory.kept.products[n].told) < rank(incident.impact) for n in concerned)


def _update(incident: Incident, memory: Memory, now: Moment, limits: Limits) -> Transition | None:
    """None where it concerns nobody who is followed, or others alone."""
    named = [
        n
        for n in limits.follow
        if (word := memory.words.get(n))
        and incident.id in word.incidents
        and incident.id not in word.others_only
    ]
    products = memory.kept.products
    concerned = tuple(
        n for n in named if n in products and not is_post_cap_reached(products[n], now.wall, limits)
    )
    if not concerned or _is_told_by_start(incident, memory, concerned):
        return None
    return Transition(
        change=Change.UPDATE,
        products=concerned,
        before=incident.impact,
        after=incident.impact,
        at=incident.updated_at or now.wall,
        since=incident.started_at,
        incidents=(incident.id,),
        thread=incident.id,
    )
