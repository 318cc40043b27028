"""The menu of the trays whose icon is pystray's: Windows, macOS and X11 through GTK."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.desktop.views import CHECK, LINES, QUIT, RADIO, SAID, TICK
from trayapp.desktop.tray.pystray_loader import load_pystray
from trayapp.desktop.tray.pystray_menu import build_pystray_menu
from trayapp.model import Command, Look, MenuLine, State

pytestmark = pytest.mark.desktop


def test_a_symbol_of_the_look_stands_before_the_text() -> None:
    """For no picture can be drawn there; below too, and once."""
    line = replace(CHECK, look=Look(State.PARTIAL, hollow=True))
    above = MenuLine("more", "More", lines=(line,))
    items = list(build_pystray_menu((line, above, QUIT), lambda _: None))
    assert [item.text for item in items] == ["◇ Check now", "More", "Quit"]
    assert [item.text for item in items[1].submenu] == ["◇ Check now"]


def test_every_kind_of_line_is_the_same_kind_of_item() -> None:
    """Default, separator, text alone, tick, radio mark and submenu; a click gives the line's command."""
    chosen: list[Command] = []
    state, between, check, said, tick, radio, more, end = build_pystray_menu(LINES, chosen.append)
    assert [item.default for item in (state, check)] == [True, False]
    assert between is load_pystray().Menu.SEPARATOR
    assert [item.enabled for item in (check, said, more)] == [True, False, True]
    assert [(item.checked, item.radio) for item in (check, tick, radio)] == [
        (None, False), (TICK.checked, False), (RADIO.checked, True),
    ]  # fmt: skip
    for item in (check, said, end):
        item(None)
    assert (chosen, SAID.command) == ([CHECK.command, QUIT.command], None)
