"""Connects to the desktop's session, lists the variables that lead to it and checks whether it still exists."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trayapp.desktop.dbus.addresses import list_session_sockets

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus

log = logging.getLogger(__name__)

SESSION_VARIABLES = (
    *("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"),
    # xdg-open and similar programs recognise the desktop by these.
    *("XDG_SESSION_TYPE", "XDG_SESSION_ID", "XDG_SESSION_DESKTOP", "XDG_CURRENT_DESKTOP", "DESKTOP_SESSION"),
    *("KDE_FULL_SESSION", "KDE_SESSION_VERSION", "GNOME_DESKTOP_SESSION_ID"),
)
"""The variables that lead to a session; none of them decides which programs are run, or from where."""
_CONNECT_TIMEOUT = 1.0
"""Seconds for a remote display to answer, for example through ssh."""
_X11_BASE_PORT = 6000
"""The port of display 0."""


def connect_session_bus() -> Bus | None:
    """Connect to the session bus; None, with a log entry where one was expected, if there is none."""
    if sys.platform != "linux":
        return None
    from trayapp.desktop.dbus.bus import Bus, BusError

    try:
        return Bus.connect()
    except BusError as error:
        log.warning("no session bus: %s", error)
        return None


def session_variables(env: Mapping[str, Any]) -> dict[str, str]:
    """Select the session's variables whose values are valid in an environment."""
    values = {name: env[name] for name in SESSION_VARIABLES if isinstance(env.get(name), str)}
    return {name: value for name, value in values.items() if "\0" not in value}


def is_session_alive(env: Mapping[str, str]) -> bool:
    """Whether that environment's session exists: its display, and its bus if it names one."""
    buses = list_session_sockets(env)
    return _has_display(env) and (not buses or any(map(_is_listening, buses)))


def _has_display(env: Mapping[str, str]) -> bool:
    """Whether a display listens. Wayland's is tried first: connecting to X11's would start a server for it."""
    wayland = env.get("WAYLAND_DISPLAY")
    if wayland and _is_listening(os.path.join(env.get("XDG_RUNTIME_DIR", ""), wayland)):  # noqa: PTH118 - no Path from NUL
        return True
    host, _, rest = env.get("DISPLAY", "").rpartition(":")
    number = rest.partition(".")[0]
    if not (number.isascii() and number.isdecimal()):
        return False
    if host in {"", "unix"}:
        place = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X servers listen
        return _is_listening(f"\0{place}") or _is_listening(place)
    try:
        socket.create_connection((host, _X11_BASE_PORT + int(number)), _CONNECT_TIMEOUT).close()
    except (OSError, OverflowError, UnicodeError):
        return False
    return True


def _is_listening(place: str) -> bool:
    """Whether a program accepts connections at a socket's path; an abstract one begins with NUL."""
    if sys.platform == "win32":
        return False
    with socket.socket(socket.AF_UNIX) as knock:
        knock.settimeout(_CONNECT_TIMEOUT)
        try:
            knock.connect(place)
        except (OSError, ValueError):
            return False
    return True
