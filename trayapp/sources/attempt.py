"""Follows the progress of one request: it decides what a failure means and whether to try again."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from trayapp.model import Cause, Miss
from trayapp.sources.addresses import is_internal, is_public
from trayapp.sources.deadline import Deadline
from trayapp.sources.dns import NameResolver
from trayapp.sources.proxies import Proxy

MAX_HEAD_BYTES = 256 * 1024
"""Bytes that may come before the answer's head is complete, including "early hints" and the first part of the body."""

_LOGIN = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9-]*)(?=\s*(?:,|$)|\s+[^\s=,])")
"""A kind of login at the start of a challenge, and no parameter of one (RFC 9110, 11.6.1)."""
_current_attempt: ContextVar[RequestAttempt] = ContextVar("_current_attempt")
"""The attempt of this thread: a connection that is kept alive serves several attempts in turn."""


class FloodError(Exception):
    """The server sends too many bytes without an answer."""


class RequestAttempt:
    """The progress of one request, as the HTTP library's trace reports it.

    An idle connection can be dead without notice (a router forgot it, the Wi-Fi changed). So a reused one gets only half
    of the time, and then the request is repeated over a new one.
    """

    def __init__(self, ends: float, names: NameResolver) -> None:
        now = self.began = time.monotonic()
        self._ends = ends
        self._names = names
        self._url = self._host = ""
        self._proxy: Proxy | None = None
        self._tunnelled = False
        self._refused_logins: frozenset[str] = frozenset()
        self._connected = self._passed_proxy = True
        self.deadline = Deadline(now + (ends - now) / 2)
        self.reused = True
        self.is_in_tls = False
        """Whether TLS works just now, maybe with the system's own check of a certificate, which knows no deadline."""
        self.status: int | None = None
        self._received = 0

    @property
    def unreached_proxy(self) -> Proxy | None:
        """The proxy to which no connection could be made, while there is time to try another way."""
        in_time = time.monotonic() < self._ends
        return self._proxy if in_time and not self._connected else None

    @property
    def refusal_cause(self) -> Cause:
        """The cause of a proxy's refusal: a login that it wants may be of kinds that nothing here can do."""
        only_others = self._refused_logins and "basic" not in self._refused_logins
        return Cause.PROXY_LOGIN if only_others else Cause.PROXY

    def begin_request(self, url: str, host: str, proxy: Proxy | None) -> None:
        """Records that a request begins; with redirects, one attempt makes several requests."""
        self._url, self._host = url, host
        self._proxy, self._tunnelled = proxy, proxy is not None and url.startswith("https:")
        self._connected = self._passed_proxy = True  # true for a reused connection
        self.status = None
        self._received = 0
        _current_attempt.set(self)

    def handle_trace_event(self, event: str, info: dict[str, Any]) -> None:
        """Records a step of the request. httpcore documents the events with its "trace" extension."""
        if event == "connection.connect_tcp.started":
            self.reused = self._connected = self._passed_proxy = False
            self.deadline.move_to(self._ends)
        elif event == "connection.connect_tcp.complete":
            self._connected = True
            self._passed_proxy = not self._tunnelled
        elif event == "proxy.start_tls.complete":
            self._passed_proxy = True
        elif event == "http11.receive_response_headers.complete":
            _, status, _, headers = info["return_value"]
            self._refused_logins = _read_logins(headers) if status == 407 else frozenset()

    def count_received(self, length: int) -> None:
        """Counts received bytes. Raises FloodError if there are too many before the head."""
        self._received += length
        if self.status is None and self._received > MAX_HEAD_BYTES:
            raise FloodError(f"more than {MAX_HEAD_BYTES} bytes and no answer")

    def timeout_cause(self) -> Cause | None:
        """Returns the cause if the deadline ended the attempt; None if it did not."""
        if not self.deadline.is_over:
            return None
        return Cause.DNS if not self._connected and self._names.is_hanging(self._host) else Cause.TIMEOUT

    def late_miss(self) -> Miss:
        """Returns the result of an attempt whose thread is late; TLS that hangs is this computer's fault."""
        cause = Cause.INTERNAL if self.is_in_tls else Cause.TIMEOUT
        return Miss(self.attribute_cause(cause), self.status, "the request's thread is late")

    def attribute_cause(self, cause: Cause) -> Cause:
        """Returns the cause, or an earlier one: a proxy that did not reach the host, or a blocked name."""
        if cause.is_own_failure:
            return cause
        if self._proxy:
            # The proxy is not responsible for the certificate of a host behind its tunnel.
            return cause if self._passed_proxy or cause is Cause.TLS else Cause.PROXY
        addresses = self._names.known_addresses(self._host)
        blocked = addresses and not any(map(is_public, addresses)) and not is_internal(self._url)
        return Cause.BLOCKED if blocked else cause


def current_attempt() -> RequestAttempt:
    """Returns the attempt for which this thread works."""
    return _current_attempt.get()


def _read_logins(headers: Sequence[tuple[bytes, bytes]]) -> frozenset[str]:
    """Reads which kinds of login a proxy offers; a header may list several, each with parameters of its own."""
    texts = [value.decode("latin-1") for name, value in headers if name.lower() == b"proxy-authenticate"]
    return frozenset(word.lower() for text in texts for word in _LOGIN.findall(text))
