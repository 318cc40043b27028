"""Reads the IPv4 gateway on macOS from its routing table: route(4), sysctl(3). Never run on a real Mac."""

from __future__ import annotations

import ctypes
import socket
import struct
from collections.abc import Iterator

_GATEWAY_ROUTES, _NEIGHBOUR_ROUTES = 0x2, 0x400
"""Flags of the routes to list: those through a gateway (RTF_GATEWAY), those to a neighbour (RTF_LLINFO)."""
_ONE_INTERFACE_ONLY = 0x1000000
"""The flag of a route for one interface only (RTF_IFSCOPE), which is not the default route."""
_HEADER_SIZE = 92
"""Bytes of an rt_msghdr."""
_INET, _LINK = 2, 18
_DESTINATION, _GATEWAY = 1, 2

Route = tuple[int, int, dict[int, bytes]]
"""An interface's number, flags, and socket addresses by their purpose."""


def read_gateway() -> tuple[str, bytes] | None:
    """Read the interface's name and the gateway's hardware address; None without. Raises OSError, struct.error."""
    found = find_gateway_in(_list_routes(_GATEWAY_ROUTES), _list_routes(_NEIGHBOUR_ROUTES))
    return (socket.if_indextoname(found[0]), found[1]) if found else None


def find_gateway_in(ways: bytes, neighbours: bytes) -> tuple[int, bytes] | None:
    """The same from the two lists, by the interface's number."""
    for interface, flags, told in parse_routes(ways):
        if flags & _ONE_INTERFACE_ONLY or _parse_ipv4(told.get(_DESTINATION, b"")) != bytes(4):
            continue
        address = _parse_ipv4(told.get(_GATEWAY, b""))
        for index, _, neighbour in parse_routes(neighbours):
            hardware = _parse_hardware(neighbour.get(_GATEWAY, b""))
            if (index, _parse_ipv4(neighbour.get(_DESTINATION, b""))) == (interface, address) and hardware:
                return interface, hardware
    return None


def parse_routes(data: bytes) -> Iterator[Route]:
    """Parse a list of routes."""
    while len(data) > _HEADER_SIZE:
        (length,) = struct.unpack_from("<H", data)
        if not _HEADER_SIZE < length <= len(data):
            return
        index, flags, addresses = struct.unpack_from("<Hxxii", data, 4)
        yield index, flags, dict(_parse_addresses(data[_HEADER_SIZE:length], addresses))
        data = data[length:]


def _parse_addresses(data: bytes, which: int) -> Iterator[tuple[int, bytes]]:
    for place in range(8):
        if which & 1 << place and data:
            yield 1 << place, data[: data[0]]
            data = data[max(4, data[0] + 3 & ~3) :]


def _parse_ipv4(said: bytes) -> bytes:
    """Parse the IPv4 address of a sockaddr_in, whose final zeroes may be cut off."""
    return said[4:8].ljust(4, b"\0") if len(said) > 1 and said[1] == _INET else b""


def _parse_hardware(said: bytes) -> bytes:
    """Parse the hardware address of a sockaddr_dl."""
    if len(said) < 8 or said[1] != _LINK:
        return b""
    begin = 8 + said[5]
    return said[begin : begin + said[6]]


def _list_routes(flags: int) -> bytes:
    """Read the routes that have these flags, by sysctl."""
    library = ctypes.CDLL(None, use_errno=True)
    # CTL_NET, PF_ROUTE, all protocols, AF_INET, NET_RT_FLAGS
    name = (ctypes.c_int * 6)(4, 17, 0, _INET, 2, flags)
    size = ctypes.c_size_t(0)
    library.sysctl(name, 6, None, ctypes.byref(size), None, 0)
    size.value += size.value // 8  # for neighbours added meanwhile
    data = ctypes.create_string_buffer(size.value)
    if library.sysctl(name, 6, data, ctypes.byref(size), None, 0) != 0:
        raise OSError(ctypes.get_errno(), "sysctl")
    return data.raw[: size.value]
