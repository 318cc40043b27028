"""Status pages for tests, in both dialects, with the project's own words and ids."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from trayapp.model import Incident, PageReading
from trayapp.sources.messages import HttpResponse
from trayapp.sources.statuspage import read_page

Json = dict[str, Any]


def json_response(document: object, status: int = 200) -> HttpResponse:
    """An answer with this JSON."""
    return HttpResponse(status, body=json.dumps(document).encode())


def component(name: str, status: str = "operational", **more: object) -> Json:
    """A component whose id is told from its name."""
    return {"id": f"C-{name}", "name": name, "status": status} | more


def post(status: str, at: str, **more: object) -> Json:
    """An update within an incident."""
    return {"id": f"U-{at}", "status": status, "body": f"We are {status}.", "created_at": at} | more


def incident(status: str, *posts: Json, **more: object) -> Json:
    """An incident with the wire's usual keys."""
    return {
        "id": "I-1",
        "name": "Slow answers",
        "status": status,
        "impact": "minor",
        "created_at": "2026-05-01T10:00:00Z",
        "incident_updates": list(posts),
    } | more


def summary(*components: Json, indicator: str = "none", **more: object) -> Json:
    """A summary in incident.io's dialect."""
    return {
        "page": {
            "id": "P",
            "name": "Example",
            "url": "https://status.example.test/",
            "updated_at": "2026-05-01T09:00:00Z",
        },
        "status": {"indicator": indicator, "description": "In words"},
        "components": list(components),
    } | more


def read(main: Json, components: object = None, incidents: object = None, base: str = "") -> PageReading:
    """A reading that must succeed."""
    page = read_page(
        json_response(main),
        None if components is None else json_response(components),
        None if incidents is None else json_response(incidents),
        base=base,
    )
    assert isinstance(page, PageReading), page
    return page


def only(page: PageReading) -> Incident:
    """The page's single incident."""
    (found,) = page.incidents
    return found


def at(hour: int, minute: int = 0) -> datetime:
    """A time on the day the tests play."""
    return datetime(2026, 5, 1, hour, minute, tzinfo=UTC)
