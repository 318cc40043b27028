"""Chooses who of the system is asked for the proxy. Blocks for as long as the system does: on a thread of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from trayapp.desktop.dbus.addresses import list_session_sockets
from trayapp.model import SystemProxyAnswer

Report = Callable[[str, SystemProxyAnswer], None]
"""Takes the answer for one of the addresses that were asked for."""


def is_present() -> bool:
    """Whether there is anything to ask. Quick, and loads nothing."""
    if sys.platform != "linux":
        return sys.platform in {"win32", "darwin"}
    return any(
        socket.startswith("\0") or os.path.exists(socket)  # noqa: PTH110  # Path's raises for odd names
        for socket in list_session_sockets(os.environ)
    )


def look_up_proxies(urls: Sequence[str], report: Report) -> None:
    """Ask the system about these addresses, and report each answer as it comes; nothing where there is nobody to ask."""
    # Loaded here, on the look-up's own thread: most computers have no session bus, or are of another kind.
    if sys.platform == "win32":
        from trayapp.desktop.network.system_proxy.windows import look_up
    elif sys.platform == "darwin":
        from trayapp.desktop.network.system_proxy.macos import look_up
    else:
        from trayapp.desktop.network.system_proxy.linux import look_up
    look_up(urls, report)
