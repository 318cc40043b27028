"""What of a product's trouble others alone have, by the titles of its incidents (law 4, "about me")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from trayapp.core.audience.incident import audience_of, names_only_others
from trayapp.core.state.component_weights import does_name_some, state_of_all
from trayapp.model import Component, Incident, KeptProduct, Me, State, worst


@dataclass(frozen=True, slots=True)
class Share:
    """How a product's trouble is shared out between the person and others."""

    mine: State
    """What is left without what others alone have."""
    left: tuple[Component, ...]
    """The components without that."""
    ceiling: State
    """How bad the icon may look."""
    told: State
    """How bad what others alone have was told to be, before it was known to be theirs: it is followed to its end."""
    others_only: tuple[str, ...]
    """Ids of the incidents that name others alone."""
    only: tuple[str, ...]
    """Whom they name, where all of the trouble is theirs."""


def share_of(  # noqa: PLR0913 - the facts that a product's trouble is made of
    concerned: Iterable[Incident],
    components: tuple[Component, ...],
    laid: Mapping[str, State],
    me: Me,
    kept: KeptProduct,
    *,
    is_group: bool,
    whole: bool,
) -> Share | None:
    """The shares, by a product's open incidents and its components as they lie on it; None: all of it is the person's."""
    troubles = [i for i in concerned if i.impact.is_trouble]
    others = [i for i in troubles if names_only_others(i, me)]
    if not others:
        return None
    mine = [i for i in troubles if i not in others]
    theirs = _components_of_others(others, mine, components)
    left = tuple(
        replace(c, state=State.OPERATIONAL) if c.id in theirs and c.state.is_trouble else c
        for c in components
    )
    on_all = [laid[i.id] for i in concerned if i not in others and not does_name_some(i, components)]
    was_told = kept.told.is_trouble and any(i.id in kept.told_incidents for i in others)
    told = kept.told if was_told else State.OPERATIONAL
    return Share(
        mine=worst([state_of_all(left, is_group=is_group, whole=whole), *on_all]),
        left=left,
        ceiling=State.MAJOR if mine else worst([State.DEGRADED, told]),
        told=told,
        others_only=tuple(i.id for i in others),
        only=() if mine else tuple(dict.fromkeys(name for i in others for name in audience_of(i).names)),
    )


def _components_of_others(
    others: list[Incident], mine: list[Incident], components: tuple[Component, ...]
) -> frozenset[str]:
    """Ids of the components that are hurt for others alone. An incident that names none may be about each of them."""
    if any(not does_name_some(i, components) for i in mine or others):
        return frozenset() if mine else frozenset(c.id for c in components)
    named = {part for i in others for part in i.components}
    return frozenset(named - {part for i in mine for part in i.components})
