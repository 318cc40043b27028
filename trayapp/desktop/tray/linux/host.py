"""Finds out which host would show the icon on this Linux desktop."""

from __future__ import annotations

from trayapp.desktop.dbus.bus import Bus, BusError, unpack_body
from trayapp.desktop.tray.backend import BackEndKind, TrayHost
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES_INTERFACE
from trayapp.desktop.tray.linux.sni import WATCHER, WATCHER_PATH
from trayapp.desktop.tray.linux.x11 import is_x11_forbidden
from trayapp.desktop.tray.pystray_loader import Unavailable, load_back_end


def find_linux_host() -> TrayHost:
    """Look for a host of StatusNotifierItems, else for X11's old tray."""
    session = True
    try:
        has_host, on_bus = _find_sni_host(Bus.connect())
    except BusError as error:
        has_host, on_bus, session = False, str(error), False
    if has_host:
        return TrayHost(BackEndKind.SNI, on_bus)
    if is_x11_forbidden(has_bus=session):
        return TrayHost(BackEndKind.NONE, f"{on_bus}; X11: not asked on Wayland", session)
    has_tray, on_display = _find_x11_tray()
    if not has_tray:
        return TrayHost(BackEndKind.NONE, f"{on_bus}; {on_display}", session)
    way, through = _choose_x11_kind()
    return TrayHost(way, f"{on_bus}; {on_display}; {through}", session)


def _find_sni_host(bus: Bus) -> tuple[bool, str]:
    question = (WATCHER, "IsStatusNotifierHostRegistered")
    try:
        (variant,) = unpack_body(
            bus.call(WATCHER, WATCHER_PATH, PROPERTIES_INTERFACE, "Get", "ss", question), tuple
        )
        _, has_host = unpack_body(variant, str, bool)
    except BusError:
        return False, "StatusNotifierItem: no watcher on the session bus"
    finally:
        bus.close()
    return has_host, f"StatusNotifierItem: a watcher {'with' if has_host else 'without'} a host"


def _find_x11_tray() -> tuple[bool, str]:
    try:
        xorg = load_back_end("xorg")
        display = xorg.Xlib.display.Display()
    except (Unavailable, OSError) as error:
        return False, f"X11: {error}"
    atom = display.intern_atom(f"_NET_SYSTEM_TRAY_S{display.get_default_screen()}")
    has_tray = bool(display.get_selection_owner(atom))
    display.close()
    return has_tray, f"X11: {'a' if has_tray else 'no'} tray on the display"


def _choose_x11_kind() -> tuple[BackEndKind, str]:
    """Choose the back end for X11's tray: GTK where it is installed, since only it has a menu."""
    try:
        load_back_end("gtk")
    except Unavailable as error:
        return BackEndKind.X11, f"no GTK: {error}"
    return BackEndKind.GTK, "GTK is there"
