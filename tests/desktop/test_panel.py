"""The icon on a real XFCE panel: its pixels, its clicks, its menu, and the panel's death and return."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.desktop.desktops import WATCHER
from tests.desktop.shown import Shown
from tests.desktop.views import CHECK, DEFAULT, HOSTILE, LINES, view_of
from tests.desktop.xfce import Xfce
from trayapp.model import MenuLine, State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop


@pytest.fixture
def shown_tray(xfce: Xfce) -> Iterator[Shown]:
    """A tray that runs."""
    shown = Shown(xfce)
    yield shown
    shown.stop()
    xfce.wait_until(lambda: not any(xfce.find_colour(COLOURS[state]) for state in State), what="no icon left")


def test_the_icon_appears_and_takes_every_look(shown_tray: Shown) -> None:
    """Each state's colour is on the panel, and no two of the full and hollow looks are the same picture."""
    shown_tray.each_look("panel")


@pytest.mark.parametrize("button", [1, 2], ids=["Activate", "SecondaryActivate"])
def test_a_left_or_middle_click_does_what_the_default_line_says(
    shown_tray: Shown, xfce: Xfce, button: int
) -> None:
    """The panel calls Activate for the left button and SecondaryActivate for the middle one."""
    xfce.click(*shown_tray.show(view_of()), button)
    shown_tray.wait_act(DEFAULT.command)


def test_the_menu_opens_and_a_click_on_each_kind_of_line_arrives(shown_tray: Shown, xfce: Xfce) -> None:
    """A plain line, a ticked one, a chosen one and one in a submenu; a line that is only said does nothing."""
    shown_tray.each_kind_of_line("menu")


def test_lines_of_the_menu_bear_their_states_icon(shown_tray: Shown) -> None:
    """In colour, on the line that tells of it."""
    shown_tray.pictured_lines("menu-icons")


def test_a_submenu_that_is_renamed_has_its_lines(shown_tray: Shown) -> None:
    """All properties of a changed line are sent, and no host takes them for a new, empty submenu."""
    shown_tray.renamed_submenu("panel-renamed")


def test_a_menu_that_is_open_stays_as_it_is(shown_tray: Shown, xfce: Xfce) -> None:
    """Lines that come and go wait until it is closed; the line clicked meanwhile is the one that was seen."""
    lowest, *_ = shown_tray.open_menu(shown_tray.show(view_of()))
    shown_tray.show(
        view_of(State.MAJOR, menu=(MenuLine("new", "New", CHECK.command), *LINES[:1], *LINES[3:-1]))
    )
    xfce.screenshot("menu-kept")
    xfce.click(*lowest)
    shown_tray.wait_act(LINES[-1].command)


def test_texts_from_outside_are_shown_as_text(shown_tray: Shown, xfce: Xfce) -> None:
    """Markup in tooltip and menu is drawn letter by letter; the pictures are kept for the eye."""
    x, y = shown_tray.show(view_of(tooltip=HOSTILE, menu=(MenuLine("a", HOSTILE, CHECK.command), *LINES)))
    before = xfce.grab()
    xfce.move(x, y)
    xfce.wait_until(lambda: shown_tray.something_stands(before), what="the tooltip")
    xfce.screenshot("hostile-tooltip")
    shown_tray.open_menu((x, y))
    xfce.screenshot("hostile-menu")
    xfce.key("Escape")


def test_the_panel_reads_title_and_tooltip(shown_tray: Shown, xfce: Xfce) -> None:
    """They are read back over the bus as the panel reads them."""
    shown_tray.show(view_of(State.DEGRADED, "Chat is slow"))
    said = shown_tray.read_back()
    assert "Chat is slow" in said
    assert "title degraded" in said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_panel_that_dies_and_returns_has_the_icon_back(
    shown_tray: Shown, xfce: Xfce, how: signal.Signals
) -> None:
    """Within five seconds, with the look that came meanwhile."""
    shown_tray.show(view_of())
    xfce.stop("xfce4-panel", how)
    xfce.wait_until(lambda: not xfce.owner(WATCHER), what="no watcher")
    shown_tray.tray.show(view_of(State.MAJOR))
    xfce.start_panel()
    xfce.wait_colour(COLOURS[State.MAJOR], limit=5)
    xfce.wait_until(shown_tray.tray.is_docked, limit=5)


def test_a_panel_that_comes_when_nobody_waits_any_more_takes_the_icon(shown_tray: Shown, xfce: Xfce) -> None:
    """Every way was tried and the terminal speaks; whenever a panel comes after that, the icon is there, once."""
    xfce.stop("xfce4-panel")
    xfce.wait_until(lambda: not xfce.owner(WATCHER), what="no watcher")
    shown_tray.tray.show(view_of())
    xfce.wait_until(lambda: shown_tray.tray._terminal._live, what="the terminal's turn")
    assert not shown_tray.tray.is_docked()
    xfce.start_panel()
    xfce.wait_colour(COLOURS[State.OPERATIONAL], limit=5)
    xfce.wait_until(lambda: shown_tray.tray.explain()[0] == "StatusNotifierItem: shows the icon", limit=5)
    xfce.wait_until(lambda: shown_tray.tray.explain()[1] == "X11 tray: not tried", what="the old tray left")
