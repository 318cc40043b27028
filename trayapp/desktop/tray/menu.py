"""The menu in pystray's words, which every back end reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trayapp.desktop.tray.ground import pystray
from trayapp.model import Command, MenuLine

Menu = Any
"""pystray.Menu; the package carries no types."""
KEY = "key"
"""The attribute of an item that carries its line's key; pystray has no such word."""
BEFORE = "before"
"""The attribute that carries the key of the separator before it: pystray's own is one object for all places."""


def menu_of(lines: tuple[MenuLine, ...], choose: Callable[[Command], None]) -> Menu:
    """A pystray menu; choosing a line calls `choose` with its command."""
    return pystray().Menu(*_items(lines, choose))


def _items(lines: tuple[MenuLine, ...], choose: Callable[[Command], None]) -> Iterator[Any]:
    before = ""
    for line in lines:
        if line.separator:
            before = line.key
            yield pystray().Menu.SEPARATOR
        else:
            item = _item(line, choose)
            setattr(item, BEFORE, before)
            yield item


def _item(line: MenuLine, choose: Callable[[Command], None]) -> Any:
    checked = line.checked

    def chosen(_icon: object, _item: object) -> None:
        if line.command:
            choose(line.command)

    item = pystray().MenuItem(
        line.text,
        menu_of(line.lines, choose) if line.lines else chosen,
        checked=None if checked is None else lambda _: checked,
        radio=line.radio,
        default=line.default,
        enabled=bool(line.command or line.lines),
    )
    setattr(item, KEY, line.key)
    return item
