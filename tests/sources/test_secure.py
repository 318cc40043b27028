"""Certificates and proxies, with a throw-away authority and a real proxy."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from tests.sources.conftest import Serve
from tests.sources.servers import answer_bytes, proxy, raw, say
from trayapp.model import Cause, Miss
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse

Client = Callable[..., HttpClient]


@pytest.fixture
def authority() -> trustme.CA:
    """A certificate authority that nobody trusts."""
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    """Its certificate, for those who choose to trust it."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def client() -> Iterator[Client]:
    """Make clients that end with the test."""
    with contextlib.ExitStack() as stack:

        def make(*, proxy: str = "", ca_file: str = "") -> HttpClient:
            made = HttpClient(user_agent="test", proxy=proxy, ca_file=ca_file)
            stack.callback(made.close)
            return made

        yield make


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate for these names."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    return context


def one(http: HttpClient, url: str) -> HttpResponse | Miss:
    """The answer to a single ask."""
    return http.fetch([HttpRequest(url, page=True)], 10)[0]


def test_an_authority_from_the_file_is_trusted(
    client: Client, serve: Serve, authority: trustme.CA, ca_file: str
) -> None:
    """With `ca_file` a private authority's page is read."""
    server = serve(say(200, b"{}"), server_context(authority, "127.0.0.1"))
    got = one(client(ca_file=ca_file), server.url)
    assert isinstance(got, HttpResponse), got
    assert got.body == b"{}"


def test_an_unknown_authority_is_a_certificate_miss(
    client: Client, serve: Serve, authority: trustme.CA
) -> None:
    """The system's store does not know it."""
    got = one(client(), serve(say(200), server_context(authority, "127.0.0.1")).url)
    assert isinstance(got, Miss)
    assert got.cause is Cause.TLS


def test_a_certificate_for_another_name_is_a_certificate_miss(
    client: Client, serve: Serve, authority: trustme.CA, ca_file: str
) -> None:
    """A trusted authority does not help a wrong name."""
    got = one(client(ca_file=ca_file), serve(say(200), server_context(authority, "other.test")).url)
    assert isinstance(got, Miss)
    assert got.cause is Cause.TLS


def test_a_server_that_speaks_no_tls_is_a_certificate_miss(client: Client, serve: Serve) -> None:
    """So is any other trouble of TLS itself."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_plainly() -> None:
            conn, _ = listener.accept()
            with conn:
                conn.recv(1)
                conn.sendall(answer_bytes(400))

        thread = threading.Thread(target=answer_plainly)
        thread.start()
        got = one(client(), f"https://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    assert isinstance(got, Miss)
    assert got.cause is Cause.TLS


def test_a_handshake_that_is_cut_is_a_reset(client: Client) -> None:
    """A server that hangs up on TLS fails as a server; its certificate has not been seen."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            conn, _ = listener.accept()
            conn.recv(65536)
            conn.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        got = one(client(), f"https://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    assert isinstance(got, Miss)
    assert got.cause is Cause.RESET


def test_a_missing_authority_file_is_a_certificate_miss(client: Client) -> None:
    """It is a miss of every ask, and no error."""
    got = one(client(ca_file="/nowhere/ca.pem"), "http://127.0.0.1:9")
    assert isinstance(got, Miss)
    assert got.cause is Cause.TLS


def test_http_goes_through_the_configured_proxy(client: Client, serve: Serve) -> None:
    """The proxy, not this computer, finds the host."""
    page, way = serve(raw(answer_bytes(200, b"{}"))), serve(proxy())
    got = one(client(proxy=way.url), f"http://page.test:{page.port}/x")
    assert isinstance(got, HttpResponse), got
    assert page.paths() == ["/x"]


def test_https_goes_through_the_systems_proxy(
    client: Client, serve: Serve, authority: trustme.CA, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a configured one the system's is used, by tunnel, and the page's certificate is checked."""
    page, way = serve(say(200, b"{}"), server_context(authority, "page.test")), serve(proxy())
    monkeypatch.setenv("https_proxy", way.url)
    url = f"https://page.test:{page.port}/x"
    assert isinstance(one(client(ca_file=ca_file), url), HttpResponse)
    stranger = one(client(), url)
    assert isinstance(stranger, Miss)
    assert stranger.cause is Cause.TLS


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_is_named(client: Client, serve: Serve, scheme: str) -> None:
    """407 is the proxy's word in a tunnel and outside of one."""
    got = one(client(proxy=serve(proxy(password="never")).url), f"{scheme}://page.test/")
    assert isinstance(got, Miss)
    assert (got.cause, got.status) == (Cause.PROXY, 407)


def test_a_proxy_that_talks_nonsense_is_named(client: Client, serve: Serve) -> None:
    """An answer to CONNECT that is no success is the proxy's trouble, whatever its status."""
    got = one(client(proxy=serve(raw(answer_bytes(502))).url), "https://page.test/")
    assert isinstance(got, Miss)
    assert (got.cause, got.status) == (Cause.PROXY, 502)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("address", ["http://user:secret@127.0.0.1:{port}", "socks9://user:secret@h", "::::"])
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(
    client: Client, caplog: pytest.LogCaptureFixture, scheme: str, address: str
) -> None:
    """Unreachable, unsupported and misspelled proxies are the proxy's misses; no detail and no log tells secrets."""
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    got = one(client(proxy=address.format(port=port)), f"{scheme}://page.test/")
    assert isinstance(got, Miss)
    assert got.cause is Cause.PROXY
    assert "secret" not in got.detail + caplog.text
