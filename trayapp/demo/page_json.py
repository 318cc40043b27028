"""A status page's content as `/api/v2` gives it in incident.io's dialect, its quirks included.

Established from recorded answers: no `incidents` key on a calm day, nulls left out, at most 25 components in
summary.json and other ones each time, `position` only the place in that answer, all components with one
`updated_at`, `page.updated_at` the last change of content, incidents that name no components.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trayapp.demo.component_names import GROUPS
from trayapp.model import OVER, Stage, State, worst

SUMMARY = "/api/v2/summary.json"
COMPONENTS = "/api/v2/components.json"
INCIDENTS = "/api/v2/incidents.json"

_COMPONENTS = tuple((group, name) for group, names in GROUPS.items() for name in names)
_CAP = 25
_TURN = 7
"""By how many components the window of `_CAP` moves from one content to the next."""
_BORN = "2025-01-01T00:00:00Z"

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

_ULID = 26


def made_up_id(kind: str, number: int) -> str:
    """An id in the shape of a ULID (26 of Crockford's letters) that no real page gives."""
    return f"01DEM0{kind}".ljust(_ULID - 6, "0") + f"{number:06d}"


_PAGE_ID = made_up_id("PAGE", 0)


@dataclass(frozen=True, slots=True)
class Post:
    """One update of an incident."""

    at: datetime
    stage: Stage
    text: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One incident."""

    number: int
    name: str
    impact: State
    posts: tuple[Post, ...]
    """Oldest first, never empty."""

    @property
    def open(self) -> bool:
        """Whether it still goes on."""
        return self.posts[-1].stage not in OVER


@dataclass(frozen=True, slots=True)
class Content:
    """All that the page says at one time."""

    changed_at: datetime
    troubled: Mapping[tuple[str, str], State]
    """(group, component) -> state, for those that are not operational."""
    happenings: tuple[Happening, ...] = ()
    turn: int = 0
    """Which 25 components the summary lists."""


def pages(content: Content) -> dict[str, bytes]:
    """Path -> body of the answers that the page gives at that time."""
    summary = {
        "page": _page(content),
        "status": _status(content),
        "components": _components(content, _window(content.turn)),
    }
    if unfinished := [_incident(h) for h in content.happenings if h.open]:
        summary["incidents"] = unfinished
    everything = {"page": _page(content), "components": _components(content, _COMPONENTS)}
    newest_first = sorted(content.happenings, key=lambda h: h.posts[-1].at, reverse=True)
    incidents = {"page": _page(content), "incidents": [_incident(h) for h in newest_first[:_CAP]]}
    return {SUMMARY: _json(summary), COMPONENTS: _json(everything), INCIDENTS: _json(incidents)}


def _window(turn: int) -> tuple[tuple[str, str], ...]:
    first = turn * _TURN % len(_COMPONENTS)
    return (_COMPONENTS[first:] + _COMPONENTS[:first])[:_CAP]


def _page(content: Content) -> dict[str, str]:
    return {
        "id": _PAGE_ID,
        "name": "OpenAI",
        "url": "https://status.openai.com/",
        "updated_at": _time(content.changed_at),
    }


def _status(content: Content) -> dict[str, str]:
    happening = (h.impact for h in content.happenings if h.open)
    state = worst([*content.troubled.values(), *happening])
    return {"indicator": _IMPACT[state], "description": _DESCRIPTION[state]}


def _components(content: Content, listed: tuple[tuple[str, str], ...]) -> list[dict[str, str | int]]:
    return [
        {
            "id": made_up_id("C0MP", _COMPONENTS.index(component)),
            "name": component[1],
            "status": _STATUS[content.troubled.get(component, State.OPERATIONAL)],
            "position": position,
            "created_at": _BORN,
            "updated_at": _time(content.changed_at),
            "page_id": _PAGE_ID,
        }
        for position, component in enumerate(listed)
    ]


def _incident(happening: Happening) -> dict[str, Any]:
    incident_id = made_up_id("HAPP", happening.number)
    newest_first = list(enumerate(happening.posts))[::-1]
    incident: dict[str, Any] = {
        "id": incident_id,
        "name": happening.name,
        "status": happening.posts[-1].stage,
        "impact": _IMPACT[happening.impact],
        "created_at": _time(happening.posts[0].at),
        "updated_at": _time(happening.posts[-1].at),
        "page_id": _PAGE_ID,
        "incident_updates": [_update(happening.number, place, post) for place, post in newest_first],
    }
    for stage in (Stage.MONITORING, Stage.RESOLVED):
        if at := next((_time(post.at) for post in happening.posts if post.stage is stage), None):
            incident[f"{stage}_at"] = at
    return incident


def _update(happening: int, place: int, post: Post) -> dict[str, str]:
    at = _time(post.at)
    return {
        "id": made_up_id("P0ST", happening * 100 + place),
        "incident_id": made_up_id("HAPP", happening),
        "status": post.stage,
        "body": post.text,
        "created_at": at,
        "display_at": at,
        "updated_at": at,
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
