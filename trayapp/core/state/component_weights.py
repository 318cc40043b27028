"""Combines components and incidents into a product's state and picks parts to name (law 4, `docs/law.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from trayapp.model import Component, Incident, State, ladder_rank, worst_state

_NAMED_PARTS = 2
"""The most hurt components that are named; where more are hurt, only the product is named."""


def apply_incidents(
    component: Component, concerned: Iterable[Incident], laid: Mapping[str, State]
) -> Component:
    """Worsens a component's state to the weights of the incidents that name it; never makes it better."""
    state = worst_state([component.state, *(laid[i.id] for i in concerned if component.id in i.components)])
    return component if state is component.state else replace(component, state=state)


def has_named_component(incident: Incident, components: tuple[Component, ...]) -> bool:
    """Decides whether an incident names any of these components."""
    return any(c.id in incident.components for c in components)


def combined_state(components: tuple[Component, ...], *, is_group: bool, whole: bool) -> State:
    """Returns a product's state by its components; half of them down, or a core one, is a major outage."""
    if not is_group:
        return worst_state(c.state for c in components)
    counted = [c for c in components if c.state is not State.MAINTENANCE]
    state = worst_state(c.state for c in components)
    if any(c.core and c.state is State.MAJOR for c in counted) or _is_half_hurt(
        counted, State.MAJOR, whole=whole
    ):
        return State.MAJOR
    if ladder_rank(state) >= ladder_rank(State.PARTIAL) or _is_half_hurt(
        counted, State.DEGRADED, whole=whole
    ):
        return State.PARTIAL
    return state


def _is_half_hurt(components: list[Component], least: State, *, whole: bool) -> bool:
    """Decides whether half of the components are hurt; False for a partial list, as the total is unknown."""
    hurt = sum(ladder_rank(c.state) >= ladder_rank(least) for c in components)
    return whole and hurt > 0 and 2 * hurt >= len(components)


def hurt_parts(components: tuple[Component, ...], *, is_group: bool) -> tuple[Component, ...]:
    """Returns the components to name: the only one or two that are hurt, of a product that has more."""
    hurt = tuple(sorted((c for c in components if c.state.is_trouble), key=lambda c: (c.name, c.id)))
    return hurt if is_group and 0 < len(hurt) <= _NAMED_PARTS < len(components) else ()
