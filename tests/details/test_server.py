"""The loopback server: the page for who knows its address, nothing for anybody else, and no longer than needed."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from trayapp.details.answer import Handler
from trayapp.details.server import DetailsServer

PAGE = "<!DOCTYPE html><title>Ω</title>"
LONG = 600.0


@pytest.fixture
def server() -> Iterator[DetailsServer]:
    """One that is never idle."""
    server = DetailsServer(lambda: PAGE, LONG)
    yield server
    server.close()


def ask(
    url: str, method: str = "GET", path: str | None = None, host: str | None = None
) -> tuple[HTTPResponse, bytes]:
    """One request and its answer."""
    parts = urlsplit(url)
    with closing(HTTPConnection(str(parts.hostname), parts.port, timeout=30)) as connection:
        connection.putrequest(method, parts.path if path is None else path, skip_host=True)
        connection.putheader("Host", parts.netloc if host is None else host)
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read()


def raw(url: str, request: bytes) -> bytes:
    """What comes back for these very bytes."""
    parts = urlsplit(url)
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_the_page_is_served_to_who_knows_its_address(server: DetailsServer) -> None:
    """As UTF-8 HTML, never to be stored, with a policy that allows nothing from elsewhere."""
    answer, body = ask(server.open())
    assert (answer.status, body.decode()) == (200, PAGE)
    assert answer.getheader("Content-Type") == "text/html; charset=utf-8"
    assert answer.getheader("Cache-Control") == "no-store"
    assert "default-src 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert "frame-ancestors 'none'" in (answer.getheader("Content-Security-Policy") or "")


def test_it_listens_on_loopback_alone(server: DetailsServer) -> None:
    """Under a name that no name server gives."""
    assert urlsplit(server.open()).hostname == "127.0.0.1"


def test_head_gives_the_head(server: DetailsServer) -> None:
    """The length of the page without the page."""
    answer, body = ask(server.open(), "HEAD")
    assert (answer.status, body, answer.getheader("Content-Length")) == (200, b"", str(len(PAGE.encode())))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "GETS"])
def test_no_other_method_is_answered(server: DetailsServer, method: str) -> None:
    """405, with what is allowed."""
    answer, body = ask(server.open(), method)
    assert (answer.status, body, answer.getheader("Allow")) == (405, b"", "GET, HEAD")


def test_nothing_is_answered_without_the_token(server: DetailsServer) -> None:
    """Not at the root, not under another token, not above, below or around the page."""
    url = server.open()
    path = urlsplit(url).path
    for other in (
        "/",
        "/favicon.ico",
        path[:-2] + "/",
        path + "x",
        path + "../",
        f"/x{path}",
        path + "?x",
        path[:-1],
        "*",
    ):
        answer, body = ask(url, path=other)
        assert (answer.status, body) == (404, b""), other


@pytest.mark.parametrize("host", ["localhost", "evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_nothing_is_answered_under_another_name(server: DetailsServer, host: str) -> None:
    """A page elsewhere whose name was bent to point here does not get it, even with the token."""
    answer, body = ask(server.open(), host=host)
    assert (answer.status, body) == (403, b"")


def test_a_request_needs_exactly_one_host(server: DetailsServer) -> None:
    """None, or two that differ, are refused."""
    url = server.open()
    path, host = urlsplit(url).path, urlsplit(url).netloc
    for hosts in ("", f"Host: {host}\r\nHost: evil.example\r\n"):
        assert b" 403 " in raw(url, f"GET {path} HTTP/1.1\r\n{hosts}\r\n".encode()).split(b"\r\n")[0]


def test_what_is_not_http_harms_nobody(server: DetailsServer) -> None:
    """Nonsense, an endless line and a client that only connects leave the page as it was."""
    url = server.open()
    for nonsense in (b"\x00\x01\x02\r\n\r\n", b"GET " + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"\r\n"):
        assert PAGE.encode() not in raw(url, nonsense)
    with socket.create_connection((str(urlsplit(url).hostname), urlsplit(url).port or 0)):
        assert ask(url)[0].status == 200


def connected(url: str) -> socket.socket:
    """A connection on which nothing was asked yet."""
    return socket.create_connection((str(urlsplit(url).hostname), urlsplit(url).port or 0), timeout=30)


def closed(connection: socket.socket) -> bool:
    """Whether the other side has closed it without a word."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("drop", [b"", b"x"])
def test_a_request_must_come_in_time(
    server: DetailsServer, monkeypatch: pytest.MonkeyPatch, drop: bytes
) -> None:
    """Who is silent, and who drips one byte after the other for ever, is let go of after the same time."""
    monkeypatch.setattr(Handler, "timeout", 1.0)
    with connected(server.open()) as client:
        client.settimeout(0.1)
        began = time.monotonic()
        while time.monotonic() - began < 20:
            try:
                client.sendall(drop)
                if client.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        assert 0.5 < time.monotonic() - began < 10


def test_who_holds_connections_open_does_not_keep_the_person_out(server: DetailsServer) -> None:
    """A hundred that ask nothing: the page still comes at once, and no more than a few of them stay."""
    url = server.open()
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(url)) for _ in range(100)]
        assert ask(url)[0].status == 200
        assert all(closed(client) for client in clients[:90])
        began = time.monotonic()
        server.close()
        assert time.monotonic() - began < 2.0


def test_who_is_being_answered_keeps_their_place() -> None:
    """However many others come while the page is made."""
    go, asked = threading.Event(), threading.Semaphore(0)

    def slow() -> str:
        asked.release()
        assert go.wait(30)
        return PAGE

    server = DetailsServer(slow, LONG)
    url = server.open()
    parts = urlsplit(url)
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    with ExitStack() as stack:
        first = stack.enter_context(connected(url))
        first.sendall(request)
        assert asked.acquire(timeout=30)
        others = [stack.enter_context(connected(url)) for _ in range(30)]
        assert all(closed(other) for other in others[:20])
        go.set()
        assert b"".join(iter(lambda: first.recv(4096), b"")).endswith(PAGE.encode())
    server.close()


def test_the_page_is_made_anew_for_each_request() -> None:
    """Who reloads sees what is known now."""
    made = iter(["first", "second"])
    server = DetailsServer(lambda: next(made), LONG)
    url = server.open()
    assert [ask(url)[1], ask(url)[1]] == [b"first", b"second"]
    server.close()


def test_a_page_that_cannot_be_made_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    """The log says why; the browser gets a 500 and no words of ours."""

    def broken() -> str:
        raise ValueError("no such thing")

    server = DetailsServer(broken, LONG)
    answer, body = ask(server.open())
    assert (answer.status, body) == (500, b"")
    assert "no such thing" in caplog.text
    server.close()


def test_opening_twice_is_one_page(server: DetailsServer) -> None:
    """The same address, known as the program's own."""
    url = server.open()
    assert server.open() == url
    assert server.urls == {url}


def test_it_stops_when_nobody_looks() -> None:
    """Its port is given back and its thread ends; opening again gives another address."""
    server = DetailsServer(lambda: PAGE, 0.05)
    url = server.open()
    assert server.wait(30)
    with pytest.raises(ConnectionRefusedError):
        ask(url)
    assert "details" not in {thread.name for thread in threading.enumerate()}
    again = server.open()
    assert again != url
    server.close()


def test_who_looks_keeps_it_alive() -> None:
    """Each request begins the wait anew."""
    server = DetailsServer(lambda: PAGE, 1.0)
    url = server.open()
    for _ in range(3):
        assert not server.wait(0.7)
        assert ask(url)[0].status == 200
    server.close()


def test_it_closes_at_once() -> None:
    """While a client hangs on it, and twice without harm."""
    server = DetailsServer(lambda: PAGE, LONG)
    url = server.open()
    with socket.create_connection((str(urlsplit(url).hostname), urlsplit(url).port or 0)):
        server.close()
        server.close()
        with pytest.raises(OSError, match=r"refused|reset"):
            ask(url)
    assert server.urls == frozenset()


def test_a_token_cannot_be_guessed() -> None:
    """Each start has its own, of 256 bits."""
    urls = set()
    for _ in range(3):
        server = DetailsServer(lambda: PAGE, LONG)
        urls.add(urlsplit(server.open()).path)
        server.close()
    assert len(urls) == 3
    assert min(map(len, urls)) >= 43
