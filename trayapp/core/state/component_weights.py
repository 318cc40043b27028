"""What components and incidents make of a product together: laid weights, halves, the parts to name (law 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from trayapp.model import Component, Incident, State, ladder_rank, worst_state

_NAMED_PARTS = 2
"""So many hurt components are named; more are the product."""


def apply_incidents(
    component: Component, concerned: Iterable[Incident], laid: Mapping[str, State]
) -> Component:
    """A component as if each incident that names it had marked it, and never better than it is."""
    state = worst_state([component.state, *(laid[i.id] for i in concerned if component.id in i.components)])
    return component if state is component.state else replace(component, state=state)


def has_named_component(incident: Incident, components: tuple[Component, ...]) -> bool:
    """Whether an incident names any of these components."""
    return any(c.id in incident.components for c in components)


def combined_state(components: tuple[Component, ...], *, is_group: bool, whole: bool) -> State:
    """A product by its components: half of them, or one without which it stands still, make it an outage."""
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
    """Whether half of all are hurt; of a list that is not whole nobody knows how many that are."""
    hurt = sum(ladder_rank(c.state) >= ladder_rank(least) for c in components)
    return whole and hurt > 0 and 2 * hurt >= len(components)


def hurt_parts(components: tuple[Component, ...], *, is_group: bool) -> tuple[Component, ...]:
    """The components to name: one or two that alone are hurt, of a product that has more."""
    hurt = tuple(sorted((c for c in components if c.state.is_trouble), key=lambda c: (c.name, c.id)))
    return hurt if is_group and 0 < len(hurt) <= _NAMED_PARTS < len(components) else ()
