"""The icon on real panels beside XFCE's: MATE's, which is light, LXQt's, which is Qt's, and waybar on Wayland."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import ImageChops

from tests.desktop import lxqt, mate, wayland
from tests.desktop.conftest import SKIP, live_in
from tests.desktop.desktops import PANEL_FROM, WATCHER
from tests.desktop.lxqt import Lxqt
from tests.desktop.mate import Mate
from tests.desktop.shown import Shown
from tests.desktop.views import DEFAULT, view_of
from tests.desktop.wayland import Sway
from trayapp.model import State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

WIDE = 100
"""Pixels that a tooltip of some words has and an empty one has not."""

Panel = Mate | Lxqt | Sway
PANELS = {"mate": (Mate, mate.TOOLS), "lxqt": (Lxqt, lxqt.TOOLS), "waybar": (Sway, wayland.TOOLS)}


@pytest.fixture(scope="module", params=list(PANELS.values()), ids=list(PANELS))
def panel(desktop_tools: None, request: pytest.FixtureRequest) -> Iterator[Panel]:
    """One panel for all tests here, in a home that an ordinary user can reach."""
    kind, tools = request.param
    if missing := [tool for tool in tools if shutil.which(tool) is None]:
        pytest.skip(SKIP.format(", ".join(missing)))
    with tempfile.TemporaryDirectory() as home:
        desktop = kind(Path(home))
        yield desktop
        desktop.close()


@pytest.fixture
def shown_tray(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    """A tray that runs on it."""
    live_in(panel, monkeypatch)
    shown = Shown(panel)
    yield shown
    panel.key("Escape")
    panel.move(400, 300)
    shown.stop()
    panel.wait_until(lambda: not any(panel.find_colour(COLOURS[state]) for state in State), what="no icon")


def test_the_icon_appears_and_takes_every_look(shown_tray: Shown, panel: Panel) -> None:
    """Each state's colour is on the panel, and no two of the full and hollow looks are the same picture."""
    shown_tray.each_look(panel.name)


def test_a_left_click_does_what_the_default_line_says(shown_tray: Shown, panel: Panel) -> None:
    """The panel calls Activate."""
    panel.click(*shown_tray.show(view_of()))
    shown_tray.wait_act(DEFAULT.command)


def test_the_menu_opens_and_a_click_on_each_kind_of_line_arrives(shown_tray: Shown, panel: Panel) -> None:
    """A plain line, a ticked one, a chosen one and one in a submenu; a line that is only said does nothing."""
    shown_tray.each_kind_of_line(f"{panel.name}-menu")


def test_lines_of_the_menu_bear_their_states_icon(shown_tray: Shown, panel: Panel) -> None:
    """In colour, on the line that tells of it."""
    shown_tray.pictured_lines(f"{panel.name}-menu-icons")


def test_a_submenu_that_is_renamed_has_its_lines(shown_tray: Shown, panel: Panel) -> None:
    """All properties of a changed line are sent, and no host takes them for a new, empty submenu."""
    shown_tray.renamed_submenu(f"{panel.name}-renamed")


def test_a_mark_that_a_click_does_not_change_is_shown_as_it_was(shown_tray: Shown) -> None:
    """MATE flips it by itself; the menu that opens next is the same picture as the one before."""
    shown_tray.marks_stay()


def test_the_tooltip_is_read_back(shown_tray: Shown) -> None:
    """It comes over the bus as the panel reads it."""
    shown_tray.show(view_of(State.DEGRADED, "Chat is slow"))
    said = shown_tray.read_back()
    assert "Chat is slow" in said
    assert "title degraded" in said


def test_a_pointer_that_rests_on_the_icon_is_told(shown_tray: Shown, panel: Panel) -> None:
    """The tooltip stands beside it."""
    place = shown_tray.show(view_of(State.DEGRADED, "Chat is slow"))
    before = panel.grab()
    panel.move(*place)
    panel.wait_until(lambda: shown_tray.something_stands(before), what="the tooltip")
    panel.screenshot(f"{panel.name}-tooltip")


def test_the_tooltip_says_also_what_some_panels_take_for_markup(shown_tray: Shown, panel: Panel) -> None:
    """Waybar reads the text as Pango's markup, and shows an empty box where that is not well formed."""
    x, y = shown_tray.show(view_of(tooltip="Chat & Voice <beta> is fine"))
    before = panel.grab()

    def width() -> int:
        panel.move(x - 2, y)  # Qt passes over the first moves of a pointer that comes from elsewhere
        panel.move(x, y)
        time.sleep(1.5)
        box = ImageChops.difference(before, panel.grab()).crop((0, 300, 800, PANEL_FROM)).getbbox()
        return box[2] - box[0] if box else 0

    panel.wait_until(lambda: width() > WIDE, what="a tooltip with text in it")
    panel.screenshot(f"{panel.name}-markup")


def test_a_killed_panel_that_returns_has_the_icon_back(shown_tray: Shown, panel: Panel) -> None:
    """Within five seconds, with the look that came meanwhile."""
    shown_tray.show(view_of())
    panel.kill_panel()
    panel.wait_until(lambda: not panel.owner(WATCHER), what="no watcher")
    shown_tray.tray.show(view_of(State.MAJOR))
    panel.start_panel()
    panel.wait_colour(COLOURS[State.MAJOR], limit=5)
    panel.wait_until(shown_tray.tray.is_docked, limit=5)
