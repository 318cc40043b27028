"""Connects client and program on Linux and macOS by a socket in the state folder that its owner alone may open."""

from __future__ import annotations

import os
import select
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from trayapp.desktop.control.messages import MAX_LINE, NoAnswerError, NotRunningError
from trayapp.desktop.control.peer import read_peer_user

SOCKET_NAME = "control.sock"

_MAX_ADDRESS = 103
"""Bytes of a socket's path: 104 with the closing zero on macOS, 108 on Linux."""


class SocketConnection:
    """A connected socket."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def is_same_user(self) -> bool:
        """Whether the other end runs as this user. Raises OSError."""
        return read_peer_user(self._socket) == os.getuid()

    def read(self, deadline: float) -> bytes:
        """Read the next bytes; empty when no more will come."""
        self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
        return self._socket.recv(MAX_LINE)

    def write(self, data: bytes, deadline: float) -> None:
        """Write all bytes."""
        self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
        self._socket.sendall(data)

    def interrupt(self) -> None:
        """End a `read` under way on another thread."""
        with suppress(OSError):  # the other end has gone
            self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._socket.close()


class ControlListener:
    """The program's socket, which queues clients from its making on."""

    def __init__(self, directory: Path) -> None:
        """Create the socket and listen. Raises OSError."""
        self._path = directory / SOCKET_NAME
        self._socket = _create_socket()
        self._wake_receiver, self._wake_sender = socket.socketpair()
        try:
            self._path.unlink(
                missing_ok=True
            )  # left behind by a killed program: the lock shows that nobody listens
            with _short_path(directory) as short:
                self._socket.bind(f"{short}/{SOCKET_NAME}")
            self._path.chmod(0o600)  # in time, because nobody can connect before listen()
            self._socket.listen()
        except BaseException:
            self._close_sockets()
            raise

    def accept(self) -> SocketConnection:
        """Wait for the next client. Raises OSError once `wake` was called."""
        ready, _, _ = select.select([self._socket, self._wake_receiver], [], [])
        if self._wake_receiver in ready:
            raise OSError("woken to end")
        return SocketConnection(self._socket.accept()[0])

    def wake(self) -> None:
        """End an `accept` under way on another thread: close() alone does not, and shutdown() only on Linux."""
        self._wake_sender.send(b"!")

    def close(self) -> None:
        """Close and delete the socket; if it cannot be deleted, the lock still shows that nobody listens."""
        self._close_sockets()
        with suppress(OSError):  # the disk has become read-only, say
            self._path.unlink(missing_ok=True)

    def _close_sockets(self) -> None:
        for each in (self._socket, self._wake_receiver, self._wake_sender):
            each.close()


def connect_to_program(directory: Path, deadline: float) -> SocketConnection:
    """Connect to the program that listens there. Raises NotRunningError or NoAnswerError."""
    connected = _create_socket()
    try:
        connected.settimeout(deadline - time.monotonic())
        with _short_path(directory) as short:
            connected.connect(f"{short}/{SOCKET_NAME}")
    except OSError as error:
        connected.close()
        if isinstance(error, TimeoutError | BlockingIOError):  # the queue of clients is full
            raise NoAnswerError("the running program takes no requests") from error
        raise NotRunningError("the program is not running") from error
    return SocketConnection(connected)


def _create_socket() -> socket.socket:
    if sys.platform == "win32":
        raise OSError("no such sockets on this system")
    return socket.socket(socket.AF_UNIX)


@contextmanager
def _short_path(directory: Path) -> Iterator[str]:
    """Yield a path of `directory` short enough for a socket's address, also for a deep home folder.

    Through an open descriptor and /proc on Linux; elsewhere a long name fails with the system's own error.
    """
    if len(os.fsencode(directory / SOCKET_NAME)) <= _MAX_ADDRESS or sys.platform != "linux":
        yield str(directory)
        return
    descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
