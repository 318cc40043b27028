"""Follows the progress of one request: it decides what a failure means and whether to try again."""

from __future__ import annotations

import asyncio
import contextlib
from contextvars import ContextVar
from typing import Any

from trayapp.model import Cause
from trayapp.sources.addresses import is_internal, is_public
from trayapp.sources.dns import NameResolver

MAX_HEAD_BYTES = 256 * 1024
"""Bytes that may come before the answer's head is complete, including "early hints" and the first part of the body."""

_current_attempt: ContextVar[RequestAttempt] = ContextVar("_current_attempt")
"""The attempt of the task that reads: a connection that is kept alive serves several attempts in turn."""


class FloodError(Exception):
    """The server sends too many bytes without an answer."""


class RequestAttempt:
    """The progress of one request, as the HTTP library's trace reports it.

    An idle connection can be dead without notice (a router forgot it, the Wi-Fi changed). So a reused one gets only half
    of the time, and then the request is repeated over a new one.
    """

    def __init__(self, ends: float, names: NameResolver) -> None:
        now = self.began = asyncio.get_running_loop().time()
        self._ends = ends
        self._names = names
        self._url = self._host = ""
        self._by_proxy = self._tunnelled = False
        self._connected = self._passed_proxy = True
        self._opened: Any = None
        self.patience = asyncio.timeout_at(now + (ends - now) / 2)
        self.reused = True
        self.status: int | None = None
        self._received = 0

    def begin_request(self, url: str, host: str, *, by_proxy: bool) -> None:
        """Records that a request begins; with redirects, one attempt makes several requests."""
        self._url, self._host = url, host
        self._by_proxy, self._tunnelled = by_proxy, by_proxy and url.startswith("https:")
        self._connected = self._passed_proxy = True  # true for a reused connection
        self.status = None
        self._received = 0
        _current_attempt.set(self)

    async def handle_trace_event(self, event: str, info: dict[str, Any]) -> None:
        """Records a step of the request. httpcore documents the events with its "trace" extension."""
        if event == "connection.connect_tcp.started":
            self.reused = self._connected = self._passed_proxy = False
            with contextlib.suppress(RuntimeError):  # it expired at this moment
                self.patience.reschedule(self._ends)
        elif event == "connection.connect_tcp.complete":
            self._opened = info["return_value"]
            self._connected = True
            self._passed_proxy = not self._tunnelled
        elif event == "proxy.start_tls.complete":
            self._passed_proxy = True
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            _count_received_bytes(info["return_value"])

    def count_received(self, length: int) -> None:
        """Counts received bytes. Raises FloodError if there are too many before the head."""
        self._received += length
        if self.status is None and self._received > MAX_HEAD_BYTES:
            raise FloodError(f"more than {MAX_HEAD_BYTES} bytes and no answer")

    async def close(self) -> None:
        """Closes the new connection: httpcore leaves it open if its TLS handshake is cancelled."""
        if self._opened is not None:
            with contextlib.suppress(Exception):  # it is not needed any more, whatever is wrong with it
                await self._opened.aclose()

    def timeout_cause(self) -> Cause | None:
        """Returns the cause if the deadline ended the attempt; None if it did not.

        The exceptions that a cancelled wait leaves behind are not the cause: a TLS handshake, for example, waits while
        it handles "more bytes wanted" (https://github.com/agronholm/anyio/issues/534).
        """
        if not self.patience.expired():
            return None
        return Cause.DNS if not self._connected and self._names.is_hanging(self._host) else Cause.TIMEOUT

    def attribute_cause(self, cause: Cause) -> Cause:
        """Returns the cause, or an earlier one: a proxy that did not reach the host, or a blocked name."""
        if cause.is_own_failure:
            return cause
        if self._by_proxy:
            # The proxy is not responsible for the certificate of a host behind its tunnel.
            return cause if self._passed_proxy or cause is Cause.TLS else Cause.PROXY
        addresses = self._names.known_addresses(self._host)
        blocked = addresses and not any(map(is_public, addresses)) and not is_internal(self._url)
        return Cause.BLOCKED if blocked else cause


def _count_received_bytes(stream: Any) -> None:
    """Makes a stream count the bytes for the attempt that reads: httpcore (1.0.9) skips any number of 1xx answers."""
    read = stream.read

    async def read_and_count(*which: Any, **how: Any) -> bytes:
        data: bytes = await read(*which, **how)
        _current_attempt.get().count_received(len(data))
        return data

    stream.read = read_and_count
