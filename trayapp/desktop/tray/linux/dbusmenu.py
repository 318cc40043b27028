"""The menu's side of a StatusNotifierItem: com.canonical.dbusmenu, answered and signalled over the session bus.

Hosts fall in two camps, with Event and AboutToShow or with their group forms; both are served.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from trayapp.desktop.dbus.bus import Body, Bus, BusError, Call, Reply
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES, answer_properties
from trayapp.desktop.tray.linux.dbusmenu_rows import Ids, Row, Variant, rows_of
from trayapp.desktop.tray.pystray_menu import Menu

_log = logging.getLogger(__name__)

PATH = "/MenuBar"
OPEN_AT_MOST = 10.0
"""Seconds after which an opened menu counts as closed: many hosts never say that it was.

Longer, and new lines would be missing whenever the menu is looked at again; shorter, and they would squash one that
is being read (xfce4-panel 4.18 keeps its old height, also where the lines change as it opens).
"""
INTERFACE = "com.canonical.dbusmenu"
_METHODS = {
    "GetLayout": "iias", "GetGroupProperties": "aias", "GetProperty": "is", "Event": "isvu", "EventGroup": "a(isvu)",
    "AboutToShow": "i", "AboutToShowGroup": "ai",
}  # fmt: skip
_NOT_THERE = "org.freedesktop.DBus.Error.InvalidArgs"

_OWN: Mapping[str, Variant] = {
    "Version": ("u", 3),
    "TextDirection": ("s", "ltr"),
    "Status": ("s", "normal"),
    "IconThemePath": ("as", []),
}

INTROSPECTION = f"""<node><interface name="{INTERFACE}">
<property name="Version" type="u" access="read"/><property name="Status" type="s" access="read"/>
<property name="TextDirection" type="s" access="read"/><property name="IconThemePath" type="as" access="read"/>
<method name="GetLayout"><arg type="i" direction="in"/><arg type="i" direction="in"/><arg type="as" direction="in"/>
<arg type="u" direction="out"/><arg type="(ia{{sv}}av)" direction="out"/></method>
<method name="GetGroupProperties"><arg type="ai" direction="in"/><arg type="as" direction="in"/>
<arg type="a(ia{{sv}})" direction="out"/></method>
<method name="GetProperty"><arg type="i" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
<method name="Event"><arg type="i" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="in"/>
<arg type="u" direction="in"/></method>
<method name="EventGroup"><arg type="a(isvu)" direction="in"/><arg type="ai" direction="out"/></method>
<method name="AboutToShow"><arg type="i" direction="in"/><arg type="b" direction="out"/></method>
<method name="AboutToShowGroup"><arg type="ai" direction="in"/><arg type="ai" direction="out"/><arg type="ai" direction="out"/></method>
<signal name="ItemsPropertiesUpdated"><arg type="a(ia{{sv}})"/><arg type="a(ias)"/></signal>
<signal name="LayoutUpdated"><arg type="u"/><arg type="i"/></signal>
</interface></node>"""


class DbusMenu:
    """One menu, served at `PATH`. Hosts read it on the bus thread while another changes it."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._ids = Ids()
        self._lock = threading.Lock()
        self._root = rows_of((), self._ids)
        self._revision = 1
        self._methods: Mapping[str, Callable[..., Reply]] = {
            "GetLayout": self._get_layout,
            "GetGroupProperties": self._get_group_properties,
            "GetProperty": self._get_property,
            "Event": self._event,
            "EventGroup": self._event_group,
            "AboutToShow": self._about_to_show,
            "AboutToShowGroup": self._about_to_show_group,
        }
        self._open_until = 0.0
        self._held: Row | None = None
        self._timer = threading.Timer(0, self._closed)
        bus.serve(PATH, self._answer)

    def show(self, menu: Menu) -> None:
        """Change what is shown and tell hosts what changed, and nothing else.

        A change of properties leaves an open menu in place. Lines that come, go or move would squash it or close it
        under the person's hand, so they wait until it is closed; what the others say is never old.
        """
        root = rows_of(menu, self._ids)
        with self._lock:
            is_open = time.monotonic() < self._open_until
            self._held = root if is_open and root.shape() != self._root.shape() else None
            in_place = self._root.renewed({row.id: row for row in root.all()})
            self._change(root if self._held is None else in_place)

    def _change(self, root: Row) -> None:
        """Swap the menu before its signals are sent; the lock is held."""
        before, self._root = self._root, root
        changed, removed = _changes(before, root)
        if changed or removed:
            self._tell(changed, removed)
        if before.shape() != root.shape():
            self._revision += 1
            self._bus.emit(PATH, INTERFACE, "LayoutUpdated", "ui", (self._revision, 0))

    def _tell(self, changed: list[Body], removed: list[Body]) -> None:
        self._bus.emit(PATH, INTERFACE, "ItemsPropertiesUpdated", "a(ia{sv})a(ias)", (changed, removed))

    def _opened(self) -> None:
        with self._lock:
            self._open_until = time.monotonic() + OPEN_AT_MOST
            self._timer.cancel()
            self._timer = threading.Timer(OPEN_AT_MOST, self._closed)
            self._timer.daemon = True
            self._timer.start()

    def _closed(self) -> None:
        """Show what waited for this."""
        with self._lock:
            self._timer.cancel()
            self._open_until = 0.0
            held, self._held = self._held, None
            if held is not None:
                self._change(held)

    def _answer(self, call: Call) -> Reply:
        if call.interface == PROPERTIES:
            return answer_properties(call, INTERFACE, _OWN)
        if call.member == "Introspect":
            return Reply("s", (INTROSPECTION,))
        call.refuse_unless(INTERFACE, _METHODS)
        return self._methods[call.member](*call.body)

    def _row(self, number: int) -> Row:
        with self._lock:
            row = next((row for row in self._root.all() if row.id == number), None)
        if row is None:
            raise BusError(f"no line {number}", _NOT_THERE)
        return row

    def _get_layout(self, parent: int, depth: int, names: list[str]) -> Reply:
        row = self._row(parent)
        return Reply("u(ia{sv}av)", (self._revision, row.layout(depth, names)))

    def _get_group_properties(self, ids: list[int], names: list[str]) -> Reply:
        with self._lock:
            rows = [row for row in self._root.all() if not ids or row.id in ids]
        return Reply("a(ia{sv})", ([(row.id, row.selected(names)) for row in rows],))

    def _get_property(self, number: int, name: str) -> Reply:
        properties = self._row(number).properties
        if name not in properties:
            raise BusError(f"no property {name}", _NOT_THERE)
        return Reply("v", (properties[name],))

    def _event(self, number: int, kind: str, _data: Variant, _at: int) -> Reply:
        if kind == "clicked":
            self._click(number)
            self._remind_of_mark(number)
            self._closed()
        elif kind == "closed" and number == 0:
            self._closed()
        return Reply()

    def _event_group(self, events: list[Body]) -> Reply:
        unknown = []
        for number, kind, data, at in events:
            try:
                self._event(number, kind, data, at)
            except BusError:
                unknown.append(number)
        if unknown and len(unknown) == len(events):
            raise BusError("none of these lines", _NOT_THERE)
        return Reply("ai", (unknown,))

    def _about_to_show(self, number: int) -> Reply:
        if self._row(number).id == 0:
            self._opened()
        return Reply("b", (False,))

    def _about_to_show_group(self, ids: list[int]) -> Reply:
        with self._lock:
            known = {row.id for row in self._root.all()}
        if 0 in ids:
            self._opened()
        return Reply("aiai", ([], [number for number in ids if number not in known]))

    def _click(self, number: int) -> None:
        """Do what the line says; the line of a late click may be gone, and then nothing is done."""
        item = self._row(number).item
        if item is not None and item.enabled:
            item(None)

    def _remind_of_mark(self, number: int) -> None:
        """Tell the clicked line's mark as it is, also where it did not change.

        mate-panel flips a tick or a radio mark by itself under a click (1.27.0, `sn-dbus-menu-item.c` leaves it to
        GTK), and shows the wrong one where the choice changes nothing. Not needed any more when the test of marks on
        MATE passes without it.
        """
        with self._lock:
            for row in self._root.all():
                if row.id == number and "toggle-state" in row.properties:
                    self._tell([(number, row.properties)], [])


def _changes(before: Row, after: Row) -> tuple[list[Body], list[Body]]:
    """For rows that are in both: all properties of each that says something else, and names of those that are gone.

    The format asks for the changed properties alone, but quickshell (1a4716c, `dbusmenu.cpp`) puts back to its
    default whatever is not sent along: a line would lose its label with a new mark.
    """
    old = {row.id: row.properties for row in before.all()}
    changed, removed = [], []
    for row in after.all():
        was = old.get(row.id, row.properties)
        if any(was.get(name) != value for name, value in row.properties.items()):
            changed.append((row.id, row.properties))
        if gone := [name for name in was if name not in row.properties]:
            removed.append((row.id, gone))
    return changed, removed
