"""Reads for `doctor` which notification server this desktop has and what it can do."""

from __future__ import annotations

import sys


def read_server_info() -> tuple[str, frozenset[str]]:
    """Read the server's name with version, and its capabilities; an empty name where none answers."""
    if sys.platform == "win32":
        return "Windows", frozenset()
    if sys.platform == "darwin":
        from trayapp.desktop.notifications.user_notifications import is_in_bundle

        abilities = {"actions", "replacement"} if is_in_bundle() else set()
        return "UserNotifications" if abilities else "osascript", frozenset(abilities)
    from trayapp.desktop.dbus.bus import Bus, BusError, select_texts, unpack_body
    from trayapp.desktop.notifications.freedesktop import PATH, SERVER

    try:
        bus = Bus.connect()
    except BusError:
        return "", frozenset()
    try:
        named = bus.call(SERVER, PATH, SERVER, "GetServerInformation")
        name, _vendor, version, _spec = unpack_body(named, str, str, str, str)
        (abilities,) = unpack_body(bus.call(SERVER, PATH, SERVER, "GetCapabilities"), list)
    except BusError:
        return "", frozenset()
    finally:
        bus.close()
    return f"{name} {version}", select_texts(abilities)
