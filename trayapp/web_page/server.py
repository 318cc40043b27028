"""Serves the page to the person's browser: on loopback, behind a cookie, read-only, and only while it is open.

A file would be simpler, but browsers in snaps cannot read hidden folders. The address that the browser is opened with
is valid once and for a few seconds; the browser gets a cookie for it, and the page only with the cookie.
"""

from __future__ import annotations

import logging
import secrets
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from trayapp.web_page.request import HOST, PageHandler
from trayapp.web_page.tickets import Tickets

log = logging.getLogger(__name__)

_MAX_CLIENTS = 8
"""Connections at once; a browser needs two. A further one replaces the oldest that has sent no valid request."""
_STOP_TIMEOUT = 1.0
"""Seconds that `close` waits at most; a server that hangs longer is abandoned."""


TICKET_LIFETIME = 10.0
"""Seconds within which an opened browser must send its request."""


@dataclass(frozen=True, slots=True)
class PageSource:
    """The contents of the page, and the check of who may see it."""

    render_page: Callable[[str], str]
    """Renders the page for each request, on that request's thread; the argument is the server's nonce."""
    expired_text: Callable[[], str] = lambda: ""
    """Returns the text for a person who opens an expired address."""
    is_ours: Callable[[int], bool] = lambda _port: True
    """Whether the client on that port of this computer is this user."""
    now: Callable[[], float] = time.monotonic


class DetailsServer:
    """Serves the page at an address that nobody can guess. Any thread may call its methods."""

    def __init__(self, served: PageSource, idle: float) -> None:
        """`idle`: seconds without a request after which the server stops."""
        self._served = served
        self._idle = idle
        self._lock = threading.Lock()
        self._running: _RunningServer | None = None

    def open(self, seconds: float = TICKET_LIFETIME) -> str:
        """Starts the server if necessary, and returns an address valid once within some seconds. Raises OSError."""
        with self._lock:
            if self._running is None or not self._running.postpone_stop():
                self._running = _RunningServer(self._served, self._idle)
            return self._running.issue_url(seconds)

    @property
    def urls(self) -> frozenset[str]:
        """The addresses that are valid now, which the program may open."""
        running = self._running
        return running.valid_urls() if running else frozenset()

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until the server stops, at most `timeout` seconds; returns whether it has stopped."""
        running = self._running
        return running is None or running.ended.wait(timeout)

    def close(self) -> None:
        """Stops the server promptly; may be called twice."""
        with self._lock:
            if self._running is not None:
                self._running.stop()
            self._running = None


class _RunningServer:
    """One run of the server, with its own port and secrets."""

    def __init__(self, served: PageSource, idle: float) -> None:
        self._idle = idle
        self._lock = threading.Lock()
        self._last_request = time.monotonic()
        self._stopping = False
        self.ended = threading.Event()
        nonce = secrets.token_urlsafe(32)
        # One page at a time: rendering reads the history, and many quick reloads must not multiply that.
        render_lock = threading.Lock()

        def render_page() -> bytes:
            self.postpone_stop()
            with render_lock:
                return served.render_page(nonce).encode("utf-8", "replace")

        self._tickets = Tickets(served.now)
        self._server = _PageServer(self._tickets, render_page, served)
        self._thread = threading.Thread(target=self._serve_requests, name="details", daemon=True)
        self._thread.start()

    def issue_url(self, seconds: float) -> str:
        return f"http://{self._server.host}{self._tickets.issue(seconds)}"

    def valid_urls(self) -> frozenset[str]:
        return frozenset(f"http://{self._server.host}{path}" for path in self._tickets.valid_paths())

    def postpone_stop(self) -> bool:
        """Restarts the idle time; returns False if the server is already stopping."""
        with self._lock:
            self._last_request = time.monotonic()
            return not self._stopping

    def stop(self) -> None:
        with self._lock:
            self._stopping = True
        # The server sleeps until a client connects; a shutdown of the listening socket wakes it only on Linux.
        with suppress(OSError):
            socket.create_connection(self._server.server_address, timeout=_STOP_TIMEOUT).close()
        self.ended.wait(_STOP_TIMEOUT)

    def _serve_requests(self) -> None:
        while (left := self._seconds_left()) > 0.0:
            self._server.timeout = left
            self._server.handle_request()
        self._server.server_close()
        self.ended.set()

    def _seconds_left(self) -> float:
        """Returns the seconds left of the idle time; 0 if the server must stop."""
        with self._lock:
            left = self._last_request + self._idle - time.monotonic()
            self._stopping = self._stopping or left <= 0.0
            return 0.0 if self._stopping else left


class _PageServer(socketserver.ThreadingTCPServer):
    """The listening server; not HTTPServer, which looks up this computer's name when it starts, and that can take long."""

    daemon_threads = True
    block_on_close = False
    server_address: tuple[str, int]

    def __init__(self, tickets: Tickets, render_page: Callable[[], bytes], served: PageSource) -> None:
        self.tickets = tickets
        self.render_page = render_page
        self.expired_text = served.expired_text
        self.is_ours = served.is_ours
        # A browser sends a cookie to every port of this computer, but only to its path.
        self.path = f"/{secrets.token_urlsafe(32)}/"
        self.secret = secrets.token_urlsafe(32)
        self._lock = threading.Lock()
        self._clients: dict[socket.socket, bool] = {}
        """The open connections, oldest first, and whether each is being answered."""
        super().__init__((HOST, 0), PageHandler)
        self.host = f"{HOST}:{self.server_address[1]}"

    def server_bind(self) -> None:
        """Binds exclusively on Windows, where another program could otherwise bind the same port and get the requests."""
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._admit_client(request):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def _admit_client(self, request: socket.socket) -> bool:
        """Admits a client or refuses it; idle connections of others must not lock the person out."""
        with self._lock:
            if len(self._clients) >= _MAX_CLIENTS:
                idle = next((client for client, answering in self._clients.items() if not answering), None)
                if idle is None:
                    return False
                del self._clients[idle]
                with suppress(OSError):
                    idle.shutdown(socket.SHUT_RDWR)  # its thread wakes and ends
            self._clients[request] = False
            return True

    def mark_answering(self, request: socket.socket) -> None:
        """Protects a connection that has sent a valid request from being replaced."""
        with self._lock:
            if request in self._clients:
                self._clients[request] = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._clients.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        del request, client_address
        log.info("a request for the details broke off: %s", sys.exception())
