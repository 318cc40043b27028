"""Names, connections and the thread they live on: how they fail, are kept and are dropped."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from tests.desktop.desktops import wait_until
from tests.sources.asking import answer, cause, one
from tests.sources.conftest import Serve
from tests.sources.servers import (
    Manner,
    hang,
    in_turn,
    reset,
    say,
    silent,
)
from trayapp.model import Cause, Miss, Outcome, ProbeSpec
from trayapp.sources.failure_causes import cause_of
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse
from trayapp.sources.probes import read_probe


def lookup_answer(*addresses: tuple[int, str]) -> list[object]:
    """A name look-up's answer: ports and addresses, old and new."""
    families = [socket.AF_INET6 if ":" in address else socket.AF_INET for _, address in addresses]
    return [
        (family, socket.SOCK_STREAM, 6, "", (address, port))
        for family, (port, address) in zip(families, addresses, strict=True)
    ]


def test_nobody_listening_is_refused(http: HttpClient) -> None:
    """A closed port is told apart from silence."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert cause(one(http, HttpRequest(f"http://127.0.0.1:{port}/"))) is Cause.REFUSED


def test_an_unknown_name_is_a_name_lookups_failure(http: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is a name that cannot be spelled as one."""

    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    got = http.fetch([HttpRequest("http://page.test/"), HttpRequest("http://xn--ü.test/")], 10)
    assert [cause(miss) for miss in got] == [Cause.DNS, Cause.DNS]


def test_a_lookup_that_breaks_is_no_end_of_the_round(
    http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error nobody foresaw is a miss of its own kind, for the log."""

    def broken(*_: object) -> None:
        raise LookupError("a resolver module broke")

    monkeypatch.setattr(socket, "getaddrinfo", broken)
    assert cause(one(http, HttpRequest("http://page.test/"))) is Cause.INTERNAL


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([(80, "255.255.255.255")], Cause.UNREACHABLE),
        ([(80, "255.255.255.255"), (9, "127.0.0.1")], Cause.REFUSED),
        ([(80, "fe80::1")], Cause.UNREACHABLE),
    ],
    ids=["broadcast", "two addresses", "link-local without an interface"],
)
def test_a_failing_connection_is_named(
    http: HttpClient, monkeypatch: pytest.MonkeyPatch, addresses: list[tuple[int, str]], expected: Cause
) -> None:
    """Of two addresses the one that got further tells; what this computer cannot even try is its own trouble."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: lookup_answer(*addresses))
    assert cause(one(http, HttpRequest("http://page.lan/"))) is expected


@pytest.mark.parametrize(
    ("url", "addresses", "expected"),
    [
        ("http://page.test/", ["127.0.0.1"], Cause.BLOCKED),
        ("http://page.test/", ["0.0.0.0"], Cause.BLOCKED),
        ("http://page.test/", ["::"], Cause.BLOCKED),
        ("http://page.test/", ["::1", "127.0.0.1"], Cause.BLOCKED),
        ("http://page.test/", ["fe80::1%lo"], Cause.BLOCKED),
        ("http://page.lan/", ["127.0.0.1"], Cause.REFUSED),
        ("http://localhost/", ["::1"], Cause.REFUSED),
    ],
)
def test_a_public_name_that_leads_to_no_public_address_is_blocked(
    http: HttpClient, monkeypatch: pytest.MonkeyPatch, url: str, addresses: list[str], expected: Cause
) -> None:
    """A filter or the file of hosts led it astray; an internal name may lead there."""
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_: lookup_answer(*((9, address) for address in addresses))
    )
    got = one(http, HttpRequest(url))
    assert cause(got) is expected
    outcome = Outcome.LOCAL if expected is Cause.BLOCKED else Outcome.FAILURE
    assert read_probe(ProbeSpec("P", "APIs", url, 150.0), got).outcome is outcome


def test_an_answer_from_wherever_a_name_leads_is_an_answer(
    http: HttpClient, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what fails is asked where it went."""
    server = serve(say(401))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: lookup_answer((server.port, "127.0.0.1")))
    assert answer(http, HttpRequest(f"http://page.test:{server.port}/")).status == 401


class Resolver:
    """A system's resolver whose answers a test holds back: for both families until `whole`, for IPv4 until `ipv4`."""

    def __init__(self) -> None:
        """At first nothing is answered."""
        self.whole, self.ipv4 = threading.Event(), threading.Event()
        self.asked: list[object] = []

    def __call__(self, _host: object, port: int, family: int = 0, *_: object) -> list[object]:
        """Answer with this computer's address."""
        self.asked.append(family)
        (self.ipv4 if family == socket.AF_INET else self.whole).wait(60)
        return lookup_answer((port, "127.0.0.1"))


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    """In the system's place; nothing waits for it when the test is over."""
    made = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", made)
    yield made
    made.whole.set()
    made.ipv4.set()


def test_where_questions_for_ipv6_get_no_answer_ipv4_is_used_within_the_round(
    http: HttpClient, serve: Serve, resolver: Resolver
) -> None:
    """The system's resolver waits for both."""
    resolver.ipv4.set()
    server = serve(say(200, b"{}"))
    began = time.monotonic()
    assert answer(http, HttpRequest(f"http://page.lan:{server.port}/")).status == 200
    assert time.monotonic() - began < 3.0
    assert resolver.asked == [socket.AF_UNSPEC, socket.AF_INET]


@pytest.mark.long
def test_an_answer_that_came_after_the_round_serves_the_next(
    http: HttpClient, serve: Serve, resolver: Resolver
) -> None:
    """A resolver that takes longer than a round has would never be heard otherwise."""
    server = serve(say(200, b"{}"))
    ask = HttpRequest(f"http://page.lan:{server.port}/")
    assert cause(one(http, ask, 0.3)) is Cause.DNS
    resolver.whole.set()
    while not http._names.known_addresses("page.lan"):
        time.sleep(0.01)
    resolver.whole.clear()
    assert answer(http, ask).status == 200


@pytest.mark.long
def test_a_silent_host_whose_name_is_half_looked_up_is_a_timeout(
    http: HttpClient, resolver: Resolver
) -> None:
    """It led somewhere: what hangs is the connection."""
    resolver.ipv4.set()
    with silent() as port:
        assert cause(one(http, HttpRequest(f"http://page.lan:{port}/"), 2.0)) is Cause.TIMEOUT


@pytest.mark.long
def test_after_a_renewal_no_earlier_answer_serves(http: HttpClient, serve: Serve, resolver: Resolver) -> None:
    """The network may be another."""
    server = serve(say(200, b"{}"))
    ask = HttpRequest(f"http://page.lan:{server.port}/")
    resolver.whole.set()
    answer(http, ask)
    resolver.whole.clear()
    http.drop_connections()
    assert cause(one(http, ask, 1.5)) is Cause.DNS


@pytest.mark.parametrize("codec", ["ascii", "latin-1", "idna"])
def test_only_a_name_that_cannot_be_spelled_is_a_name_lookups_failure(codec: str) -> None:
    """Other texts that cannot be sent are no names."""
    error = UnicodeEncodeError(codec, "ü", 0, 1, "no such character")
    assert cause_of(error) is (Cause.DNS if codec == "idna" else None)
    assert cause_of(UnicodeError("encoding with 'idna' codec failed")) is Cause.DNS


def test_a_hanging_lookup_is_named_shared_and_forgotten(
    http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hanging look-ups of one name share one thread, until the connections are renewed or it has had its time."""
    asked, go_on = [], threading.Event()

    def hanging(host: object, *_: object) -> list[object]:
        asked.append(host)
        go_on.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    asks = [HttpRequest("http://page.test/a"), HttpRequest("http://page.test/b")]
    for _ in range(2):
        assert {cause(miss) for miss in http.fetch(asks, 0.3)} == {Cause.DNS}
    assert len(asked) == 1
    http.drop_connections()
    http.fetch(asks, 0.3)
    assert len(asked) == 2
    monkeypatch.setattr("trayapp.sources.dns.ABANDON_AFTER", 0.0)
    http.fetch(asks[:1], 0.3)
    assert len(asked) == 3
    go_on.set()


@pytest.mark.long
def test_a_hanging_lookup_does_not_delay_the_exit() -> None:
    """The program ends while the look-up still hangs; nobody joins its thread."""
    program = (
        "import socket, threading\n"
        "socket.getaddrinfo = lambda *_: threading.Event().wait(3600)\n"
        "from trayapp.sources.http import HttpClient\n"
        "from trayapp.sources.messages import HttpRequest\n"
        "print(HttpClient(user_agent='test').fetch([HttpRequest('http://page.test/')], 2.0)[0].cause)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == "dns"


def test_no_thread_is_left_when_the_round_has_ended(http: HttpClient, serve: Serve) -> None:
    """Between the rounds nothing runs that could wake."""
    slow, quick = serve(hang), serve(say(200, b"here"))
    http.fetch([HttpRequest(slow.url), HttpRequest(quick.url, page=True)], 0.5)
    # Each thread hands over its result a moment before it ends; one that is left hangs as long as its server does.
    wait_until(lambda: all(thread.name != "request" for thread in threading.enumerate()), 1.0, "their end")


@pytest.mark.long
def test_threads_that_hang_are_bounded_and_end_with_what_they_hang_in(
    http: HttpClient, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of certificates on a dead file server costs each round its time, never the next one's, and no network."""
    go_on, server = threading.Event(), serve(say(200, b"{}"))
    monkeypatch.setattr("trayapp.sources.request_threads.MAX_THREADS", 3)
    with monkeypatch.context() as hanging:
        hanging.setattr("trayapp.sources.http.create_tls_context", lambda _file: go_on.wait(60))
        for expected in [Cause.INTERNAL] * 3 + [Cause.EXHAUSTED] * 2:
            began = time.monotonic()
            assert cause(one(http, HttpRequest(server.url), 0.1)) is expected
            http.drop_connections()
            assert time.monotonic() - began < 3.0
    assert len([thread for thread in threading.enumerate() if thread.name == "request"]) == 3
    go_on.set()
    wait_until(lambda: all(thread.name != "request" for thread in threading.enumerate()), what="their end")
    assert answer(http, HttpRequest(server.url)).status == 200


def test_closing_and_renewing_need_no_earlier_round() -> None:
    """A client that never asked anything can be renewed and closed, twice."""
    client = HttpClient(user_agent="test")
    client.drop_connections()
    client.close()
    client.close()


def test_renewing_twice_is_harmless(http: HttpClient, serve: Serve) -> None:
    """The second time there is nothing to drop."""
    server = serve(say(200, b"{}"))
    answer(http, HttpRequest(server.url))
    http.drop_connections()
    http.drop_connections()
    assert answer(http, HttpRequest(server.url)).status == 200


def test_renewing_drops_the_connections(http: HttpClient, serve: Serve) -> None:
    """After sleep the next round connects afresh."""
    server = serve(say(200, b"{}"))
    answer(http, HttpRequest(server.url, page=True))
    http.drop_connections()
    answer(http, HttpRequest(server.url, page=True))
    assert server.connections == 2


def test_renewing_wakes_who_waits_for_an_answer(http: HttpClient, serve: Serve) -> None:
    """A look that began before the computer slept does not hold up the one after."""
    server, got = serve(hang), list[HttpResponse | Miss]()
    asking = threading.Thread(target=lambda: got.append(one(http, HttpRequest(server.url), 30.0)))
    began = time.monotonic()
    asking.start()
    wait_until(lambda: server.seen, what="the request")
    http.drop_connections()
    asking.join(20)
    assert time.monotonic() - began < 15.0
    assert cause(got[0]) is Cause.RESET


@pytest.mark.long
@pytest.mark.parametrize("dead", [hang, reset], ids=["silent", "reset"])
def test_a_kept_connection_that_died_is_replaced_within_the_round(
    http: HttpClient, serve: Serve, dead: Manner
) -> None:
    """A dead connection costs half of the deadline at most, and no answer."""
    server = serve(in_turn(say(200, b"first"), dead, say(200, b"second")))
    answer(http, HttpRequest(server.url, page=True))
    got = one(http, HttpRequest(server.url, page=True), 4.0)
    assert isinstance(got, HttpResponse), got
    assert got.body == b"second"


def test_the_page_is_asked_over_one_connection_and_a_probe_over_a_new_one(
    http: HttpClient, serve: Serve
) -> None:
    """The page's connection is kept from round to round; a probe tries to connect each time."""
    page, probe = serve(say(200, b"{}")), serve(say(401))
    for _ in range(3):
        http.fetch([HttpRequest(page.url, page=True), HttpRequest(probe.url, head_only=True)], 10)
    assert (page.connections, probe.connections) == (1, 3)


def test_addresses_that_make_no_sense_are_misses() -> None:
    """An address that is none, or of another protocol, breaks nothing."""
    client = HttpClient(user_agent="test")
    got = client.fetch([HttpRequest("http://[::1"), HttpRequest("ftp://host.test/"), HttpRequest("/path")], 5)
    client.close()
    assert {cause(miss) for miss in got} == {Cause.PROTOCOL}
