"""Sends HTTP requests with a total deadline and size caps. Only this file imports httpx, so that it can be replaced here.

httpx limits only the time of single reads (encode/httpx#1450), which a server that sends one byte at a time can evade.
Here `asyncio.timeout` limits name look-up, connection, TLS, head and body together, and the caller's thread stops
waiting even if the loop itself hangs.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import re
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy

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
from trayapp.sources.network_loop import NetworkLoop
from trayapp.sources.proxies import Proxy, ProxySettings, configured_proxies, system_proxies
from trayapp.sources.resource_shortage import unmask_shortage
from trayapp.sources.trust import create_tls_context

_log = logging.getLogger(__name__)

_PORTS = {"http": 80, "https": 443}
_MAX_REDIRECTS = 3
_EARLY_END_PATTERN = "closed connection|disconnected"
"""The error texts of h11 and httpcore for a connection that ends early; their type also means a protocol error."""
_KEEPALIVE_SECONDS = 170.0
"""Seconds: longer than the page's interval with its jitter, so that a calm day needs no new connections."""


class HttpClient:
    """Requests several addresses at once. Any thread may call it, and it never delays the program's exit.

    `proxy` and `ca_file` replace the system's proxy and certificates. If one is bad, every request is a Miss; none raises.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        proxy: str = "",
        ca_file: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._user_agent = user_agent
        self._proxy = proxy
        self._ca_file = ca_file
        self._now = now
        self._network: NetworkLoop | None = None
        self._proxies = ProxySettings()
        self._clients: dict[Proxy | None, httpx.AsyncClient] = {}  # None: without a proxy
        self._remembered = EtagCache(clock)
        for chatty in ("httpx", "httpcore"):  # they log addresses and headers with credentials
            logging.getLogger(chatty).setLevel(logging.WARNING)

    def fetch(self, asks: Sequence[HttpRequest], deadline: float) -> list[HttpResponse | Miss]:
        """Sends the requests and returns their results in order, at most 0.5 s after `deadline` seconds."""
        network = self._network = self._network or NetworkLoop()
        try:
            return network.run(self._fetch_all(network.resolver, asks, deadline), deadline)
        except TimeoutError:
            self.close()
            return [Miss(Cause.TIMEOUT, detail="the network thread hangs")] * len(asks)

    def drop_connections(self) -> None:
        """Drops connections, running look-ups and kept bodies, which are stale after the computer slept."""
        self.forget_bodies()
        clients, self._clients = self._clients, {}
        if self._network is not None:
            self._network.forget_lookups()
            self._network.post(_close_clients(clients))

    def forget_bodies(self) -> None:
        """Forgets the kept bodies, which are old or unreadable, so that the next requests bring whole answers."""
        self._remembered.clear()

    def close(self) -> None:
        """Closes the connections and ends the thread, or abandons them if they hang."""
        clients, self._clients = self._clients, {}
        network, self._network = self._network, None
        if network is not None:
            network.stop(_close_clients(clients))

    # ------------------------------------------------------------------------------------ on the loop's thread

    async def _fetch_all(
        self, names: NameResolver, asks: Sequence[HttpRequest], deadline: float
    ) -> list[HttpResponse | Miss]:
        ends = asyncio.get_running_loop().time() + deadline
        if not self._clients:
            self._proxies = configured_proxies(self._proxy) if self._proxy else system_proxies(os.environ)
        try:
            self._client_for(None)
        except OSError as error:  # the file of certificates cannot be read
            return unmask_shortage([Miss(Cause.TLS, detail=error_detail(error))] * len(asks))
        got = unmask_shortage(
            await asyncio.gather(*(self._request_with_retry(ask, ends, names) for ask in asks))
        )
        if any(isinstance(each, Miss) for each in got):
            # httpcore's pool never frees a tunnel whose TLS failed, and in the end it is full of them.
            proxies = [proxy for proxy in self._clients if proxy is not None]
            await _close_clients({proxy: self._clients.pop(proxy) for proxy in proxies})
        return got

    async def _request_with_retry(
        self, ask: HttpRequest, ends: float, names: NameResolver
    ) -> HttpResponse | Miss:
        head_by = ask.listener.head_within if ask.listener else math.inf
        attempt = RequestAttempt(min(ends, asyncio.get_running_loop().time() + head_by), names)
        got = await self._request_safely(ask, attempt)
        if isinstance(got, Miss) and attempt.reused and got.cause in (Cause.TIMEOUT, Cause.RESET):
            return await self._request_safely(ask, RequestAttempt(ends, names))
        return got

    async def _request_safely(self, ask: HttpRequest, attempt: RequestAttempt) -> HttpResponse | Miss:
        try:
            async with attempt.patience:
                return await self._follow_redirects(ask, attempt)
        except Exception as error:  # noqa: BLE001 - the edge: any error becomes a Miss and never ends the round
            miss = _make_miss(error, attempt)
            _log.debug("%s: %s", miss.cause, miss.detail)
            await attempt.close()
            return miss

    async def _follow_redirects(self, ask: HttpRequest, attempt: RequestAttempt) -> HttpResponse | Miss:
        url = httpx.URL(ask.url)
        for _ in range(_MAX_REDIRECTS + 1):
            got = await self._send_request(url, ask, attempt)
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

    async def _send_request(
        self, url: httpx.URL, ask: HttpRequest, attempt: RequestAttempt
    ) -> HttpResponse | Miss:
        began = time.monotonic()
        host, port = url.raw_host.decode("ascii"), url.port or _PORTS.get(url.scheme, 0)
        proxy = self._proxies.proxy_for(url.scheme, host, port)
        if proxy is not None and not proxy.is_supported:
            return Miss(Cause.PROXY, detail=f"a proxy of the kind {proxy.scheme!r} is not supported")
        attempt.begin_request(str(url), host, by_proxy=proxy is not None)
        inquiry = self._remembered.start_request(str(url), whole=ask.unconditional) if ask.page else None
        headers = ask.request_headers() | (inquiry.cache_headers() if inquiry else {})
        async with self._client_for(proxy).stream(
            ask.method,
            url,
            headers=headers,
            content=ask.json_body,
            extensions={"trace": attempt.handle_trace_event},
        ) as response:
            attempt.status = status = response.status_code
            elapsed = round((time.monotonic() - began) * 1000)
            if status == 407:
                return Miss(Cause.PROXY, 407)
            kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            # Some servers give the encoding of the body that they leave out of a 304.
            body = b"" if ask.head_only or status == 304 else await _read_body(response, ask, attempt)
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

    def _client_for(self, proxy: Proxy | None) -> httpx.AsyncClient:
        if proxy not in self._clients:
            self._clients[proxy] = self._new_client(proxy)
        return self._clients[proxy]

    def _new_client(self, proxy: Proxy | None) -> httpx.AsyncClient:
        tls_to_proxy = self._tls_context if proxy and proxy.scheme == "https" else None
        return httpx.AsyncClient(
            verify=self._tls_context,
            proxy=httpx.Proxy(proxy.address, ssl_context=tls_to_proxy, auth=proxy.credentials)
            if proxy
            else None,
            trust_env=False,  # the environment's proxies are read in `proxies.py`
            headers={"User-Agent": self._user_agent},
            # Cookies are neither kept nor sent, so that no server can recognise the person.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=None,  # noqa: S113 - asyncio.timeout bounds all of it
            # No more idle connections than the page's two requests need: see `attempt.py`.
            limits=httpx.Limits(
                max_connections=32, max_keepalive_connections=2, keepalive_expiry=_KEEPALIVE_SECONDS
            ),
        )

    @cached_property
    def _tls_context(self) -> ssl.SSLContext:
        return create_tls_context(self._ca_file)


async def _close_clients(clients: Mapping[Proxy | None, httpx.AsyncClient]) -> None:
    for client in clients.values():
        await client.aclose()


async def _read_body(response: httpx.Response, ask: HttpRequest, attempt: RequestAttempt) -> bytes | Miss:
    encoding = response.headers.get("content-encoding", "")
    if ask.listener and "event-stream" in response.headers.get("content-type", "").lower():
        miss = await ask.listener.read_stream(response.aiter_raw(), encoding, attempt.patience, attempt.began)
        return miss or b""
    body = await gather_body(response.aiter_raw(), ask.max_bytes)
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
        return Miss(Cause.PROXY, int(status[0]) if status else None, detail)
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
