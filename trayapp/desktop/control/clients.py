"""Answers each client on its own thread, so that a slow or silent one delays no other."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress

from trayapp.desktop.control.exchange import RequestHandler, serve_request
from trayapp.desktop.control.messages import ControlConnection

_log = logging.getLogger(__name__)

MAX_CLIENTS = 8
"""Clients at once. One more replaces the one that has been silent the longest."""


class ClientThreads:
    """The threads that answer clients; any thread may call its methods."""

    def __init__(self, handle: RequestHandler) -> None:
        """Take the handler, which is called on several threads at once."""
        self._handle = handle
        self._lock = threading.Lock()
        self._threads: dict[ControlConnection, threading.Thread] = {}
        """Thread by connection, the oldest first."""
        self._silent: set[ControlConnection] = set()
        """The connections that have sent no request yet."""

    def serve(self, connection: ControlConnection) -> None:
        """Answer a client on a new thread; where there is no room, close its connection."""
        thread = threading.Thread(
            target=self._serve_client, args=(connection,), name="control client", daemon=True
        )
        with self._lock:
            if has_room := self._make_room():
                self._threads[connection] = thread
                self._silent.add(connection)
        try:
            if has_room:
                thread.start()
        except RuntimeError as error:  # the system has no thread left
            _log.warning("a command from outside is not heard: %s", error)
            has_room = False
        if not has_room:
            self._forget_client(connection)
            with suppress(OSError), connection:
                pass

    def close(self, seconds: float) -> None:
        """Cut off clients without a request; wait for the other answers, at most so many seconds."""
        deadline = time.monotonic() + seconds
        with self._lock:
            for connection in self._silent:
                connection.interrupt()
            threads = tuple(self._threads.values())
        for thread in threads:
            thread.join(max(deadline - time.monotonic(), 0.0))

    def _make_room(self) -> bool:
        """Make room for one more client if possible; returns whether there is room. The caller holds the lock."""
        if len(self._threads) < MAX_CLIENTS:
            return True
        oldest = next((each for each in self._threads if each in self._silent), None)
        if oldest is None:
            return False
        oldest.interrupt()  # its thread wakes and ends
        self._silent.discard(oldest)
        del self._threads[oldest]
        return True

    def _serve_client(self, connection: ControlConnection) -> None:
        try:
            # A client that went away misses its own answer and nothing else.
            with suppress(OSError), connection:
                serve_request(connection, self._handle, lambda: self._mark_heard(connection))
        finally:
            self._forget_client(connection)

    def _mark_heard(self, connection: ControlConnection) -> None:
        """Note that the client has sent its request, so that it is no longer cut off."""
        with self._lock:
            self._silent.discard(connection)

    def _forget_client(self, connection: ControlConnection) -> None:
        with self._lock:
            self._silent.discard(connection)
            self._threads.pop(connection, None)
