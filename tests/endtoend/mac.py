"""The real program on a Mac that is made of stand-ins: PyObjC's modules, osascript, and nothing of what only Linux has.

What the menu bar shows is printed. Ten times as fast as real, as in `quick`.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import urllib.request  # asks macOS for its proxies when it is first loaded there  # noqa: F401
from dataclasses import replace
from types import ModuleType, SimpleNamespace

import pytest

from tests.desktop import cocoa
from tests.endtoend.quick import PACE
from trayapp import cli
from trayapp.app import context
from trayapp.desktop.control import unix_socket
from trayapp.desktop.notifications import osascript
from trayapp.desktop.tray.macos import menubar

ABSENT = ("jeepney", "Xlib", "gi", "dbus")


class Button(cocoa.NSStatusBarButton):
    """Says what it shows."""

    def setToolTip_(self, text: str) -> None:  # noqa: N802
        """Show it when the pointer rests."""
        super().setToolTip_(text)
        sys.stdout.write(f"menu bar: {text}\n")


def peer_of(connected: socket.socket) -> int:
    """By Linux's kernel, for there is no other here."""
    return int(struct.unpack("=iII", connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1])


def main() -> int:
    """Run it as on such a Mac."""
    patch = pytest.MonkeyPatch()
    for name in [name for name in sys.modules if name.partition(".")[0] in ABSENT]:
        del sys.modules[name]
    for name in ABSENT:
        patch.setitem(sys.modules, name, None)
    mac = cocoa.MenuBar(patch)
    patch.setattr(cocoa, "NSStatusBarButton", Button)
    bundle = SimpleNamespace(bundleIdentifier=lambda: None)
    sys.modules["Foundation"].__dict__["NSBundle"] = SimpleNamespace(mainBundle=lambda: bundle)
    sys.modules["UserNotifications"] = ModuleType("UserNotifications")
    patch.setattr(menubar, "_has_desktop", lambda: "NO_DESKTOP" not in os.environ)
    patch.setattr(osascript, "OSASCRIPT", os.environ.get("OSASCRIPT", ""))
    patch.setattr(unix_socket, "read_peer_user", peer_of)
    patch.setattr(sys, "platform", "darwin")
    prepare = context.load_context
    patch.setattr(context, "load_context", lambda arguments: replace(prepare(arguments), pace=PACE))
    code = cli.main()
    mac.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
