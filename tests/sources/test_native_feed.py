"""incident.io's own feed: groups, and whom an incident concerns."""

from __future__ import annotations

from tests.sources.pages import json_response
from trayapp.model import Cause, Miss, NativeReading, State
from trayapp.sources.messages import HttpResponse
from trayapp.sources.native_feed import read_native


def test_the_feed_tells_groups_and_whom_incidents_concern() -> None:
    """Components outside of groups and incidents that name none are left out."""
    feed = {
        "structure": {
            "items": [
                {"group": {"name": "Tools", "components": [{"component_id": "A"}, {"name": "no id"}]}},
                {"group": {"components": [{"component_id": "nameless group"}]}},
                {"component": {"component_id": "B"}},
            ]
        },
        "ongoing_incidents": [
            {
                "id": "I-1",
                "affected_components": [{"component_id": "A"}],
                "component_impacts": [{"component_id": "B"}, {"component_id": "A"}],
            },
            {"id": "I-2"},
            {"affected_components": [{"component_id": "A"}]},
        ],
        "scheduled_maintenances": [{"id": "I-3", "affected_components": [{"component_id": "B"}]}],
    }
    assert read_native(json_response({"summary": feed})) == NativeReading(
        {"A": "Tools"}, {"I-1": ("A", "B"), "I-3": ("B",)}
    )


def test_the_feed_tells_which_components_are_hurt() -> None:
    """By the words of the page's own list; a row without an id or a word says nothing."""
    rows = [
        {"component_id": "A", "status": "degraded_performance"},
        {"component_id": "B", "status": "full_outage"},
        {"component_id": "C"},
        {"status": "partial_outage"},
        "junk",
    ]
    got = read_native(json_response({"summary": {"incidents": [{"id": "I"}], "affected_components": rows}}))
    assert isinstance(got, NativeReading)
    assert got.states == {"A": State.DEGRADED, "B": State.MAJOR}


def test_a_feed_that_tells_nothing_is_a_miss() -> None:
    """So is one that is not there."""
    for answer in (json_response({"summary": {}}), json_response({})):
        got = read_native(answer)
        assert isinstance(got, Miss)
        assert got.cause is Cause.FORMAT
    assert read_native(HttpResponse(404)) == Miss(Cause.STATUS, 404)
