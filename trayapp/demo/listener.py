"""Runs an HTTP server on loopback that stops at once, whatever its clients do."""

from __future__ import annotations

import logging
import os
import socket
import socketserver
import ssl
import struct
import sys
from contextlib import suppress
from http.server import ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self

log = logging.getLogger(__name__)

_ACCEPT_POLL = 0.05
"""Seconds between the accept loop's checks whether to stop, where a listening socket cannot be shut down."""
_JOIN_TIMEOUT = 2.0
"""Seconds a worker may take to notice that its connection was cut."""
_LINGER = struct.Struct("hh" if os.name == "nt" else "ii")
"""struct linger: two shorts on Windows, two ints elsewhere."""


def reset_on_close(connection: socket.socket) -> None:
    """Makes a connection end with a reset (RST) instead of a close (FIN)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.pack(1, 0))


def _is_reset_on_close(connection: socket.socket) -> bool:
    on, seconds = _LINGER.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.size))
    return bool(on) and seconds == 0


class LoopbackServer(ThreadingHTTPServer):
    """Serves `handler` on a free port of 127.0.0.1 within a `with` block; over TLS if a context is given.

    `closing` is set when the block ends, so that a handler can wait for it.
    """

    daemon_threads = True

    def __init__(
        self, handler: type[socketserver.BaseRequestHandler], tls: ssl.SSLContext | None = None
    ) -> None:
        self.closing = Event()
        self._scheme = "https" if tls else "http"
        self._live: list[tuple[socket.socket, Thread]] = []
        self._accepting = Thread(target=self.serve_forever, args=(_ACCEPT_POLL,), daemon=True)
        super().__init__(("127.0.0.1", 0), handler)
        if tls:
            # The worker's first read makes the handshake: a silent client must not block the accept loop.
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def url(self) -> str:
        """The server's address, without a slash at the end."""
        return f"{self._scheme}://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.closing.set()
        with suppress(OSError):  # only Linux can; it wakes the accept loop at once
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)
        self.shutdown()
        self._accepting.join()
        self.server_close()
        for connection, worker in self._live:
            with suppress(OSError):  # it is closed already
                # Not SSLSocket's own shutdown, which drops the TLS state while the worker uses it.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
                if sys.platform == "win32":  # where shutdown does not wake a blocked read
                    socket.close(connection.detach())
            worker.join(_JOIN_TIMEOUT)

    def server_bind(self) -> None:
        """Binds without HTTPServer's look-up of the host's full name, which uses the network."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answers on a worker that `__exit__` can find: the base class does not keep its daemon threads."""
        worker = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self._live = [(s, w) for s, w in self._live if w.is_alive()]
        self._live.append((request, worker))
        worker.start()

    def shutdown_request(self, request: Any) -> None:
        """Closes a connection; after `reset_on_close` without the base class's FIN before the reset."""
        with suppress(OSError):
            if _is_reset_on_close(request):
                self.close_request(request)
                return
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 -- the base class's signature
        """Logs an error, quietly if the client went away or refused the certificate; nothing goes to stderr."""
        error = sys.exception()
        level = logging.DEBUG if isinstance(error, OSError) else logging.ERROR
        log.log(level, "a connection of the loopback server broke off", exc_info=error)
