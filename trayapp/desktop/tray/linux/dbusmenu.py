"""Serves the menu of a StatusNotifierItem on the session bus, by the interface com.canonical.dbusmenu.

Some hosts call Event and AboutToShow, others their group forms; both are served.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from trayapp.desktop.dbus.bus import Body, Bus, BusError, MethodCall, MethodReply
from trayapp.desktop.tray.base import OnCommand
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES_INTERFACE, answer_properties
from trayapp.desktop.tray.linux.dbusmenu_rows import Row, RowIds, Variant, build_rows
from trayapp.model import MenuLine

_log = logging.getLogger(__name__)

PATH = "/MenuBar"
MAX_OPEN_TIME = 10.0
"""Seconds after which an opened menu counts as closed: many hosts never report its closing.

Longer, new lines would be missing when the menu is opened again; shorter, they would squash a menu that is being
read (xfce4-panel 4.18 keeps its old height, also where the lines change as it opens).
"""
INTERFACE = "com.canonical.dbusmenu"
_METHODS = {
    "GetLayout": "iias", "GetGroupProperties": "aias", "GetProperty": "is", "Event": "isvu", "EventGroup": "a(isvu)",
    "AboutToShow": "i", "AboutToShowGroup": "ai",
}  # fmt: skip
_INVALID_ARGS = "org.freedesktop.DBus.Error.InvalidArgs"

_MENU_PROPERTIES: Mapping[str, Variant] = {
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
    """One menu, served at `PATH`. Hosts read it on the bus thread while another thread changes it."""

    def __init__(self, bus: Bus, act: OnCommand) -> None:
        self._bus = bus
        self._act = act
        self._ids = RowIds()
        self._lock = threading.Lock()
        self._root = build_rows((), self._ids)
        self._revision = 1
        self._methods: Mapping[str, Callable[..., MethodReply]] = {
            "GetLayout": self._get_layout,
            "GetGroupProperties": self._get_group_properties,
            "GetProperty": self._get_property,
            "Event": self._handle_event,
            "EventGroup": self._handle_event_group,
            "AboutToShow": self._about_to_show,
            "AboutToShowGroup": self._about_to_show_group,
        }
        self._open_until = 0.0
        self._deferred_root: Row | None = None
        self._timer = threading.Timer(0, self._mark_closed)
        bus.serve(PATH, self._answer_call)

    def show(self, lines: tuple[MenuLine, ...]) -> None:
        """Replace the menu and signal to hosts what changed, and nothing else.

        A change of properties leaves an open menu in place. Lines that come, go or move would squash or close it under
        the person's pointer, so they wait until it is closed; the text of the other lines is always up to date.
        """
        root = build_rows(lines, self._ids)
        with self._lock:
            is_open = time.monotonic() < self._open_until
            self._deferred_root = root if is_open and root.id_tree() != self._root.id_tree() else None
            in_place = self._root.with_updates({row.id: row for row in root.all_rows()})
            self._replace_root(root if self._deferred_root is None else in_place)

    def _replace_root(self, root: Row) -> None:
        """Replace the menu, then send its signals; the caller holds the lock."""
        before, self._root = self._root, root
        changed, removed = _diff_rows(before, root)
        if changed or removed:
            self._announce_properties(changed, removed)
        if before.id_tree() != root.id_tree():
            self._revision += 1
            self._bus.emit(PATH, INTERFACE, "LayoutUpdated", "ui", (self._revision, 0))

    def _announce_properties(self, changed: list[Body], removed: list[Body]) -> None:
        self._bus.emit(PATH, INTERFACE, "ItemsPropertiesUpdated", "a(ia{sv})a(ias)", (changed, removed))

    def _mark_open(self) -> None:
        with self._lock:
            self._open_until = time.monotonic() + MAX_OPEN_TIME
            self._timer.cancel()
            self._timer = threading.Timer(MAX_OPEN_TIME, self._mark_closed)
            self._timer.daemon = True
            self._timer.start()

    def _mark_closed(self) -> None:
        """Note that the menu is closed, and show the lines that waited for this."""
        with self._lock:
            self._timer.cancel()
            self._open_until = 0.0
            held, self._deferred_root = self._deferred_root, None
            if held is not None:
                self._replace_root(held)

    def _answer_call(self, call: MethodCall) -> MethodReply:
        if call.interface == PROPERTIES_INTERFACE:
            return answer_properties(call, INTERFACE, _MENU_PROPERTIES)
        if call.member == "Introspect":
            return MethodReply("s", (INTROSPECTION,))
        call.refuse_unless(INTERFACE, _METHODS)
        return self._methods[call.member](*call.body)

    def _find_row(self, number: int) -> Row:
        with self._lock:
            row = next((row for row in self._root.all_rows() if row.id == number), None)
        if row is None:
            raise BusError(f"no line {number}", _INVALID_ARGS)
        return row

    def _get_layout(self, parent: int, depth: int, names: list[str]) -> MethodReply:
        row = self._find_row(parent)
        return MethodReply("u(ia{sv}av)", (self._revision, row.encode_layout(depth, names)))

    def _get_group_properties(self, ids: list[int], names: list[str]) -> MethodReply:
        with self._lock:
            rows = [row for row in self._root.all_rows() if not ids or row.id in ids]
        return MethodReply("a(ia{sv})", ([(row.id, row.select_properties(names)) for row in rows],))

    def _get_property(self, number: int, name: str) -> MethodReply:
        properties = self._find_row(number).properties
        if name not in properties:
            raise BusError(f"no property {name}", _INVALID_ARGS)
        return MethodReply("v", (properties[name],))

    def _handle_event(self, number: int, kind: str, _data: Variant, _at: int) -> MethodReply:
        if kind == "clicked":
            self._click_row(number)
            self._resend_mark(number)
            self._mark_closed()
        elif kind == "closed" and number == 0:
            self._mark_closed()
        return MethodReply()

    def _handle_event_group(self, events: list[Body]) -> MethodReply:
        unknown = []
        for number, kind, data, at in events:
            try:
                self._handle_event(number, kind, data, at)
            except BusError:
                unknown.append(number)
        if unknown and len(unknown) == len(events):
            raise BusError("none of these lines", _INVALID_ARGS)
        return MethodReply("ai", (unknown,))

    def _about_to_show(self, number: int) -> MethodReply:
        if self._find_row(number).id == 0:
            self._mark_open()
        return MethodReply("b", (False,))

    def _about_to_show_group(self, ids: list[int]) -> MethodReply:
        with self._lock:
            known = {row.id for row in self._root.all_rows()}
        if 0 in ids:
            self._mark_open()
        return MethodReply("aiai", ([], [number for number in ids if number not in known]))

    def _click_row(self, number: int) -> None:
        """Run the line's command. Raises BusError for a line that is gone."""
        if command := self._find_row(number).command:
            self._act(command)

    def _resend_mark(self, number: int) -> None:
        """Announce the clicked line's mark again, also where it did not change.

        mate-panel flips a tick or a radio mark by itself under a click (1.27.0, `sn-dbus-menu-item.c` leaves it to
        GTK), and shows the wrong one where the choice changes nothing. Drop this when the test of marks on MATE passes
        without it.
        """
        with self._lock:
            for row in self._root.all_rows():
                if row.id == number and "toggle-state" in row.properties:
                    self._announce_properties([(number, row.properties)], [])


def _diff_rows(before: Row, after: Row) -> tuple[list[Body], list[Body]]:
    """Compare rows by id: all properties of each row that changed, and the names of properties that are gone.

    The format asks for the changed properties alone, but quickshell (1a4716c, `dbusmenu.cpp`) resets properties that
    are not sent along: a line would lose its label with a new mark.
    """
    old = {row.id: row.properties for row in before.all_rows()}
    changed, removed = [], []
    for row in after.all_rows():
        was = old.get(row.id, row.properties)
        if any(was.get(name) != value for name, value in row.properties.items()):
            changed.append((row.id, row.properties))
        if gone := [name for name in was if name not in row.properties]:
            removed.append((row.id, gone))
    return changed, removed
