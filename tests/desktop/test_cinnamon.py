"""The icon on the host of Cinnamon and Linux Mint, whose panels are handed a picture, a tooltip and clicks by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests.desktop.conftest import SKIP, live_in
from tests.desktop.desktops import WATCHER, Desktop, Place
from tests.desktop.menus import menu_lines
from tests.desktop.shown import Shown
from tests.desktop.tools import find_program
from tests.desktop.views import DEFAULT, LINES, QUIT, view_of
from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Body, Bus
from trayapp.desktop.tray.linux.dbus_properties import PROPERTIES_INTERFACE
from trayapp.model import State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

PROGRAM = find_program("xapps/sn-watcher/xapp-sn-watcher", "xapps/xapp-sn-watcher")
ITEMS = "org.x.StatusIcon.xapp_sn_watcher"
ITEM = "/org/x/StatusIcon/Icon"
INTERFACE = "org.x.StatusIcon"
AT_THE_BOTTOM = 3
"""A panel's place, as GTK counts the sides."""


class Panel:
    """What a Cinnamon panel sees of the icon and does with it: a stand-in for Cinnamon, on its own host."""

    def __init__(self) -> None:
        self.bus = Bus.connect()
        self.bus.call(DAEMON, DAEMON_PATH, DAEMON, "RequestName", "su", ("org.x.StatusIconMonitor.panel", 0))

    def _ask(self, interface: str, member: str, signature: str, *body: Any) -> Body:
        return self.bus.call(ITEMS, ITEM, interface, member, signature, body)

    def property(self, name: str) -> str:
        """What it is to show."""
        ((_, value),) = self._ask(PROPERTIES_INTERFACE, "Get", "ss", INTERFACE, name)
        return str(value)

    def shows(self, state: State) -> bool:
        """Whether it is handed a picture, and one that has that state's colour."""
        try:
            with Image.open(self.property("IconName")) as image:
                colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 16) or []}
        except OSError:  # the host has written none yet, or not all of it
            return False
        return COLOURS[state] in colours

    def click(self, x: int, y: int, button: int) -> None:
        """Press and release a button on the icon."""
        for member in ("ButtonPress", "ButtonRelease"):
            self._ask(INTERFACE, member, "iiuui", x, y, button, 0, AT_THE_BOTTOM)


@pytest.fixture
def desktop(
    desktop_tools: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desktop]:
    """Cinnamon's host on a display of its own."""
    if not PROGRAM:
        pytest.skip(SKIP.format("xapp-sn-watcher"))
    desktop = Desktop(tmp_path_factory.mktemp("cinnamon"))
    desktop.env["XDG_CURRENT_DESKTOP"] = "X-Cinnamon"
    live_in(desktop, monkeypatch)
    yield desktop
    desktop.close()


@pytest.fixture
def panel(desktop: Desktop) -> Iterator[Panel]:
    """A panel that looks at the host."""
    panel = Panel()
    desktop.start(PROGRAM)
    desktop.wait_until(lambda: desktop.owner(WATCHER), what="the host on the bus")
    yield panel
    panel.bus.close()


@pytest.fixture
def shown_tray(desktop: Desktop, panel: Panel) -> Iterator[Shown]:
    """A tray that runs and is docked there."""
    shown = Shown(desktop)
    shown.tray.show(view_of())
    desktop.wait_until(shown.tray.is_docked, what="docked")
    desktop.wait_until(lambda: desktop.owner(ITEMS), what="the icon handed on")
    yield shown
    shown.stop()


def test_every_state_and_its_words_reach_the_panel(shown_tray: Shown, panel: Panel) -> None:
    """The picture has the state's colour, and the tooltip is the program's."""
    for state in State:
        shown_tray.tray.show(view_of(state, f"Chat is {state}"))
        shown_tray.desktop.wait_until(lambda state=state: panel.shows(state), what=f"{state}")  # type: ignore[misc]
        words = f"Chat is {state}"  # they come by a signal of their own
        shown_tray.desktop.wait_until(lambda words=words: panel.property("TooltipText") == words, what=words)  # type: ignore[misc]


def test_a_left_click_does_what_the_default_line_says(shown_tray: Shown, panel: Panel) -> None:
    """The host calls Activate."""
    panel.click(400, 586, 1)
    shown_tray.wait_act(DEFAULT.command)


def test_a_right_click_opens_the_menu_and_a_click_in_it_arrives(shown_tray: Shown, panel: Panel) -> None:
    """The host draws the menu itself, and an empty one while it has not read the lines yet: one clicks again."""
    before = shown_tray.desktop.grab()

    def lines() -> list[Place]:
        return menu_lines(before, shown_tray.desktop.grab(), (400, 586))

    def is_open() -> bool:
        return len(lines()) == len(LINES) - 1  # less the separator

    def opens() -> bool:
        panel.click(400, 586, 3)
        try:
            shown_tray.desktop.wait_until(is_open, limit=3)
        except AssertionError:
            shown_tray.desktop.key("Escape")
            return False
        return True

    shown_tray.desktop.wait_until(opens, what="the menu")
    shown_tray.desktop.screenshot("cinnamon-menu")
    shown_tray.desktop.click(*lines()[0])
    shown_tray.wait_act(QUIT.command)
