"""Who would show the icon here, asked once, for `doctor`."""

from __future__ import annotations

from dataclasses import dataclass

from trayapp.desktop.bus import Bus, BusError
from trayapp.desktop.tray.ground import Unavailable, back_end
from trayapp.desktop.tray.properties import PROPERTIES
from trayapp.desktop.tray.sni import WATCHER, WATCHER_PATH


@dataclass(frozen=True, slots=True)
class Host:
    """What was found."""

    chosen: str
    """The way the icon would take; empty where there is none."""
    text: str
    """What was found on each way that was looked at, in the technical words of a bug report."""


def tray_host() -> Host:
    """Look where the program would look, in its order; takes at most some seconds and shows nothing."""
    has_host, on_bus = _status_notifier_host()
    if has_host:
        return Host("StatusNotifierItem", on_bus)
    has_tray, on_display = _x11_tray()
    return Host("X11" if has_tray else "", f"{on_bus}; {on_display}")


def _status_notifier_host() -> tuple[bool, str]:
    try:
        bus = Bus.connect()
    except BusError as error:
        return False, str(error)
    question = (WATCHER, "IsStatusNotifierHostRegistered")
    try:
        ((_, has_host),) = bus.call(WATCHER, WATCHER_PATH, PROPERTIES, "Get", "ss", question)
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
