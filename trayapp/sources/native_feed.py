"""incident.io's own feed, which its web pages load from `/proxy/HOST`: what belongs to what.

It is undocumented, so everything in it is optional and the program does without it.
"""

from __future__ import annotations

from collections.abc import Iterable

from trayapp.model import Cause, Miss, Native, State
from trayapp.sources.incidents import COMPONENTS, INCIDENTS
from trayapp.sources.lenient_json import Loose, document, identity, inner, items, text
from trayapp.sources.messages import Answer
from trayapp.sources.page_vocabulary import component_state

_LISTS = ("ongoing_incidents", "in_progress_maintenances", "scheduled_maintenances", "incidents")


def read_native(answer: Answer | Miss) -> Native | Miss:
    """The groups of components, and which components each incident affects."""
    found = document(answer)
    if isinstance(found, Miss):
        return found
    feed = inner(found, "summary") or found
    groups = dict(_memberships(feed))
    rows = [row for key in _LISTS for row in items(feed, key, INCIDENTS)]
    concerns = {identity(row, "id"): _affected(row) for row in rows if identity(row, "id")}
    if not groups and not concerns:
        return Miss(Cause.FORMAT, detail="neither groups nor incidents")
    return Native(groups, {i: named for i, named in concerns.items() if named}, _states(feed))


def _memberships(feed: Loose) -> Iterable[tuple[str, str]]:
    for item in items(inner(feed, "structure"), "items"):
        group = inner(item, "group")
        name = text(group, "name")
        for member in items(group, "components"):
            component_id = identity(member, "component_id")
            if name and component_id:
                yield component_id, name


def _states(feed: Loose) -> dict[str, State]:
    """The components that are not operational, by the feed's own list of them."""
    listed = items(feed, "affected_components", COMPONENTS)
    rows = ((identity(row, "component_id"), text(row, "status")) for row in listed)
    return {component_id: component_state(word) for component_id, word in rows if component_id and word}


def _affected(incident: Loose) -> tuple[str, ...]:
    rows = items(incident, "affected_components") + items(incident, "component_impacts")
    named = dict.fromkeys(filter(None, (identity(row, "component_id") for row in rows)))
    return tuple(named)[:COMPONENTS]
