"""Answers one request to the loopback server: with a cookie for a ticket, or with the page for the cookie."""

from __future__ import annotations

import hmac
import io
import logging
import socket
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol, cast

from trayapp import APP_ID
from trayapp.web_page.page import CONTENT_POLICY
from trayapp.web_page.tickets import Tickets

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
COOKIE_NAME = APP_ID

_HEADERS = {
    "Content-Security-Policy": f"{CONTENT_POLICY}; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PageServerPort(Protocol):
    """The server's data that a request needs."""

    host: str
    """The only valid Host header: any other comes from a web page whose name was made to resolve here (DNS rebinding)."""
    path: str
    """The path of the page."""
    secret: str
    """The value of the cookie that the page requires."""
    tickets: Tickets
    render_page: Callable[[], bytes]
    expired_text: Callable[[], str]
    """Returns the text for a person who opens an expired address."""
    is_ours: Callable[[int], bool]
    """Whether the client on that port of this computer is this user."""
    mark_answering: Callable[[socket.socket], None]
    """Is called with a connection that has sent a valid request."""


class _DeadlineReader(io.RawIOBase):
    """Reads from a client until a deadline: a socket's own time limit begins again with each byte."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0.0:
            raise TimeoutError("the request did not come in time")
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class PageHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD of the one page; refuses everything else without any information."""

    timeout = 5.0
    """Seconds for a whole request, and for sending the whole answer (`sendall` counts all of it)."""
    server_version = APP_ID
    sys_version = ""

    def setup(self) -> None:
        """Prepares the connection with a deadline for the whole request."""
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_DeadlineReader(self.connection, self.timeout))

    def do_GET(self) -> None:
        """Answers with the page."""
        self._answer_request(body=True)

    def do_HEAD(self) -> None:
        """Answers with the page's headers."""
        self._answer_request(body=False)

    def _answer_request(self, *, body: bool) -> None:
        server = cast("PageServerPort", self.server)
        if self.headers.get_all("Host") != [server.host]:
            self._send_refusal(HTTPStatus.FORBIDDEN)
        elif server.tickets.is_known(self.path):
            self._redeem_ticket(server, used=body)
        elif not _is_same(self.path, server.path):
            self._send_refusal(HTTPStatus.NOT_FOUND)
        elif not _is_same(self._read_cookie(), server.secret):
            self._send_refusal(HTTPStatus.FORBIDDEN, server.expired_text())
        else:
            self._send_page(server, body=body)

    def _redeem_ticket(self, server: PageServerPort, *, used: bool) -> None:
        """Answers a ticket with the cookie and a redirect to the page; HEAD, as previews send it, spends no ticket."""
        if not server.is_ours(self.client_address[1]):
            log.warning("another user of this computer has asked for the details page")
            self._send_refusal(HTTPStatus.FORBIDDEN)
        elif not used or not server.tickets.redeem(self.path):
            self._send_refusal(HTTPStatus.FORBIDDEN, server.expired_text())
        else:
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", server.path)
            kept = f"{COOKIE_NAME}={server.secret}; Path={server.path}; HttpOnly; SameSite=Strict"
            self.send_header("Set-Cookie", kept)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _read_cookie(self) -> str:
        """Returns this program's cookie among all that the browser sends to this computer; "" if it is missing."""
        sent = "; ".join(self.headers.get_all("Cookie", []))
        pairs = (one.strip().partition("=") for one in sent.split(";"))
        return next((value for name, _, value in pairs if name == COOKIE_NAME), "")

    def _send_page(self, server: PageServerPort, *, body: bool) -> None:
        server.mark_answering(self.connection)
        try:
            page = server.render_page()
        except Exception:
            log.exception("the details page could not be made")
            self._send_refusal(HTTPStatus.INTERNAL_SERVER_ERROR)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if body:
            self.connection.settimeout(self.timeout)
            self.wfile.write(page)

    def _send_refusal(self, status: HTTPStatus, text: str = "") -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if text:
            self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuses what is not HTTP, and other methods."""
        del message, explain
        refused = code == HTTPStatus.NOT_IMPLEMENTED
        self._send_refusal(HTTPStatus.METHOD_NOT_ALLOWED if refused else HTTPStatus(code))

    def end_headers(self) -> None:
        """Adds the headers of every answer."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Logs nothing: a request's path is secret."""


def _is_same(asked: str, secret: str) -> bool:
    """Compares in a time that does not depend on the contents."""
    return hmac.compare_digest(asked.encode("utf-8", "replace"), secret.encode())
