"""The loopback server: a cookie for who was sent, the page for the cookie, nothing for anybody else or longer than needed."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from tests.systems import as_another, second_user
from trayapp.desktop.network.loopback import is_this_user
from trayapp.web_page.request import PageHandler
from trayapp.web_page.server import TICKET_LIFETIME, DetailsServer, PageSource

PAGE = "<!DOCTYPE html><title>Ω</title>"
LONG = 600.0
CURL = ("curl", "--silent", "--noproxy", "*", "--write-out", "%{http_code} ", "--output", "/dev/null")


@pytest.fixture
def server() -> Iterator[DetailsServer]:
    """One that is never idle."""
    server = DetailsServer(PageSource(lambda _nonce: PAGE), LONG)
    yield server
    server.close()


def ask(
    url: str, method: str = "GET", path: str | None = None, host: str | None = None, cookie: str = ""
) -> tuple[HTTPResponse, bytes]:
    """One request and its answer; a cookie may be put before the address, as `let_in` does."""
    before, _, url = url.rpartition(" ")
    cookie = cookie or before
    parts = urlsplit(url)
    with closing(HTTPConnection(str(parts.hostname), parts.port, timeout=30)) as connection:
        connection.putrequest(method, parts.path if path is None else path, skip_host=True)
        connection.putheader("Host", parts.netloc if host is None else host)
        if cookie:
            connection.putheader("Cookie", cookie)
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read()


def let_in(server: DetailsServer) -> str:
    """As a browser that this server opened."""
    return let_in_by(server.open())


def let_in_by(url: str) -> str:
    """The page's own address, after the cookie that was got for the one that a browser is opened with."""
    answer, _ = ask(url)
    assert answer.status == 303
    cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
    parts = urlsplit(url)
    return f"{cookie} {parts.scheme}://{parts.netloc}{answer.getheader('Location')}"


def raw(url: str, request: bytes) -> bytes:
    """What comes back for these very bytes."""
    url = url.rpartition(" ")[2]
    parts = urlsplit(url)
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_the_page_is_served_to_who_knows_its_address(server: DetailsServer) -> None:
    """As UTF-8 HTML, never to be stored, with a policy that allows nothing from elsewhere."""
    answer, body = ask(let_in(server))
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
    answer, body = ask(let_in(server), "HEAD")
    assert (answer.status, body, answer.getheader("Content-Length")) == (200, b"", str(len(PAGE.encode())))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "GETS"])
def test_no_other_method_is_answered(server: DetailsServer, method: str) -> None:
    """405, with what is allowed."""
    answer, body = ask(let_in(server), method)
    assert (answer.status, body, answer.getheader("Allow")) == (405, b"", "GET, HEAD")


def test_nothing_is_answered_at_another_path(server: DetailsServer) -> None:
    """Not at the root, not under another token, not above, below or around the page; with the cookie or without."""
    cookie, _, url = let_in(server).rpartition(" ")
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
        for sent in ("", cookie):
            answer, body = ask(url, path=other, cookie=sent)
            assert (answer.status, body) == (404, b""), other


@pytest.mark.parametrize("host", ["localhost", "evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_nothing_is_answered_under_another_name(server: DetailsServer, host: str) -> None:
    """A page elsewhere whose name was bent to point here does not get it, even with cookie or ticket, which stays good."""
    answer, body = ask(let_in(server), host=host)
    assert (answer.status, body) == (403, b"")
    url = server.open()
    assert ask(url, host=host)[0].status == 403
    assert ask(url)[0].status == 303


def test_a_request_needs_exactly_one_host(server: DetailsServer) -> None:
    """None, or two that differ, are refused."""
    cookie, _, url = let_in(server).rpartition(" ")
    path, host = urlsplit(url).path, urlsplit(url).netloc
    for hosts in ("", f"Host: {host}\r\nHost: evil.example\r\n"):
        request = f"GET {path} HTTP/1.1\r\nCookie: {cookie}\r\n{hosts}\r\n"
        assert b" 403 " in raw(url, request.encode()).split(b"\r\n")[0]


def test_what_is_not_http_harms_nobody(server: DetailsServer) -> None:
    """Nonsense, an endless line and a client that only connects leave the page as it was."""
    url = let_in(server)
    for nonsense in (b"\x00\x01\x02\r\n\r\n", b"GET " + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"\r\n"):
        assert PAGE.encode() not in raw(url, nonsense)
    with connect(url):
        assert ask(url)[0].status == 200


def connect(url: str) -> socket.socket:
    """A connection on which nothing was asked yet."""
    url = url.rpartition(" ")[2]
    return socket.create_connection((str(urlsplit(url).hostname), urlsplit(url).port or 0), timeout=30)


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side has closed it without a word."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


@pytest.mark.long
@pytest.mark.parametrize("drop", [b"", b"x"])
def test_a_request_must_come_in_time(
    server: DetailsServer, monkeypatch: pytest.MonkeyPatch, drop: bytes
) -> None:
    """Who is silent, and who drips one byte after the other for ever, is let go of after the same time."""
    monkeypatch.setattr(PageHandler, "timeout", 1.0)
    with connect(server.open()) as client:
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


@pytest.mark.long
def test_who_holds_connections_open_does_not_keep_the_person_out(server: DetailsServer) -> None:
    """A hundred that ask nothing: the page still comes at once, and no more than a few of them stay."""
    url = let_in(server)
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(url)) for _ in range(100)]
        assert ask(url)[0].status == 200
        assert all(is_closed(client) for client in clients[:90])
        began = time.monotonic()
        server.close()
        assert time.monotonic() - began < 2.0


@pytest.mark.long
def test_who_is_being_answered_keeps_their_place() -> None:
    """However many others come while the page is made."""
    go, asked = threading.Event(), threading.Semaphore(0)

    def slow() -> str:
        asked.release()
        assert go.wait(30)
        return PAGE

    server = DetailsServer(PageSource(lambda _nonce: slow()), LONG)
    url = let_in(server)
    cookie, _, address = url.rpartition(" ")
    parts = urlsplit(address)
    head = f"Host: {parts.netloc}\r\nCookie: {cookie}\r\n"
    request = f"GET {parts.path} HTTP/1.1\r\n{head}\r\n".encode()
    with ExitStack() as stack:
        first = stack.enter_context(connect(url))
        first.sendall(request)
        assert asked.acquire(timeout=30)
        others = [stack.enter_context(connect(url)) for _ in range(30)]
        assert all(is_closed(other) for other in others[:20])
        go.set()
        assert b"".join(iter(lambda: first.recv(4096), b"")).endswith(PAGE.encode())
    server.close()


def test_the_page_is_made_anew_for_each_request() -> None:
    """Who reloads sees what is known now."""
    made = iter(["first", "second"])
    server = DetailsServer(PageSource(lambda _nonce: next(made)), LONG)
    url = let_in(server)
    assert [ask(url)[1], ask(url)[1]] == [b"first", b"second"]
    server.close()


def test_a_page_that_cannot_be_made_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    """The log says why; the browser gets a 500 and no words of ours."""

    def broken() -> str:
        raise ValueError("no such thing")

    server = DetailsServer(PageSource(lambda _nonce: broken()), LONG)
    answer, body = ask(let_in(server))
    assert (answer.status, body) == (500, b"")
    assert "no such thing" in caplog.text
    server.close()


def test_opening_twice_is_one_page(server: DetailsServer) -> None:
    """Under two addresses, each known as the program's own until it was used."""
    first, second = let_in(server), let_in(server)
    assert first == second
    url = server.open()
    assert server.urls == {url}
    ask(url)
    assert server.urls == frozenset()


class Clock:
    """One that is set by hand."""

    now = 1000.0


def test_the_address_that_is_opened_is_good_once_and_for_ten_seconds() -> None:
    """The list of processes shows it to everybody; the browser has a cookie by then, which no list shows."""
    clock = Clock()
    served = PageSource(lambda _nonce: PAGE, lambda: "Açın", now=lambda: clock.now)
    with closing(DetailsServer(served, LONG)) as server:
        url, late = server.open(), server.open()
        answer, body = ask(url)
        cookie = str(answer.getheader("Set-Cookie"))
        assert (answer.status, body) == (303, b"")
        assert cookie.endswith(f"; Path={answer.getheader('Location')}; HttpOnly; SameSite=Strict")
        clock.now += TICKET_LIFETIME
        for spent in (url, late):
            answer, body = ask(spent)
            assert (answer.status, body.decode(), answer.getheader("Set-Cookie")) == (403, "Açın", None)
            assert answer.getheader("Content-Type") == "text/plain; charset=utf-8"
        patient = server.open(100.0)
        clock.now += 99.0
        assert ask(patient)[0].status == 303


def test_a_preview_uses_no_address_up(server: DetailsServer) -> None:
    """HEAD gets neither cookie nor page."""
    url = server.open()
    answer, _ = ask(url, "HEAD")
    assert (answer.status, answer.getheader("Set-Cookie")) == (403, None)
    assert ask(url)[0].status == 303


@pytest.mark.parametrize(
    "cookie", ["", "x=y", "openai-status-tray=", "openai-status-tray=guess", "{}x", "x{}"]
)
def test_without_the_cookie_the_pages_own_path_is_worth_nothing(server: DetailsServer, cookie: str) -> None:
    """Neither with another one."""
    good, _, url = let_in(server).rpartition(" ")
    assert ask(url, cookie=cookie.format(good))[0].status == 403
    assert ask(url, cookie=f"other=1; {good};more=2")[0].status == 200


def test_the_secrets_of_one_start_are_none_of_the_next() -> None:
    """Address, cookie, path, and what an open page knows its server by."""
    secrets: list[str] = []
    for _ in range(2):
        with closing(DetailsServer(PageSource(lambda nonce: nonce), LONG)) as server:
            cookie, _, url = let_in(server).rpartition(" ")
            answer, nonce = ask(url, cookie=cookie)
            assert answer.status == 200
            secrets += [nonce.decode(), cookie.partition("=")[2]]
            secrets += [urlsplit(url).path, urlsplit(server.open()).path]
    assert len(set(secrets)) == len(secrets) == 8
    assert all(len(secret) >= 43 for secret in secrets)


def test_a_client_that_is_another_user_gets_no_cookie_and_spoils_nothing() -> None:
    """Who reads the list of processes may be quicker than a browser."""
    ports: list[int] = []

    def is_ours(port: int) -> bool:
        ports.append(port)
        return len(ports) > 1

    with closing(DetailsServer(PageSource(lambda _nonce: PAGE, is_ours=is_ours), LONG)) as server:
        url = server.open()
        answer, body = ask(url)
        assert (answer.status, body, answer.getheader("Set-Cookie")) == (403, b"", None)
        assert ask(url)[0].status == 303
    assert all(ports)


def test_it_stops_when_nobody_looks() -> None:
    """Its port is given back and its thread ends; opening again gives another address."""
    server = DetailsServer(PageSource(lambda _nonce: PAGE), 0.05)
    url = server.open()
    assert server.wait(30)
    with pytest.raises(ConnectionRefusedError):
        ask(url)
    assert "details" not in {thread.name for thread in threading.enumerate()}
    again = server.open()
    assert again != url
    server.close()


@pytest.mark.long
def test_who_looks_keeps_it_alive() -> None:
    """Each request begins the wait anew."""
    server = DetailsServer(PageSource(lambda _nonce: PAGE), 1.0)
    url = let_in(server)
    for _ in range(3):
        assert not server.wait(0.7)
        assert ask(url)[0].status == 200
    server.close()


def test_it_closes_at_once() -> None:
    """While a client hangs on it, and twice without harm."""
    server = DetailsServer(PageSource(lambda _nonce: PAGE), LONG)
    url = server.open()
    with socket.create_connection((str(urlsplit(url).hostname), urlsplit(url).port or 0)):
        server.close()
        server.close()
        with pytest.raises(OSError, match=r"refused|reset"):
            ask(url)
    assert server.urls == frozenset()


def test_the_client_on_this_computer_is_known_by_its_port() -> None:
    """Ours is; where the system names nobody, nobody is kept out."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        connect(f"http://127.0.0.1:{server.getsockname()[1]}/") as one,
    ):
        assert is_this_user(one.getsockname()[1])
    assert is_this_user(1)


@second_user
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_another_user_who_reads_the_list_of_processes_gets_nothing() -> None:
    """A real one: neither with the address before the browser has used it, nor after, nor with the page's path."""
    with closing(DetailsServer(PageSource(lambda _nonce: PAGE, is_ours=is_this_user), LONG)) as server:
        url = server.open()
        assert as_another(*CURL, url).stdout == "403 "
        assert ask(url)[0].status == 303, "the person's browser still gets in"
        assert as_another(*CURL, url).stdout == "403 "
        assert as_another(*CURL, let_in(server).rpartition(" ")[2]).stdout == "403 "
