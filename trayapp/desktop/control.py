"""One running program a person, and the socket on which a second start or a script speaks to it.

A request and its answer are one line of JSON each, one pair to a connection. JSON because it can do nothing but be
data; pickles, which `multiprocessing.connection` would bring, can run code.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import filelock

log = logging.getLogger(__name__)

LOCK = "lock"
SOCKET = "control.sock"
MAX_LINE = 64 * 1024
"""Bytes of a request or an answer."""
CLIENT_DEADLINE = 2.0
"""Seconds a client has for its whole request; clients are served one after the other."""

_MAX_ADDRESS = 103
"""Bytes of a socket's path: 104 with the closing zero on macOS, 108 on Linux."""

Json = dict[str, Any]


class NotRunning(Exception):  # noqa: N818 - it names a state of the world, not a fault
    """No program of this person runs."""


class NoAnswer(NotRunning):
    """It runs, or seems to, but gave no answer in time."""


class Instance:
    """The right to be the one running program, held until `close` or the process's death, however that comes."""

    def __init__(
        self, directory: Path, lock: filelock.BaseFileLock | None, listener: socket.socket | None
    ) -> None:
        self._directory = directory
        self._lock = lock
        self._listener = listener
        self._thread: threading.Thread | None = None

    @classmethod
    def take(cls, directory: Path) -> Instance | None:
        """The instance of `directory`; None when another process holds it.

        Requests are queued from here on and answered once `serve` is called. Where the directory cannot be written,
        nobody can be told apart: the program runs all the same.
        """
        lock = filelock.FileLock(directory / LOCK, timeout=0, mode=0o600, thread_local=False)
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
        except filelock.Timeout:
            return None
        except OSError as error:
            log.warning("a second start will not be noticed: %s", error)
            return cls(directory, None, None)
        try:
            listener = _listen(directory)
        except OSError as error:
            log.warning("commands from outside will not be heard: %s", error)
            listener = None
        return cls(directory, lock, listener)

    def serve(self, handle: Callable[[Json], Json]) -> None:
        """Answer requests through `handle` on a daemon thread. What it raises becomes an error line."""
        if self._listener is not None:
            self._thread = threading.Thread(
                target=_accept, args=(self._listener, handle), name="control", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Let an answer that is under way go out, then give the place up."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which close() alone does not
            if self._thread is not None:
                self._thread.join(CLIENT_DEADLINE / 2)
            self._listener.close()
            (self._directory / SOCKET).unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.release()


def ask(directory: Path, request: Json, timeout: float = 5.0) -> Json:
    """Send the running program one request and return its answer.

    Raises NotRunning when there is none, NoAnswer when it stays silent for `timeout` seconds or talks nonsense.
    """
    deadline = time.monotonic() + timeout
    with _dial(directory, timeout) as connection:
        try:
            connection.sendall(_encoded(request))
            answer = json.loads(_line(connection, deadline))
        except (OSError, ValueError, RecursionError) as error:
            raise NoAnswer(f"the running program does not answer ({error})") from error
    if not isinstance(answer, dict):
        raise NoAnswer("the running program does not answer in the expected form")
    return answer


# --------------------------------------------------------------------------------- serving


def _accept(listener: socket.socket, handle: Callable[[Json], Json]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # closed: the program ends
        with connection, suppress(OSError):  # a client that went away misses its own answer and nothing else
            _serve_one(connection, handle)


def _serve_one(connection: socket.socket, handle: Callable[[Json], Json]) -> None:
    if not _same_person(connection):
        log.warning("a command from another user was refused")
        return
    try:
        request = json.loads(_line(connection, time.monotonic() + CLIENT_DEADLINE))
    except (ValueError, RecursionError, TimeoutError) as error:
        answer = _encoded({"error": f"bad request: {error}"})
    else:
        answer = _answer(request, handle)
    connection.settimeout(CLIENT_DEADLINE)
    connection.sendall(answer)


def _answer(request: object, handle: Callable[[Json], Json]) -> bytes:
    if not isinstance(request, dict):
        return _encoded({"error": "bad request: not a JSON object"})
    try:
        return _encoded(handle(request))
    except Exception:
        log.exception("a command from outside failed")
        return _encoded({"error": "the command failed; the log says why"})


# -------------------------------------------------------------------------------- the line


def _encoded(value: Json) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _line(connection: socket.socket, deadline: float) -> bytes:
    """One line without its end. Raises ValueError when it is too long or broken off, TimeoutError at the deadline."""
    received = bytearray()
    while b"\n" not in received:
        if len(received) > MAX_LINE:
            raise ValueError("line too long")
        connection.settimeout(max(deadline - time.monotonic(), 0.001))
        part = connection.recv(MAX_LINE)
        if not part:
            raise ValueError("line broken off")
        received += part
    return bytes(received.partition(b"\n")[0])


# ------------------------------------------------------------------- the place of meeting
# Windows will meet on a named pipe: these four functions are all that knows of the socket's kind.


def _listen(directory: Path) -> socket.socket:
    path = directory / SOCKET
    listener = _unix_socket()
    try:
        path.unlink(missing_ok=True)  # left behind by a killed program: the lock shows that nobody listens
        with _short(directory) as short:
            listener.bind(f"{short}/{SOCKET}")
        path.chmod(0o600)  # in time, because nobody can connect before listen()
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


def _dial(directory: Path, timeout: float) -> socket.socket:
    connection = _unix_socket()
    try:
        connection.settimeout(timeout)
        with _short(directory) as short:
            connection.connect(f"{short}/{SOCKET}")
        if not _same_person(connection):
            raise ConnectionRefusedError("the socket belongs to another user")
    except OSError as error:
        connection.close()
        if isinstance(error, TimeoutError | BlockingIOError):  # the queue of clients is full
            raise NoAnswer("the running program takes no requests") from error
        raise NotRunning("the program is not running") from error
    return connection


def _unix_socket() -> socket.socket:
    if sys.platform == "win32":
        raise OSError("no control socket on this system")
    return socket.socket(socket.AF_UNIX)


def _same_person(connection: socket.socket) -> bool:
    """Whether the other end runs as this user. Elsewhere than on Linux the file's mode alone sees to that."""
    if sys.platform != "linux":
        return True
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", credentials)
    return bool(uid == os.getuid())


@contextmanager
def _short(directory: Path) -> Iterator[str]:
    """A name of `directory` that fits into a socket's address, which a deep home does not.

    Through an open descriptor and /proc on Linux; elsewhere a long name fails with the system's own error.
    """
    if len(os.fsencode(directory / SOCKET)) <= _MAX_ADDRESS or sys.platform != "linux":
        yield str(directory)
        return
    descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
