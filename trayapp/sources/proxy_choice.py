"""Chooses the ways to a server: the setting's proxy, else the system's, else the environment's, else none.

The system's word counts where it names a proxy. Where it names none, or says nothing that can be read, the environment's
variables count, because most systems cannot tell "no proxy" from "nothing set". What `NO_PROXY` lists and this computer
itself are reached directly, whatever the system says. A list of the system's is tried in its order.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from trayapp.model import ProxySource, ProxyTrouble
from trayapp.sources.proxies import (
    PORTS,
    Proxy,
    ProxySettings,
    Ways,
    configured_proxies,
    environment_proxies,
    read_ways,
    split_origin,
    system_proxies,
)
from trayapp.sources.proxy_lookup import WAIT_SECONDS, ProxyLookup

_REST_SECONDS = 300.0
"""Seconds for which a proxy that did not answer is tried last."""


@dataclass(frozen=True, slots=True)
class ProxyReport:
    """The proxies that requests go through, for `doctor`."""

    proxies: frozenset[Proxy | None]
    source: ProxySource | None
    """Who has named them; None where nobody has."""
    trouble: ProxyTrouble | None
    settings: ProxySettings
    """The settings that count where the system says nothing."""


class ProxyChoice:
    """The ways to each server, for one client. `setting` is the proxy that the person or the site has set, or empty."""

    def __init__(
        self, setting: str, lookup: ProxyLookup | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._setting = setting
        self._lookup = None if setting else lookup
        self._clock = clock
        self._fixed = self._environment = ProxySettings()
        self._resting: dict[Proxy, float] = {}

    def reread(self) -> None:
        """Reads the environment's variables anew."""
        self._environment = environment_proxies(os.environ)
        self._fixed = configured_proxies(self._setting) if self._setting else system_proxies(os.environ)

    def renew(self) -> None:
        """Has the system asked anew: the network may be another."""
        self._resting.clear()
        if self._lookup:
            self._lookup.renew()

    def prepare(self, urls: Iterable[str], deadline: float) -> None:
        """Asks the system about these addresses, without waiting for more than a quarter of `deadline` seconds."""
        if self._lookup:
            self._lookup.prepare(origins_of(urls), min(WAIT_SECONDS, deadline / 4))

    def ways_to(self, scheme: str, host: str, port: int) -> Ways:
        """Returns the ways to a server; those that did not answer just now come last."""
        return tuple(sorted(self._named_ways(scheme, host, port), key=self._is_resting))

    def give_up(self, proxy: Proxy, scheme: str, host: str, port: int) -> bool:
        """Notes that a proxy did not answer; returns whether there is another way to that server."""
        self._resting[proxy] = self._clock() + _REST_SECONDS
        return not self._is_resting(self.ways_to(scheme, host, port)[0])

    def doubt(self, urls: Iterable[str]) -> None:
        """Notes that requests failed, so that the system is asked again before long."""
        if self._lookup:
            self._lookup.doubt(origins_of(urls))

    def describe(self, urls: Iterable[str], patience: float) -> ProxyReport:
        """Asks the system, and waits for up to `patience` seconds; blocks, and is for `doctor` alone."""
        origins = origins_of(urls)
        in_time = self._lookup is None or self._lookup.prepare(origins, patience)
        answers = [answer for each in origins if self._lookup and (answer := self._lookup.answer_for(each))]
        troubles = [answer.trouble for answer in answers if answer.trouble]
        trouble = ProxyTrouble.LATE if not in_time else troubles[0] if troubles else None
        named = [answer for answer in answers if any(read_ways(answer)[:1])]
        if named:
            proxies = frozenset(self.ways_to(*split_origin(each))[0] for each in origins)
            return ProxyReport(proxies, named[0].source, trouble, self._environment)
        told = [answer for answer in answers if not answer.trouble]
        settings = self._environment if told else self._fixed
        source = told[0].source if told else None
        if settings.by_scheme:
            source = self._source_of_fixed()
        return ProxyReport(frozenset(settings.by_scheme.values()), source, trouble, settings)

    def _source_of_fixed(self) -> ProxySource:
        if self._setting:
            return ProxySource.SETTING
        by_system = ProxySource.WINDOWS if sys.platform == "win32" else ProxySource.MACOS
        return ProxySource.ENVIRONMENT if self._environment.by_scheme else by_system

    def _is_resting(self, way: Proxy | None) -> bool:
        return way is not None and self._resting.get(way, -math.inf) > self._clock()

    def _named_ways(self, scheme: str, host: str, port: int) -> Ways:
        answer = self._lookup.answer_for(_origin(scheme, host, port)) if self._lookup else None
        listed = read_ways(answer) if answer else ()
        if not listed:
            return (self._fixed.proxy_for(scheme, host, port),)
        if self._environment.is_excepted(scheme, host, port):
            return (None,)
        if listed[0] is None:
            return (self._environment.proxy_for(scheme, host, port),)
        return tuple(way for way in listed if way is None or way.is_supported) or listed[:1]


def origins_of(urls: Iterable[str]) -> list[str]:
    """Returns what the system is asked about for these addresses: each server once, without path or credentials."""
    return list(dict.fromkeys(origin for url in urls if (origin := _origin_of(url))))


def _origin_of(url: str) -> str:
    """Returns the origin of an address; empty for this computer itself, and for what is no address."""
    try:
        scheme, host, port = split_origin(url)
        return _origin(scheme, host.encode("idna").decode(), port)
    except ValueError:
        return ""


def _origin(scheme: str, host: str, port: int) -> str:
    if not host or scheme not in PORTS or _is_this_computer(host):
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}/" if port == PORTS[scheme] else f"{scheme}://{name}:{port}/"


def _is_this_computer(host: str) -> bool:
    """Whether a host needs no proxy by its nature, as in Chromium's implicit bypass rules."""
    try:
        address = ip_address(host)
    except ValueError:
        return f".{host}".endswith(".localhost")
    return address.is_loopback or address.is_link_local
