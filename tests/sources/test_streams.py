"""What the library's own connections would not bear: TLS that keeps silent or drips, also within a proxy's TLS."""

from __future__ import annotations

import select
import socket
import ssl
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import trustme

from tests.sources.asking import cause, one
from tests.sources.conftest import Serve
from tests.sources.servers import drip_body, drip_head, hang, say
from tests.sources.test_secure import server_context
from tests.sources.test_stages import babble, close, listening
from tests.sources.test_stages import hang as fall_silent
from trayapp.model import Cause
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse


@pytest.fixture
def authority() -> trustme.CA:
    """Whom the client trusts."""
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    """Its certificate."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


@pytest.mark.long
def test_a_host_that_is_silent_in_tls_holds_up_no_other(serve: Serve, authority: trustme.CA) -> None:
    """With the system's store, whose lock the library's own TLS would hold all the while."""
    other = serve(say(200, b"{}"), server_context(authority, "127.0.0.1"))
    client = HttpClient(user_agent="test")
    began = time.monotonic()
    with listening(fall_silent) as port:
        asks = [HttpRequest(f"https://127.0.0.1:{port}/"), HttpRequest(other.url)]
        got = client.fetch(asks, 4.0)
    client.close()
    # The authority is none of the system's: that this was found out says that TLS came to its end.
    assert [cause(each) for each in got] == [Cause.TIMEOUT, Cause.TLS]
    assert time.monotonic() - began < 8.0


@pytest.mark.long
@pytest.mark.parametrize("manner", [drip_head, drip_body, hang], ids=["drip head", "drip body", "hang"])
def test_the_deadline_holds_within_tls(
    serve: Serve, authority: trustme.CA, ca_file: str, manner: object
) -> None:
    """Also where each byte comes as a record of its own."""
    server = serve(manner, server_context(authority, "127.0.0.1"))  # type: ignore[arg-type]
    client = HttpClient(user_agent="test", ca_file=ca_file)
    began = time.monotonic()
    assert cause(one(client, HttpRequest(server.url), 1.5)) is Cause.TIMEOUT
    client.close()
    assert time.monotonic() - began < 4.0


def test_a_handshake_that_drips_keeps_the_deadline() -> None:
    """A byte now and then of a record that never ends."""

    def drip(conn: socket.socket, over: threading.Event) -> None:
        conn.sendall(b"\x16\x03\x03\x40\x00")
        while not over.wait(0.05):
            conn.sendall(b"\x02")

    client = HttpClient(user_agent="test")
    began = time.monotonic()
    with listening(drip) as port:
        assert cause(one(client, HttpRequest(f"https://127.0.0.1:{port}/"), 1.0)) is Cause.TIMEOUT
        assert time.monotonic() - began < 3.0
    client.close()


@pytest.mark.long
def test_a_system_that_hangs_over_a_certificate_is_no_hosts_silence(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own check of one knows no deadline: the others' answers come, and no host is blamed."""
    go_on = threading.Event()

    class Hanging(ssl.SSLObject):
        def do_handshake(self) -> None:
            go_on.wait(60)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslobject_class = Hanging
    monkeypatch.setattr("trayapp.sources.http.create_tls_context", lambda _file: context)
    client, plain = HttpClient(user_agent="test"), serve(say(200, b"{}"))
    began = time.monotonic()
    with listening(fall_silent) as port:
        got = client.fetch([HttpRequest(f"https://127.0.0.1:{port}/"), HttpRequest(plain.url)], 1.0)
        assert time.monotonic() - began < 4.0
        go_on.set()
        client.close()
    assert cause(got[0]) is Cause.INTERNAL
    assert isinstance(got[1], HttpResponse)


@pytest.mark.long
@pytest.mark.parametrize("inner", ["answers", "hangs", "babbles", "closes"])
def test_tls_to_a_host_within_tls_to_its_proxy(
    serve: Serve, authority: trustme.CA, ca_file: str, inner: str
) -> None:
    """A proxy that is itself asked over TLS; what its tunnel leads to may be silent, wrong or gone."""
    page = serve(say(200, b"{}"), server_context(authority, "127.0.0.1"))
    outside = server_context(authority, "127.0.0.1")

    def proxy(conn: socket.socket, over: threading.Event) -> None:
        with outside.wrap_socket(conn, server_side=True) as tls:
            tls.recv(65536)
            tls.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            if inner == "answers":
                with socket.create_connection(("127.0.0.1", page.port)) as beyond:
                    relay(tls, beyond, over)
            else:
                {"hangs": fall_silent, "babbles": babble, "closes": close}[inner](tls, over)

    with listening(proxy) as port:
        client = HttpClient(user_agent="test", ca_file=ca_file, proxy=f"https://127.0.0.1:{port}")
        began = time.monotonic()
        got = one(client, HttpRequest(page.url), 1.5 if inner == "hangs" else 8.0)
        client.close()
        assert time.monotonic() - began < 8.5
    if inner == "answers":
        assert isinstance(got, HttpResponse), got
        assert got.body == b"{}"
    else:
        assert cause(got) in (Cause.PROXY, Cause.TLS)


def relay(tls: ssl.SSLSocket, beyond: socket.socket, over: threading.Event) -> None:
    """Pass on what either side says, on one thread: TLS is not for two at a time."""
    with suppress(ConnectionError):  # whoever asked is satisfied and gone
        while not over.is_set():
            ready = [tls] if tls.pending() else select.select([tls, beyond], [], [], 0.05)[0]
            for source in ready:
                source.settimeout(0.05)
                try:
                    data = source.recv(65536)
                except TimeoutError:  # a part of a record, or one that carries nothing
                    continue
                if not data:
                    return
                target = beyond if source is tls else tls
                target.settimeout(5.0)
                target.sendall(data)
