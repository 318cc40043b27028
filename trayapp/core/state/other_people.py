"""Separates trouble that only others have, by titles of incidents ("About me" in law 4 of `docs/law.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from trayapp.core.audience.incident import incident_audience, is_only_for_others
from trayapp.core.state.component_weights import combined_state, has_named_component
from trayapp.model import AboutMe, Component, Incident, SavedProduct, State, worst_state


@dataclass(frozen=True, slots=True)
class TroubleSplit:
    """The shares of the person and of others in a product's trouble."""

    own_state: State
    """The state without the trouble that only others have."""
    own_components: tuple[Component, ...]
    """The components without that trouble."""
    max_state: State
    """The worst state that the icon may show."""
    told_state: State
    """The notified state of trouble that later proved to be only others'; it is followed to its end."""
    others_incidents: tuple[str, ...]
    """Ids of the incidents that only name others."""
    audience: tuple[str, ...]
    """The plans and regions that they name, if all of the trouble is theirs."""


def split_trouble(  # noqa: PLR0913 - the facts that make up a product's trouble
    concerned: Iterable[Incident],
    components: tuple[Component, ...],
    laid: Mapping[str, State],
    me: AboutMe,
    kept: SavedProduct,
    *,
    is_group: bool,
    whole: bool,
) -> TroubleSplit | None:
    """Splits a product's trouble by its incidents and weighted components; None if it is all the person's."""
    troubles = [i for i in concerned if i.impact.is_trouble]
    others = [i for i in troubles if is_only_for_others(i, me)]
    if not others:
        return None
    mine = [i for i in troubles if i not in others]
    theirs = _others_component_ids(others, mine, components)
    left = tuple(
        replace(c, state=State.OPERATIONAL) if c.id in theirs and c.state.is_trouble else c
        for c in components
    )
    on_all = [laid[i.id] for i in concerned if i not in others and not has_named_component(i, components)]
    was_told = kept.told.is_trouble and any(i.id in kept.told_incidents for i in others)
    told = kept.told if was_told else State.OPERATIONAL
    return TroubleSplit(
        own_state=worst_state([combined_state(left, is_group=is_group, whole=whole), *on_all]),
        own_components=left,
        max_state=State.MAJOR if mine else worst_state([State.DEGRADED, told]),
        told_state=told,
        others_incidents=tuple(i.id for i in others),
        audience=()
        if mine
        else tuple(dict.fromkeys(name for i in others for name in incident_audience(i).names)),
    )


def _others_component_ids(
    others: list[Incident], mine: list[Incident], components: tuple[Component, ...]
) -> frozenset[str]:
    """Returns the ids of components hurt only for others; an incident that names none may concern each."""
    if any(not has_named_component(i, components) for i in mine or others):
        return frozenset() if mine else frozenset(c.id for c in components)
    named = {part for i in others for part in i.components}
    return frozenset(named - {part for i in mine for part in i.components})
