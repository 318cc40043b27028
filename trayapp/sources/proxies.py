"""Selects the proxy for an address, by the environment's variables as curl reads them, or by the system's settings.

HTTP libraries fail altogether if they cannot read one entry, even an unused one (encode/httpx#3221). Here each entry is
read separately, and those that cannot be read are skipped and listed, so that `doctor` can report them.

Of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` the lower-case spelling wins, even if it is empty. An entry of
`NO_PROXY` is `*`, a name, which includes the names below it (`corp`, `.corp`, `*.corp`), an address or a range
(`10.0.0.0/8`, `fe80::/10`); each may have brackets and a port.
"""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import unquote_to_bytes, urlsplit

from trayapp.model import SystemProxyAnswer

_SCHEMES = ("http", "https")
PORTS = {"http": 80, "https": 443}
_SOCKS_PORT = 1080
_HOST_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_LONGEST_NAME = 253
_DIRECT = "direct://"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, supported or not."""

    scheme: str
    host: str
    port: int
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    """User and password."""

    @property
    def is_supported(self) -> bool:
        """Whether requests can use it: SOCKS needs a library that is not installed."""
        return self.scheme in _SCHEMES

    @property
    def address(self) -> str:
        """The proxy's address without credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


Ways = tuple[Proxy | None, ...]
"""Proxies in the order in which they are tried; None is the direct way."""


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """An entry of a variable that could not be read."""

    variable: str
    entry: str = ""
    """The unreadable part; empty if it may contain credentials."""


@dataclass(frozen=True, slots=True)
class _NoProxyRule:
    """Destinations that are reached without a proxy."""

    scheme: str = ""
    name: str = ""
    network: IPv4Network | IPv6Network | None = None
    port: int | None = None

    def is_match(self, scheme: str, host: str, port: int) -> bool:
        if self.scheme not in ("", scheme) or self.port not in (None, port):
            return False
        if self.network is not None:
            try:
                return ip_address(host) in self.network
            except ValueError:
                return False
        return not self.name or f".{host}".endswith(f".{self.name}")


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """The proxies, and the destinations that need none."""

    by_scheme: Mapping[str, Proxy] = field(default_factory=dict)
    no_proxy: tuple[_NoProxyRule, ...] = ()
    unreadable: tuple[UnreadableEntry, ...] = ()

    def proxy_for(self, scheme: str, host: str, port: int) -> Proxy | None:
        """Returns the proxy for a destination, or None. `host`: in lower case, without brackets."""
        proxy = self.by_scheme.get(scheme)
        return None if proxy is None or self.is_excepted(scheme, host, port) else proxy

    def is_excepted(self, scheme: str, host: str, port: int) -> bool:
        """Whether a destination is listed as one that needs no proxy. `host`: as above."""
        return any(rule.is_match(scheme, host.rstrip("."), port) for rule in self.no_proxy)


def configured_proxies(address: str) -> ProxySettings:
    """Uses one proxy for everything; an unreadable address gives a proxy that is not supported."""
    proxy = parse_proxy(address) or Proxy("", "", 0)
    return ProxySettings(dict.fromkeys(_SCHEMES, proxy))


def environment_proxies(environ: Mapping[str, str]) -> ProxySettings:
    """Reads the environment's proxies alone."""
    return _read_proxies(environ, by_system=False)


def system_proxies(environ: Mapping[str, str]) -> ProxySettings:
    """Reads the environment's proxies; if there are none, those in the settings of Windows or macOS."""
    return _read_proxies(environ, by_system=True)


def split_origin(origin: str) -> tuple[str, str, int]:
    """Splits "https://host/" into scheme, host without brackets, and port. Raises ValueError."""
    parts = urlsplit(origin)
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)


def apply_exceptions(answer: SystemProxyAnswer, origin: str) -> SystemProxyAnswer:
    """Returns the answer that is left when the system's own exceptions are judged: direct for what they list."""
    rules = tuple(_read_no_proxy("", ",".join(answer.exceptions), []))
    is_direct = ProxySettings(no_proxy=rules).is_excepted(*split_origin(origin))
    return replace(answer, addresses=(_DIRECT,) if is_direct else answer.addresses, exceptions=())


def read_ways(answer: SystemProxyAnswer) -> Ways:
    """Reads the addresses of the system's answer; those that cannot be read are left out."""
    found: list[Proxy | None] = []
    for address in answer.addresses:
        is_direct = address.strip().lower() == _DIRECT
        proxy = None if is_direct else parse_proxy(address)
        if (proxy or is_direct) and proxy not in found:
            found.append(proxy)
    return tuple(found)


def _read_proxies(environ: Mapping[str, str], *, by_system: bool) -> ProxySettings:
    unread: list[UnreadableEntry] = []
    named = {scheme: _read_variable(environ, f"{scheme}_proxy") for scheme in (*_SCHEMES, "all")}
    found = {scheme: _read_proxy(*variable, unread) for scheme, variable in named.items() if variable[1]}
    if not found and by_system:
        settings = urllib.request.getproxies()  # on Linux: the environment again
        found = {s: _read_proxy(s, settings[s], unread) for s in _SCHEMES if settings.get(s)}
    by_scheme = {scheme: found.get(scheme) or found.get("all") for scheme in _SCHEMES}
    variable, value = _read_variable(environ, "no_proxy")
    direct = tuple(_read_no_proxy(variable, value, unread))
    return ProxySettings({s: proxy for s, proxy in by_scheme.items() if proxy}, direct, tuple(unread))


def _read_variable(environ: Mapping[str, str], name: str) -> tuple[str, str]:
    """Returns a variable's name as spelled and its value, empty if it is not set."""
    # A web server passes a request's header "Proxy" to its scripts as HTTP_PROXY (httpoxy.org).
    of_a_request = name == "http_proxy" and "REQUEST_METHOD" in environ
    spellings = (name,) if of_a_request else (name, name.upper())
    spelled = next((each for each in spellings if each in environ), name)
    return spelled, _strip_quotes(environ.get(spelled, ""))


def _read_proxy(variable: str, value: str, unread: list[UnreadableEntry]) -> Proxy | None:
    proxy = parse_proxy(value)
    if proxy is None:
        unread.append(UnreadableEntry(variable))
    return proxy


def _read_no_proxy(variable: str, value: str, unread: list[UnreadableEntry]) -> Iterator[_NoProxyRule]:
    for entry in filter(None, map(_strip_quotes, re.split(r"[\s,;]", value))):
        direct = _parse_no_proxy(entry)
        if direct is None:
            unread.append(UnreadableEntry(variable, entry.rpartition("@")[2]))
        else:
            yield direct


def _strip_quotes(text: str) -> str:
    """Removes the quotes and blanks that env files leave around a text."""
    return text.strip().strip("\"'").strip()


def parse_proxy(address: str) -> Proxy | None:
    """Parses a proxy's address; None if invalid. The last "@" counts, because a password may contain others."""
    scheme, parted, rest = _strip_quotes(address).partition("://")
    scheme, rest = (scheme.lower(), rest) if parted else ("http", scheme)
    if scheme not in _SCHEMES and not re.fullmatch("socks[45]?[ah]?", scheme):
        return None
    userinfo, given, place = rest.rpartition("@")
    host, port = _split_port(re.split("[/?#]", place)[0].lower())
    network = _parse_network(host)
    name = str(network.network_address) if network else _parse_name(host)
    if not name or port == 0:
        return None
    user, _, password = userinfo.partition(":")
    credentials = (_decode_escapes(user), _decode_escapes(password)) if given else None
    return Proxy(scheme, name, port or PORTS.get(scheme, _SOCKS_PORT), credentials)


def _decode_escapes(text: str) -> str:
    """Decodes the escapes in a user or password; the environment gives bytes that are not UTF-8 as surrogates."""
    return unquote_to_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")


def _parse_no_proxy(entry: str) -> _NoProxyRule | None:
    scheme, _, rest = entry.lower().rpartition("://")
    scheme = "" if scheme == "all" else scheme
    if scheme not in ("", *_SCHEMES):
        return None
    if rest == "*":
        return _NoProxyRule(scheme)
    host, port = _split_port(rest)
    if port == 0:
        return None
    network = _parse_network(host)
    name = "" if network else _parse_name(host.removeprefix("*").removeprefix("."))
    return _NoProxyRule(scheme, name, network, port) if network or name else None


def _split_port(text: str) -> tuple[str, int | None]:
    """Splits off the port and removes brackets; the port is None if there is none and 0 if it is invalid."""
    bracketed = re.fullmatch(r"\[([^][]*)\](/[0-9]+)?(?::([^:]*))?", text)
    if bracketed:
        host, port = bracketed[1] + (bracketed[2] or ""), bracketed[3]
    elif text.count(":") == 1:
        host, port = text.split(":")
    else:
        return text, None
    usable = port is None or (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536)
    return host, (int(port) if port else None) if usable else 0


def _parse_network(text: str) -> IPv4Network | IPv6Network | None:
    """Parses an address or a range, without its zone (`%eth0`); None if it is neither."""
    address, zone, _ = text.partition("%")
    try:
        network = ip_network(address, strict=False)
    except ValueError:
        return None
    return network if not zone or isinstance(network.network_address, IPv6Address) else None


def _parse_name(text: str) -> str:
    """Returns a host's name as it is looked up; empty if it is invalid."""
    if len(text) > _LONGEST_NAME:  # encoding it takes quadratic time and makes it no shorter
        return ""
    try:
        name = (text if text.isascii() else text.encode("idna").decode()).rstrip(".")
    except UnicodeError:
        return ""
    # A name of only digits and dots is an invalid address, which the HTTP library refuses.
    is_name = _HOST_NAME.fullmatch(name) and len(name) <= _LONGEST_NAME and not re.fullmatch("[0-9.]+", name)
    return name if is_name else ""
