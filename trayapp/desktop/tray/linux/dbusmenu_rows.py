"""Turns the menu into the rows of com.canonical.dbusmenu, each with an id, properties and children.

Format: https://github.com/AyatanaIndicators/libdbusmenu/blob/main/libdbusmenu-glib/dbus-menu.xml
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from typing import Any

from trayapp.desktop.dbus.bus import wire_text
from trayapp.desktop.icon.png import encode_png
from trayapp.desktop.tray.pystray_loader import load_pystray
from trayapp.desktop.tray.pystray_menu import KEY_ATTRIBUTE, LOOK_ATTRIBUTE, SEPARATOR_ATTRIBUTE, Menu
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

    def all_rows(self) -> Iterator[Row]:
        """Yield this row and all below it."""
        yield self
        for row in self.rows:
            yield from row.all_rows()

    def id_tree(self) -> tuple[Any, ...]:
        """List the ids and their order; when they change, a host must lay the menu out anew."""
        return (self.id, *(row.id_tree() for row in self.rows))

    def with_updates(self, newer: Mapping[int, Row]) -> Row:
        """Copy these lines in their places, each with the content of the row of its id in `newer`, if there is one."""
        now = newer.get(self.id, self)
        return Row(self.id, now.properties, tuple(row.with_updates(newer) for row in self.rows), now.item)

    def encode_layout(
        self, depth: int, names: Iterable[str]
    ) -> tuple[int, dict[str, Variant], list[Variant]]:
        """Encode this row as `(ia{sv}av)` with `depth` levels below it, -1 for all."""
        below = [("(ia{sv}av)", row.encode_layout(depth - 1, names)) for row in self.rows] if depth else []
        return self.id, self.select_properties(names), below

    def select_properties(self, names: Iterable[str]) -> dict[str, Variant]:
        """Select the row's properties by name; no names select all."""
        wanted = set(names) or set(self.properties)
        return {name: value for name, value in self.properties.items() if name in wanted}


SPARE_KEYS = 200
"""How many keys of lines that are gone keep their number, since the lines may come back."""
PICTURE_SIZE = 16
"""Pixels that GTK and Qt give a menu's pictures."""


class RowIds:
    """Gives each key a number, and no number twice: a frozen host's late click must not reach another line.

    Keys long gone are forgotten: the status page makes new incident ids without end.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        """Number by key; the key used last stands last."""
        self._newest = 0

    def id_for(self, key: str) -> int:
        """Find or make the number of a key, from 1 on."""
        number = self._known.pop(key, 0)
        if not number:
            number = self._newest = self._newest + 1
        self._known[key] = number
        return number

    def forget_unused(self, used: int) -> None:
        """Keep the `used` keys that were used last and `SPARE_KEYS` more."""
        for key in [*self._known][: -(used + SPARE_KEYS)]:
            del self._known[key]


def build_rows(menu: Menu, ids: RowIds) -> Row:
    """Build the whole menu as row 0."""
    root = Row(0, {"children-display": ("s", "submenu")}, tuple(_build_children(menu, "", ids)))
    ids.forget_unused(sum(1 for _ in root.all_rows()) - 1)
    return root


def _build_children(menu: Menu, path: str, ids: RowIds) -> Iterator[Row]:
    taken: set[str] = set()
    items = list(menu)
    for item, after in zip_longest(items, items[1:]):
        # pystray lets no separator stand last. A separator keeps its number as lines do: one that gets a new number
        # whenever lines beside it change makes GNOME's extension (46, `_onRootChildMoved`) misplace later lines.
        is_between = item is load_pystray().Menu.SEPARATOR
        key = f"{path}/{getattr(after, SEPARATOR_ATTRIBUTE) if is_between else getattr(item, KEY_ATTRIBUTE)}"
        # The host would take two lines of one key for one row.
        while key in taken:
            key += "'"
        taken.add(key)
        yield _build_row(item, key, ids)


def _build_row(item: Any, key: str, ids: RowIds) -> Row:
    number = ids.id_for(key)
    if item is load_pystray().Menu.SEPARATOR:
        return Row(number, {"type": ("s", "separator")})
    properties: dict[str, Variant] = {
        # A single underscore would mark the next letter as the line's shortcut.
        "label": ("s", wire_text(item.text).replace("_", "__")),
        "enabled": ("b", item.enabled),
    }
    if look := getattr(item, LOOK_ATTRIBUTE):
        properties["icon-data"] = ("ay", _render_picture(look))
    if item.checked is not None:
        properties["toggle-type"] = ("s", "radio" if item.radio else "checkmark")
        properties["toggle-state"] = ("i", int(item.checked))
    if item.submenu:
        properties["children-display"] = ("s", "submenu")
        return Row(number, properties, tuple(_build_children(item.submenu, key, ids)))
    return Row(number, properties, item=item)


@cache  # as many as there are looks
def _render_picture(look: Look) -> bytes:
    return encode_png(look, PICTURE_SIZE)
