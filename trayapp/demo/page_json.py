"""Writes a status page's content as the JSON of `/api/v2` in incident.io's dialect, with its peculiarities.

Recorded answers show them: no `incidents` key on a calm day, nulls left out, at most 25 components in summary.json and
others each time, `position` only the place in that answer, the same `updated_at` for all components,
`page.updated_at` the last change of content, and incidents that name no components.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trayapp.demo.component_names import COMPONENTS_BY_GROUP
from trayapp.model import CLOSED_STAGES, Stage, State, worst_state

SUMMARY_PATH = "/api/v2/summary.json"
COMPONENTS_PATH = "/api/v2/components.json"
INCIDENTS_PATH = "/api/v2/incidents.json"

_ALL_COMPONENTS = tuple((group, name) for group, names in COMPONENTS_BY_GROUP.items() for name in names)
_MAX_LISTED = 25
_WINDOW_STEP = 7
"""The number of components by which the window of `_MAX_LISTED` moves from one content to the next."""
_CREATED_AT = "2025-01-01T00:00:00Z"

_STATUS = {
    State.OPERATIONAL: "operational",
    State.DEGRADED: "degraded_performance",
    State.PARTIAL: "partial_outage",
    State.MAJOR: "major_outage",
}
_IMPACT = {
    State.OPERATIONAL: "none",
    State.DEGRADED: "minor",
    State.PARTIAL: "major",
    State.MAJOR: "critical",
}
_DESCRIPTION = {
    State.OPERATIONAL: "All Systems Operational",
    State.DEGRADED: "Partial System Degradation",
    State.PARTIAL: "Partial System Outage",
    State.MAJOR: "Major System Outage",
}

_ULID_LENGTH = 26


def made_up_id(kind: str, number: int) -> str:
    """Returns an id that looks like a ULID (26 of Crockford's letters) and that no real page gives."""
    return f"01DEM0{kind}".ljust(_ULID_LENGTH - 6, "0") + f"{number:06d}"


_PAGE_ID = made_up_id("PAGE", 0)


@dataclass(frozen=True, slots=True)
class DemoPost:
    """One post of a made-up incident."""

    at: datetime
    stage: Stage
    text: str


@dataclass(frozen=True, slots=True)
class DemoIncident:
    """One made-up incident."""

    number: int
    name: str
    impact: State
    posts: tuple[DemoPost, ...]
    """Oldest first, never empty."""

    @property
    def is_open(self) -> bool:
        """Whether the incident is still open."""
        return self.posts[-1].stage not in CLOSED_STAGES


@dataclass(frozen=True, slots=True)
class PageContent:
    """The whole content of the page at one time."""

    changed_at: datetime
    troubled: Mapping[tuple[str, str], State]
    """(group, component) -> state, for those that are not operational."""
    incidents: tuple[DemoIncident, ...] = ()
    turn: int = 0
    """The number of the content, which selects the 25 components in the summary."""


def build_pages(content: PageContent) -> dict[str, bytes]:
    """Writes the page's answers at that time, as path -> body."""
    summary = {
        "page": _page_json(content),
        "status": _status_json(content),
        "components": _components_json(content, _listed_components(content.turn)),
    }
    if unfinished := [_incident_json(each) for each in content.incidents if each.is_open]:
        summary["incidents"] = unfinished
    everything = {"page": _page_json(content), "components": _components_json(content, _ALL_COMPONENTS)}
    newest_first = sorted(content.incidents, key=lambda each: each.posts[-1].at, reverse=True)
    incidents = {
        "page": _page_json(content),
        "incidents": [_incident_json(h) for h in newest_first[:_MAX_LISTED]],
    }
    return {
        SUMMARY_PATH: _encode_json(summary),
        COMPONENTS_PATH: _encode_json(everything),
        INCIDENTS_PATH: _encode_json(incidents),
    }


def _listed_components(turn: int) -> tuple[tuple[str, str], ...]:
    first = turn * _WINDOW_STEP % len(_ALL_COMPONENTS)
    return (_ALL_COMPONENTS[first:] + _ALL_COMPONENTS[:first])[:_MAX_LISTED]


def _page_json(content: PageContent) -> dict[str, str]:
    return {
        "id": _PAGE_ID,
        "name": "OpenAI",
        "url": "https://status.openai.com/",
        "updated_at": _format_time(content.changed_at),
    }


def _status_json(content: PageContent) -> dict[str, str]:
    happening = (h.impact for h in content.incidents if h.is_open)
    state = worst_state([*content.troubled.values(), *happening])
    return {"indicator": _IMPACT[state], "description": _DESCRIPTION[state]}


def _components_json(content: PageContent, listed: tuple[tuple[str, str], ...]) -> list[dict[str, str | int]]:
    return [
        {
            "id": made_up_id("C0MP", _ALL_COMPONENTS.index(component)),
            "name": component[1],
            "status": _STATUS[content.troubled.get(component, State.OPERATIONAL)],
            "position": position,
            "created_at": _CREATED_AT,
            "updated_at": _format_time(content.changed_at),
            "page_id": _PAGE_ID,
        }
        for position, component in enumerate(listed)
    ]


def _incident_json(happening: DemoIncident) -> dict[str, Any]:
    incident_id = made_up_id("HAPP", happening.number)
    newest_first = list(enumerate(happening.posts))[::-1]
    incident: dict[str, Any] = {
        "id": incident_id,
        "name": happening.name,
        "status": happening.posts[-1].stage,
        "impact": _IMPACT[happening.impact],
        "created_at": _format_time(happening.posts[0].at),
        "updated_at": _format_time(happening.posts[-1].at),
        "page_id": _PAGE_ID,
        "incident_updates": [_update_json(happening.number, place, post) for place, post in newest_first],
    }
    for stage in (Stage.MONITORING, Stage.RESOLVED):
        if at := next((_format_time(post.at) for post in happening.posts if post.stage is stage), None):
            incident[f"{stage}_at"] = at
    return incident


def _update_json(happening: int, place: int, post: DemoPost) -> dict[str, str]:
    at = _format_time(post.at)
    return {
        "id": made_up_id("P0ST", happening * 100 + place),
        "incident_id": made_up_id("HAPP", happening),
        "status": post.stage,
        "body": post.text,
        "created_at": at,
        "display_at": at,
        "updated_at": at,
    }


def _format_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _encode_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
