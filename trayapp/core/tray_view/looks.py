"""Which look stands for a product and for an incident, in the menu and on the details page."""

from __future__ import annotations

from trayapp.model import Incident, Look, ProductVerdict, Stage, State, is_on_ladder, milder_state


def look_of_product(product: ProductVerdict) -> Look:
    """Its state's; hollow while that is checked or only this computer says so."""
    is_doubtful = is_on_ladder(product.state) and not product.confirmed
    return Look(product.state, hollow=product.checking or is_doubtful)


def look_of_incident(incident: Incident) -> Look:
    """Its impact's, and once it is monitored degraded at most (law 4)."""
    is_fixed = incident.stage is Stage.MONITORING and incident.impact.is_trouble
    return Look(milder_state(incident.impact, State.DEGRADED) if is_fixed else incident.impact)
