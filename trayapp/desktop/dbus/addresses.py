"""Where the buses may listen: a D-Bus address may list several places, of which the first that answers counts.

Format: https://dbus.freedesktop.org/doc/dbus-specification.html#addresses
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_to_bytes

DISABLED_TRANSPORT = "disabled"
"""The transport of an address that says that there shall be no bus."""
SYSTEM_BUS_SOCKET = "/var/run/dbus/system_bus_socket"
"""Where the system's bus listens unless the environment says otherwise."""


def list_session_sockets(env: Mapping[str, str]) -> list[str]:
    """The sockets to try, the best first; an abstract one begins with NUL, as Python wants it.

    What is no Unix socket or cannot be read is passed over. The last is where systemd has the bus: a session that was
    entered anew leaves the address of the one before in old terminals.
    """
    listed = env.get("DBUS_SESSION_BUS_ADDRESS", "")
    addresses = [address.partition(":") for address in listed.split(";")]
    places = _parse_addresses(addresses)
    runtime = env.get("XDG_RUNTIME_DIR")
    if runtime and DISABLED_TRANSPORT not in {transport for transport, _, _ in addresses}:
        places.append(f"{runtime}/bus")
    return list(dict.fromkeys(places))


def list_system_sockets(env: Mapping[str, str]) -> list[str]:
    """The sockets to try of the system's bus; none where its address is set and names no Unix socket."""
    listed = env.get("DBUS_SYSTEM_BUS_ADDRESS") or f"unix:path={SYSTEM_BUS_SOCKET}"
    return _parse_addresses([address.partition(":") for address in listed.split(";")])


def _parse_addresses(addresses: list[tuple[str, str, str]]) -> list[str]:
    return [
        place for transport, _, keys in addresses if transport == "unix" for place in _parse_address(keys)
    ]


def _parse_address(keys: str) -> Iterator[str]:
    """The socket of one Unix address, if it names one that can be connected to."""
    values = {key: value for key, _, value in (pair.partition("=") for pair in keys.split(","))}
    for key, before in (("path", ""), ("abstract", "\0")):
        if name := os.fsdecode(unquote_to_bytes(os.fsencode(values.get(key, "")))).rstrip("\0"):
            yield before + name
            return
