"""Whole looks: what is asked when, and what it says of the page, the probes and the line."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sources.conftest import Serve
from tests.sources.pages import Json, component, json_response, summary
from tests.sources.servers import Manner, Seen, Server, by_path, hang, say
from trayapp.model import (
    Cause,
    ConnectionState,
    Miss,
    Moment,
    NativeReading,
    Outcome,
    PageReading,
    PollPlan,
    ProbeSpec,
    Round,
    State,
    SystemConnectivity,
)
from trayapp.sources.http import HttpClient
from trayapp.sources.poll import Sources

NOW = Moment(datetime(2026, 5, 1, tzinfo=UTC), 1.0, 1.0)
CALM_FILES: dict[str, Json] = {
    "/api/v2/summary.json": summary(component("A")),
    "/api/v2/components.json": {"components": [component("A"), component("B")]},
    "/api/v2/incidents.json": {"incidents": [{"id": "I-1", "status": "resolved"}, {"id": "I-0"}]},
}
CALM: dict[str, Manner] = {
    **{path: say(200, json_response(document).body) for path, document in CALM_FILES.items()},
    "/proxy/status.example.test": say(
        200,
        json_response(
            {"ongoing_incidents": [{"id": "I", "affected_components": [{"component_id": "A"}]}]}
        ).body,
    ),
}
ALIVE, DOWN = say(401), say(503, server="theirs")
PAGE = PollPlan(0.0, "test", page=True)
BOTH = PollPlan(0.0, "test", page=True, probes=("P",))
PROBE = PollPlan(0.0, "test", probes=("P",))


@dataclass
class World:
    """The servers that are asked, and who asks them."""

    page: Server
    probe: Server
    reference: Server
    trace: Server
    sources: Sources
    os_words: list[SystemConnectivity] = field(default_factory=list)

    def look(self, plan: PollPlan) -> Round:
        """One look at it."""
        return self.sources.poll(plan, lambda: NOW)


Build = Callable[..., World]


@pytest.fixture
def world(http: HttpClient, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Make a world; hosts that end with .test are found on this computer."""
    real = socket.getaddrinfo

    def resolve(host: Any, *more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return real("127.0.0.1" if name.endswith(".test") else name, *more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(
        "trayapp.sources.attempt.is_public", lambda _address: True
    )  # loopback is the internet here

    def build(
        *,
        page: Manner | None = None,
        probe: Manner = ALIVE,
        reference: Manner | None = None,
        trace: Manner | None = None,
        os_word: SystemConnectivity = SystemConnectivity.UNKNOWN,
        page_host: str = "page.test",
        probe_host: str = "probe.test",
    ) -> World:
        servers = [serve(m) for m in (page or by_path(CALM), probe, reference or say(204), trace or say(200))]
        at = [server.port for server in servers]
        asked: list[SystemConnectivity] = []

        def word() -> SystemConnectivity:
            asked.append(os_word)
            return os_word

        sources = Sources(
            http=http,
            page_url=f"http://{page_host}:{at[0]}/",
            probes=[ProbeSpec(n, "APIs", f"http://{probe_host}:{at[1]}/{n}", 150.0) for n in ("P", "Q")],
            references=[f"http://reference.test:{at[2]}/"],
            read_system_connectivity=word,
            network=lambda: "home",
            trace_url=f"http://trace.test:{at[3]}/",
        )
        return World(servers[0], servers[1], servers[2], servers[3], sources, asked)

    return build


def test_a_calm_look_asks_two_files_and_the_due_probes_only(world: Build) -> None:
    """Nobody else is asked, not even the operating system."""
    w = world()
    got = w.look(BOTH)
    assert isinstance(got.page, PageReading)
    assert (got.moment, got.page.whole, got.native, got.line) == (
        NOW,
        True,
        None,
        ConnectionState.NOT_CHECKED,
    )
    assert [(p.name, p.outcome) for p in got.probes] == [("P", Outcome.ALIVE)]
    assert w.page.paths() == ["/api/v2/components.json", "/api/v2/summary.json"]
    assert w.probe.paths() == ["/P"]
    assert (w.reference.seen, w.trace.seen, w.os_words) == ([], [], [])


def test_an_unconditional_plan_asks_the_page_itself(world: Build) -> None:
    """Neither an ETag nor a cache answers for any of its files."""
    tagged = {path: say(200, json_response(CALM_FILES[path]).body, etag='"e"') for path in CALM_FILES}
    w = world(page=by_path(tagged))
    w.look(PAGE)
    w.look(PAGE)
    w.look(replace(PAGE, unconditional=True))
    sent = [(s.headers.get("if-none-match"), s.headers.get("cache-control")) for s in w.page.seen]
    assert sent == [(None, None)] * 2 + [('"e"', None)] * 2 + [(None, "no-cache")] * 2


def test_readings_of_one_cached_copy_are_known_as_such(world: Build) -> None:
    """The page itself, asked past the cache, gives a reading that is of no copy."""
    old = {"date": "Fri, 01 May 2026 00:00:00 GMT", "age": "50"}

    def cache(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        past_it = seen.headers.get("cache-control") == "no-cache"
        body = json_response(CALM_FILES[seen.path]).body
        return say(200, body, **({} if past_it else old))(seen, conn, stop)

    w = world(page=cache)
    pages = [w.look(plan).page for plan in (PAGE, PAGE, replace(PAGE, unconditional=True))]
    first, second, third = (page for page in pages if isinstance(page, PageReading))
    assert first.copy == second.copy != ""
    assert (first.age, third.age, third.copy) == (50.0, 0.0, "")


@pytest.mark.long
@pytest.mark.parametrize("path", list(CALM_FILES))
@pytest.mark.parametrize("body", [b"{}", b"<html>", b'{"components": '])
def test_the_etag_of_what_could_not_be_read_is_not_trusted(world: Build, path: str, body: bytes) -> None:
    """Somebody on the way may spoil a body and leave its headers: the server says 304 to them for good."""

    def say_unchanged(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        if "if-none-match" in seen.headers:
            return say(304)(seen, conn, stop)
        spoiled = seen.path == path and len(w.page.seen) <= len(CALM_FILES)
        answer = body if spoiled else json_response(CALM_FILES[seen.path]).body
        return say(200, answer, etag='"e"')(seen, conn, stop)

    w = world(page=say_unchanged)
    plan = replace(PAGE, incidents=True)
    first, second = w.look(plan).page, w.look(plan).page
    assert first != second
    assert isinstance(second, PageReading)
    assert (second.indicator, second.whole, second.past_read) == (State.OPERATIONAL, True, True)


def test_past_incidents_and_the_native_feed_are_asked_for_when_planned(world: Build) -> None:
    """The feed is asked for under the page's own host, once that is known from a first reading."""
    w = world()
    full = PollPlan(0.0, "test", page=True, incidents=True, native=True)
    first, second = w.look(full), w.look(full)
    assert isinstance(first.page, PageReading)
    assert ([i.id for i in first.page.incidents], first.page.past_read) == (["I-1"], True)
    assert first.native == Miss(Cause.STATUS, 404)
    assert second.native == NativeReading({}, {"I": ("A",)})
    assert {first.line, second.line} == {ConnectionState.NOT_CHECKED}


def test_a_look_at_probes_alone_has_no_page(world: Build) -> None:
    """Nothing is made up for what was not asked."""
    w = world()
    assert w.look(PROBE).page is None
    assert w.page.seen == []
    assert w.look(PollPlan(0.0, "nothing is due")) == Round(NOW)


def test_a_good_page_proves_the_line_against_the_systems_word(world: Build) -> None:
    """A probe failed, but the page came: no reference is needed, only Cloudflare's own page."""
    w = world(probe=DOWN, os_word=SystemConnectivity.NONE)
    got = w.look(BOTH)
    assert (got.line, got.probes[0].outcome) == (ConnectionState.GOOD, Outcome.FAILURE)
    assert (w.reference.seen, w.os_words) == ([], [])
    assert len(w.trace.seen) == 1


@pytest.mark.long
def test_a_page_on_the_persons_own_network_does_not_prove_the_line(world: Build) -> None:
    """A mirror next door answers offline too, so the references are asked."""
    w = world(probe=DOWN, page_host="127.0.0.1", reference=hang, os_word=SystemConnectivity.NONE)
    assert w.look(BOTH).line is ConnectionState.OFFLINE
    assert w.os_words == []


def test_a_failing_trace_page_is_trouble_at_the_edge(world: Build) -> None:
    """The references answer and Cloudflare does not."""
    got = world(probe=DOWN, trace=say(503, server="cloudflare")).look(PROBE)
    assert got.line is ConnectionState.EDGE


def test_failures_behind_no_edge_do_not_ask_for_it(world: Build) -> None:
    """A probe on this computer is not behind Cloudflare."""
    w = world(probe=DOWN, probe_host="127.0.0.1", trace=say(503, server="cloudflare"))
    assert w.look(PROBE).line is ConnectionState.GOOD
    assert w.trace.seen == []


@pytest.mark.parametrize(
    ("word", "line"),
    [(SystemConnectivity.NONE, ConnectionState.OFFLINE), (SystemConnectivity.PORTAL, ConnectionState.PORTAL)],
)
def test_the_systems_word_decides_at_once(
    world: Build, word: SystemConnectivity, line: ConnectionState
) -> None:
    """Where nothing answered well, nobody else is asked."""
    w = world(page=say(502), os_word=word)
    assert w.look(PAGE).line is line
    assert w.reference.seen == []


def test_an_alive_probe_outweighs_the_systems_word(world: Build) -> None:
    """Somebody out there answered, so the references are asked."""
    w = world(page=say(502), os_word=SystemConnectivity.NONE)
    assert w.look(BOTH).line is ConnectionState.GOOD
    assert w.os_words == []


@pytest.mark.parametrize(
    ("reference", "line"),
    [
        (say(200, b"success"), ConnectionState.GOOD),
        (say(302, location="http://portal.test/"), ConnectionState.PORTAL),
        (say(500), ConnectionState.OFFLINE),
    ],
)
def test_an_unreadable_page_asks_the_references(
    world: Build, reference: Manner, line: ConnectionState
) -> None:
    """The trace page is not asked: no probe failed."""
    w = world(page=say(200, b"<html>"), reference=reference)
    got = w.look(PAGE)
    assert isinstance(got.page, Miss)
    assert (got.page.cause, got.line) == (Cause.HTML, line)
    assert w.trace.seen == []


def test_a_probe_that_is_led_away_asks_the_references(world: Build) -> None:
    """That is how a portal answers."""
    away = say(302, location="http://portal.test/")
    assert world(probe=away, reference=away).look(PROBE).line is ConnectionState.PORTAL


@pytest.mark.long
def test_when_everything_hangs_the_round_still_ends_in_time(world: Build) -> None:
    """Page, probes, references and trace: ten seconds, and a tenth more."""
    w = world(page=hang, probe=hang, reference=hang, trace=hang)
    began = time.monotonic()
    got = w.look(BOTH)
    assert time.monotonic() - began < 11.0
    assert got.page == Miss(Cause.TIMEOUT, detail="TimeoutError: timed out")
    assert (got.probes[0].cause, got.line) == (Cause.TIMEOUT, ConnectionState.OFFLINE)


def test_without_references_an_unproven_line_stays_unknown(http: HttpClient, serve: Serve) -> None:
    """Nobody is asked, and nothing is claimed."""
    server = serve(say(502))
    sources = Sources(
        http=http,
        page_url=server.url,
        probes=[],
        references=[],
        read_system_connectivity=lambda: SystemConnectivity.UNKNOWN,
    )
    assert sources.poll(PAGE, lambda: NOW).line is ConnectionState.NOT_CHECKED


def test_which_network_this_is_is_asked_where_something_failed(world: Build) -> None:
    """A calm look needs no word of it."""
    assert world().look(BOTH).network == ""
    assert world(probe=DOWN).look(BOTH).network == "home"
    assert world(page=say(502)).look(PAGE).network == "home"
