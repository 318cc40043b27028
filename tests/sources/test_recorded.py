"""Answers in the recorded shapes read right: the project's own film, and recorded facts put into these shapes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.film import own_film
from tests.recorded import Recorded, components, incidents
from trayapp.demo.page_json import COMPONENTS_PATH, INCIDENTS_PATH, SUMMARY_PATH
from trayapp.model import NativeReading, PageReading, Stage, State
from trayapp.sources.messages import HttpResponse
from trayapp.sources.native_feed import read_native
from trayapp.sources.statuspage import read_page

SHAPES = Path(__file__).parent.parent / "data" / "shapes"
CALM, MINOR, _ = own_film().scenes
NEWEST = [fact for fact in incidents() if fact.new_page][-25:]
"""The newest recorded incidents, every post of which is known."""


def page(*bodies: bytes) -> PageReading:
    """A reading of answers."""
    found = read_page(*(HttpResponse(200, body=body) for body in bodies))
    assert isinstance(found, PageReading)
    return found


def incidents_json(facts: list[Recorded]) -> bytes:
    """`incidents.json` as incident.io writes it: no components, the first end of an incident that came back."""
    return json.dumps({"incidents": [_row(fact) for fact in reversed(facts)]}).encode()


def _row(fact: Recorded) -> dict[str, Any]:
    posts = [
        {
            "id": f"{fact.id}-{n}",
            "incident_id": fact.id,
            "status": post.stage,
            "body": "",
            "created_at": f"{post.at:%Y-%m-%dT%H:%M:%SZ}",
            "display_at": f"{post.shown:%Y-%m-%dT%H:%M:%SZ}",
        }
        for n, post in enumerate(fact.posts)
    ]
    first_end = next(post["created_at"] for post in posts if post["status"] == "resolved")
    return {
        "id": fact.id,
        "name": "Elevated errors",
        "status": "resolved",
        "impact": fact.impact,
        "created_at": posts[0]["created_at"],
        "incident_updates": posts[::-1],
        "resolved_at": first_end,
    }


def test_the_calm_summary_is_operational_and_not_whole() -> None:
    """It lists 25 of 34 components and has no incidents."""
    read = page(CALM[SUMMARY_PATH].body)
    assert (read.indicator, read.whole, read.incidents) == (State.OPERATIONAL, False, ())
    assert len(read.components) == 25


def test_the_list_of_components_is_whole_and_each_belongs_to_a_product() -> None:
    """All 34 of the film, by their names but for the two called Login; all 34 recorded ones by their ids."""
    read = page(CALM[SUMMARY_PATH].body, CALM[COMPONENTS_PATH].body)
    assert read.whole
    assert Counter(c.group for c in read.components if c.name != "Login") == {
        "APIs": 11, "ChatGPT": 14, "Codex": 4, "Ads Platform": 2, "FedRAMP": 1,
    }  # fmt: skip
    rows = [{"id": number, "name": name, "status": "operational"} for number, name in components()]
    recorded = page(CALM[SUMMARY_PATH].body, json.dumps({"components": rows}).encode())
    assert Counter(c.group for c in recorded.components) == {
        "APIs": 12, "ChatGPT": 15, "Codex": 4, "Ads Platform": 2, "FedRAMP": 1,
    }  # fmt: skip


def test_the_open_incident_is_found_though_every_listed_component_is_operational() -> None:
    """Its newest post was made when it says, and its link is the page's."""
    read = page(MINOR[SUMMARY_PATH].body)
    assert read.indicator is State.DEGRADED
    assert {c.state for c in read.components} == {State.OPERATIONAL}
    (found,) = read.incidents
    assert (found.stage, found.impact, found.is_open) == (Stage.MONITORING, State.DEGRADED, True)
    assert found.url == f"https://status.openai.com/incidents/{found.id}"
    assert found.updated_at == found.updates[0].at


def test_past_incidents_have_ends_after_their_beginnings() -> None:
    """All 25 recorded ones, with every post, in the page's shape; and those of the film."""
    read = page(CALM[SUMMARY_PATH].body, CALM[COMPONENTS_PATH].body, incidents_json(NEWEST))
    assert len(read.incidents) == 25
    assert page(CALM[SUMMARY_PATH].body, CALM[COMPONENTS_PATH].body, CALM[INCIDENTS_PATH].body).incidents
    for found in read.incidents:
        assert not found.is_open
        assert found.updates
        assert found.started_at is not None
        assert found.resolved_at is not None
        assert found.started_at < found.resolved_at


def test_an_incident_that_came_back_ended_when_it_ended_last() -> None:
    """Resolved, watched again, resolved: its end is the last one, which is not what the page's own key says."""
    came_back = [f for f in NEWEST if [p.stage for p in f.posts].count("resolved") > 1]
    assert came_back
    for found in page(
        CALM[SUMMARY_PATH].body, CALM[COMPONENTS_PATH].body, incidents_json(came_back)
    ).incidents:
        (fact,) = (f for f in came_back if f.id == found.id)
        assert found.resolved_at == fact.ended > next(p.at for p in fact.posts if p.stage == "resolved")


def test_the_native_feed_says_which_components_an_incident_affects() -> None:
    """Those that it names, each once, though it names them in two lists."""
    hurt = [fact for fact in incidents() if fact.new_page and fact.components]
    rows = [
        {
            "id": fact.id,
            "affected_components": [
                {"component_id": i, "status": "full_outage"} for i in fact.components or ()
            ],
            "component_impacts": [{"id": f"{fact.id}{i}", "component_id": i} for i in fact.components or ()],
        }
        for fact in hurt
    ]
    native = read_native(HttpResponse(200, body=json.dumps({"incidents": rows}).encode()))
    assert isinstance(native, NativeReading)
    assert len(native.concerns) == 4
    assert native.concerns == {fact.id: fact.components for fact in hurt}


def test_atlassians_maintenances_are_read_with_their_components() -> None:
    """A completed one, with null lists among its posts."""
    main = json.loads((SHAPES / "atlassian-maintenance.json").read_text()) | {"status": {"indicator": "none"}}
    read = page(json.dumps(main).encode())
    assert read.incidents
    assert all(i.stage is Stage.COMPLETED and i.impact is State.MAINTENANCE for i in read.incidents)
    assert all(i.components for i in read.incidents)
