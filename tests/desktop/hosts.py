"""A stand-in for a panel's watcher, for what no real panel can be made to do, and an ear for signals."""

from __future__ import annotations

from typing import Any

from trayapp.desktop.bus import DAEMON, DAEMON_PATH, Body, Bus, BusError, Call, Reply
from trayapp.desktop.tray import dbusmenu, sni
from trayapp.desktop.tray.properties import PROPERTIES


class Watcher:
    """Owns the watcher's name; says that a host is there when told to; notes who registers."""

    def __init__(self, bus: Bus, *, has_host: bool) -> None:
        self.registered: list[tuple[str, str]] = []
        self.refuses = False
        self.bus = bus
        self._has_host = has_host
        bus.serve(sni.WATCHER_PATH, self._answer)
        bus.call(DAEMON, DAEMON_PATH, DAEMON, "RequestName", "su", (sni.WATCHER, 0))

    def host_comes(self) -> None:
        """A panel registers as a host."""
        self._has_host = True
        self.bus.emit(sni.WATCHER_PATH, sni.WATCHER, "StatusNotifierHostRegistered")

    def host_goes(self) -> None:
        """It leaves."""
        self._has_host = False
        self.bus.emit(sni.WATCHER_PATH, sni.WATCHER, "StatusNotifierHostUnregistered")

    def _answer(self, call: Call) -> Reply:
        if call.interface == PROPERTIES:
            return Reply("v", (("b", self._has_host),))
        if self.refuses:
            raise BusError("no")
        self.registered.append((call.sender, call.body[0]))
        return Reply()


class Reader:
    """Reads an item and its menu as a host does, and hears their signals."""

    def __init__(self, bus: Bus, item: str) -> None:
        self.signals: list[tuple[str, Body]] = []
        self._bus = bus
        self._item = item
        for member in ("NewIcon", "NewTitle", "NewToolTip", "NewStatus", "NewAttentionIcon"):
            self._hear(sni.INTERFACE, member)
        for member in ("LayoutUpdated", "ItemsPropertiesUpdated"):
            self._hear(dbusmenu.INTERFACE, member)

    def _hear(self, interface: str, member: str) -> None:
        def note(_sender: str, body: Body) -> None:
            self.signals.append((member, body))

        self._bus.on_signal(interface, member, note, sender=self._item)

    def heard(self) -> list[str]:
        """The names of all signals so far; what was sent before this was asked has come."""
        self.menu("GetLayout", "iias", 0, 0, [])
        return [member for member, _ in self.signals]

    def property(self, name: str) -> Any:
        """One property of the item."""
        ((_, value),) = self._bus.call(self._item, sni.PATH, PROPERTIES, "Get", "ss", (sni.INTERFACE, name))
        return value

    def properties(self, path: str = sni.PATH, interface: str = sni.INTERFACE) -> dict[str, Any]:
        """All properties of an object."""
        (values,) = self._bus.call(self._item, path, PROPERTIES, "GetAll", "s", (interface,))
        return {name: value for name, (_, value) in values.items()}

    def do(self, member: str, signature: str = "", *body: Any) -> None:
        """Call a method of the item."""
        self._bus.call(self._item, sni.PATH, sni.INTERFACE, member, signature, body)

    def menu(self, member: str, signature: str = "", *body: Any) -> Body:
        """Call a method of the menu."""
        return self._bus.call(self._item, dbusmenu.PATH, dbusmenu.INTERFACE, member, signature, body)

    def layout(self, parent: int = 0, depth: int = -1, *names: str) -> Any:
        """A part of the menu, as it comes over the bus."""
        return self.menu("GetLayout", "iias", parent, depth, list(names))[1]

    def ids(self) -> dict[str, int]:
        """Each line's id by its label, as the bus has it."""
        (rows,) = self.menu("GetGroupProperties", "aias", [], ["label"])
        return {row["label"][1]: number for number, row in rows if "label" in row}

    def introspect(self, path: str) -> str:
        """What the object says it offers."""
        (xml,) = self._bus.call(self._item, path, "org.freedesktop.DBus.Introspectable", "Introspect")
        return str(xml)
