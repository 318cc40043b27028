"""After any one hostile answer the next healthy one is read, and an outage in it is told. Over real HTTP."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.core.films import moment, play
from tests.faults import FAULTS, Caller
from tests.sources.conftest import NOON
from tests.sources.pages import component, json_response, summary
from tests.sources.servers import Manner, Seen, Server, say
from trayapp.model import PageReading, PollPlan, Round, SystemConnectivity, TransitionKind
from trayapp.sources import poll
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import KEPT_HEADERS
from trayapp.sources.poll import Sources

PAGE = PollPlan(0.0, "test", page=True)
CALM, OUTAGE = '"calm"', '"outage"'
HEADERS = {
    "age": ["99999999999", "-1"],
    "cache-control": ["max-age=31536000, immutable", "only-if-cached"],
    "cf-cache-status": ["HIT"],
    "cf-mitigated": ["challenge"],
    "cf-ray": ["\xff"],
    "content-encoding": ["gzip", "br"],
    "content-type": ["text/html"],
    "date": ["Fri, 01 Jan 0100 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 GMT"],
    "etag": ['"\xff"', '"' + "x" * 30_000 + '"', "caf\xe9", CALM],
    "location": ["/", "http://h:99999999/", "http://["],
    "openai-processing-ms": ["-1"],
    "retry-after": ["9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"],
    "server": ["\xff" * 50],
    "via": ["1.1 \xff"],
    "x-ratelimit-remaining": ["0"],
    "x-ratelimit-reset": ["9" * 400],
    "x-request-id": [""],
}
"""What each header that is kept may say, and worse."""
EACH = [(name, value) for name, values in HEADERS.items() for value in values]
WORST = [(name, value) for name, value in EACH if name == "etag" or value == HEADERS[name][0]]
STATUSES = [200, 301, 304, 429, 503]
SPOILED = {
    "nothing": b"",
    "an empty object": b"{}",
    "a list": b"[]",
    "html": b"<!doctype html>",
    "cut short": b'{"status": {"indicator": "no',
    "no numbers": b"\xff\xfe",
    "nothing known": b'{"status": {}, "components": [{"id": "A"}], "incidents": 7}',
}


def healthy(etag: str, status: str) -> Manner:
    """A page whose only component has that status; it keeps to its ETag."""
    rows = [component("Conversations", status, group="ChatGPT"), component("Codex Web"), component("Images")]
    bodies = {
        "/api/v2/summary.json": json_response(summary(*rows, indicator="none")).body,
        "/api/v2/components.json": json_response({"components": rows}).body,
    }

    def manner(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        unchanged = seen.headers.get("if-none-match") == etag
        answer = say(304, etag=etag) if unchanged else say(200, bodies[seen.path], etag=etag)
        return answer(seen, conn, stop)

    return manner


FINE, DOWN = healthy(CALM, "operational"), healthy(OUTAGE, "major_outage")


def raw_answer(status: int, body: bytes, *headers: tuple[str, str]) -> Manner:
    """An answer with these headers, byte for byte."""

    def manner(_seen: Seen, conn: socket.socket, _stop: threading.Event) -> bool:
        lines = [
            f"HTTP/1.1 {status} Word",
            f"content-length: {len(body)}",
            *(f"{n}: {v}" for n, v in headers),
        ]
        conn.settimeout(5)
        conn.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        conn.settimeout(0.05)
        return True

    return manner


def fault(name: str) -> Manner:
    """One of the faults that a network can have."""

    def manner(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        caller = Caller(conn, conn.getsockname()[1], stop, 0.05)
        caller.path = seen.path
        with contextlib.suppress(OSError):  # the client gave up, as it should
            conn.settimeout(5)
            FAULTS[name](caller)
        return False

    return manner


class Stage:
    """A page and the program's own sources, which live on from film to film: what one leaves behind meets the next."""

    def __init__(self, manners: dict[str, Manner], sources: Sources) -> None:
        """The page answers as the manner "now"."""
        self._manners, self._sources = manners, sources

    def looks(self, hostile: Manner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Round]:
        """The page fine, hostile once, then in an outage for as long as it takes to tell it."""
        for second, manner in ((0, FINE), (60, hostile), (120, DOWN), (150, DOWN)):
            self._manners["now"] = manner
            # A hostile answer may keep us waiting for as long as we let it.
            monkeypatch.setattr(poll, "_POLL_SECONDS", 0.4 if manner is hostile else 10.0)
            yield self._sources.poll(PAGE, lambda second=second: moment(second))  # type: ignore[misc]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One for all films; its clock stands still, so that no hour helps."""
    manners = {"now": FINE}

    def now(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        return manners["now"](seen, conn, stop)

    server = Server(now)
    with server.running():
        http = HttpClient(user_agent="test", now=lambda: NOON, clock=lambda: 0.0)
        sources = Sources(
            http=http,
            page_url=server.url,
            probes=[],
            references=[],
            read_system_connectivity=lambda: SystemConnectivity.UNKNOWN,
        )
        yield Stage(manners, sources)
        http.close()


def assert_told(stage: Stage, hostile: Manner, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the outage after a hostile answer is read at once, and told."""
    rounds = list(stage.looks(hostile, monkeypatch))
    assert isinstance(rounds[2].page, PageReading), rounds[2].page
    heard = play(rounds).heard
    assert [(second, change) for second, change, products in heard if "ChatGPT" in products] == [
        (150, TransitionKind.START)
    ]


def test_every_header_that_is_kept_is_tried() -> None:
    """Also one that is kept from now on."""
    assert set(HEADERS) == set(KEPT_HEADERS)


@pytest.mark.long
@pytest.mark.parametrize("name", list(FAULTS))
def test_after_a_fault_of_the_network(stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence, drips, resets, bombs, portals."""
    assert_told(stage, fault(name), monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("status", STATUSES)
def test_after_an_answer_with_a_hostile_header(
    stage: Stage, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of any status, the page calm in its body."""
    body = b"" if status == 304 else json_response(summary(component("A"))).body
    for header in EACH:
        assert_told(stage, raw_answer(status, body, header), monkeypatch)


@pytest.mark.long
def test_after_an_answer_with_two_hostile_headers(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with each: a redirect where one says whereto, an error where one says until when."""
    body = json_response(summary(component("A"))).body
    for one, other in itertools.combinations(WORST, 2):
        names = {one[0], other[0]}
        status = 302 if "location" in names else 503 if "retry-after" in names else 200
        if len(names) == 2:
            assert_told(stage, raw_answer(status, body, one, other), monkeypatch)


@pytest.mark.parametrize("body", list(SPOILED))
def test_after_a_body_that_was_spoiled_on_the_way(
    stage: Stage, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It bears the very ETag of the page that comes next, whose server would say 304 to it for good."""
    for more in ([], [("age", "5")], [("cf-cache-status", "HIT")]):
        assert_told(stage, raw_answer(200, SPOILED[body], ("etag", OUTAGE), *more), monkeypatch)
