"""Tells from an address alone, without any request, where it leads."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from urllib.parse import urljoin, urlsplit

_FAKE_IP_NETWORK = ip_network("198.18.0.0/15")
"""Addresses that proxy programs hand out and map to the real ones themselves ("fake-ip" of Clash and others)."""
_INTERNAL_ENDINGS = ("localhost", "local", "internal", "lan", "corp", "home.arpa")


def host_of(url: str) -> str:
    """Returns the host in lower case; empty if there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # brackets that are no IPv6 address
        return ""


def is_in_domains(url: str, domains: tuple[str, ...]) -> bool:
    """Whether an address is in one of these domains or below one."""
    return f".{host_of(url)}".endswith(tuple(f".{domain}" for domain in domains))


def is_internal(url: str) -> bool:
    """Whether an address leads to this computer or the local network, as far as its text shows.

    An answer from there proves nothing about the connection to the internet.
    """
    host = host_of(url)
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(tuple(f".{ending}" for ending in _INTERNAL_ENDINGS))


def is_public(address: str) -> bool:
    """Whether a public name may resolve to it: blocking filters give 0.0.0.0, this computer or a local host."""
    found = ip_address(address.partition("%")[0])
    return not (found.is_private or found.is_link_local) or found in _FAKE_IP_NETWORK


def is_other_host(url: str, location: str) -> bool:
    """Whether a redirect leads to another host; a parent or child domain does not count as one."""
    try:
        target = urljoin(url, location)
    except ValueError:
        return True
    here, there = f".{host_of(url)}", f".{host_of(target)}"
    return not (here.endswith(there) or there.endswith(here)) or there == "."
