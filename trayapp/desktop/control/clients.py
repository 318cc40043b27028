"""Those who are being answered, each on a thread of its own: one that is slow or silent delays nobody."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress

from trayapp.desktop.control.exchange import Handle, serve_one
from trayapp.desktop.control.messages import Connection

_log = logging.getLogger(__name__)

MOST = 8
"""At once. One more takes the place of the one that has been silent the longest."""


class Clients:
    """Its methods may be called from any thread."""

    def __init__(self, handle: Handle) -> None:
        """`handle` is called on several threads at once."""
        self._handle = handle
        self._lock = threading.Lock()
        self._threads: dict[Connection, threading.Thread] = {}
        """The oldest first."""
        self._silent: set[Connection] = set()
        """Those of them that have not asked yet."""

    def serve(self, connection: Connection) -> None:
        """Answer it in its own time; where there is no room, part with it."""
        thread = threading.Thread(target=self._serve, args=(connection,), name="control client", daemon=True)
        with self._lock:
            if has_room := self._makes_room():
                self._threads[connection] = thread
                self._silent.add(connection)
        try:
            if has_room:
                thread.start()
        except RuntimeError as error:  # the system has no thread left
            _log.warning("a command from outside is not heard: %s", error)
            has_room = False
        if not has_room:
            self._forget(connection)
            with suppress(OSError), connection:
                pass

    def close(self, seconds: float) -> None:
        """Part with who has not asked; let the answers that are under way go out, for so many seconds."""
        deadline = time.monotonic() + seconds
        with self._lock:
            for connection in self._silent:
                connection.cut()
            threads = tuple(self._threads.values())
        for thread in threads:
            thread.join(max(deadline - time.monotonic(), 0.0))

    def _makes_room(self) -> bool:
        """Whether one more may come; the lock is held."""
        if len(self._threads) < MOST:
            return True
        oldest = next((each for each in self._threads if each in self._silent), None)
        if oldest is None:
            return False
        oldest.cut()  # its thread wakes and ends
        self._silent.discard(oldest)
        del self._threads[oldest]
        return True

    def _serve(self, connection: Connection) -> None:
        try:
            # A client that went away misses its own answer and nothing else.
            with suppress(OSError), connection:
                serve_one(connection, self._handle, lambda: self._heard(connection))
        finally:
            self._forget(connection)

    def _heard(self, connection: Connection) -> None:
        """From now on nothing but its answer ends it: what is closed must not be cut any more."""
        with self._lock:
            self._silent.discard(connection)

    def _forget(self, connection: Connection) -> None:
        with self._lock:
            self._silent.discard(connection)
            self._threads.pop(connection, None)
