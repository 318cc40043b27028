"""Builds the pystray menu from which every back end makes its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from trayapp.desktop.tray.pystray_loader import load_pystray
from trayapp.model import Command, MenuLine

Menu = Any
"""pystray.Menu; the package carries no types."""
KEY_ATTRIBUTE = "key"
"""The attribute of an item that carries its line's key; pystray's items have none."""
SEPARATOR_ATTRIBUTE = "before"
"""The attribute that carries the key of the separator before the item: pystray's separator is one shared object."""

LOOK_ATTRIBUTE = "look"
"""The attribute that carries the line's look, None without one."""


def build_pystray_menu(
    lines: tuple[MenuLine, ...], choose: Callable[[Command], None], *, with_pictures: bool = False
) -> Menu:
    """Build a pystray menu that calls `choose` with the command of the line a person chooses.

    A line's look becomes a picture where the host draws them (`with_pictures`), elsewhere a symbol before its text.
    """
    return load_pystray().Menu(*_build_items(lines, choose, with_pictures=with_pictures))


def _build_items(
    lines: tuple[MenuLine, ...], choose: Callable[[Command], None], *, with_pictures: bool
) -> Iterator[Any]:
    before = ""
    for line in lines:
        if line.separator:
            before = line.key
            yield load_pystray().Menu.SEPARATOR
        else:
            item = _build_item(line, choose, with_pictures=with_pictures)
            setattr(item, SEPARATOR_ATTRIBUTE, before)
            yield item


def _build_item(line: MenuLine, choose: Callable[[Command], None], *, with_pictures: bool) -> Any:
    checked = line.checked

    def chosen(_icon: object, _item: object) -> None:
        if line.command:
            choose(line.command)

    text = line.text if line.look is None or with_pictures else f"{line.look.symbol} {line.text}"
    item = load_pystray().MenuItem(
        text,
        build_pystray_menu(line.lines, choose, with_pictures=with_pictures) if line.lines else chosen,
        checked=None if checked is None else lambda _: checked,
        radio=line.radio,
        default=line.default,
        enabled=bool(line.command or line.lines),
    )
    setattr(item, KEY_ATTRIBUTE, line.key)
    setattr(item, LOOK_ATTRIBUTE, line.look)
    return item
