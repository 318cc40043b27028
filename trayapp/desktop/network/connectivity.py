"""Asks the operating system whether this computer has the internet, and whether that costs by the byte.

On Linux it asks NetworkManager over the system bus, on a new connection each time, because it asks only after a
failure, and an idle connection to the system bus would wake the program on every signal there. On Windows it asks
GetNetworkConnectivityHint. macOS has no such function for a program like this one.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trayapp.desktop.system32 import load_library
from trayapp.model import SystemConnectivity

if TYPE_CHECKING:
    import socket

log = logging.getLogger(__name__)

MANAGER = "org.freedesktop.NetworkManager"
MANAGER_PATH = "/org/freedesktop/NetworkManager"

_SYSTEM_BUS_SOCKET = Path("/run/dbus/system_bus_socket")

# NMConnectivityState, https://networkmanager.dev/docs/api/latest/nm-dbus-types.html; 0 is "unknown".
_NETWORK_MANAGER_STATES = {
    1: SystemConnectivity.NONE,
    2: SystemConnectivity.PORTAL,
    3: SystemConnectivity.LIMITED,
    4: SystemConnectivity.FULL,
}

# NL_NETWORK_CONNECTIVITY_LEVEL_HINT, https://learn.microsoft.com/windows/win32/api/nldef/
_WINDOWS_LEVELS = {
    1: SystemConnectivity.NONE,
    2: SystemConnectivity.LIMITED,
    3: SystemConnectivity.FULL,
    4: SystemConnectivity.PORTAL,
}

_NETWORK_MANAGER_METERED = frozenset({1, 3})
"""NMMetered: yes, and a guess that it is, as behind a phone."""
_WINDOWS_METERED = frozenset({2, 3})
"""NL_NETWORK_CONNECTIVITY_COST_HINT: a fixed allowance, and paid by use."""


def read_system_connectivity(timeout: float = 1.0) -> SystemConnectivity:
    """Ask the system for at most `timeout` seconds; SILENT where there is no answer."""
    if sys.platform == "win32":
        return _WINDOWS_LEVELS.get(_read_windows_hint()[0], SystemConnectivity.UNKNOWN)
    said = _read_network_manager("Connectivity", timeout)
    return _NETWORK_MANAGER_STATES.get(said, SystemConnectivity.UNKNOWN)


def is_metered(timeout: float = 1.0) -> bool:
    """Whether the system says, within `timeout` seconds, that this connection costs by the byte. Silence is no."""
    if sys.platform == "win32":
        return _read_windows_hint()[1] in _WINDOWS_METERED
    return _read_network_manager("Metered", timeout) in _NETWORK_MANAGER_METERED


def _read_network_manager(name: str, timeout: float) -> int:
    """Read a property of NetworkManager's; 0, which is "unknown", where there is no answer."""
    if sys.platform != "linux" or not (
        os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or _SYSTEM_BUS_SOCKET.exists()
    ):
        return 0
    try:
        return _ask_network_manager(name, time.monotonic() + timeout)
    except Exception as error:  # noqa: BLE001 - no bus, an odd address, a strange answer: all mean that nobody said a word
        log.debug("the system says nothing about the network: %r", error)
        return 0


def _read_windows_hint() -> tuple[int, int]:
    """Read Windows' connectivity level and cost, which are cached there; 0 where they are not known."""
    if sys.platform != "win32":
        return 0, 0
    import ctypes

    hint = (ctypes.c_uint32 * 3)()  # the level, the cost and three flags of a byte each
    try:
        failed = load_library("iphlpapi").GetNetworkConnectivityHint(ctypes.byref(hint))
    except AttributeError:  # Windows 10 has it since 2004
        return 0, 0
    return (0, 0) if failed else (hint[0], hint[1])


def _ask_network_manager(name: str, deadline: float) -> int:
    """Read a property, which is a number. Raises various errors for a missing or odd bus."""
    from jeepney import DBusAddress, MessageFlag, Properties, message_bus
    from jeepney.bus import get_bus
    from jeepney.io.blocking import prep_socket

    question = Properties(DBusAddress(MANAGER_PATH, MANAGER, MANAGER)).get(name)
    # Without this the bus would wait for a NetworkManager that is installed and switched off.
    question.header.flags |= MessageFlag.no_auto_start
    # Not jeepney's own connection: it waits for the bus's greeting without a limit (0.9, io/blocking.py).
    with closing(prep_socket(get_bus("SYSTEM"), timeout=deadline - time.monotonic())) as connection:
        connection.sendall(message_bus.Hello().serialise(1) + question.serialise(2))
        ((_, value),) = _read_reply(connection, 2, deadline)
    return int(value)


def _read_reply(connection: socket.socket, serial: int, deadline: float) -> tuple[Any, ...]:
    from jeepney import HeaderFields, MessageType

    from trayapp.desktop.dbus.message_parser import BoundedParser

    parser = BoundedParser()
    while True:
        message = parser.get_next_message()
        if message is None:
            connection.settimeout(max(deadline - time.monotonic(), 0.001))
            data = connection.recv(4096)
            if not data:
                raise ConnectionResetError("the system bus hung up")
            parser.add_data(data)
        elif message.header.fields.get(HeaderFields.reply_serial) == serial:
            if message.header.message_type is MessageType.error:
                raise LookupError(message.header.fields[HeaderFields.error_name])
            return message.body  # type: ignore[no-any-return]  # jeepney carries no types
