"""Holds the right to be the one running program, and runs the thread that accepts its clients."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import filelock

from trayapp.desktop.control.clients import ClientThreads
from trayapp.desktop.control.exchange import RequestHandler
from trayapp.desktop.control.host_computer import create_lock, remove_host, write_host

if sys.platform == "win32":
    from trayapp.desktop.control.windows_pipe import ControlListener
else:
    from trayapp.desktop.control.unix_socket import ControlListener

log = logging.getLogger(__name__)

RETRY_PAUSE = 0.5
"""Seconds until a client is accepted again after a failure, as for lack of a file descriptor."""
_CLOSE_TIMEOUT = 1.0
"""Seconds that `close` waits for answers under way."""


class Instance:
    """The right to be the one running program, held until `close` or the end of the process."""

    def __init__(
        self, directory: Path, lock: filelock.BaseFileLock | None, listener: ControlListener | None
    ) -> None:
        self._directory = directory
        self._lock = lock
        self._listener = listener
        self._thread: threading.Thread | None = None
        self._clients: ClientThreads | None = None
        self._closing = threading.Event()

    @classmethod
    def take(cls, directory: Path) -> Instance | None:
        """Take the instance of `directory`; None when another process holds it.

        Requests are queued from now on and answered once `serve` is called. Where the directory cannot be written, the
        program runs all the same, and a second start is not noticed.
        """
        lock = create_lock(directory)
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
            write_host(directory)
        except filelock.Timeout:
            return None
        except OSError as error:
            log.warning("a second start will not be noticed: %s", error)
            return cls(directory, None, None)
        try:
            listener = ControlListener(directory)
        except OSError as error:
            log.warning("commands from outside will not be heard: %s", error)
            return cls(directory, lock, None)
        return cls(directory, lock, listener)

    def serve(self, handle: RequestHandler) -> None:
        """Answer requests through `handle`, on several daemon threads. Its exceptions become error answers."""
        if self._listener is not None:
            self._clients = ClientThreads(handle)
            self._thread = threading.Thread(
                target=_accept_clients,
                args=(self._listener, self._clients, self._closing),
                name="control",
                daemon=True,
            )
            self._thread.start()

    def close(self) -> None:
        """Wait for answers under way, then release the lock."""
        if self._listener is not None:
            self._closing.set()
            self._listener.wake()
            if self._thread is not None:
                self._thread.join(_CLOSE_TIMEOUT)
            if self._clients is not None:
                self._clients.close(_CLOSE_TIMEOUT)
            self._listener.close()
        if self._lock is not None:
            remove_host(self._directory)
            self._lock.release()


def _accept_clients(listener: ControlListener, clients: ClientThreads, over: threading.Event) -> None:
    """Accept clients until `over` is set and the listener is woken."""
    failing = False
    while not over.is_set():
        try:
            connection = listener.accept()
        except OSError as error:
            if not (failing or over.is_set()):
                log.warning("commands from outside are not heard for now: %s", error)
            failing = True
            over.wait(RETRY_PAUSE)
            continue
        failing = False
        clients.serve(connection)
