"""A stand-in for a panel's watcher, for what no real panel can be made to do, and an ear for signals."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Body, Bus, BusError, MethodCall, MethodReply
from trayapp.desktop.tray.linux import dbusmenu, sni, sni_item
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES_INTERFACE

_GIVES_WAY, _REPLACES = 1, 2
"""The flags of RequestName."""


class Watcher:
    """Owns the watcher's name; says that a host is there when told to; notes who registers.

    Where another has the name it waits in the queue, or takes the place of one that gives way.
    """

    def __init__(self, bus: Bus, *, has_host: bool, gives_way: bool = False, replaces: bool = False) -> None:
        self.registered: list[tuple[str, str]] = []
        self.refuses = False
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.bus = bus
        self._has_host = has_host
        bus.serve(sni.WATCHER_PATH, self._answer)
        flags = _GIVES_WAY * gives_way | _REPLACES * replaces
        bus.call(DAEMON, DAEMON_PATH, DAEMON, "RequestName", "su", (sni.WATCHER, flags))

    def host_comes(self) -> None:
        """A panel registers as a host."""
        self._has_host = True
        self.bus.emit(sni.WATCHER_PATH, sni.WATCHER, "StatusNotifierHostRegistered")

    def host_goes(self) -> None:
        """It leaves."""
        self._has_host = False
        self.bus.emit(sni.WATCHER_PATH, sni.WATCHER, "StatusNotifierHostUnregistered")

    def _answer(self, call: MethodCall) -> MethodReply:
        if call.interface == PROPERTIES_INTERFACE:
            return MethodReply("v", (("b", self._has_host),))
        if self.refuses:
            raise BusError("no")
        self.registered.append((call.sender, call.body[0]))
        self.may_answer.wait(10)
        return MethodReply()


class Reader:
    """Reads an item and its menu as a host does, and hears their signals."""

    def __init__(self, bus: Bus, name: str) -> None:
        self.signals: list[tuple[str, Body]] = []
        self.bus = bus
        self.item = name
        for member, kinds in sni_item.SIGNALS.items():
            self._hear(sni_item.INTERFACE, member, kinds)
        for member, kinds in (("LayoutUpdated", "ui"), ("ItemsPropertiesUpdated", "a(ia{sv})a(ias)")):
            self._hear(dbusmenu.INTERFACE, member, kinds)

    def _hear(self, interface: str, member: str, kinds: str) -> None:
        def note(_sender: str, body: Body) -> None:
            self.signals.append((member, body))

        self.bus.on_signal(interface, member, note, sender=self.item, begins=kinds)

    def signal_names(self) -> list[str]:
        """The names of all signals so far; what was sent before this was asked has come."""
        self.menu("GetLayout", "iias", 0, 0, [])
        return [member for member, _ in self.signals]

    def property(self, name: str) -> Any:
        """One property of the item."""
        ((_, value),) = self.bus.call(
            self.item, sni.PATH, PROPERTIES_INTERFACE, "Get", "ss", (sni_item.INTERFACE, name)
        )
        return value

    def properties(self, path: str = sni.PATH, interface: str = sni_item.INTERFACE) -> dict[str, Any]:
        """All properties of an object."""
        (values,) = self.bus.call(self.item, path, PROPERTIES_INTERFACE, "GetAll", "s", (interface,))
        return {name: value for name, (_, value) in values.items()}

    def do(self, member: str, signature: str = "", *body: Any) -> None:
        """Call a method of the item."""
        self.bus.call(self.item, sni.PATH, sni_item.INTERFACE, member, signature, body)

    def menu(self, member: str, signature: str = "", *body: Any) -> Body:
        """Call a method of the menu."""
        return self.bus.call(self.item, dbusmenu.PATH, dbusmenu.INTERFACE, member, signature, body)

    def layout(self, parent: int = 0, depth: int = -1, *names: str) -> Any:
        """A part of the menu, as it comes over the bus."""
        return self.menu("GetLayout", "iias", parent, depth, list(names))[1]

    def ids(self) -> dict[str, int]:
        """Each line's id by its label, as the bus has it."""
        (rows,) = self.menu("GetGroupProperties", "aias", [], ["label"])
        return {row["label"][1]: number for number, row in rows if "label" in row}

    def introspect(self, path: str) -> str:
        """What the object says it offers."""
        (xml,) = self.bus.call(self.item, path, "org.freedesktop.DBus.Introspectable", "Introspect")
        return str(xml)


def _read_by_gnome(signal: str) -> AbstractSet[str]:
    """GNOME Shell's AppIndicator extension 46: all that bears the signal's name (`appIndicator.js`)."""
    named = signal.removeprefix("New")
    return {named, f"{named}Name", f"{named}Pixmap", f"{named}AccessibleDesc"}


RULES: Mapping[str, Mapping[str, AbstractSet[str]]] = {
    "GNOME": {signal: _read_by_gnome(signal) for signal in sni_item.SIGNALS},
    # Waybar from March 2026 on, `item.cpp`.
    "Waybar": {
        "NewTitle": {"Title"},
        "NewIcon": {"IconName", "IconPixmap"},
        "NewAttentionIcon": {"AttentionIconName", "AttentionIconPixmap", "AttentionMovieName"},
        "NewToolTip": {"ToolTip"},
        "NewStatus": {"Status"},
    },
    # quickshell, `item.cpp`; of NewStatus it takes what comes with it and reads nothing.
    "quickshell": {
        "NewTitle": {"Title"},
        "NewIcon": {"IconName", "IconPixmap", "IconThemePath"},
        "NewAttentionIcon": {"AttentionIconName", "AttentionIconPixmap", "IconThemePath"},
        "NewToolTip": {"ToolTip"},
    },
}
"""Which properties a host reads again at which signal; it reads nothing else again."""


class FrugalHost:
    """Reads everything when it meets the item, and after that only what its rules let it read at a signal."""

    def __init__(self, reader: Reader, rules: Mapping[str, AbstractSet[str]]) -> None:
        self._reader = reader
        self._rules = rules
        self._known = reader.properties()

    def beliefs(self) -> dict[str, Any]:
        """What it believes of all that it ever reads again, once every signal has come."""
        self._reader.signal_names()
        signals = self._reader.signals.copy()
        self._reader.signals.clear()
        for signal, body in signals:
            for name in self._rules.get(signal, set()) & self._known.keys():
                self._known[name] = self._reader.property(name)
            if body and signal == "NewStatus":
                (self._known["Status"],) = body
        followed = {"Status"}.union(*self._rules.values())
        return {name: value for name, value in self._known.items() if name in followed}

    def picture(self) -> Any:
        """What it draws: the picture for attention while that is asked for."""
        known = self.beliefs()
        return known["AttentionIconPixmap" if known["Status"] == "NeedsAttention" else "IconPixmap"]


class FrugalMenu:
    """A host's own copy of the menu, kept up to date by signals alone.

    With `resets` it takes a property that a changed line's signal leaves away for gone, as quickshell does.
    """

    def __init__(self, reader: Reader, *, resets: bool) -> None:
        self._reader = reader
        self._resets = resets
        self.lines = self._read()

    def _read(self) -> dict[int, dict[str, Any]]:
        (rows,) = self._reader.menu("GetGroupProperties", "aias", [], [])
        return {number: dict(line) for number, line in rows}

    def follow(self) -> None:
        """Take over what was signalled since; lines that came or went are read anew, with all the others."""
        signals = self._reader.signals.copy()
        self._reader.signals.clear()
        for member, body in signals:
            if member == "LayoutUpdated":
                self.lines = self._read()
            elif member == "ItemsPropertiesUpdated":
                self._change(*body)

    def _change(self, changed: list[Body], removed: list[Body]) -> None:
        for number, properties in changed:
            known = {} if self._resets else self.lines[number]
            self.lines[number] = known | properties
        for number, names in removed:
            for name in names:
                self.lines[number].pop(name, None)
