"""The menu as com.canonical.dbusmenu knows it: rows with an id, properties and children.

Format: https://github.com/AyatanaIndicators/libdbusmenu/blob/main/libdbusmenu-glib/dbus-menu.xml
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from typing import Any

from trayapp.desktop.dbus.bus import wire_text
from trayapp.desktop.icon.png import png
from trayapp.desktop.tray.pystray_loader import pystray
from trayapp.desktop.tray.pystray_menu import BEFORE, KEY, LOOK, Menu
from trayapp.model import Look

Variant = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line; row 0 is the menu itself."""

    id: int
    properties: Mapping[str, Variant]
    rows: tuple[Row, ...] = ()
    item: Any = field(default=None, compare=False)
    """The pystray item to call on a click; None for the root and for separators."""

    def all(self) -> Iterator[Row]:
        """This row and all below it."""
        yield self
        for row in self.rows:
            yield from row.all()

    def shape(self) -> tuple[Any, ...]:
        """What a host must lay out anew when it changes: ids and their order."""
        return (self.id, *(row.shape() for row in self.rows))

    def renewed(self, newer: Mapping[int, Row]) -> Row:
        """The same lines in the same places, each as it is in a newer menu (by id) where it still is."""
        now = newer.get(self.id, self)
        return Row(self.id, now.properties, tuple(row.renewed(newer) for row in self.rows), now.item)

    def layout(self, depth: int, names: Iterable[str]) -> tuple[int, dict[str, Variant], list[Variant]]:
        """The `(ia{sv}av)` of this row with `depth` levels below it, -1 for all."""
        below = [("(ia{sv}av)", row.layout(depth - 1, names)) for row in self.rows] if depth else []
        return self.id, self.selected(names), below

    def selected(self, names: Iterable[str]) -> dict[str, Variant]:
        """The properties of these names that the row has; of no names: all."""
        wanted = set(names) or set(self.properties)
        return {name: value for name, value in self.properties.items() if name in wanted}


SPARED = 200
"""Keys of lines that are gone which keep their number: they may come back."""


PICTURE = 16
"""Pixels: what GTK and Qt give a menu's pictures."""


class Ids:
    """Gives each key a number of its own, and none twice: a frozen host's late click must not reach another line.

    What has long been gone is forgotten: incidents' ids are the page's to choose, without end.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        """The one used last at the end."""
        self._newest = 0

    def of(self, key: str) -> int:
        """The number of a key, from 1 on."""
        number = self._known.pop(key, 0)
        if not number:
            number = self._newest = self._newest + 1
        self._known[key] = number
        return number

    def forget(self, used: int) -> None:
        """Keep the keys that were used last, so many and some more."""
        for key in [*self._known][: -(used + SPARED)]:
            del self._known[key]


def rows_of(menu: Menu, ids: Ids) -> Row:
    """The whole menu as row 0."""
    root = Row(0, {"children-display": ("s", "submenu")}, tuple(_below(menu, "", ids)))
    ids.forget(sum(1 for _ in root.all()) - 1)
    return root


def _below(menu: Menu, path: str, ids: Ids) -> Iterator[Row]:
    taken: set[str] = set()
    items = list(menu)
    for item, after in zip_longest(items, items[1:]):
        # pystray lets no separator stand last. Each has a number of its own, as every line: one that is new wherever
        # lines come and go beside it makes GNOME's extension (46, `_onRootChildMoved`) put later ones in wrong places.
        is_between = item is pystray().Menu.SEPARATOR
        key = f"{path}/{getattr(after, BEFORE) if is_between else getattr(item, KEY)}"
        # Two lines of one key would be one row to the host.
        while key in taken:
            key += "'"
        taken.add(key)
        yield _row(item, key, ids)


def _row(item: Any, key: str, ids: Ids) -> Row:
    number = ids.of(key)
    if item is pystray().Menu.SEPARATOR:
        return Row(number, {"type": ("s", "separator")})
    properties: dict[str, Variant] = {
        # An underscore alone would mark the next letter as the line's short cut.
        "label": ("s", wire_text(item.text).replace("_", "__")),
        "enabled": ("b", item.enabled),
    }
    if look := getattr(item, LOOK):
        properties["icon-data"] = ("ay", _picture(look))
    if item.checked is not None:
        properties["toggle-type"] = ("s", "radio" if item.radio else "checkmark")
        properties["toggle-state"] = ("i", int(item.checked))
    if item.submenu:
        properties["children-display"] = ("s", "submenu")
        return Row(number, properties, tuple(_below(item.submenu, key, ids)))
    return Row(number, properties, item=item)


@cache  # as many as there are looks
def _picture(look: Look) -> bytes:
    return png(look, PICTURE)
