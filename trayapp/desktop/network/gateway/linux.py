"""Reads the gateway on Linux from the kernel's routing and neighbour tables: rtnetlink(7).

It asks the kernel for the route to a public address, as `ip route get` does, so that a tunnel's routes and rules
count. Nothing is sent over the network.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from typing import Any

_PUBLIC_ADDRESSES = ((socket.AF_INET, "104.18.0.1"), (socket.AF_INET6, "2606:4700::1"))
"""Addresses of Cloudflare, which serves OpenAI: the route there is the one that matters."""
_TIMEOUT = 0.5
_MAX_BYTES = 4 << 20
"""Bytes of a neighbour table that are read; the kernel's own limit of 1,024 neighbours takes a tenth of it."""

_GET_ROUTE, _NEW_ROUTE, _GET_NEIGHBOUR, _NEW_NEIGHBOUR = 26, 24, 30, 28
_ERROR, _DONE = 2, 3
_REQUEST, _DUMP = 0x1, 0x300
_DESTINATION, _INTERFACE, _GATEWAY, _VIA = 1, 4, 5, 18
_NEIGHBOUR, _HARDWARE = 1, 2
_UNANSWERED_STATES = 0x01 | 0x20
"""States of a neighbour that has not answered: NUD_INCOMPLETE, NUD_FAILED."""

Attributes = dict[int, bytes]


def read_gateway() -> tuple[str, bytes] | None:
    """Read the interface's name and the gateway's hardware address; None without. Raises OSError, struct.error."""
    for family, place in _PUBLIC_ADDRESSES:
        found = _find_route(family, socket.inet_pton(family, place))
        if found is not None:
            interface, its_family, address = found
            hardware = _find_hardware(its_family, interface, address)
            return (socket.if_indextoname(interface), hardware) if hardware else None
    return None


def _find_route(family: int, place: bytes) -> tuple[int, int, bytes] | None:
    """Find the route's interface, address family and gateway (empty if direct); None where there is no route."""
    question = struct.pack("=BBBBBBBBI", family, 8 * len(place), 0, 0, 0, 0, 0, 0, 0)
    question += struct.pack("=HH", 4 + len(place), _DESTINATION) + place
    for kind, body in _query_kernel(_GET_ROUTE, _REQUEST, question):
        if kind == _NEW_ROUTE:
            told = _parse_attributes(body[12:])
            (interface,) = struct.unpack("=I", told[_INTERFACE])
            if via := told.get(_VIA):  # an IPv4 route through an IPv6 gateway
                return interface, struct.unpack("=H", via[:2])[0], via[2:]
            return interface, family, told.get(_GATEWAY, b"")
    return None


def _find_hardware(family: int, interface: int, address: bytes) -> bytes:
    question = struct.pack("=BBHiHBB", family, 0, 0, 0, 0, 0, 0)
    for kind, body in _query_kernel(_GET_NEIGHBOUR, _REQUEST | _DUMP, question):
        if kind != _NEW_NEIGHBOUR:
            continue
        its_family, _, _, index, state = struct.unpack("=BBHiH", body[:10])
        told = _parse_attributes(body[12:])
        if (its_family, index, told.get(_NEIGHBOUR)) == (
            family,
            interface,
            address,
        ) and not state & _UNANSWERED_STATES:
            return told.get(_HARDWARE, b"")
    return b""


def _query_kernel(kind: int, flags: int, question: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kinds and contents of the answer's messages. Raises OSError where the kernel does not answer."""
    with _open_netlink() as kernel:
        kernel.send(struct.pack("=IHHII", 16 + len(question), kind, flags, 1, 0) + question)
        read = 0
        while read < _MAX_BYTES:
            data = kernel.recv(65536)
            read += len(data)
            for its_kind, body in _parse_messages(data):
                if its_kind in {_ERROR, _DONE}:
                    return
                yield its_kind, body
            if not flags & _DUMP:
                return


def _open_netlink() -> Any:
    kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    kernel.settimeout(_TIMEOUT)
    return kernel


def _parse_messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= 16:
        length, kind = struct.unpack("=IH", data[:6])
        if length < 16:
            return
        yield kind, data[16:length]
        data = data[length + 3 & ~3 :]


def _parse_attributes(data: bytes) -> Attributes:
    told: Attributes = {}
    while len(data) >= 4:
        length, kind = struct.unpack("=HH", data[:4])
        if length < 4:
            break
        told[kind & 0x3FFF] = data[4:length]
        data = data[length + 3 & ~3 :]
    return told
