"""Turns the menu into the rows of com.canonical.dbusmenu, each with an id, properties and children.

Format: https://github.com/AyatanaIndicators/libdbusmenu/blob/main/libdbusmenu-glib/dbus-menu.xml
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from trayapp.desktop.dbus.bus import wire_text
from trayapp.desktop.icon.png import encode_png
from trayapp.model import Command, Look, MenuLine

Variant = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line; row 0 is the menu itself."""

    id: int
    properties: Mapping[str, Variant]
    rows: tuple[Row, ...] = ()
    command: Command | None = None
    """The command that a click on it gives."""

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
        return replace(newer.get(self.id, self), rows=tuple(row.with_updates(newer) for row in self.rows))

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


def build_rows(lines: tuple[MenuLine, ...], ids: RowIds) -> Row:
    """Build the whole menu as row 0."""
    root = Row(0, {"children-display": ("s", "submenu")}, tuple(_build_children(lines, "", ids)))
    ids.forget_unused(sum(1 for _ in root.all_rows()) - 1)
    return root


def _build_children(lines: tuple[MenuLine, ...], path: str, ids: RowIds) -> Iterator[Row]:
    taken: set[str] = set()
    for line in _drop_idle_separators(lines):
        key = f"{path}/{line.key}"
        # The host would take two lines of one key for one row.
        while key in taken:
            key += "'"
        taken.add(key)
        yield _build_row(line, key, ids)


def _drop_idle_separators(lines: tuple[MenuLine, ...]) -> Iterator[MenuLine]:
    """Leave only separators between two lines: of several in a row the last, and none at either end."""
    separator: MenuLine | None = None
    is_first = True
    for line in lines:
        if line.separator:
            separator = line
            continue
        if separator is not None and not is_first:
            yield separator
        separator, is_first = None, False
        yield line


def _build_row(line: MenuLine, key: str, ids: RowIds) -> Row:
    # A separator keeps its number as lines do: one that gets a new number whenever lines beside it change makes
    # GNOME's extension (46, `_onRootChildMoved`) misplace later lines.
    number = ids.id_for(key)
    if line.separator:
        return Row(number, {"type": ("s", "separator")})
    properties: dict[str, Variant] = {
        # A single underscore would mark the next letter as the line's shortcut.
        "label": ("s", wire_text(line.text).replace("_", "__")),
        "enabled": ("b", bool(line.command or line.lines)),
    }
    if line.look:
        properties["icon-data"] = ("ay", _render_picture(line.look))
    if line.checked is not None:
        properties["toggle-type"] = ("s", "radio" if line.radio else "checkmark")
        properties["toggle-state"] = ("i", int(line.checked))
    if line.lines:
        properties["children-display"] = ("s", "submenu")
        return Row(number, properties, tuple(_build_children(line.lines, key, ids)))
    return Row(number, properties, command=line.command)


@cache  # as many as there are looks
def _render_picture(look: Look) -> bytes:
    return encode_png(look, PICTURE_SIZE)
