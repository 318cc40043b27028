"""Reads the gateway on Windows from its IPv4 routing and neighbour tables.

https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getbestroute, …-getipnettable
"""

from __future__ import annotations

import ctypes
import struct

from trayapp.desktop.system32 import load_library

_PUBLIC_ADDRESS = int.from_bytes(bytes((104, 18, 0, 1)), "little")
"""An address of Cloudflare, which serves OpenAI. Addresses are in network byte order."""
_NEXT_HOP, _INTERFACE = 3, 4
"""Places in MIB_IPFORWARDROW, which is 14 numbers."""
_INVALID_ENTRY = 2


def read_gateway() -> tuple[str, bytes] | None:
    """Return Windows' name for the route and the gateway's hardware address; None without. Raises OSError."""
    helper = load_library("iphlpapi")
    route = (ctypes.c_uint32 * 14)()
    if helper.GetBestRoute(_PUBLIC_ADDRESS, 0, ctypes.byref(route)) != 0:
        return None
    size = ctypes.c_ulong(0)
    helper.GetIpNetTable(None, ctypes.byref(size), False)
    table = ctypes.create_string_buffer(size.value)
    if not size.value or helper.GetIpNetTable(table, ctypes.byref(size), False) != 0:
        return None
    hardware = find_hardware(table.raw, route[_INTERFACE], route[_NEXT_HOP])
    # The interface's number is another after a restart, so it does not belong to what a network is known by.
    return ("", hardware) if hardware else None


def find_hardware(table: bytes, interface: int, address: int) -> bytes:
    """Find a neighbour's hardware address in a MIB_IPNETTABLE; empty without one."""
    (count,) = struct.unpack_from("<I", table)
    for row in range(count):
        index, length, hardware, its_address, kind = struct.unpack_from("<II8sII", table, 4 + 24 * row)
        if (index, its_address) == (interface, address) and kind != _INVALID_ENTRY:
            return bytes(hardware[: min(length, 8)])
    return b""
