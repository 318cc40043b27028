"""The connections below the HTTP library: each wait keeps the deadline of the request that waits. Imports httpcore.

The library's own limit only single reads, and its TLS would hold the lock of truststore while a server keeps silent,
so that one server could hold up the requests to all others.
"""

from __future__ import annotations

import socket
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import Any, TypeVar

import httpcore

from trayapp.sources.attempt import current_attempt
from trayapp.sources.connecting import AddressInfo, connect_first, is_readable
from trayapp.sources.dns import NameResolver

_T = TypeVar("_T")

_TLS_BYTES = 65536
"""Bytes that TLS reads at a time."""


class SocketBackend(httpcore.NetworkBackend):
    """Makes the library's connections."""

    def __init__(self, names: NameResolver) -> None:
        self._names = names

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the current attempt has the deadline
        local_address: str | None = None,  # noqa: ARG002 - not used here
        socket_options: Any = None,  # noqa: ARG002 - not used here
    ) -> httpcore.NetworkStream:
        """Connects to a host by its name or address."""
        deadline = current_attempt().deadline
        addresses = _read_address(host, port) or self._names.look_up(host, port, deadline)
        return _SocketStream(connect_first(addresses, deadline))


def _read_address(host: str, port: int) -> list[AddressInfo]:
    """Returns the address that a host's name is, for which nothing needs to be looked up; else an empty list."""
    try:
        family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    except ValueError:
        return []
    return [(family, socket.SOCK_STREAM, 0, "", (host, port))]


class _Stream(httpcore.NetworkStream, ABC):
    """A connection as the library sees it; subclasses send and receive."""

    @abstractmethod
    def receive(self, most: int) -> bytes:
        """Receives some bytes; none at the end."""

    @abstractmethod
    def send(self, data: bytes) -> None:
        """Sends all bytes."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - see above
        """Receives some bytes, and has the attempt count them."""
        data = self.receive(max_bytes)
        # The library (httpcore 1.0.9) skips any number of 1xx answers.
        current_attempt().count_received(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see above
        """Sends all bytes, if there are any: sending nothing could take away the error that the next read must find."""
        if not buffer:
            return
        try:
            self.send(buffer)
        except TimeoutError:
            raise
        except OSError as error:
            # The library then reads: a server may answer and close before it has read the whole request.
            raise httpcore.WriteError(str(error)) from error

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - see above
    ) -> httpcore.NetworkStream:
        """Begins TLS, also within TLS; closes the connection if that fails."""
        try:
            return _TlsStream(self, ssl_context, server_hostname)
        except BaseException:
            self.close()
            raise


class _SocketStream(_Stream):
    """A socket. Any thread may close it: the one that waits for it wakes up."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._lock = threading.Lock()
        self._is_in_use = self._is_closing = False

    def receive(self, most: int) -> bytes:
        with self._use_socket() as sock:
            return sock.recv(most)

    def send(self, data: bytes) -> None:
        with self._use_socket() as sock:
            sock.sendall(data)

    def close(self) -> None:
        """Closes the socket, or has the thread close it that uses it: the system may give its number away at once."""
        with self._lock:
            self._is_closing = True
            if not self._is_in_use:
                self._socket.close()
                return
            with suppress(OSError):  # it may have ended
                self._socket.shutdown(socket.SHUT_RDWR)

    def get_extra_info(self, info: str) -> Any:
        """Returns what the library asks for."""
        return is_readable(self._socket) if info == "is_readable" else None

    @contextmanager
    def _use_socket(self) -> Iterator[socket.socket]:
        with self._lock:
            if self._is_closing:
                raise ConnectionAbortedError("the connection was dropped")
            self._socket.settimeout(current_attempt().deadline.time_left())
            self._is_in_use = True
        try:
            yield self._socket
        finally:
            with self._lock:
                self._is_in_use = False
                if self._is_closing:
                    self._socket.close()


class _TlsStream(_Stream):
    """TLS over another stream."""

    def __init__(self, below: _Stream, context: ssl.SSLContext, host: str | None) -> None:
        self._below = below
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._exchange(self._tls.do_handshake)

    def receive(self, most: int) -> bytes:
        try:
            return self._exchange(lambda: self._tls.read(most))
        except (
            ssl.SSLEOFError
        ):  # the connection ended without TLS's own end; HTTP knows whether it was complete
            return b""

    def send(self, data: bytes) -> None:
        self._exchange(lambda: self._tls.write(data))

    def close(self) -> None:
        """Closes the connection."""
        self._below.close()

    def get_extra_info(self, info: str) -> Any:
        """Returns what the library asks for."""
        return self._tls if info == "ssl_object" else self._below.get_extra_info(info)

    def _exchange(self, work: Callable[[], _T]) -> _T:
        """Lets TLS work, with the bytes that it wants to send and receive for it."""
        while True:
            done = self._let_work(work)
            if self._outgoing.pending:
                self._below.send(self._outgoing.read())
            if done:
                return done[0]
            data = self._below.receive(_TLS_BYTES)
            if data:
                self._incoming.write(data)
            else:
                self._incoming.write_eof()

    @staticmethod
    def _let_work(work: Callable[[], _T]) -> list[_T]:
        """Returns TLS's result, or an empty list if it needs more bytes for one."""
        attempt = current_attempt()
        attempt.is_in_tls = True
        try:
            return [work()]
        except ssl.SSLWantReadError:
            return []
        finally:
            attempt.is_in_tls = False
