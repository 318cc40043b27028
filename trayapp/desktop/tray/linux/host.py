"""Who would show the icon on this Linux desktop."""

from __future__ import annotations

from trayapp.desktop.dbus.bus import Bus, BusError, unpacked
from trayapp.desktop.tray.backend import Host, Way
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES
from trayapp.desktop.tray.linux.sni import WATCHER, WATCHER_PATH
from trayapp.desktop.tray.linux.x11 import is_to_be_left_alone
from trayapp.desktop.tray.pystray_loader import Unavailable, back_end


def linux_host() -> Host:
    """A host of StatusNotifierItems, else X11's old tray."""
    session = True
    try:
        has_host, on_bus = _status_notifier_host(Bus.connect())
    except BusError as error:
        has_host, on_bus, session = False, str(error), False
    if has_host:
        return Host(Way.SNI, on_bus)
    if is_to_be_left_alone(has_bus=session):
        return Host(Way.NONE, f"{on_bus}; X11: not asked on Wayland", session)
    has_tray, on_display = _x11_tray()
    if not has_tray:
        return Host(Way.NONE, f"{on_bus}; {on_display}", session)
    way, through = _with_menu()
    return Host(way, f"{on_bus}; {on_display}; {through}", session)


def _status_notifier_host(bus: Bus) -> tuple[bool, str]:
    question = (WATCHER, "IsStatusNotifierHostRegistered")
    try:
        (variant,) = unpacked(bus.call(WATCHER, WATCHER_PATH, PROPERTIES, "Get", "ss", question), tuple)
        _, has_host = unpacked(variant, str, bool)
    except BusError:
        return False, "StatusNotifierItem: no watcher on the session bus"
    finally:
        bus.close()
    return has_host, f"StatusNotifierItem: a watcher {'with' if has_host else 'without'} a host"


def _x11_tray() -> tuple[bool, str]:
    try:
        xorg = back_end("xorg")
        display = xorg.Xlib.display.Display()
    except (Unavailable, OSError) as error:
        return False, f"X11: {error}"
    atom = display.intern_atom(f"_NET_SYSTEM_TRAY_S{display.get_default_screen()}")
    has_tray = bool(display.get_selection_owner(atom))
    display.close()
    return has_tray, f"X11: {'a' if has_tray else 'no'} tray on the display"


def _with_menu() -> tuple[Way, str]:
    """Whether the icon in X11's tray would have its menu, which needs GTK."""
    try:
        back_end("gtk")
    except Unavailable as error:
        return Way.X11, f"no GTK: {error}"
    return Way.GTK, "GTK is there"
