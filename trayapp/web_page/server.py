"""Shows the page in the person's own browser: on loopback, behind a cookie, read-only, and only while somebody looks.

A file would be simpler, but browsers packaged as snaps cannot read hidden folders. The address that a browser is opened
with is good once and for some seconds; the browser gets a cookie for it, and only with that the page.
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
"""At once; a browser needs two. One more takes the place of the one that has been asking the longest."""
_STOP_TIMEOUT = 1.0
"""Seconds that `close` waits at most; what hangs longer is abandoned."""


TICKET_LIFETIME = 10.0
"""Seconds in which a browser that was opened must have asked."""


@dataclass(frozen=True, slots=True)
class PageSource:
    """What is shown, and to whom."""

    render_page: Callable[[str], str]
    """The page anew for each request, on a thread of its own; it is given what an open page knows its server by."""
    expired_text: Callable[[], str] = lambda: ""
    """What a person reads who comes with an address that is no longer good."""
    is_ours: Callable[[int], bool] = lambda _port: True
    """Whether who asks from that port of this computer is this user."""
    now: Callable[[], float] = time.monotonic


class DetailsServer:
    """The page at an address that nobody can guess. Its methods may be called from any thread."""

    def __init__(self, served: PageSource, idle: float) -> None:
        """`idle`: seconds without a request until it stops."""
        self._served = served
        self._idle = idle
        self._lock = threading.Lock()
        self._running: _RunningServer | None = None

    def open(self, seconds: float = TICKET_LIFETIME) -> str:
        """An address that is good once, within so many seconds; the server is started if it does not run. Raises OSError."""
        with self._lock:
            if self._running is None or not self._running.postpone_stop():
                self._running = _RunningServer(self._served, self._idle)
            return self._running.issue_url(seconds)

    @property
    def urls(self) -> frozenset[str]:
        """The program's own pages, for whoever opens addresses."""
        running = self._running
        return running.valid_urls() if running else frozenset()

    def wait(self, timeout: float | None = None) -> bool:
        """Until nobody looks any more, or so many seconds; whether it has stopped."""
        running = self._running
        return running is None or running.ended.wait(timeout)

    def close(self) -> None:
        """Stop, promptly; twice does no harm."""
        with self._lock:
            if self._running is not None:
                self._running.stop()
            self._running = None


class _RunningServer:
    """One start of the server, with a port and secrets of its own."""

    def __init__(self, served: PageSource, idle: float) -> None:
        self._idle = idle
        self._lock = threading.Lock()
        self._last_request = time.monotonic()
        self._stopping = False
        self.ended = threading.Event()
        nonce = secrets.token_urlsafe(32)
        # One page at a time: it reads the history, and a browser that reloads in a hurry must not multiply that.
        making = threading.Lock()

        def page() -> bytes:
            self.postpone_stop()
            with making:
                return served.render_page(nonce).encode("utf-8", "replace")

        self._tickets = Tickets(served.now)
        self._server = _PageServer(self._tickets, page, served)
        self._thread = threading.Thread(target=self._serve_requests, name="details", daemon=True)
        self._thread.start()

    def issue_url(self, seconds: float) -> str:
        return f"http://{self._server.host}{self._tickets.issue(seconds)}"

    def valid_urls(self) -> frozenset[str]:
        return frozenset(f"http://{self._server.host}{path}" for path in self._tickets.valid_paths())

    def postpone_stop(self) -> bool:
        """Somebody looks: it stays for another while. False when it has already decided to stop."""
        with self._lock:
            self._last_request = time.monotonic()
            return not self._stopping

    def stop(self) -> None:
        with self._lock:
            self._stopping = True
        # It sleeps until somebody connects; shutting a listening socket down wakes it on Linux only.
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
        """Seconds until it is idle, unless somebody asks; none when it is to end."""
        with self._lock:
            left = self._last_request + self._idle - time.monotonic()
            self._stopping = self._stopping or left <= 0.0
            return 0.0 if self._stopping else left


class _PageServer(socketserver.ThreadingTCPServer):
    """TCP and not HTTP's own server, which looks up this computer's name when it starts, and that may take long."""

    daemon_threads = True
    block_on_close = False
    server_address: tuple[str, int]

    def __init__(self, tickets: Tickets, page: Callable[[], bytes], served: PageSource) -> None:
        self.tickets = tickets
        self.render_page = page
        self.expired_text = served.expired_text
        self.is_ours = served.is_ours
        # A browser sends a cookie to every port of this computer, but to this path alone.
        self.path = f"/{secrets.token_urlsafe(32)}/"
        self.secret = secrets.token_urlsafe(32)
        self._lock = threading.Lock()
        self._clients: dict[socket.socket, bool] = {}
        """The open connections, the oldest first, and whether each is being answered."""
        super().__init__((HOST, 0), PageHandler)
        self.host = f"{HOST}:{self.server_address[1]}"

    def server_bind(self) -> None:
        """As always; on Windows another program could else bind the same port and be asked in our place."""
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._admit_client(request):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def _admit_client(self, request: socket.socket) -> bool:
        """Whether there is room; who holds connections open and asks nothing must not keep the person out."""
        with self._lock:
            if len(self._clients) >= _MAX_CLIENTS:
                asking = next((client for client, answered in self._clients.items() if not answered), None)
                if asking is None:
                    return False
                del self._clients[asking]
                with suppress(OSError):
                    asking.shutdown(socket.SHUT_RDWR)  # its thread wakes and ends
            self._clients[request] = False
            return True

    def mark_answering(self, request: socket.socket) -> None:
        """It has shown that it may ask: it keeps its place."""
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
