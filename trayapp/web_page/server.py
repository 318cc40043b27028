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

from trayapp.web_page.request import HOST, Handler
from trayapp.web_page.tickets import Tickets

log = logging.getLogger(__name__)

_CLIENTS = 8
"""At once; a browser needs two. One more takes the place of the one that has been asking the longest."""
_LEAVE_WITHIN = 1.0
"""Seconds that `close` waits at most; what hangs longer is abandoned."""


OPENING = 10.0
"""Seconds in which a browser that was opened must have asked."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is shown, and to whom."""

    make: Callable[[str], str]
    """The page anew for each request, on a thread of its own; it is given what an open page knows its server by."""
    spent: Callable[[], str] = lambda: ""
    """What a person reads who comes with an address that is no longer good."""
    is_ours: Callable[[int], bool] = lambda _port: True
    """Whether who asks from that port of this computer is this user."""
    now: Callable[[], float] = time.monotonic


class DetailsServer:
    """The page at an address that nobody can guess. Its methods may be called from any thread."""

    def __init__(self, served: Served, idle: float) -> None:
        """`idle`: seconds without a request until it stops."""
        self._served = served
        self._idle = idle
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def open(self, seconds: float = OPENING) -> str:
        """An address that is good once, within so many seconds; the server is started if it does not run. Raises OSError."""
        with self._lock:
            if self._running is None or not self._running.stay():
                self._running = _Running(self._served, self._idle)
            return self._running.address(seconds)

    @property
    def urls(self) -> frozenset[str]:
        """The program's own pages, for whoever opens addresses."""
        running = self._running
        return running.addresses() if running else frozenset()

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


class _Running:
    """One start of the server, with a port and secrets of its own."""

    def __init__(self, served: Served, idle: float) -> None:
        self._idle = idle
        self._lock = threading.Lock()
        self._asked = time.monotonic()
        self._stopping = False
        self.ended = threading.Event()
        nonce = secrets.token_urlsafe(32)
        # One page at a time: it reads the history, and a browser that reloads in a hurry must not multiply that.
        making = threading.Lock()

        def page() -> bytes:
            self.stay()
            with making:
                return served.make(nonce).encode("utf-8", "replace")

        self._tickets = Tickets(served.now)
        self._server = _Server(self._tickets, page, served)
        self._thread = threading.Thread(target=self._serve, name="details", daemon=True)
        self._thread.start()

    def address(self, seconds: float) -> str:
        return f"http://{self._server.host}{self._tickets.issue(seconds)}"

    def addresses(self) -> frozenset[str]:
        return frozenset(f"http://{self._server.host}{path}" for path in self._tickets.good())

    def stay(self) -> bool:
        """Somebody looks: it stays for another while. False when it has already decided to stop."""
        with self._lock:
            self._asked = time.monotonic()
            return not self._stopping

    def stop(self) -> None:
        with self._lock:
            self._stopping = True
        # It sleeps until somebody connects; shutting a listening socket down wakes it on Linux only.
        with suppress(OSError):
            socket.create_connection(self._server.server_address, timeout=_LEAVE_WITHIN).close()
        self.ended.wait(_LEAVE_WITHIN)

    def _serve(self) -> None:
        while (left := self._left()) > 0.0:
            self._server.timeout = left
            self._server.handle_request()
        self._server.server_close()
        self.ended.set()

    def _left(self) -> float:
        """Seconds until it is idle, unless somebody asks; none when it is to end."""
        with self._lock:
            left = self._asked + self._idle - time.monotonic()
            self._stopping = self._stopping or left <= 0.0
            return 0.0 if self._stopping else left


class _Server(socketserver.ThreadingTCPServer):
    """TCP and not HTTP's own server, which looks up this computer's name when it starts, and that may take long."""

    daemon_threads = True
    block_on_close = False
    server_address: tuple[str, int]

    def __init__(self, tickets: Tickets, page: Callable[[], bytes], served: Served) -> None:
        self.tickets = tickets
        self.page = page
        self.spent = served.spent
        self.is_ours = served.is_ours
        # A browser sends a cookie to every port of this computer, but to this path alone.
        self.path = f"/{secrets.token_urlsafe(32)}/"
        self.secret = secrets.token_urlsafe(32)
        self._lock = threading.Lock()
        self._clients: dict[socket.socket, bool] = {}
        """The open connections, the oldest first, and whether each is being answered."""
        super().__init__((HOST, 0), Handler)
        self.host = f"{HOST}:{self.server_address[1]}"

    def server_bind(self) -> None:
        """As always; on Windows another program could else bind the same port and be asked in our place."""
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._admitted(request):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def _admitted(self, request: socket.socket) -> bool:
        """Whether there is room; who holds connections open and asks nothing must not keep the person out."""
        with self._lock:
            if len(self._clients) >= _CLIENTS:
                asking = next((client for client, answered in self._clients.items() if not answered), None)
                if asking is None:
                    return False
                del self._clients[asking]
                with suppress(OSError):
                    asking.shutdown(socket.SHUT_RDWR)  # its thread wakes and ends
            self._clients[request] = False
            return True

    def answering(self, request: socket.socket) -> None:
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
