"""HTTP against real servers: deadlines, caps, connections, redirects, ETags."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import threading
import time
import zlib

import pytest

from tests.sources.conftest import Serve
from tests.sources.servers import (
    Manner,
    by_path,
    cut_body,
    cut_chunk,
    cut_head,
    drip_body,
    drip_head,
    gzip_bomb,
    hang,
    header_flood,
    in_turn,
    no_http,
    raw,
    reset,
    reset_in_body,
    say,
    written,
)
from trayapp.model import Cause, Miss
from trayapp.sources.http import Http
from trayapp.sources.wire import Answer, Ask

DEADLINE = 1.0
GENEROUS = 3.0
"""Seconds in which a deadline of one second must have ended, on a busy machine too."""


def one(http: Http, ask: Ask, deadline: float = 10.0) -> Answer | Miss:
    """The answer to a single ask."""
    return http.fetch([ask], deadline)[0]


def answer(http: Http, ask: Ask) -> Answer:
    """The answer to a single ask that must come."""
    got = one(http, ask)
    assert isinstance(got, Answer), got
    return got


def cause(got: Answer | Miss) -> Cause:
    """Why an ask brought nothing."""
    assert isinstance(got, Miss), got
    return got.cause


def test_an_answer_carries_status_body_and_only_known_headers(http: Http, serve: Serve) -> None:
    """Headers outside the allow-list, cookies above all, stay behind."""
    server = serve(say(200, b"{}", set_cookie="a=b", x_request_id="r1"))
    got = answer(http, Ask(server.url + "/x"))
    assert (got.status, got.body, got.headers["x-request-id"]) == (200, b"{}", "r1")
    assert "set-cookie" not in got.headers
    assert got.elapsed_ms >= 0


def test_requests_say_who_asks_and_send_no_cookie_back(http: Http, serve: Serve) -> None:
    """The user agent is honest, and a cookie that was set is not returned."""
    server = serve(say(200, b"{}", set_cookie="a=b; Path=/"))
    for _ in range(2):
        answer(http, Ask(server.url, page=True))
    assert [seen.headers["user-agent"] for seen in server.seen] == ["openai-status-tray/test"] * 2
    assert not any("cookie" in seen.headers for seen in server.seen)


def test_the_page_is_asked_over_one_connection_and_a_probe_over_a_new_one(http: Http, serve: Serve) -> None:
    """The page's connection is kept from round to round; a probe tries to connect each time."""
    page, probe = serve(say(200, b"{}")), serve(say(401))
    for _ in range(3):
        http.fetch([Ask(page.url, page=True), Ask(probe.url, head_only=True)], 10)
    assert (page.connections, probe.connections) == (1, 3)


@pytest.mark.parametrize("manner", [drip_head, drip_body, hang], ids=["drip head", "drip body", "hang"])
def test_the_deadline_holds_against_servers_that_drip_or_hang(
    http: Http, serve: Serve, manner: Manner
) -> None:
    """A byte now and then keeps no request alive beyond its deadline."""
    server = serve(manner)
    began = time.monotonic()
    assert cause(one(http, Ask(server.url, page=True), DEADLINE)) is Cause.TIMEOUT
    assert time.monotonic() - began < GENEROUS


def test_a_slow_one_does_not_delay_the_others_answers(http: Http, serve: Serve) -> None:
    """All asks run in parallel, and each brings its own answer or miss."""
    slow, quick = serve(hang), serve(say(200, b"here"))
    got = http.fetch([Ask(slow.url), Ask(quick.url)], DEADLINE)
    assert cause(got[0]) is Cause.TIMEOUT
    assert isinstance(got[1], Answer)
    assert got[1].body == b"here"


def test_a_dripping_body_does_not_matter_where_only_the_head_is_asked_for(http: Http, serve: Serve) -> None:
    """A probe is answered as soon as the head is there."""
    assert answer(http, Ask(serve(drip_body).url, head_only=True)).status == 200


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        (reset, Cause.RESET),
        (reset_in_body, Cause.RESET),
        (raw(b""), Cause.RESET),
        (cut_head, Cause.RESET),
        (cut_body, Cause.TRUNCATED),
        (cut_chunk, Cause.TRUNCATED),
        (no_http, Cause.PROTOCOL),
        (header_flood, Cause.PROTOCOL),
        (say(200, b"x" * (2 << 20)), Cause.TOO_BIG),
        (gzip_bomb(64 << 20), Cause.TOO_BIG),
        (say(200, b"plain", content_encoding="gzip"), Cause.FORMAT),
        (say(200, b"plain", content_encoding="br"), Cause.FORMAT),
        (say(200, gzip.compress(b"{}")[:-9], content_encoding="gzip"), Cause.TRUNCATED),
        (say(407), Cause.PROXY),
    ],
)
def test_every_bad_answer_has_a_named_cause(
    http: Http, serve: Serve, manner: Manner, expected: Cause
) -> None:
    """Resets, truncation, nonsense and bombs are told apart."""
    assert cause(one(http, Ask(serve(manner).url))) is expected


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("identity", b"text"),
        ("gzip", gzip.compress(b"text")),
        ("x-gzip", gzip.compress(b"text")),
        ("deflate", zlib.compress(b"text")),
        ("deflate", zlib.compress(b"text", wbits=-15)),
    ],
)
def test_compressed_bodies_are_read(http: Http, serve: Serve, encoding: str, body: bytes) -> None:
    """Gzip, and deflate in both forms that servers send."""
    server = serve(say(200, body, content_encoding=encoding))
    assert answer(http, Ask(server.url, page=True)).body == b"text"
    assert server.seen[0].headers["accept-encoding"] == "gzip"


def test_nobody_listening_is_refused(http: Http) -> None:
    """A closed port is told apart from silence."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert cause(one(http, Ask(f"http://127.0.0.1:{port}/"))) is Cause.REFUSED


def test_an_unknown_name_is_a_name_lookups_failure(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is a name that cannot be spelled as one."""

    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    got = http.fetch([Ask("http://page.test/"), Ask("http://xn--ü.test/")], 10)
    assert [cause(miss) for miss in got] == [Cause.DNS, Cause.DNS]


def test_a_lookup_that_breaks_is_no_end_of_the_round(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error nobody foresaw is a miss of its own kind, for the log."""

    def broken(*_: object) -> None:
        raise LookupError("a resolver module broke")

    monkeypatch.setattr(socket, "getaddrinfo", broken)
    assert cause(one(http, Ask("http://page.test/"))) is Cause.INTERNAL


def found(*addresses: tuple[int, str]) -> list[object]:
    """A name look-up's answer: ports and addresses, old and new."""
    families = [socket.AF_INET6 if ":" in address else socket.AF_INET for _, address in addresses]
    return [
        (family, socket.SOCK_STREAM, 6, "", (address, port))
        for family, (port, address) in zip(families, addresses, strict=True)
    ]


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([(80, "255.255.255.255")], Cause.UNREACHABLE),
        ([(80, "255.255.255.255"), (9, "127.0.0.1")], Cause.REFUSED),
        ([(80, "fe80::1")], Cause.INTERNAL),
    ],
    ids=["broadcast", "two addresses", "link-local without an interface"],
)
def test_a_failing_connection_is_named(
    http: Http, monkeypatch: pytest.MonkeyPatch, addresses: list[tuple[int, str]], expected: Cause
) -> None:
    """Of two addresses the one that got further tells; what this computer cannot even try is its own trouble."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found(*addresses))
    assert cause(one(http, Ask("http://page.test/"))) is expected


def test_a_hanging_lookup_is_named_shared_and_forgotten(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hanging look-ups of one name share one thread, until the connections are renewed or it has had its time."""
    asked, go_on = [], threading.Event()

    def hanging(host: object, *_: object) -> list[object]:
        asked.append(host)
        go_on.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    asks = [Ask("http://page.test/a"), Ask("http://page.test/b")]
    for _ in range(2):
        assert {cause(miss) for miss in http.fetch(asks, 0.3)} == {Cause.DNS}
    assert len(asked) == 1
    http.renew()
    http.fetch(asks, 0.3)
    assert len(asked) == 2
    monkeypatch.setattr("trayapp.sources.loop.ABANDON_AFTER", 0.0)
    http.fetch(asks[:1], 0.3)
    assert len(asked) == 3
    go_on.set()


def test_a_hanging_lookup_does_not_delay_the_exit() -> None:
    """The program ends while the look-up still hangs; nobody joins its thread."""
    program = (
        "import socket, threading\n"
        "socket.getaddrinfo = lambda *_: threading.Event().wait(3600)\n"
        "from trayapp.sources.http import Http\n"
        "from trayapp.sources.wire import Ask\n"
        "print(Http(user_agent='test').fetch([Ask('http://page.test/')], 0.2)[0].cause)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == "dns"


def test_a_hanging_thread_is_given_up_for_a_new_one(http: Http, serve: Serve) -> None:
    """Even if the loop itself hangs, the caller gets timeouts, and the next round works."""
    server, go_on = serve(say(200, b"{}")), threading.Event()
    answer(http, Ask(server.url))
    assert http._network is not None
    hanging = http._network._thread
    http._network._loop.call_soon_threadsafe(go_on.wait, 60)
    assert cause(one(http, Ask(server.url), 0.2)) is Cause.TIMEOUT
    assert answer(http, Ask(server.url)).status == 200
    go_on.set()
    hanging.join(10)
    assert not hanging.is_alive()


def test_closing_and_renewing_need_no_earlier_round() -> None:
    """A client that never asked anything can be renewed and closed, twice."""
    client = Http(user_agent="test")
    client.renew()
    client.close()
    client.close()


def test_renewing_twice_is_harmless(http: Http, serve: Serve) -> None:
    """The second time there is nothing to drop."""
    server = serve(say(200, b"{}"))
    answer(http, Ask(server.url))
    http.renew()
    http.renew()
    assert answer(http, Ask(server.url)).status == 200


def test_renewing_drops_the_connections(http: Http, serve: Serve) -> None:
    """After sleep the next round connects afresh."""
    server = serve(say(200, b"{}"))
    answer(http, Ask(server.url, page=True))
    http.renew()
    answer(http, Ask(server.url, page=True))
    assert server.connections == 2


@pytest.mark.parametrize("dead", [hang, reset], ids=["silent", "reset"])
def test_a_kept_connection_that_died_is_replaced_within_the_round(
    http: Http, serve: Serve, dead: Manner
) -> None:
    """A dead connection costs half of the deadline at most, and no answer."""
    server = serve(in_turn(say(200, b"first"), dead, say(200, b"second")))
    answer(http, Ask(server.url, page=True))
    got = one(http, Ask(server.url, page=True), 4.0)
    assert isinstance(got, Answer), got
    assert got.body == b"second"


@pytest.mark.parametrize(
    ("location", "expected"),
    [("/final", 200), ("//127.0.0.1:{port}/final", 200), ("/loop", None)],
)
def test_the_page_follows_redirects_on_its_own_host(
    http: Http, serve: Serve, location: str, expected: int | None
) -> None:
    """A few hops on the same host are followed; a loop is a redirect's miss."""
    manners: dict[str, Manner] = {"/final": say(200, b"{}"), "/loop": say(302, location="/loop")}
    server = serve(by_path(manners))
    manners["/start"] = say(301, location=location.format(port=server.port))
    got = one(http, Ask(server.url + "/start", page=True))
    assert (got.status if isinstance(got, Answer) else None) == expected
    if isinstance(got, Miss):
        assert (got.cause, got.status) == (Cause.REDIRECT, 302)


@pytest.mark.parametrize("location", ["https://elsewhere.test/", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_a_redirect_that_leads_away_is_not_followed(http: Http, serve: Serve, location: str) -> None:
    """Another host, a file or another protocol is a redirect's miss."""
    got = one(http, Ask(serve(say(302, location=location)).url, page=True))
    assert cause(got) is Cause.REDIRECT


def test_a_redirect_is_an_answer_where_no_page_is_asked_for(http: Http, serve: Serve) -> None:
    """Probes and references see the redirect itself."""
    server = serve(say(302, location="/portal"))
    got = answer(http, Ask(server.url))
    assert (got.status, got.headers["location"]) == (302, "/portal")
    assert len(server.seen) == 1


def test_a_304_gives_the_remembered_body(http: Http, serve: Serve) -> None:
    """If-None-Match goes out only once an ETag came, and exactly as it came."""
    first, second = written(200, b'{"a":1}', etag='W/"x"'), written(304)
    server = serve(in_turn(raw(first, keep=True), raw(second, keep=True)))
    bodies = [answer(http, Ask(server.url, page=True)) for _ in range(2)]
    assert [(got.status, got.body) for got in bodies] == [(200, b'{"a":1}')] * 2
    assert [seen.headers.get("if-none-match") for seen in server.seen] == [None, 'W/"x"']


def test_a_304_without_an_etag_is_passed_on_as_it_is(http: Http, serve: Serve) -> None:
    """A server that says "unchanged" to somebody who has nothing gets no body invented."""
    assert answer(http, Ask(serve(say(304)).url, page=True)).status == 304


def test_only_a_few_bodies_are_remembered(http: Http, serve: Serve) -> None:
    """The oldest ETag is forgotten, so memory stays flat."""
    server = serve(say(200, b"{}", etag='"e"'))
    for path in ("/1", "/2", "/3", "/4", "/5", "/1"):
        answer(http, Ask(server.url + path, page=True))
    assert "if-none-match" not in server.seen[-1].headers


def test_addresses_that_make_no_sense_are_misses() -> None:
    """An address that is none, or of another protocol, breaks nothing."""
    client = Http(user_agent="test")
    got = client.fetch([Ask("http://[::1"), Ask("ftp://host.test/"), Ask("/path")], 5)
    client.close()
    assert {cause(miss) for miss in got} == {Cause.PROTOCOL}
