"""Builds pystray's menu, for the trays whose icon is pystray's too."""

from __future__ import annotations

from typing import Any

from trayapp.desktop.tray.base import OnCommand
from trayapp.desktop.tray.pystray_loader import load_pystray
from trayapp.model import MenuLine


def build_pystray_menu(lines: tuple[MenuLine, ...], act: OnCommand) -> Any:
    """Build a pystray.Menu that calls `act` with the command of the line a person chooses.

    These trays draw no pictures in a menu, so a symbol stands before the text of a line with a look.
    """
    return load_pystray().Menu(*(_build_item(line, act) for line in lines))


def _build_item(line: MenuLine, act: OnCommand) -> Any:
    pystray = load_pystray()
    if line.separator:
        return pystray.Menu.SEPARATOR
    checked = line.checked

    def choose(_icon: object, _item: object) -> None:
        if line.command:
            act(line.command)

    return pystray.MenuItem(
        f"{line.look.symbol} {line.text}" if line.look else line.text,
        build_pystray_menu(line.lines, act) if line.lines else choose,
        checked=None if checked is None else lambda _: checked,
        radio=line.radio,
        default=line.default,
        enabled=bool(line.command or line.lines),
    )
