"""The right to be the one running program, and the thread that waits for who speaks to it."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import filelock

from trayapp.desktop.control.clients import Clients
from trayapp.desktop.control.exchange import Handle
from trayapp.desktop.control.host_computer import lock_of, sign, unsign

if sys.platform == "win32":
    from trayapp.desktop.control.windows_pipe import Listener
else:
    from trayapp.desktop.control.unix_socket import Listener

log = logging.getLogger(__name__)

REST = 0.5
"""Seconds until a client is waited for again after that failed, as it does without a free file descriptor."""
_LEAVING = 1.0
"""Seconds that the end waits for the answers that are under way."""


class Instance:
    """The right to be the one running program, held until `close` or the process's death, however that comes."""

    def __init__(
        self, directory: Path, lock: filelock.BaseFileLock | None, listener: Listener | None
    ) -> None:
        self._directory = directory
        self._lock = lock
        self._listener = listener
        self._thread: threading.Thread | None = None
        self._clients: Clients | None = None
        self._over = threading.Event()

    @classmethod
    def take(cls, directory: Path) -> Instance | None:
        """The instance of `directory`; None when another process holds it.

        Requests are queued from here on and answered once `serve` is called. Where the directory cannot be written,
        nobody can be told apart: the program runs all the same.
        """
        lock = lock_of(directory)
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
            sign(directory)
        except filelock.Timeout:
            return None
        except OSError as error:
            log.warning("a second start will not be noticed: %s", error)
            return cls(directory, None, None)
        try:
            listener = Listener(directory)
        except OSError as error:
            log.warning("commands from outside will not be heard: %s", error)
            return cls(directory, lock, None)
        return cls(directory, lock, listener)

    def serve(self, handle: Handle) -> None:
        """Answer requests through `handle`, on several daemon threads. What it raises becomes an error line."""
        if self._listener is not None:
            self._clients = Clients(handle)
            self._thread = threading.Thread(
                target=_accept, args=(self._listener, self._clients, self._over), name="control", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Let the answers that are under way go out, then give the place up."""
        if self._listener is not None:
            self._over.set()
            self._listener.wake()
            if self._thread is not None:
                self._thread.join(_LEAVING)
            if self._clients is not None:
                self._clients.close(_LEAVING)
            self._listener.close()
        if self._lock is not None:
            unsign(self._directory)
            self._lock.release()


def _accept(listener: Listener, clients: Clients, over: threading.Event) -> None:
    """Take each client until woken with `over` set."""
    failing = False
    while not over.is_set():
        try:
            connection = listener.accept()
        except OSError as error:
            if not (failing or over.is_set()):
                log.warning("commands from outside are not heard for now: %s", error)
            failing = True
            over.wait(REST)
            continue
        failing = False
        clients.serve(connection)
