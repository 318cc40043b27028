"""The status pages' vocabularies (Atlassian Statuspage and incident.io) in our words.

Vocabularies are open: a word never heard before is at least degraded, and an incident in a stage never heard of is
open. Lists: statuspage.io's and incident.io's API references, and what was recorded beyond them.
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
    """What a component's status means."""
    return _COMPONENT.get(_normalize_word(word), State.DEGRADED)


def read_severity(word: str) -> State:
    """What the page's indicator or an incident's impact means."""
    return _SEVERITY.get(_normalize_word(word), State.DEGRADED)


def read_stage(word: str) -> Stage:
    """How far an incident or a maintenance is."""
    return _STAGE.get(_normalize_word(word), Stage.OTHER)


def _normalize_word(word: str) -> str:
    return word.strip().lower().replace(" ", "_").replace("-", "_")
