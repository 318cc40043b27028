"""Chooses the look of a product and of an incident, for the menu and the details page (`docs/law.md`)."""

from __future__ import annotations

from trayapp.model import Incident, Look, ProductVerdict, Stage, State, is_on_ladder, milder_state


def look_of_product(product: ProductVerdict) -> Look:
    """Returns the look of a product's state, hollow while it is checked, or only this computer or other people see it."""
    is_doubtful = is_on_ladder(product.state) and not product.confirmed
    return Look(product.state, hollow=product.checking or is_doubtful or product.reported_by_people)


def look_of_incident(incident: Incident) -> Look:
    """Returns the look of an incident's impact; while a fix is being monitored, degraded at most (law 4)."""
    is_fixed = incident.stage is Stage.MONITORING and incident.impact.is_trouble
    return Look(milder_state(incident.impact, State.DEGRADED) if is_fixed else incident.impact)
