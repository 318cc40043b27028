"""Translates the words of status pages (Atlassian Statuspage and incident.io) into the model's states and stages.

New words may come: an unknown status counts as degraded, and an incident in an unknown stage as open. The lists are
from the API references of statuspage.io and incident.io and from recorded answers.
"""

from __future__ import annotations

from collections.abc import Mapping

from trayapp.model import Stage, State

_COMPONENT: Mapping[str, State] = {
    "operational": State.OPERATIONAL,
    "under_maintenance": State.MAINTENANCE,
    "degraded_performance": State.DEGRADED,
    "partial_outage": State.PARTIAL,
    "major_outage": State.MAJOR,
    "full_outage": State.MAJOR,  # incident.io's own word
}
_SEVERITY: Mapping[str, State] = {
    "none": State.OPERATIONAL,
    "maintenance": State.MAINTENANCE,
    "minor": State.DEGRADED,
    "major": State.PARTIAL,
    "critical": State.MAJOR,
}
_STAGE: Mapping[str, Stage] = {
    **{stage.value: stage for stage in Stage},
    "postmortem": Stage.RESOLVED,
    "maintenance_scheduled": Stage.SCHEDULED,
    "maintenance_in_progress": Stage.IN_PROGRESS,
    "maintenance_complete": Stage.COMPLETED,
}


def read_component_state(word: str) -> State:
    """Translates a component's status."""
    return _COMPONENT.get(_normalize_word(word), State.DEGRADED)


def read_severity(word: str) -> State:
    """Translates the page's indicator or an incident's impact."""
    return _SEVERITY.get(_normalize_word(word), State.DEGRADED)


def read_stage(word: str) -> Stage:
    """Translates the stage of an incident or a maintenance."""
    return _STAGE.get(_normalize_word(word), Stage.OTHER)


def _normalize_word(word: str) -> str:
    return word.strip().lower().replace(" ", "_").replace("-", "_")
