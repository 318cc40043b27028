"""Reads the components of a status page, in Atlassian's dialect and in incident.io's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from trayapp.model import Component, ladder_rank
from trayapp.sources.lenient_json import JsonObject, read_id, read_rows, read_text
from trayapp.sources.page_vocabulary import read_component_state
from trayapp.sources.product_components import group_by_id, group_by_name, is_core


def read_components(page: JsonObject) -> tuple[Component, ...]:
    """Reads the components, sorted by name and id; of two with the same id and name, the worse one.

    Atlassian's group rows repeat the state of their children and are skipped, and so are rows without a status.
    """
    rows = read_rows(page, "components")
    groups = {read_id(row, "id"): read_text(row, "name") for row in rows if _is_group(row)}
    worst: dict[str, Component] = {}
    for component in sorted(_read_rows(rows, groups), key=_severity_key):
        milder = worst.get(component.id)
        if milder is not None and milder.name != component.name:
            # Both can be followed by name; the worse one keeps the id, by which incidents refer to it.
            own_id = f"{milder.id} {milder.name}"
            worst[own_id] = replace(milder, id=own_id)
        worst[component.id] = component
    return tuple(sorted(worst.values(), key=lambda c: (c.name, c.id)))


def has_groups(page: JsonObject) -> bool:
    """Whether the rows are in Atlassian's dialect, which lists all components in every answer."""
    return any("group" in row or "group_id" in row for row in read_rows(page, "components"))


def _read_rows(rows: Iterable[JsonObject], groups: dict[str, str]) -> Iterable[Component]:
    for row in rows:
        name, word = read_text(row, "name"), read_text(row, "status")
        component_id = read_id(row, "id") or name
        if component_id and word and not _is_group(row):
            group = group_by_id(component_id) or groups.get(read_id(row, "group_id")) or group_by_name(name)
            yield Component(
                component_id,
                name or component_id,
                read_component_state(word),
                word,
                group,
                core=is_core(group, name),
            )


def _is_group(row: JsonObject) -> bool:
    return row.get("group") is True


def _severity_key(component: Component) -> tuple[int, str, str, str]:
    return ladder_rank(component.state), component.word, component.name, component.group or ""
