"""The menu in pystray's words, which every back end reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trayapp.desktop.tray.pystray_loader import pystray
from trayapp.model import Command, MenuLine

Menu = Any
"""pystray.Menu; the package carries no types."""
KEY = "key"
"""The attribute of an item that carries its line's key; pystray has no such word."""
BEFORE = "before"
"""The attribute that carries the key of the separator before it: pystray's own is one object for all places."""


LOOK = "look"
"""The attribute that carries the look of a line that has one."""


def menu_of(
    lines: tuple[MenuLine, ...], choose: Callable[[Command], None], *, with_pictures: bool = False
) -> Menu:
    """A pystray menu; choosing a line calls `choose` with its command.

    A line's look is a picture where the host draws them (`with_pictures`), and elsewhere a letter before its text.
    """
    return pystray().Menu(*_items(lines, choose, with_pictures=with_pictures))


def _items(
    lines: tuple[MenuLine, ...], choose: Callable[[Command], None], *, with_pictures: bool
) -> Iterator[Any]:
    before = ""
    for line in lines:
        if line.separator:
            before = line.key
            yield pystray().Menu.SEPARATOR
        else:
            item = _item(line, choose, with_pictures=with_pictures)
            setattr(item, BEFORE, before)
            yield item


def _item(line: MenuLine, choose: Callable[[Command], None], *, with_pictures: bool) -> Any:
    checked = line.checked

    def chosen(_icon: object, _item: object) -> None:
        if line.command:
            choose(line.command)

    text = line.text if line.look is None or with_pictures else f"{line.look.symbol} {line.text}"
    item = pystray().MenuItem(
        text,
        menu_of(line.lines, choose, with_pictures=with_pictures) if line.lines else chosen,
        checked=None if checked is None else lambda _: checked,
        radio=line.radio,
        default=line.default,
        enabled=bool(line.command or line.lines),
    )
    setattr(item, KEY, line.key)
    setattr(item, LOOK, line.look)
    return item
