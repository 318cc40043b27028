"""ETags, against real servers: what is asked again, and that no answer spoils the next one."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.sources.asking import answer, one
from tests.sources.conftest import NOON, Serve
from tests.sources.servers import (
    Manner,
    Seen,
    answer_bytes,
    by_path,
    cut_body,
    hang,
    in_turn,
    raw,
    reset,
    say,
)
from trayapp.sources.etag_cache import FULL_REQUEST_AFTER
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse

GOOD = '"good"'


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    seconds: float = 0.0

    def __call__(self) -> float:
        """Read it."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """The client's clock."""
    return Clock()


@pytest.fixture
def http(clock: Clock) -> Iterator[HttpClient]:
    """A client with a clock of the test's own."""
    client = HttpClient(user_agent="openai-status-tray/test", now=lambda: NOON, clock=clock)
    yield client
    client.close()


def raw_etag(etag: bytes) -> Manner:
    """A good answer with an ETag of any bytes."""
    return raw(b"HTTP/1.1 200 OK\r\netag: " + etag + b"\r\ncontent-length: 2\r\n\r\n{}", keep=True)


@pytest.mark.parametrize("encoding", [{}, {"content_encoding": "gzip"}], ids=["bare", "names an encoding"])
def test_a_304_gives_the_remembered_body(http: HttpClient, serve: Serve, encoding: dict[str, str]) -> None:
    """If-None-Match goes out only once an ETag came, and exactly as it came; a body left out has no encoding."""
    first, second = answer_bytes(200, b'{"a":1}', etag='W/"x"'), answer_bytes(304, b"", **encoding)
    server = serve(in_turn(raw(first, keep=True), raw(second, keep=True)))
    bodies = [answer(http, HttpRequest(server.url, page=True)) for _ in range(3)]
    assert [(got.status, got.body) for got in bodies] == [(200, b'{"a":1}')] * 3
    assert [seen.headers.get("if-none-match") for seen in server.seen] == [None, 'W/"x"', 'W/"x"']


def test_a_304_without_an_etag_is_passed_on_as_it_is(http: HttpClient, serve: Serve) -> None:
    """A server that says "unchanged" to somebody who has nothing gets no body invented."""
    assert answer(http, HttpRequest(serve(say(304)).url, page=True)).status == 304


def test_only_a_few_bodies_are_remembered(http: HttpClient, serve: Serve) -> None:
    """The oldest ETag is forgotten, so memory stays flat."""
    server = serve(say(200, b"{}", etag='"e"'))
    for path in ("/1", "/2", "/3", "/4", "/5", "/1"):
        answer(http, HttpRequest(server.url + path, page=True))
    assert "if-none-match" not in server.seen[-1].headers


@pytest.mark.parametrize("etag", [b'""', b'"a/b+c=="', b'W/"!~#"', b'"' + b"x" * 254 + b'"'])
def test_an_etag_in_its_printable_form_is_sent_back(http: HttpClient, serve: Serve, etag: bytes) -> None:
    """Strong or weak, empty or long."""
    server = serve(raw_etag(etag))
    for _ in range(2):
        answer(http, HttpRequest(server.url, page=True))
    assert server.seen[1].headers["if-none-match"] == etag.decode()


@pytest.mark.parametrize(
    "etag",
    [
        b'"\xff"',
        '"café"'.encode(),
        b'"' + b"x" * 255 + b'"',
        b'"' + b"x" * 30_000 + b'"',
        b"bare",
        b'"open',
        b'w/"lower"',
        b'"two" "words"',
        b'"a b"',
        b'"tab\there"',
        b"",
    ],
)
def test_an_odd_etag_is_not_kept_and_the_next_answer_is_had(
    http: HttpClient, serve: Serve, etag: bytes
) -> None:
    """A request with it could not be sent, or would be refused for ever."""
    server = serve(in_turn(raw_etag(etag), say(200, b"next")))
    answer(http, HttpRequest(server.url, page=True))
    assert answer(http, HttpRequest(server.url, page=True)).body == b"next"
    assert "if-none-match" not in server.seen[1].headers


@pytest.mark.parametrize(
    "other",
    [
        say(431),
        say(404, etag=GOOD),
        say(206, b"{}", etag=GOOD),
        say(301, location="/", etag=GOOD),
        say(500, etag=GOOD),
        say(407),
        say(200, b"plain", content_encoding="gzip", etag=GOOD),
        cut_body,
        reset,
        hang,
    ],
)
def test_anything_but_200_and_304_makes_the_next_ask_whole(
    http: HttpClient, serve: Serve, other: Manner
) -> None:
    """A status, an unreadable body, a reset and silence: whatever the ETag did, it is not sent again."""
    manners = {"/": say(200, b"first", etag=GOOD)}
    server = serve(by_path(manners))
    answer(http, HttpRequest(server.url, page=True))
    manners["/"] = other
    one(http, HttpRequest(server.url, page=True), 0.5)
    manners["/"] = say(200, b"next")
    assert answer(http, HttpRequest(server.url, page=True)).body == b"next"
    sent = [seen.headers.get("if-none-match") for seen in server.seen]
    assert sent[:2] == [None, GOOD]
    assert set(sent[2:]) == {None}


def test_once_an_hour_the_whole_answer_is_asked_for_past_every_cache(
    http: HttpClient, serve: Serve, clock: Clock
) -> None:
    """A cache that is stuck says 304 for ever; changed answers to a conditional ask do not put the hour off."""
    server = serve(in_turn(*(say(200, b"%d" % n, etag=f'"{n}"') for n in range(9))))
    for clock.seconds in (
        0,
        FULL_REQUEST_AFTER / 2,
        FULL_REQUEST_AFTER - 1,
        FULL_REQUEST_AFTER,
        FULL_REQUEST_AFTER + 60,
    ):
        answer(http, HttpRequest(server.url, page=True))
    sent = [(s.headers.get("if-none-match"), s.headers.get("cache-control")) for s in server.seen]
    assert sent == [(None, None), ('"0"', None), ('"1"', None), (None, "no-cache"), ('"3"', None)]


def test_an_unconditional_ask_goes_past_every_cache_and_begins_the_hour_anew(
    http: HttpClient, serve: Serve, clock: Clock
) -> None:
    """A person asked, or the computer woke up."""
    server = serve(say(200, b"{}", etag=GOOD))
    answer(http, HttpRequest(server.url, page=True))
    clock.seconds = FULL_REQUEST_AFTER - 60
    answer(http, HttpRequest(server.url, page=True, unconditional=True))
    clock.seconds = FULL_REQUEST_AFTER + 60
    answer(http, HttpRequest(server.url, page=True))
    sent = [(s.headers.get("if-none-match"), s.headers.get("cache-control")) for s in server.seen]
    assert sent == [(None, None), (None, "no-cache"), (GOOD, None)]


def test_a_clock_that_goes_back_makes_an_ask_whole(http: HttpClient, serve: Serve, clock: Clock) -> None:
    """Nothing else would end the wait."""
    clock.seconds = 1e6
    server = serve(say(200, b"{}", etag=GOOD))
    answer(http, HttpRequest(server.url, page=True))
    clock.seconds = 0.0
    answer(http, HttpRequest(server.url, page=True))
    assert "if-none-match" not in server.seen[1].headers


def test_renewing_forgets_all_bodies(http: HttpClient, serve: Serve) -> None:
    """After sleep the whole answer is asked for."""
    server = serve(say(200, b"{}", etag=GOOD))
    answer(http, HttpRequest(server.url, page=True))
    http.drop_connections()
    answer(http, HttpRequest(server.url, page=True))
    assert "if-none-match" not in server.seen[1].headers


def test_probes_send_no_etag(http: HttpClient, serve: Serve) -> None:
    """Their body is not wanted, so there is none that a 304 could stand for."""
    server = serve(say(200, b"{}", etag=GOOD))
    for page in (True, False, False):
        answer(http, HttpRequest(server.url, page=page))
    assert [seen.headers.get("if-none-match") for seen in server.seen] == [None, None, None]


def test_the_same_address_asked_twice_at_once_is_answered_twice(http: HttpClient, serve: Serve) -> None:
    """Only one of them can have the ETag."""

    def say_unchanged(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
        manner = say(304) if "if-none-match" in seen.headers else say(200, b"{}", etag=GOOD)
        return manner(seen, conn, stop)

    server = serve(say_unchanged)
    answer(http, HttpRequest(server.url, page=True))
    got = http.fetch([HttpRequest(server.url, page=True)] * 2, 5.0)
    assert [each.body for each in got if isinstance(each, HttpResponse)] == [b"{}", b"{}"]


def test_odd_etags_in_any_order_never_spoil_the_next_answer(http: HttpClient, serve: Serve) -> None:
    """Each good answer is read, whatever came before it."""
    odd = [b'"\xff"', b'"' + b"x" * 30_000 + b'"', b"", b'"ok"']
    orders = list(itertools.permutations(odd, 2))
    manners = [m for order in orders for m in (*map(raw_etag, order), say(200, b"next", etag=GOOD))]
    server = serve(in_turn(*manners))
    for _ in orders:
        for _ in range(2):
            answer(http, HttpRequest(server.url, page=True))
        assert answer(http, HttpRequest(server.url, page=True)).body == b"next"
