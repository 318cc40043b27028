"""Reads incident.io's own feed, which its web pages load from `/proxy/HOST`: groups, and the components of incidents.

The feed is undocumented, so that everything in it is optional and the program works without it.
"""

from __future__ import annotations

from collections.abc import Iterable

from trayapp.model import Cause, Miss, NativeReading, State
from trayapp.sources.incidents import MAX_COMPONENTS, MAX_INCIDENTS
from trayapp.sources.lenient_json import (
    JsonObject,
    parse_document,
    read_id,
    read_object,
    read_rows,
    read_text,
)
from trayapp.sources.messages import HttpResponse
from trayapp.sources.page_vocabulary import read_component_state

_INCIDENT_LISTS = ("ongoing_incidents", "in_progress_maintenances", "scheduled_maintenances", "incidents")


def read_native(answer: HttpResponse | Miss) -> NativeReading | Miss:
    """Reads the groups of components, and the components that each incident affects."""
    found = parse_document(answer)
    if isinstance(found, Miss):
        return found
    feed = read_object(found, "summary") or found
    groups = dict(_read_groups(feed))
    rows = [row for key in _INCIDENT_LISTS for row in read_rows(feed, key, MAX_INCIDENTS)]
    concerns = {read_id(row, "id"): _affected_components(row) for row in rows if read_id(row, "id")}
    if not groups and not concerns:
        return Miss(Cause.FORMAT, detail="neither groups nor incidents")
    return NativeReading(groups, {i: named for i, named in concerns.items() if named}, _read_states(feed))


def _read_groups(feed: JsonObject) -> Iterable[tuple[str, str]]:
    for item in read_rows(read_object(feed, "structure"), "items"):
        group = read_object(item, "group")
        name = read_text(group, "name")
        for member in read_rows(group, "components"):
            component_id = read_id(member, "component_id")
            if name and component_id:
                yield component_id, name


def _read_states(feed: JsonObject) -> dict[str, State]:
    """Reads the states of the components that the feed lists as not operational."""
    listed = read_rows(feed, "affected_components", MAX_COMPONENTS)
    rows = ((read_id(row, "component_id"), read_text(row, "status")) for row in listed)
    return {component_id: read_component_state(word) for component_id, word in rows if component_id and word}


def _affected_components(incident: JsonObject) -> tuple[str, ...]:
    rows = read_rows(incident, "affected_components") + read_rows(incident, "component_impacts")
    named = dict.fromkeys(filter(None, (read_id(row, "component_id") for row in rows)))
    return tuple(named)[:MAX_COMPONENTS]
