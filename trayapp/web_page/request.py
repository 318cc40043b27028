"""One request to the loopback server: a cookie for a ticket, the page for the cookie, or nothing."""

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

from trayapp.web_page.page import CONTENT_POLICY
from trayapp.web_page.tickets import Tickets

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
COOKIE_NAME = "openai-status-tray"

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
    """What a request is answered from."""

    host: str
    """The only Host that may be asked for: another is a page elsewhere whose name was bent to point here."""
    path: str
    """The page's own path."""
    secret: str
    """The cookie without which nobody gets the page."""
    tickets: Tickets
    render_page: Callable[[], bytes]
    expired_text: Callable[[], str]
    """What a person reads who comes with an address that is no longer good."""
    is_ours: Callable[[int], bool]
    """Whether who asks from that port of this computer is this user."""
    mark_answering: Callable[[socket.socket], None]
    """Told of a connection that has asked rightly."""


class _DeadlineReader(io.RawIOBase):
    """What a client sends, until its time is up: a socket's own limit begins anew with each byte that drips in."""

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
    """GET and HEAD of the one page; everything else is refused without a word about what there is."""

    timeout = 5.0
    """Seconds for a whole request, and again for taking the answer (`sendall` counts them together)."""
    server_version = "openai-status-tray"
    sys_version = ""

    def setup(self) -> None:
        """As always, but for the time that a request may take."""
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_DeadlineReader(self.connection, self.timeout))

    def do_GET(self) -> None:
        """The page."""
        self._answer_request(body=True)

    def do_HEAD(self) -> None:
        """The page's head."""
        self._answer_request(body=False)

    def _answer_request(self, *, body: bool) -> None:
        shown = cast("PageServerPort", self.server)
        if self.headers.get_all("Host") != [shown.host]:
            self._send_refusal(HTTPStatus.FORBIDDEN)
        elif shown.tickets.is_known(self.path):
            self._redeem_ticket(shown, used=body)
        elif not _is_same(self.path, shown.path):
            self._send_refusal(HTTPStatus.NOT_FOUND)
        elif not _is_same(self._read_cookie(), shown.secret):
            self._send_refusal(HTTPStatus.FORBIDDEN, shown.expired_text())
        else:
            self._send_page(shown, body=body)

    def _redeem_ticket(self, shown: PageServerPort, *, used: bool) -> None:
        """The cookie and the page's own address for a ticket; HEAD, as previews send it, uses none up."""
        if not shown.is_ours(self.client_address[1]):
            log.warning("another user of this computer has asked for the details page")
            self._send_refusal(HTTPStatus.FORBIDDEN)
        elif not used or not shown.tickets.redeem(self.path):
            self._send_refusal(HTTPStatus.FORBIDDEN, shown.expired_text())
        else:
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", shown.path)
            kept = f"{COOKIE_NAME}={shown.secret}; Path={shown.path}; HttpOnly; SameSite=Strict"
            self.send_header("Set-Cookie", kept)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _read_cookie(self) -> str:
        """Ours, of those that a browser sends to this computer."""
        sent = "; ".join(self.headers.get_all("Cookie", []))
        pairs = (one.strip().partition("=") for one in sent.split(";"))
        return next((value for name, _, value in pairs if name == COOKIE_NAME), "")

    def _send_page(self, shown: PageServerPort, *, body: bool) -> None:
        shown.mark_answering(self.connection)
        try:
            page = shown.render_page()
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

    def _send_refusal(self, status: HTTPStatus, said: str = "") -> None:
        text = said.encode("utf-8", "replace")
        self.send_response(status)
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if said:
            self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is not HTTP, or another method."""
        del message, explain
        refused = code == HTTPStatus.NOT_IMPLEMENTED
        self._send_refusal(HTTPStatus.METHOD_NOT_ALLOWED if refused else HTTPStatus(code))

    def end_headers(self) -> None:
        """What every answer carries."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Nothing: a request's path is the key to the page."""


def _is_same(asked: str, secret: str) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(asked.encode("utf-8", "replace"), secret.encode())
