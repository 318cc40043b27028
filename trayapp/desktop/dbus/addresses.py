"""Lists the sockets of the buses: a D-Bus address may list several, of which the first that answers is used.

Format: https://dbus.freedesktop.org/doc/dbus-specification.html#addresses
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_to_bytes

DISABLED_TRANSPORT = "disabled"
"""The transport of an address that forbids a bus."""
SYSTEM_BUS_SOCKET = "/var/run/dbus/system_bus_socket"
"""The system bus's socket, unless the environment names another."""


def list_session_sockets(env: Mapping[str, str]) -> list[str]:
    """List the session bus's sockets to try, best first; an abstract one begins with NUL, as Python wants it.

    Addresses that are no Unix socket or cannot be parsed are left out. The last socket is systemd's: after a new login
    old terminals still hold the former session's address.
    """
    listed = env.get("DBUS_SESSION_BUS_ADDRESS", "")
    addresses = [address.partition(":") for address in listed.split(";")]
    places = _parse_addresses(addresses)
    runtime = env.get("XDG_RUNTIME_DIR")
    if runtime and DISABLED_TRANSPORT not in {transport for transport, _, _ in addresses}:
        places.append(f"{runtime}/bus")
    return list(dict.fromkeys(places))


def list_system_sockets(env: Mapping[str, str]) -> list[str]:
    """List the system bus's sockets to try; none where its address is set and names no Unix socket."""
    listed = env.get("DBUS_SYSTEM_BUS_ADDRESS") or f"unix:path={SYSTEM_BUS_SOCKET}"
    return _parse_addresses([address.partition(":") for address in listed.split(";")])


def _parse_addresses(addresses: list[tuple[str, str, str]]) -> list[str]:
    return [
        place for transport, _, keys in addresses if transport == "unix" for place in _parse_address(keys)
    ]


def _parse_address(keys: str) -> Iterator[str]:
    """Yield the socket of one Unix address, if it names one to connect to."""
    values = {key: value for key, _, value in (pair.partition("=") for pair in keys.split(","))}
    for key, before in (("path", ""), ("abstract", "\0")):
        if name := os.fsdecode(unquote_to_bytes(os.fsencode(values.get(key, "")))).rstrip("\0"):
            yield before + name
            return
