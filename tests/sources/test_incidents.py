"""Incidents and maintenances as the page tells them: beginnings, ends, posts and whom they concern."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.sources.pages import Json, at, component, incident, only, post, read, summary
from trayapp.model import Stage, State


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("investigating", Stage.INVESTIGATING),
        ("maintenance_in_progress", Stage.IN_PROGRESS),
        ("maintenance_complete", Stage.COMPLETED),
        ("postmortem", Stage.RESOLVED),
        ("pondering", Stage.OTHER),
    ],
)
def test_stage_words_of_both_dialects_have_their_stages(word: str, stage: Stage) -> None:
    """A stage never heard of is open and kept as it came."""
    found = only(read(summary(incidents=[incident(word)])))
    assert (found.stage, found.stage_word) == (stage, word)


def test_an_incident_is_read_with_its_posts_newest_first() -> None:
    """Its last change is its newest post, not the time somebody edited an old one."""
    found = only(
        read(
            summary(
                incidents=[
                    incident(
                        "monitoring",
                        post("identified", "2026-05-01T10:05:00.5Z"),
                        post("monitoring", "2026-05-01T11:00:00Z", display_at="2026-05-01T10:55:00Z"),
                        post("investigating", ""),
                        updated_at="2026-05-04T00:00:00Z",
                    )
                ]
            )
        )
    )
    assert [update.stage for update in found.updates] == [
        Stage.MONITORING,
        Stage.IDENTIFIED,
        Stage.INVESTIGATING,
    ]
    assert (found.updated_at, found.started_at, found.is_open) == (at(10, 55), at(10), True)
    assert found.url == "https://status.example.test/incidents/I-1"
    assert found.updates[0].text == "We are monitoring."


def test_a_back_dated_post_tells_the_earlier_beginning() -> None:
    """Shown as of 09:43 though written at 10:00."""
    posts = post("identified", "2026-05-01T10:00:00Z", display_at="2026-05-01T09:43:00Z")
    assert only(read(summary(incidents=[incident("identified", posts)]))).started_at == at(9, 43)


def test_the_present_word_is_believed_when_a_status_went_backwards() -> None:
    """Resolved, then monitoring again: it is open, whatever `resolved_at` still says."""
    posts = (post("monitoring", "2026-05-01T11:00:00Z"), post("resolved", "2026-05-01T10:50:00Z"))
    found = only(
        read(summary(incidents=[incident("monitoring", *posts, resolved_at="2026-05-01T10:50:00Z")]))
    )
    assert (found.stage, found.resolved_at, found.is_open) == (Stage.MONITORING, None, True)


def test_an_incident_ended_when_it_was_resolved_for_good() -> None:
    """Not at its first end, and not when its postmortem was written."""
    posts = (
        post("postmortem", "2026-05-01T20:00:00Z"),
        post("resolved", "2026-05-01T12:00:00Z"),
        post("monitoring", "2026-05-01T11:00:00Z"),
        post("resolved", "2026-05-01T10:50:00Z"),
    )
    past = {"incidents": [incident("postmortem", *posts, resolved_at="2026-05-01T10:50:00Z")]}
    assert only(read(summary(), incidents=past)).resolved_at == at(12)


def test_without_posts_an_incidents_own_times_are_taken() -> None:
    """They are all there is."""
    bare = incident("resolved", resolved_at="2026-05-01T12:00:00Z", updated_at="2026-05-01T12:01:00Z")
    found = only(read(summary(incidents=[bare])))
    assert (found.updated_at, found.resolved_at) == (at(12, 1), at(12))


def test_an_incident_with_an_id_only_is_open_and_degraded() -> None:
    """Nothing is known of it but that somebody posted it; one without id and name is nothing."""
    found = only(read(summary(incidents=[{"id": "I-9"}, {}])))
    assert (found.stage, found.impact, found.is_open) == (Stage.OTHER, State.DEGRADED, True)
    assert (found.started_at, found.updated_at, found.updates) == (None, None, ())


@pytest.mark.parametrize(
    ("row", "stage"),
    [
        ({"id": "I", "incident_updates": [post("identified", "2026-05-01T10:00:00Z")]}, Stage.IDENTIFIED),
        ({"id": "I", "resolved_at": "2026-05-01T10:00:00Z"}, Stage.RESOLVED),
    ],
)
def test_a_missing_status_is_told_from_the_newest_post_or_the_end(row: Json, stage: Stage) -> None:
    """The next best word is taken."""
    assert only(read(summary(incidents=[row]))).stage is stage


@pytest.mark.parametrize("listed", ["identified", "resolved"])
def test_of_an_incident_in_two_files_the_summary_is_believed(listed: str) -> None:
    """The list of incidents comes from a cache of its own: it may be older, or ahead."""
    row = incident(listed, post(listed, "2026-05-01T11:00:00Z"))
    own = incident("monitoring", post("monitoring", "2026-05-01T10:30:00Z"))
    page = read(summary(incidents=[own]), incidents={"incidents": [row]})
    assert only(page).stage is Stage.MONITORING


def test_the_summary_alone_says_what_is_open() -> None:
    """What only the list of incidents calls open has ended; what it calls over is kept."""
    rows = [incident("investigating", id="old copy"), incident("resolved", id="over")]
    page = read(summary(incidents=[]), incidents={"incidents": rows})
    assert [(i.id, i.is_open) for i in page.incidents] == [("over", False)]
    assert page.past_read


def test_a_summary_that_speaks_of_no_incidents_leaves_that_to_their_list() -> None:
    """A page with neither an indicator nor incidents in its summary says nothing of them there."""
    main = {"components": [component("A")]}
    assert [i.id for i in read(main, incidents={"incidents": [incident("identified")]}).incidents] == ["I-1"]


@pytest.mark.parametrize("incidents", [None, {}, {"other": []}])
def test_without_the_list_of_incidents_nothing_is_known_of_the_past(incidents: Json | None) -> None:
    """Whoever waits for it goes on asking."""
    assert not read(summary(), incidents=incidents).past_read


@pytest.mark.parametrize("impact", [None, "none", "maintenance", "minor", "major", "critical"])
def test_a_planned_maintenance_is_maintenance_whatever_impact_it_carries(impact: str | None) -> None:
    """On a page of the other dialect most carry one of an outage's."""
    row = incident("in_progress", impact=impact, scheduled_until="2026-05-01T14:00:00Z")
    found = only(read(summary(scheduled_maintenances=[row])))
    assert found.impact is State.MAINTENANCE
    assert found.ends_by == datetime(2026, 5, 1, 14, tzinfo=UTC)


def posts(*stages: str) -> list[Json]:
    """Posts of these stages, one an hour from 10:00 on."""
    return [post(stage, f"2026-05-01T{10 + n}:00:00Z") for n, stage in enumerate(stages)]


@pytest.mark.parametrize(
    ("stages", "reopened"),
    [
        (("investigating", "resolved"), None),
        (("investigating", "monitoring"), None),
        (("investigating", "resolved", "investigating"), 12),
        (("investigating", "resolved", "investigating", "monitoring"), 12),
        (("investigating", "resolved", "investigating", "resolved"), 12),
        (("investigating", "resolved", "investigating", "resolved", "identified"), 14),
        (("resolved", "identified"), 11),
    ],
)
def test_a_reopened_incident_is_dated_from_its_reopening(
    stages: tuple[str, ...], reopened: int | None
) -> None:
    """The first post after the last that called it over, unless nothing came after that."""
    found = only(read(summary(incidents=[incident(stages[-1], *posts(*stages))])))
    assert found.reopened_at == (None if reopened is None else datetime(2026, 5, 1, reopened, tzinfo=UTC))


def test_incidents_come_newest_first() -> None:
    """By their beginning; one without times is the oldest."""
    rows = [
        incident("identified", id="old", created_at="2026-04-01T10:00:00Z"),
        {"id": "timeless"},
        incident("identified", id="new"),
    ]
    assert [i.id for i in read(summary(incidents=rows)).incidents] == ["new", "old", "timeless"]


def test_maintenances_keep_their_stage_and_their_scheduled_beginning() -> None:
    """Announced long before, it begins when it is scheduled for."""
    row = incident(
        "scheduled",
        post("scheduled", "2026-04-20T10:00:00Z"),
        impact=None,
        scheduled_for="2026-05-02T01:00:00Z",
        components=[component("A"), component("A")],
    )
    found = only(read(summary(scheduled_maintenances=[row])))
    assert (found.stage, found.impact) == (Stage.SCHEDULED, State.MAINTENANCE)
    assert found.started_at == datetime(2026, 5, 2, 1, tzinfo=UTC)
    assert found.components == ("C-A",)


def test_components_named_by_posts_are_joined_by_code() -> None:
    """Names in them may be old; a null list names none."""
    posts = (
        post("identified", "2026-05-01T10:05:00Z", affected_components=[{"code": "C-B", "name": "Old name"}]),
        post("investigating", "2026-05-01T10:00:00Z", affected_components=None),
    )
    row = incident("identified", *posts, affected_components=[{"component_id": "C-A"}])
    assert only(read(summary(incidents=[row]))).components == ("C-A", "C-B")


@pytest.mark.parametrize("spelled", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_no_times(spelled: str) -> None:
    """The first is how some servers spell "none"; neither has a local time everywhere."""
    found = only(read(summary(incidents=[incident("investigating", created_at=spelled)])))
    assert found.started_at is None
