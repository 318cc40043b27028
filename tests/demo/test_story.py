"""The story of an outage."""

from __future__ import annotations

import http.client
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trayapp.demo.component_names import COMPONENTS_BY_GROUP
from trayapp.demo.page_json import COMPONENTS_PATH, INCIDENTS_PATH, SUMMARY_PATH, made_up_id
from trayapp.demo.server import API_PATH, UNAVAILABLE, StatusServer
from trayapp.demo.story import Frame, build_frames, play_story

START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def read(frame: Frame, path: str) -> Any:
    """The JSON that a frame gives under a path."""
    return json.loads(frame.pages[path])


def test_a_calm_summary_has_no_incidents_key() -> None:
    """On a calm day incident.io leaves the key out, before and after the outage."""
    story = build_frames(START)
    for calm in (story[0], story[-1]):
        assert "incidents" not in read(calm, SUMMARY_PATH)
        assert read(calm, SUMMARY_PATH)["status"]["indicator"] == "none"


def test_a_summary_lists_25_components_and_not_always_the_same() -> None:
    """The cap of the summary and its rotation are played too; components.json is whole."""
    listed = [{c["id"] for c in read(frame, SUMMARY_PATH)["components"]} for frame in build_frames(START)]
    assert {len(ids) for ids in listed} == {25}
    assert len({frozenset(ids) for ids in listed}) > 1
    whole = [c["name"] for c in read(build_frames(START)[0], COMPONENTS_PATH)["components"]]
    assert sorted(whole) == sorted(name for names in COMPONENTS_BY_GROUP.values() for name in names)
    assert len(whole) == 34


def test_the_outage_goes_through_every_stage_and_severity() -> None:
    """The page goes none, minor, major, critical and back; the incident goes from investigating to resolved."""
    indicators = [read(frame, SUMMARY_PATH)["status"]["indicator"] for frame in build_frames(START)]
    assert indicators == [
        "none",
        "none",
        "minor",
        "major",
        "major",
        "critical",
        "major",
        "major",
        "minor",
        "none",
        "none",
    ]
    newest = read(build_frames(START)[-1], INCIDENTS_PATH)["incidents"][0]
    stages = [update["status"] for update in newest["incident_updates"]]
    assert stages == ["resolved", "monitoring", "identified", "identified", "investigating"]
    assert newest["impact"] == "critical"


def test_an_open_incident_leaves_out_what_it_does_not_know_yet() -> None:
    """Nulls are omitted: no resolved_at while open, no monitoring_at before monitoring."""
    story = build_frames(START)
    first = next(read(f, SUMMARY_PATH)["incidents"][0] for f in story if "incidents" in read(f, SUMMARY_PATH))
    assert not {"resolved_at", "monitoring_at"} & first.keys()
    assert {"resolved_at", "monitoring_at"} <= read(story[-1], INCIDENTS_PATH)["incidents"][0].keys()
    assert b"null" not in b"".join(body for frame in story for body in frame.pages.values())


def test_the_probe_fails_before_anybody_posts_and_recovers_before_the_end() -> None:
    """The first sign is this computer's own probe; the page follows, and resolves after the API is back."""
    story = build_frames(START)
    failing = [frame.minute for frame in story if frame.endpoints[API_PATH] == UNAVAILABLE]
    posted = [frame.minute for frame in story if "incidents" in read(frame, SUMMARY_PATH)]
    assert failing[0] < posted[0]
    assert failing[-1] < posted[-1]


def test_components_fall_and_come_back_one_by_one() -> None:
    """The number of components in trouble rises, falls and ends at none."""
    counts = [
        sum(c["status"] != "operational" for c in read(frame, COMPONENTS_PATH)["components"])
        for frame in build_frames(START)
    ]
    assert counts == [0, 0, 1, 2, 5, 6, 5, 3, 0, 0, 0]


def test_times_count_from_the_start_and_only_content_changes_the_page() -> None:
    """`page.updated_at` stands still until somebody posts, and is in whole seconds of UTC."""
    story = build_frames(START)
    times = [read(frame, SUMMARY_PATH)["page"]["updated_at"] for frame in story]
    assert times[0] == times[1] == "2029-11-03T03:04:05Z"
    assert times[2] == "2030-01-02T03:14:05Z"
    assert times == sorted(times)
    assert times[-1] == times[-2]


def test_every_id_has_the_shape_of_a_ulid_and_is_unique() -> None:
    """Ids are 26 of Crockford's letters, and no two things share one."""
    last = build_frames(START)[-1]
    components = [c["id"] for c in read(last, COMPONENTS_PATH)["components"]]
    incidents = read(last, INCIDENTS_PATH)["incidents"]
    ids = [*components, *(i["id"] for i in incidents)]
    ids += [update["id"] for i in incidents for update in i["incident_updates"]]
    assert all(ULID.fullmatch(one) for one in [*ids, made_up_id("PAGE", 0)])
    assert len(set(ids)) == len(ids)


class Clock:
    """The story's clock, moved by those who sleep."""

    def __init__(self, speed: float, stop_after: int = 1000) -> None:
        """Runs `speed` times as fast as a real clock; asks to stop at the given sleep."""
        self.at, self.speed, self.left, self.slept = START, speed, stop_after, 0.0

    def now(self) -> datetime:
        """The story's time."""
        return self.at

    def sleep(self, seconds: float) -> bool:
        """Move on by real seconds."""
        self.slept += seconds
        self.at += timedelta(seconds=seconds * self.speed)
        self.left -= 1
        return self.left < 0


def test_the_story_takes_its_fifty_minutes_divided_by_its_speed() -> None:
    """At sixty times the speed, fifty minutes take fifty seconds; the server shows each frame as it is told."""
    clock, told = Clock(speed=60), list[str]()
    with StatusServer() as server:

        def tell(frame: Frame) -> None:
            client = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
            client.request("GET", SUMMARY_PATH)
            assert client.getresponse().read() == frame.pages[SUMMARY_PATH]
            client.close()
            told.append(frame.note)

        play_story(server, 60, clock.sleep, clock.now, tell)
    assert clock.slept == pytest.approx(50.0)
    assert len(told) == len(build_frames(START))


def test_the_story_stops_when_told_so() -> None:
    """A sleep that says stop ends the story before the next frame."""
    clock, told = Clock(speed=60, stop_after=2), list[Frame]()
    with StatusServer() as server:
        play_story(server, 60, clock.sleep, clock.now, told.append)
    assert [frame.minute for frame in told] == [0, 3]
