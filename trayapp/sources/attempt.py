"""How far one request got: it decides what a failure means, and whether to try once more."""

from __future__ import annotations

import asyncio
import contextlib
from contextvars import ContextVar
from typing import Any

from trayapp.model import Cause
from trayapp.sources.addresses import is_internal, is_public
from trayapp.sources.dns import NameResolver

MAX_HEAD_BYTES = 256 * 1024
"""Bytes until the answer's head is there, the first of its body and whatever "early hints" come before it included."""

_current_attempt: ContextVar[RequestAttempt] = ContextVar("_on_its_way")
"""The attempt of the task that reads: a connection that is kept serves several, one after the other."""


class FloodError(Exception):  # it names what the server does
    """The server says much and does not answer."""


class RequestAttempt:
    """One request's progress, told by the HTTP library's trace.

    An idle connection can be dead without a word (a router forgot it, the Wi-Fi changed). So a reused one gets half
    of the time only, and the ask is made once more over a new one.
    """

    def __init__(self, ends: float, names: NameResolver) -> None:
        now = self.began = asyncio.get_running_loop().time()
        self._ends = ends
        self._names = names
        self._url = self._host = ""
        self._by_proxy = self._tunnelled = False
        self._connected = self._way_stands = True
        self._opened: Any = None
        self.patience = asyncio.timeout_at(now + (ends - now) / 2)
        self.reused = True
        self.status: int | None = None
        self._heard = 0

    def begin_request(self, url: str, host: str, *, by_proxy: bool) -> None:
        """A request to this place begins; redirects make several of one attempt."""
        self._url, self._host = url, host
        self._by_proxy, self._tunnelled = by_proxy, by_proxy and url.startswith("https:")
        self._connected = self._way_stands = True  # as on a connection that is reused
        self.status = None
        self._heard = 0
        _current_attempt.set(self)

    async def handle_trace_event(self, event: str, info: dict[str, Any]) -> None:
        """Hear of a step. The events are httpcore's, as its documentation of the "trace" extension names them."""
        if event == "connection.connect_tcp.started":
            self.reused = self._connected = self._way_stands = False
            with contextlib.suppress(RuntimeError):  # it ran out in this very moment
                self.patience.reschedule(self._ends)
        elif event == "connection.connect_tcp.complete":
            self._opened = info["return_value"]
            self._connected = True
            self._way_stands = not self._tunnelled
        elif event == "proxy.start_tls.complete":
            self._way_stands = True
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            _count_received_bytes(info["return_value"])

    def count_received(self, length: int) -> None:
        """So many bytes have come. Raises Flood where the head is not among far too many."""
        self._heard += length
        if self.status is None and self._heard > MAX_HEAD_BYTES:
            raise FloodError(f"more than {MAX_HEAD_BYTES} bytes and no answer")

    async def close(self) -> None:
        """Close what was opened: httpcore leaves a connection open whose TLS handshake is cancelled."""
        if self._opened is not None:
            with contextlib.suppress(Exception):  # whatever is wrong with it, it is of no more use
                await self._opened.aclose()

    def timeout_cause(self) -> Cause | None:
        """What the deadline cut short; None if it did not end this.

        Whatever exceptions a cancelled wait leaves behind are no causes: a TLS handshake, for one, waits while it
        handles "more bytes wanted" (https://github.com/agronholm/anyio/issues/534).
        """
        if not self.patience.expired():
            return None
        return Cause.DNS if not self._connected and self._names.is_hanging(self._host) else Cause.TIMEOUT

    def attribute_cause(self, cause: Cause) -> Cause:
        """The cause, or what is before it: a proxy that did not get through to the host, a name that leads nowhere."""
        if cause.is_own_failure:
            return cause
        if self._by_proxy:
            # The certificate within a tunnel is not the proxy's trouble.
            return cause if self._way_stands or cause is Cause.TLS else Cause.PROXY
        addresses = self._names.known_addresses(self._host)
        blocked = addresses and not any(map(is_public, addresses)) and not is_internal(self._url)
        return Cause.BLOCKED if blocked else cause


def _count_received_bytes(stream: Any) -> None:
    """Have each attempt hear of what is read for it: httpcore (1.0.9) passes over 1xx answers without end."""
    read = stream.read

    async def counted(*which: Any, **how: Any) -> bytes:
        data: bytes = await read(*which, **how)
        _current_attempt.get().count_received(len(data))
        return data

    stream.read = counted
