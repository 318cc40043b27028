"""Sends HTTP requests with a total deadline and size caps. Only this file imports httpx, so that it can be replaced here.

httpx limits only the time of single reads (encode/httpx#1450), which a server that sends one byte at a time can evade.
Here each request runs on a thread of its own (`request_threads.py`), and each of its waits, for a name, a connection,
TLS, head or body, takes at most the time that is left of its deadline (`streams.py`).
"""

from __future__ import annotations

import logging
import re
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Literal

import httpx

from trayapp.model import Cause, Miss
from trayapp.sources.attempt import FloodError, RequestAttempt
from trayapp.sources.dns import NameResolver
from trayapp.sources.etag_cache import EtagCache
from trayapp.sources.failure_causes import cause_of, error_detail
from trayapp.sources.messages import (
    KEPT_HEADERS,
    HttpRequest,
    HttpResponse,
    decode_body,
    gather_body,
    read_age,
    read_fresh_for,
    read_retry_after,
)
from trayapp.sources.proxies import PORTS, Proxy
from trayapp.sources.proxy_choice import ProxyChoice
from trayapp.sources.proxy_lookup import ProxyLookup
from trayapp.sources.request_threads import RequestThreads
from trayapp.sources.resource_shortage import unmask_shortage
from trayapp.sources.streams import SocketBackend
from trayapp.sources.trust import create_tls_context

_log = logging.getLogger(__name__)

_MAX_REDIRECTS = 3
_EARLY_END_PATTERN = "closed connection|disconnected"
"""The error texts of h11 and httpcore for a connection that ends early; their type also means a protocol error."""
_KEEPALIVE_SECONDS = 170.0
"""Seconds: longer than the page's interval with its jitter, so that a calm day needs no new connections."""


class HttpClient:
    """Requests several addresses at once. Any thread may call it, and it never delays the program's exit.

    `proxy` and `ca_file` replace the system's proxy and certificates. If one is bad, every request is a Miss; none raises.
    `lookup` asks the system for its proxy; without it the environment's variables alone count.
    """

    def __init__(  # noqa: PLR0913 - one argument for each part that can be another
        self,
        *,
        user_agent: str,
        proxy: str = "",
        ca_file: str = "",
        lookup: ProxyLookup | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._user_agent = user_agent
        self._ca_file = ca_file
        self._now = now
        self._threads = RequestThreads()
        self._names = NameResolver()
        self._choice = ProxyChoice(proxy, lookup, clock)
        self._tls_context: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        """Guards the clients."""
        self._clients: dict[Proxy | None, httpx.Client] = {}  # None: without a proxy
        self._remembered = EtagCache(clock)
        for chatty in ("httpx", "httpcore"):  # they log addresses and headers with credentials
            logging.getLogger(chatty).setLevel(logging.WARNING)

    def fetch(self, asks: Sequence[HttpRequest], deadline: float) -> list[HttpResponse | Miss]:
        """Sends the requests and returns their results in order, at most 0.5 s after `deadline` seconds."""
        ends = time.monotonic() + deadline
        is_ready = bool(self._clients) or self._threads.run([self._set_up], ends)[0]
        if is_ready is not True:
            failed = is_ready or Miss(Cause.INTERNAL, detail="the file of certificates hangs")
            return unmask_shortage([failed] * len(asks))
        self._choice.prepare([ask.url for ask in asks], deadline)
        now = time.monotonic()
        attempts = [RequestAttempt(min(ends, now + ask.head_within), self._names) for ask in asks]
        pairs = zip(asks, attempts, strict=True)
        requests = [partial(self._request_with_retry, *pair, ends) for pair in pairs]
        done = zip(self._threads.run(requests, ends), attempts, strict=True)
        got = unmask_shortage([one or attempt.late_miss() for one, attempt in done])
        missed = [ask.url for ask, each in zip(asks, got, strict=True) if isinstance(each, Miss)]
        self._choice.doubt(missed)
        if missed:
            # httpcore's pool never frees a tunnel whose TLS failed, and in the end it is full of them.
            self._close_clients(lambda proxy: proxy is not None)
        return got

    def drop_connections(self) -> None:
        """Drops connections, running look-ups and kept bodies, which are stale after the computer slept."""
        self.forget_bodies()
        self._choice.renew()
        self._names.forget_all()
        self._close_clients()

    def forget_bodies(self) -> None:
        """Forgets the kept bodies, which are old or unreadable, so that the next requests bring whole answers."""
        self._remembered.clear()

    def close(self) -> None:
        """Closes the connections, also those that are in use."""
        self._close_clients()

    def _close_clients(self, which: Callable[[Proxy | None], bool] = lambda _proxy: True) -> None:
        with self._lock:
            closing = [self._clients.pop(proxy) for proxy in list(self._clients) if which(proxy)]
        for client in closing:
            client.close()

    # -------------------------------------------------------------------------------- on the requests' threads

    def _set_up(self) -> Miss | Literal[True]:
        """Reads the proxies and certificates; returns a Miss if the file of certificates cannot be read."""
        self._choice.reread()
        try:
            self._tls_context = self._tls_context or create_tls_context(self._ca_file)
        except OSError as error:
            return Miss(Cause.TLS, detail=error_detail(error))
        self._client_for(None)
        return True

    def _request_with_retry(
        self, ask: HttpRequest, attempt: RequestAttempt, ends: float
    ) -> HttpResponse | Miss:
        got = self._request_safely(ask, attempt)
        if isinstance(got, Miss) and attempt.reused and got.cause in (Cause.TIMEOUT, Cause.RESET):
            return self._request_safely(ask, RequestAttempt(ends, self._names))
        while isinstance(got, Miss) and self._has_other_way(attempt, ask):
            attempt = RequestAttempt(ends, self._names)
            got = self._request_safely(ask, attempt)
        return got

    def _has_other_way(self, attempt: RequestAttempt, ask: HttpRequest) -> bool:
        """Whether the attempt failed at a proxy that did not answer, and the system names another way."""
        proxy = attempt.unreached_proxy
        return proxy is not None and self._choice.give_up(proxy, *_place_of(httpx.URL(ask.url)))

    def _request_safely(self, ask: HttpRequest, attempt: RequestAttempt) -> HttpResponse | Miss:
        try:
            return self._follow_redirects(ask, attempt)
        except Exception as error:  # noqa: BLE001 - the edge: any error becomes a Miss and never ends the round
            miss = _make_miss(error, attempt)
            _log.debug("%s: %s", miss.cause, miss.detail)
            return miss

    def _follow_redirects(self, ask: HttpRequest, attempt: RequestAttempt) -> HttpResponse | Miss:
        url = httpx.URL(ask.url)
        for _ in range(_MAX_REDIRECTS + 1):
            got = self._send_request(url, ask, attempt)
            if not (
                ask.page
                and isinstance(got, HttpResponse)
                and "location" in got.headers
                and 301 <= got.status <= 308
            ):
                return got
            target = url.join(got.headers["location"])
            if not _may_follow(url, target):
                place = f"{target.scheme}://{target.netloc.decode('ascii')}"
                return Miss(Cause.REDIRECT, got.status, whereto=place)
            url = target
        return Miss(Cause.REDIRECT, got.status, "too many redirects")

    def _send_request(self, url: httpx.URL, ask: HttpRequest, attempt: RequestAttempt) -> HttpResponse | Miss:
        began = time.monotonic()
        scheme, host, port = _place_of(url)
        proxy = self._choice.ways_to(scheme, host, port)[0]
        if proxy is not None and not proxy.is_supported:
            return Miss(Cause.PROXY, detail=f"a proxy of the kind {proxy.scheme!r} is not supported")
        attempt.begin_request(str(url), host, proxy)
        inquiry = self._remembered.start_request(str(url), whole=ask.unconditional) if ask.page else None
        headers = ask.request_headers() | (inquiry.cache_headers() if inquiry else {})
        with self._client_for(proxy).stream(
            ask.method,
            url,
            headers=headers,
            content=ask.json_body,
            timeout=httpx.Timeout(None, pool=attempt.deadline.time_left()),
            extensions={"trace": attempt.handle_trace_event},
        ) as response:
            attempt.status = status = response.status_code
            elapsed = round((time.monotonic() - began) * 1000)
            if status == 407:
                return Miss(attempt.refusal_cause, 407)
            kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            # Some servers give the encoding of the body that they leave out of a 304.
            body = b"" if ask.head_only or status == 304 else _read_body(response, ask, attempt)
        if isinstance(body, Miss):
            return replace(body, status=status)
        if inquiry:
            status, body = self._remembered.finish_request(inquiry, status, kept.get("etag", ""), body)
        return HttpResponse(
            status,
            kept,
            body,
            elapsed,
            read_retry_after(kept, self._now()),
            read_fresh_for(kept),
            read_age(kept),
        )

    def _client_for(self, proxy: Proxy | None) -> httpx.Client:
        with self._lock:
            if proxy not in self._clients:
                self._clients[proxy] = self._new_client(proxy)
            return self._clients[proxy]

    def _new_client(self, proxy: Proxy | None) -> httpx.Client:
        context = self._tls_context or False  # it is there: see `_set_up`
        tls_to_proxy = self._tls_context if proxy and proxy.scheme == "https" else None
        transport = httpx.HTTPTransport(
            verify=context,
            proxy=httpx.Proxy(proxy.address, ssl_context=tls_to_proxy, auth=proxy.credentials)
            if proxy
            else None,
            trust_env=False,  # the environment's proxies are read in `proxies.py`
            # No more idle connections than the page's two requests need: see `attempt.py`.
            limits=httpx.Limits(
                max_connections=32, max_keepalive_connections=2, keepalive_expiry=_KEEPALIVE_SECONDS
            ),
        )
        # httpcore takes it as an argument, and httpx (0.28) has no way to pass it.
        transport._pool._network_backend = SocketBackend(self._names)  # noqa: SLF001
        return httpx.Client(
            transport=transport,
            trust_env=False,
            headers={"User-Agent": self._user_agent},
            # Cookies are neither kept nor sent, so that no server can recognise the person.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=None,  # noqa: S113 - each wait is bounded in `streams.py`
        )


def _place_of(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.raw_host.decode("ascii"), url.port or PORTS.get(url.scheme, 0)


def _read_body(response: httpx.Response, ask: HttpRequest, attempt: RequestAttempt) -> bytes | Miss:
    encoding = response.headers.get("content-encoding", "")
    if ask.listener and "event-stream" in response.headers.get("content-type", "").lower():
        miss = ask.listener.read_stream(response.iter_raw(), encoding, attempt.deadline, attempt.began)
        return miss or b""
    body = gather_body(response.iter_raw(), ask.max_bytes)
    return body if isinstance(body, Miss) else decode_body(body, encoding, ask.max_bytes)


def _may_follow(url: httpx.URL, target: httpx.URL) -> bool:
    """Whether to follow a redirect: only on the same host, to a valid port, and never from https to http."""
    schemes = ("https",) if url.scheme == "https" else ("http", "https")
    is_valid_port = target.port is None or 0 < target.port < 65536
    return target.host == url.host and target.scheme in schemes and is_valid_port


def _make_miss(error: Exception, attempt: RequestAttempt) -> Miss:
    detail = error_detail(error)
    if isinstance(error, httpx.ProxyError):
        status = re.match(r"\d{3}", str(error))  # httpcore gives the proxy's status only as text
        return Miss(attempt.refusal_cause, int(status[0]) if status else None, detail)
    return Miss(
        attempt.attribute_cause(attempt.timeout_cause() or _request_cause(error, attempt)),
        attempt.status,
        detail,
    )


def _request_cause(error: Exception, attempt: RequestAttempt) -> Cause:
    plain = cause_of(error)
    if isinstance(error, FloodError):
        return Cause.PROTOCOL
    if isinstance(error, httpx.RemoteProtocolError):
        if not re.search(_EARLY_END_PATTERN, str(error)):
            return Cause.PROTOCOL
        return Cause.TRUNCATED if attempt.status is not None else Cause.RESET
    if plain is not None:
        return plain
    if isinstance(error, httpx.TransportError | httpx.InvalidURL) and not isinstance(
        error, httpx.ConnectError
    ):
        return Cause.PROTOCOL
    _log.error("a request broke in a way nobody foresaw", exc_info=error)
    return Cause.INTERNAL
