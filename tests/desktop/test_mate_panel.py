"""The icon on a real MATE panel, which is light, asks for properties one by one and sends plain events."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.desktop import mate
from tests.desktop.conftest import SKIP, live_in
from tests.desktop.desktops import WATCHER
from tests.desktop.mate import Mate
from tests.desktop.shown import Shown
from tests.desktop.views import DEFAULT, view_of
from trayapp.desktop.icon import COLOURS
from trayapp.model import State

pytestmark = pytest.mark.desktop


@pytest.fixture(scope="module")
def panel(desktop_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mate]:
    """One MATE panel for all tests here."""
    if missing := mate.missing_tools():
        pytest.skip(SKIP.format(", ".join(missing)))
    desktop = Mate(tmp_path_factory.mktemp("mate"))
    yield desktop
    desktop.close()


@pytest.fixture
def shown(panel: Mate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    """A tray that runs on it."""
    live_in(panel, monkeypatch)
    shown = Shown(panel)
    yield shown
    panel.key("Escape")
    panel.move(400, 300)
    shown.stop()
    panel.wait_until(lambda: not any(panel.find_colour(COLOURS[state]) for state in State), what="no icon")


def test_the_icon_appears_and_takes_every_look(shown: Shown) -> None:
    """Each state's colour is on the panel, and no two of the full and hollow looks are the same picture."""
    shown.each_look("mate")


def test_a_left_click_does_what_the_default_line_says(shown: Shown, panel: Mate) -> None:
    """The panel calls Activate."""
    panel.click(*shown.show(view_of()))
    shown.wait_act(DEFAULT.command)


def test_the_menu_opens_and_a_click_on_each_kind_of_line_arrives(shown: Shown) -> None:
    """A plain line, a ticked one, a chosen one and one in a submenu; a line that is only said does nothing."""
    shown.each_kind_of_line("mate-menu")


def test_the_tooltip_is_read_back_and_shown(shown: Shown, panel: Mate) -> None:
    """It comes over the bus as the panel reads it, and stands under a pointer that rests on the icon."""
    place = shown.show(view_of(State.DEGRADED, "Chat is slow"))
    said = shown.read_back()
    assert "Chat is slow" in said
    assert "title degraded" in said
    before = panel.grab()
    panel.move(*place)
    panel.wait_until(lambda: shown.something_stands(before), what="the tooltip")
    panel.screenshot("mate-tooltip")


def test_a_killed_panel_that_returns_has_the_icon_back(shown: Shown, panel: Mate) -> None:
    """Within five seconds, with the look that came meanwhile."""
    shown.show(view_of())
    panel.stop("mate-panel", signal.SIGKILL)
    panel.stop("notification-area-applet", signal.SIGKILL)
    panel.wait_until(lambda: not panel.owner(WATCHER), what="no watcher")
    shown.tray.show(view_of(State.MAJOR))
    panel.start_panel()
    panel.wait_colour(COLOURS[State.MAJOR], limit=5)
    panel.wait_until(shown.tray.docked, limit=5)
