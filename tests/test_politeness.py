"""What the program costs others: requests and bytes of whole days, and how it keeps to what a server asks of it.

Everything is real but the clock: rhythm, judge, sources and HTTP over loopback.
"""

from __future__ import annotations

import gzip
import socket
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from tests.core.days import Day, pages
from tests.core.films import moment
from tests.film import own_film
from tests.meter import DAY, DOWN, ENDPOINTS, PAGE_HEAD, PATHS, Living, Meter, limits, living, scene_of
from trayapp.core.schedule import plan_next_poll, start_schedule
from trayapp.core.state.memory import Memory
from trayapp.demo.page_json import COMPONENTS_PATH, SUMMARY_PATH
from trayapp.demo.server import CannedAnswer
from trayapp.model import RoundTerms
from trayapp.model.defaults import PAGE_INTERVAL, PAGE_INTERVAL_IN_TROUBLE

CALM, TROUBLE = (scene_of(scene) for scene in own_film().scenes[:2])
HOUR = 3600.0
PROBES = tuple(PATHS.values())
REFERENCES = ("/success.txt", "/generate_204", "/trace")


def requests_in(one: Living, hours: float) -> Counter[str]:
    """What was asked for in so many hours from now."""
    before = one.http.asked.copy()
    one.live(one.second + hours * HOUR)
    return one.http.asked - before


def page_with_headers(**headers: str) -> dict[str, CannedAnswer]:
    """The calm page's two files with these headers besides."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        path: replace(CALM[path], headers={**PAGE_HEAD, **named}) for path in (SUMMARY_PATH, COMPONENTS_PATH)
    }


def refused_page(**headers: str) -> dict[str, CannedAnswer]:
    """The page's two files refused with these headers."""
    return {path: replace(one, status=503, body=b"") for path, one in page_with_headers(**headers).items()}


@pytest.mark.long
def test_a_calm_day_is_at_most_three_thousand_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """And 3.5 MB of the page; with all probes 8.2 MB, where a challenge page is as large as `meter` has it."""
    with Meter(CALM) as meter, living(meter, monkeypatch) as one:
        assert one.live(DAY) == []
        assert sum(one.http.asked.values()) <= 3000
        assert one.http.asked[SUMMARY_PATH] == pytest.approx(DAY / PAGE_INTERVAL, rel=0.02)
        assert sum(one.http.asked[path] for path in REFERENCES) == 0
        assert meter.bytes.total() - sum(meter.bytes[path] for path in PROBES) <= 3_500_000
        assert meter.bytes.total() <= 8_200_000


@pytest.mark.long
def test_an_outage_asks_each_place_every_40_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a little more at its start. Each failing check asks for the page too, which proves the connection.

    The list of past incidents is read again only when an incident has news. Afterwards it is calm again.
    """
    with Meter(CALM) as meter, living(meter, monkeypatch) as one:
        requests_in(one, 0.5)
        meter.scene.update({**TROUBLE, **dict.fromkeys(PROBES, DOWN)})
        asked = requests_in(one, 2)
        assert max(asked[path] for path in (SUMMARY_PATH, *PROBES)) <= 180 * 1.02 + 9
        assert max(asked[path] for path in REFERENCES) <= 180 * 1.02 + 9
        assert asked["/api/v2/incidents.json"] <= 4
        meter.scene.update({**CALM, **ENDPOINTS})
        requests_in(one, 1)
        calm = requests_in(one, 1)
        assert sum(calm.values()) <= 3000 / 24 * 1.1


@pytest.mark.long
def test_offline_the_page_is_tried_once_a_minute_and_each_probe_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the neutral servers, so that the end of it is noticed."""
    with Meter(CALM) as meter, living(meter, monkeypatch) as one:
        requests_in(one, 0.5)

        def no_name(*_: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", no_name)
        one.http.drop_connections()
        bytes_before = meter.bytes.total()
        asked = requests_in(one, 6)
        assert asked[SUMMARY_PATH] == pytest.approx(6 * HOUR / PAGE_INTERVAL_IN_TROUBLE, rel=0.05)
        assert max(asked[path] for path in REFERENCES) <= 370 + sum(asked[path] for path in PROBES)
        calm = {path: 6 * HOUR / spec.interval for path, spec in zip(PROBES, one.limits.probes, strict=True)}
        assert all(asked[path] == pytest.approx(calm[path], rel=0.1) for path in PROBES)
        assert meter.bytes.total() == bytes_before


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry_After": "500"}, 500, 900),
        ({"Retry_After": "700"}, 700, 900),
        ({"Retry_After": "Sat, 14 Mar 2026 09:20:00 GMT"}, 1200, 1200),
        ({"Retry_After": "999999"}, 3600, 3600),
        ({"Retry_After": "Sun, 14 Mar 2027 09:00:00 GMT"}, 3600, 3600),
    ],
)
def test_retry_after_is_kept_to(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], least: float, most: float
) -> None:
    """In seconds or as a date by the server's own clock: ten minutes at most, and an hour if it asks twice in a row."""
    with Meter({**CALM, **refused_page(**headers)}) as meter, living(meter, monkeypatch) as one:
        one.limits = replace(one.limits, probes=())
        one.live(0)
        first = one.plan().wait
        assert first == min(least, 600)
        one.live(first)
        assert least <= one.plan().wait <= most


@pytest.mark.long
def test_a_page_that_does_not_answer_is_asked_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never more often than in health, and never less than every quarter of an hour."""
    with Meter({**CALM, **refused_page()}) as meter, living(meter, monkeypatch) as one:
        one.limits = replace(one.limits, probes=())
        asked = requests_in(one, 24)
        assert 96 <= asked[SUMMARY_PATH] <= 300


def test_what_has_not_changed_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tag of the last answer goes along, and 304 stands for its body, whatever encoding it claims to have."""
    with Meter({**CALM, **page_with_headers(ETag='W/"a1"')}) as meter, living(meter, monkeypatch) as one:
        one.limits = replace(one.limits, probes=())
        requests_in(one, 0)
        first = meter.bytes[SUMMARY_PATH]
        looks = requests_in(one, 0.5)[SUMMARY_PATH]
        assert looks >= 0.9 * HOUR / 2 / PAGE_INTERVAL - 1
        assert (meter.bytes[SUMMARY_PATH] - first) / looks < first - 0.9 * len(
            gzip.compress(CALM[SUMMARY_PATH].body)
        )
        assert one.live(one.second) == []
        assert one.plan().reason == "calm"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Cache_Control": "public, max-age=300", "Age": "60"}, 240),
        ({"Cache_Control": "max-age=86400"}, 300),
    ],
)
def test_what_a_cache_would_answer_alike_is_not_asked_before(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], wait: float
) -> None:
    """As long as the answer stays fresh, five minutes at the most: no cache may blind the program."""
    with Meter({**CALM, **page_with_headers(**headers)}) as meter, living(meter, monkeypatch) as one:
        one.limits = replace(one.limits, probes=())
        requests_in(one, 0)
        assert one.plan().wait == wait


def test_programs_started_at_once_do_not_probe_at_once() -> None:
    """A building's computers begin at nine: their first probes fall anywhere within an interval."""
    ours = limits()
    interval = ours.probes[0].interval
    firsts = []
    for seed in range(400):
        begun = start_schedule(moment(0), ours, Random(seed).random)  # noqa: S311  # seeds, not secrets
        firsts.append(begun.polled_at[ours.probes[0].name] + interval - moment(0).awake)
    quarters = Counter(int(4 * first // interval) for first in firsts)
    assert set(quarters) <= {0, 1, 2, 3, 4}
    assert min(quarters[quarter] for quarter in range(4)) > 60
    assert plan_next_poll(begun, Memory(), RoundTerms(moment(0), ours)).page


@pytest.mark.long
def test_no_two_pauses_are_alike() -> None:
    """Ten per cent more or less, all of it used, so that programs drift apart."""
    day = Day(dice=Random(7).random)  # noqa: S311  # a fixed seed
    gaps = [b - a for a, b in pairwise(pages(day, DAY))]
    assert min(gaps) == pytest.approx(0.9 * PAGE_INTERVAL, abs=0.5)
    assert max(gaps) == pytest.approx(1.1 * PAGE_INTERVAL, abs=0.5)
    assert sum(gaps) / len(gaps) == pytest.approx(PAGE_INTERVAL, rel=0.01)
