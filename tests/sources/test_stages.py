"""Where a request breaks, and how: connection, proxy, TLS, head or body; closed, reset or silent. With real servers."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.proxy import ForwardProxy
from tests.sources.servers import silent
from trayapp.model import Cause, Miss, Outcome, ProbeSpec
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse
from trayapp.sources.probes import read_probe

DEADLINE = 1.0
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"

Stage = Callable[[socket.socket, threading.Event], None]
"""What a server does with a connection; the event ends a wait."""


def hang(_conn: socket.socket, over: threading.Event) -> None:
    """Say nothing more."""
    over.wait(10)


def close(conn: socket.socket, _over: threading.Event) -> None:
    """End the connection politely."""
    with contextlib.suppress(OSError):  # of a connection in TLS, the other side may have gone
        conn.close()


def reset(conn: socket.socket, _over: threading.Event) -> None:
    """End it with a reset."""
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


def babble(conn: socket.socket, over: threading.Event) -> None:
    """Say what is neither TLS nor HTTP."""
    conn.sendall(b"220 mail.example ESMTP\r\n\r\n")
    over.wait(10)


ENDS: dict[str, Stage] = {"hangs": hang, "closed": close, "reset": reset, "babbles": babble}


def hear_then(end: Stage) -> Stage:
    """Hear the first bytes, then end."""

    def stage(conn: socket.socket, over: threading.Event) -> None:
        conn.recv(65536)
        end(conn, over)

    return stage


def say_then(data: bytes, end: Stage) -> Stage:
    """Hear a request, say something, then end."""

    def stage(conn: socket.socket, over: threading.Event) -> None:
        conn.recv(65536)
        conn.sendall(data)
        end(conn, over)

    return stage


def in_tls(context: ssl.SSLContext, stage: Stage) -> Stage:
    """The same within TLS."""

    def secure_stage(conn: socket.socket, over: threading.Event) -> None:
        with contextlib.suppress(ssl.SSLError), context.wrap_socket(conn, server_side=True) as inner:
            stage(inner, over)

    return secure_stage


@contextlib.contextmanager
def listening(stage: Stage) -> Iterator[int]:
    """A port on which every connection goes this way."""
    over = threading.Event()
    threads: list[threading.Thread] = []

    def serve(conn: socket.socket) -> None:
        with contextlib.suppress(OSError), conn:
            conn.settimeout(10)
            stage(conn, over)

    def accept() -> None:
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                thread = threading.Thread(target=serve, args=(listener.accept()[0],))
                threads.append(thread)
                thread.start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            accepting.join()
            for thread in threads:
                thread.join()


@dataclass(frozen=True)
class Trust:
    """A certificate for this computer, and what a client must be given to trust it."""

    server: ssl.SSLContext
    ca_file: str


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    """An authority of these tests alone."""
    authority, file = trustme.CA(), Path(tmp_path_factory.mktemp("trust")) / "ca.pem"
    authority.cert_pem.write_to_path(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return Trust(context, str(file))


def heard_of(url: str, trust: Trust, proxy: str = "") -> tuple[Cause, Outcome]:
    """The cause that an ask names, and what a probe makes of it."""
    http = HttpClient(user_agent="test", ca_file=trust.ca_file, proxy=proxy)
    got = http.fetch([HttpRequest(url)], DEADLINE)[0]
    http.close()
    assert isinstance(got, Miss), got
    return got.cause, read_probe(ProbeSpec("P", "APIs", url, 150.0), got).outcome


THEIRS, OURS = Outcome.FAILURE, Outcome.LOCAL
TLS = {"hangs": Cause.TIMEOUT, "closed": Cause.RESET, "reset": Cause.RESET}
HEADS = {**TLS, "babbles": Cause.PROTOCOL}
BODIES = {"hangs": Cause.TIMEOUT, "closed": Cause.TRUNCATED, "reset": Cause.RESET}


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_hangs_is_a_timeout(trust: Trust, scheme: str) -> None:
    """Not even the first packet is answered."""
    with silent() as port:
        assert heard_of(f"{scheme}://127.0.0.1:{port}/", trust) == (Cause.TIMEOUT, THEIRS)


@pytest.mark.long
@pytest.mark.parametrize("end", list(TLS))
@pytest.mark.parametrize("begin", [hear_then, lambda end: end], ids=["heard", "unheard"])
def test_a_handshake_that_breaks_is_no_certificate(
    trust: Trust, end: str, begin: Callable[[Stage], Stage]
) -> None:
    """Nothing was said of one; whatever the TLS library was about when the wait ended is no cause."""
    with listening(begin(ENDS[end])) as port:
        assert heard_of(f"https://127.0.0.1:{port}/", trust) == (TLS[end], THEIRS)


def test_a_handshake_that_makes_no_sense_is_our_own_trouble(trust: Trust) -> None:
    """Who speaks no TLS stands in the host's place."""
    with listening(babble) as port:
        assert heard_of(f"https://127.0.0.1:{port}/", trust) == (Cause.TLS, OURS)


@pytest.mark.long
@pytest.mark.parametrize("secured", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("end", list(HEADS))
def test_a_head_that_breaks(trust: Trust, end: str, secured: bool) -> None:
    """The host took the connection, and no answer came."""
    stage = hear_then(ENDS[end])
    with listening(in_tls(trust.server, stage) if secured else stage) as port:
        scheme = "https" if secured else "http"
        assert heard_of(f"{scheme}://127.0.0.1:{port}/", trust) == (HEADS[end], THEIRS)


@pytest.mark.long
@pytest.mark.parametrize("secured", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("end", list(BODIES))
def test_a_body_that_breaks(trust: Trust, end: str, secured: bool) -> None:
    """The answer's beginning came."""
    stage = say_then(HEAD, ENDS[end])
    with listening(in_tls(trust.server, stage) if secured else stage) as port:
        scheme = "https" if secured else "http"
        assert heard_of(f"{scheme}://127.0.0.1:{port}/", trust) == (BODIES[end], THEIRS)


@pytest.mark.long
@pytest.mark.parametrize("end", [*ENDS, "refuses"])
@pytest.mark.parametrize("before", ["connect", "answer", "handshake"])
def test_a_proxy_that_does_not_get_through_to_the_host_is_our_own_trouble(
    trust: Trust, before: str, end: str
) -> None:
    """It never let us speak with the host, be it silent, closed, reset or wrong; also after it said that it would."""
    refusal = say_then(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", close)
    of = ENDS.get(end, refusal)
    stages = {"connect": of, "answer": hear_then(of), "handshake": say_then(ESTABLISHED, of)}
    with listening(stages[before]) as port:
        cause, outcome = heard_of("https://127.0.0.1:9/", trust, f"http://127.0.0.1:{port}")
    # Whether words in place of TLS are read as TLS depends on how the network cuts them.
    wrong_tls = before == "handshake" and end in ("babbles", "refuses")
    assert outcome is OURS
    assert cause is Cause.PROXY or (wrong_tls and cause is Cause.TLS)


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_cannot_be_connected_to_is_our_own_trouble(trust: Trust, scheme: str) -> None:
    """Silent or absent."""
    with silent() as port:
        assert heard_of("https://127.0.0.1:9/", trust, f"{scheme}://127.0.0.1:{port}") == (Cause.PROXY, OURS)
    assert heard_of("https://127.0.0.1:9/", trust, f"{scheme}://127.0.0.1:{port}") == (Cause.PROXY, OURS)


@pytest.mark.long
@pytest.mark.parametrize("end", list(HEADS))
def test_what_breaks_beyond_a_proxy_is_the_hosts(trust: Trust, end: str) -> None:
    """TLS to the host stood, so it was the host who fell silent."""
    with ForwardProxy() as proxy, listening(in_tls(trust.server, hear_then(ENDS[end]))) as port:
        assert heard_of(f"https://127.0.0.1:{port}/", trust, proxy.url) == (HEADS[end], THEIRS)


def test_a_strange_certificate_within_a_tunnel_is_a_certificate(trust: Trust) -> None:
    """That of a proxy that looks into TLS, most often."""
    with ForwardProxy() as proxy, listening(in_tls(trust.server, hang)) as port:
        http = HttpClient(user_agent="test", proxy=proxy.url)
        got = http.fetch([HttpRequest(f"https://127.0.0.1:{port}/")], DEADLINE)[0]
        http.close()
    assert isinstance(got, Miss)
    assert got.cause is Cause.TLS


def test_tunnels_that_fail_leave_room_for_the_one_that_stands(trust: Trust) -> None:
    """However many there were: the pool of connections has an end."""
    bad = {"left": 40}

    def proxy(conn: socket.socket, over: threading.Event) -> None:
        conn.recv(65536)
        conn.sendall(ESTABLISHED)
        bad["left"] -= 1
        if bad["left"] < 0:
            in_tls(trust.server, say_then(b"HTTP/1.1 204 Well\r\n\r\n", close))(conn, over)

    with listening(proxy) as port:
        http = HttpClient(user_agent="test", ca_file=trust.ca_file, proxy=f"http://127.0.0.1:{port}")
        asks = [HttpRequest("https://127.0.0.1:9/")]
        got = [http.fetch(asks, 5.0)[0] for _ in range(41)]
        http.close()
    assert all(isinstance(each, Miss) for each in got[:40])
    assert isinstance(got[40], HttpResponse)
