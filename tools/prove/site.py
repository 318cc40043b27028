"""What the page's addresses answer, read by the program's own readers.

As OpenAI's page does it: `summary.json` lists 25 of its 34 components, another 25 each hour; its incidents name no
component, only the native feed does; `updated_at` is the newest post of what is open and falls back by months when the
last incident ends; `incidents.json` has the newest 25.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from tests.recorded import components
from tools.prove.chance import chance
from tools.prove.clock import wall
from tools.prove.pages import MEMBERS, Edition, Posting
from trayapp.model import CLOSED_STAGES, NativeReading, PageReading, Stage, State
from trayapp.sources.messages import HttpResponse
from trayapp.sources.native_feed import read_native
from trayapp.sources.statuspage import read_page

URL = "https://status.openai.com/"
LISTED = 25
"""Components in one `summary.json`, and incidents in one `incidents.json`."""
_LONG_AGO = -60 * 86400.0
_WORDS = {
    State.OPERATIONAL: "operational",
    State.MAINTENANCE: "under_maintenance",
    State.DEGRADED: "degraded_performance",
    State.PARTIAL: "partial_outage",
    State.MAJOR: "major_outage",
}
_IMPACTS = {
    State.OPERATIONAL: "none",
    State.MAINTENANCE: "maintenance",
    State.DEGRADED: "minor",
    State.PARTIAL: "major",
    State.MAJOR: "critical",
}
Rows = list[dict[str, Any]]


def reading(
    edition: Edition, *, past: Edition | None = None, whole: bool = True, turn: int = 0
) -> PageReading:
    """One good reading. `past`: the edition that `incidents.json` shows, if it was asked; `turn`: which 25 are listed."""
    return _read(edition, past, None if whole else turn)


@lru_cache(maxsize=512)
def _read(edition: Edition, past: Edition | None, turn: int | None) -> PageReading:
    everything = _components(edition)
    if turn is None:
        listed, more = everything[:LISTED], HttpResponse(200, body=_json({"components": everything}))
    else:
        listed, more = chance("rotation", turn).sample(everything, LISTED), None
    newest = max((t for p, _ in edition.current for t, _ in p.posts if t <= edition.at), default=_LONG_AGO)
    main: dict[str, Any] = {
        "page": {"name": "OpenAI", "url": URL, "updated_at": _date(newest)},
        "status": {"indicator": _IMPACTS[edition.indicator]},
        "components": listed,
    }
    if edition.current:
        main["incidents"] = [_incident(p, edition.at) for p, _ in edition.current]
    lists = None
    if past is not None:
        ordered = sorted(past.known, key=lambda p: max(t for t, _ in p.posts if t <= past.at))[-LISTED:]
        lists = HttpResponse(
            200, body=_json({"incidents": [_incident(p, past.at) for p in reversed(ordered)]})
        )
    page = read_page(HttpResponse(200, body=_json(main)), more, lists)
    assert isinstance(page, PageReading)
    return page


@lru_cache(maxsize=512)
def feed(edition: Edition) -> NativeReading:
    """The native feed: groups, what each open incident touches, and how that does."""
    groups = [
        {"group": {"name": group, "components": [{"component_id": number} for number in MEMBERS[group]]}}
        for group in MEMBERS
    ]
    affected = [{"component_id": n, "status": _WORDS[s]} for n, s in edition.marks.items()]
    ongoing = [_effects_of(posting, stage) for posting, stage in edition.current]
    found = read_native(
        HttpResponse(200, body=_json({
            "summary": {
                "structure": {"items": groups}, "affected_components": affected, "ongoing_incidents": ongoing
            }
        }))
    )  # fmt: skip
    assert isinstance(found, NativeReading)
    return found


def _components(edition: Edition) -> Rows:
    return [
        {
            "id": number,
            "name": name,
            "status": _WORDS[edition.marks.get(number, State.OPERATIONAL)],
            "updated_at": _date(_LONG_AGO),
        }
        for number, name in components()
    ]


def _incident(posting: Posting, at: float) -> dict[str, Any]:
    made = [(t, stage) for t, stage in posting.posts if t <= at]
    newest, stage = made[-1]
    row: dict[str, Any] = {
        "id": posting.id,
        "name": posting.name,
        "status": stage.value,
        "impact": _IMPACTS[posting.impact],
        "created_at": _date(posting.begins),
        "updated_at": _date(newest),
        "incident_updates": [
            {
                "id": f"{posting.id}-{n}",
                "status": s.value,
                "created_at": _date(t),
                "display_at": _date(t),
            }
            for n, (t, s) in enumerate(made)
        ][::-1],
    }
    if stage in CLOSED_STAGES:
        # It keeps the first end of an incident that was opened again.
        row["resolved_at"] = _date(next(t for t, s in made if s in CLOSED_STAGES))
    return row


def _effects_of(posting: Posting, stage: Stage) -> dict[str, Any]:
    now = State.OPERATIONAL if stage is Stage.MONITORING else posting.impact
    return {
        "id": posting.id,
        "affected_components": [
            {"component_id": n, "status": _WORDS[posting.impact], "current_status": _WORDS[now]}
            for n in posting.hit()
        ],
    }


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _date(t: float) -> str:
    return wall(t).strftime("%Y-%m-%dT%H:%M:%SZ")
