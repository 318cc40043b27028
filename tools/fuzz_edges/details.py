"""The details page's server: what is no request of the person's browser gets a refusal, and never the page."""

from __future__ import annotations

import errno
import re
import socket
from random import Random

from tests.web_page.visitor import visit
from tools.fuzz_edges.engine import PATIENCE, Wrong
from tools.fuzz_edges.mutate import Mutator
from trayapp.web_page.request import COOKIE_NAME
from trayapp.web_page.server import DetailsServer, PageSource

PAGE = "<!DOCTYPE html><title>Ω the page</title>"
SPENT = "This address was good once."
_ALLOWED = {200, 303, 400, 403, 404, 405, 408, 411, 413, 414, 431, 501, 505}
_HOST, _PATH, _SECRET, _TICKET = b"{host}", b"{path}", b"{secret}", b"{ticket}"


def _request(line: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((line, *headers, b"", b""))


class DetailsTarget:
    """Requests, with what a browser knows filled in: a seed may hold the page's path and its cookie, or a ticket."""

    name = "details"
    seeds = (
        _request(b"GET {path} HTTP/1.1", b"Host: {host}", b"Cookie: x=1; " + COOKIE_NAME.encode() + b"={secret}; y=2"),
        _request(b"GET {ticket} HTTP/1.1", b"Host: {host}", b"Accept: text/html", b"Accept-Language: tr"),
        _request(b"HEAD {ticket} HTTP/1.1", b"Host: {host}"),
        _request(b"GET {path} HTTP/1.0", b"Host: {host}", b"Connection: keep-alive"),
        _request(b"POST {path} HTTP/1.1", b"Host: {host}", b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
        _request(b"OPTIONS * HTTP/1.1", b"Host: {host}", b"Origin: https://evil.test", b"Access-Control-Request-Private-Network: true"),
        _request(b"GET http://{host}{path} HTTP/1.1", b"Host: evil.test", b"Expect: 100-continue"),
        _request(b"PRI * HTTP/2.0") + b"SM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(60),
        _request(b"GET /", *(b"X-%d: %s" % (n, b"v" * n) for n in range(120))),
        b"GET {path}\r\n\r\n",
        b"",
    )  # fmt: skip
    mutator = Mutator(
        (
            b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b"\x00", b"\xff", b"GET ", b"HEAD ", b"TRACE ", b"CONNECT ", b" HTTP/1.1",
            b" HTTP/0.9", b" HTTP/99999999999.1", b" HTTP/1.\xb2", b"Host: {host}", b"Host: localhost", b"Cookie: ", b"; ", b"=",
            b"Content-Length: 99999999999", b"Connection: keep-alive", b"Expect: 100-continue", b"{path}", b"{ticket}", b"{secret}",
            b"/../", b"//", b"%2e", b"?", b"#", b" folded\r\n\t", b"A" * 1000, b"A: b\r\n",
        )
    )  # fmt: skip

    def __init__(self) -> None:
        self._server = DetailsServer(PageSource(lambda _server: PAGE, lambda: SPENT), 3600.0)
        self._server.open()
        running = self._server._running
        assert running
        self._running = running._server
        self._fed = 0

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        dice, known = Random(data), self._running  # noqa: S311  # chance for tests
        ticket = f"/{self._server.open().split('/', 3)[3]}".encode() if _TICKET in data else b""
        filled = data.replace(_HOST, known.host.encode()).replace(_PATH, known.path.encode())
        filled = filled.replace(_SECRET, known.secret.encode()).replace(_TICKET, ticket)
        said = self._exchange(filled, dice)
        statuses = [int(found) for found in re.findall(rb"(?m)^HTTP/1\.[01] (\d{3}) ", said)]
        if not set(statuses) <= _ALLOWED:
            raise Wrong(f"answers {said[:200]!r}")
        if b"the page" in said and not (known.secret.encode() in filled and known.path.encode() in filled):
            raise Wrong("shows the page to who does not know it")
        if known.secret.encode() in said and not (ticket and ticket in filled):
            raise Wrong("gives the cookie to who has no ticket")
        self._fed += 1
        if self._fed % 20 == 0 and visit(self._server.open()) != PAGE:
            raise Wrong("does not show the page any more")
        return f"{statuses} {b'Location' in said} {len(said) > 600}"

    def close(self) -> None:
        """See `Target`."""
        self._server.close()

    def _exchange(self, request: bytes, dice: Random) -> bytes:
        said = b""
        with socket.create_connection(self._running.server_address, timeout=PATIENCE / 2) as client:
            try:
                at = dice.randrange(len(request) + 1)
                client.sendall(request[:at])
                client.sendall(request[at:])
                client.shutdown(socket.SHUT_WR)
                while dice.random() > 0.02 and (part := client.recv(65536)):
                    said += part
            except OSError as error:  # it has heard enough
                if error.errno not in {errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN}:
                    raise
        return said
