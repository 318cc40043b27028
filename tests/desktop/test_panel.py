"""The icon on a real XFCE panel: its pixels, its clicks, its menu, and the panel's death and return."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from tests.desktop.desktops import WATCHER, Place, Xfce
from tests.desktop.views import CHECK, DEFAULT, HOSTILE, LINES, English, view_of
from trayapp.desktop.bus import Bus
from trayapp.desktop.icon import COLOURS, draw
from trayapp.desktop.tray.linux import LinuxTray
from trayapp.model import Command, Look, MenuLine, State, View

pytestmark = pytest.mark.desktop

ROW = 25
"""Pixels from one line of the panel's menu to the next."""


class Shown:
    """A tray on the panel, its main loop on a thread, and what was done."""

    def __init__(self, desktop: Xfce) -> None:
        self.desktop = desktop
        self.acts: list[Command] = []
        self.bus = Bus.connect()
        self.tray = LinuxTray(self.bus, draw, self.acts.append, English(), None)
        self._thread = threading.Thread(target=self.tray.run)
        self._thread.start()

    def show(self, view: View) -> Place:
        """Show it; where its colour is on the screen."""
        self.tray.show(view)
        return self.desktop.wait_colour(COLOURS[view.look.state])

    def stop(self) -> None:
        """End, at once."""
        began = time.monotonic()
        self.tray.stop()
        self._thread.join(10)
        assert time.monotonic() - began < 1
        self.bus.close()

    def wait_act(self, command: Command | None) -> None:
        """Wait for a command."""
        self.desktop.wait_until(lambda: self.acts, what=f"{command}")
        assert self.acts == [command]
        self.acts.clear()


@pytest.fixture
def shown(xfce: Xfce) -> Iterator[Shown]:
    """A tray that runs."""
    shown = Shown(xfce)
    yield shown
    shown.stop()
    xfce.wait_until(lambda: not any(xfce.find_colour(COLOURS[state]) for state in State), what="no icon left")


def test_the_icon_appears_and_takes_every_look(shown: Shown, xfce: Xfce) -> None:
    """Each state's colour is on the panel, and the hollow look differs from the full one."""
    for state in State:
        before = xfce.grab()
        place = shown.show(view_of(state))
        xfce.wait_until(lambda before=before: xfce.grab() != before, what=f"full {state}")  # type: ignore[misc]
        full = xfce.grab()
        xfce.screenshot(f"panel-{state}-full")
        shown.tray.show(View(Look(state, hollow=True), "", "", LINES))
        xfce.wait_until(lambda full=full: xfce.grab() != full, what=f"hollow {state}")  # type: ignore[misc]
        xfce.screenshot(f"panel-{state}")
        assert place[1] > 560
    assert shown.tray.docked()


def test_a_left_click_does_what_the_default_line_says(shown: Shown, xfce: Xfce) -> None:
    """The panel calls Activate."""
    xfce.click(*shown.show(view_of()))
    shown.wait_act(DEFAULT.command)


def test_the_menu_opens_and_a_click_on_each_kind_of_line_arrives(shown: Shown, xfce: Xfce) -> None:
    """A plain line, a ticked one, a chosen one and one in a submenu; a line that is only said does nothing."""
    x, y = shown.show(view_of())
    bottom = y - 15  # the menu's lower end is on the panel's upper edge

    def choose(row_from_below: float, *further: Place) -> None:
        before = xfce.grab()
        xfce.click(x, y, 3)
        xfce.wait_until(lambda: _menu_is_open(xfce, before), what="the menu")
        place = (x + 40, round(bottom - ROW * row_from_below))
        for step in further:
            xfce.move(*place)
            time.sleep(0.4)  # a submenu opens only under a pointer that rests
            place = (place[0] + step[0], place[1] + step[1])
        xfce.screenshot("menu")
        xfce.click(*place)

    choose(0.5)
    shown.wait_act(LINES[-1].command)
    choose(5.5)
    shown.wait_act(CHECK.command)
    choose(3.5)
    shown.wait_act(LINES[4].command)
    choose(2.5)
    shown.wait_act(LINES[5].command)
    choose(1.5, (90, 0))
    shown.wait_act(LINES[6].lines[0].command)
    choose(4.5)
    xfce.key("Escape")
    xfce.click(x, y)
    xfce.click(x, y)
    xfce.wait_until(lambda: shown.acts, what="the click after the menu")
    assert set(shown.acts) == {DEFAULT.command}


def test_a_menu_that_is_open_stays_as_it_is(shown: Shown, xfce: Xfce) -> None:
    """Lines that come and go wait until it is closed; the line clicked meanwhile is the one that was seen."""
    x, y = shown.show(view_of())
    before = xfce.grab()
    xfce.click(x, y, 3)
    xfce.wait_until(lambda: _menu_is_open(xfce, before), what="the menu")
    shown.show(view_of(State.MAJOR, menu=(MenuLine("new", "New", CHECK.command), *LINES[:1], *LINES[3:-1])))
    xfce.screenshot("menu-kept")
    xfce.click(x + 40, round(y - 15 - ROW * 0.5))
    shown.wait_act(LINES[-1].command)


def test_texts_from_outside_are_shown_as_text(shown: Shown, xfce: Xfce) -> None:
    """Markup in tooltip and menu is drawn letter by letter; the pictures are kept for the eye."""
    x, y = shown.show(view_of(tooltip=HOSTILE, menu=(MenuLine("a", HOSTILE, CHECK.command), *LINES)))
    before = xfce.grab()
    xfce.move(x, y)
    xfce.wait_until(lambda: _menu_is_open(xfce, before), what="the tooltip")
    xfce.screenshot("hostile-tooltip")
    xfce.click(x, y, 3)
    xfce.wait_until(lambda: _menu_is_open(xfce, before), what="the menu")
    xfce.screenshot("hostile-menu")
    xfce.key("Escape")


def test_the_panel_reads_title_and_tooltip(shown: Shown, xfce: Xfce) -> None:
    """They are read back over the bus as the panel reads them."""
    shown.show(view_of(State.DEGRADED, "Chat is slow"))
    said = xfce.ask(
        shown.bus.unique_name,
        "/StatusNotifierItem",
        "org.freedesktop.DBus.Properties.GetAll",
        "string:org.kde.StatusNotifierItem",
    )
    assert "Chat is slow" in said
    assert "title degraded" in said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_panel_that_dies_and_returns_has_the_icon_back(
    shown: Shown, xfce: Xfce, how: signal.Signals
) -> None:
    """Within five seconds, with the look that came meanwhile."""
    shown.show(view_of())
    xfce.stop("xfce4-panel", how)
    xfce.wait_until(lambda: not xfce.owner(WATCHER), what="no watcher")
    shown.tray.show(view_of(State.MAJOR))
    xfce.start_panel()
    xfce.wait_colour(COLOURS[State.MAJOR], limit=5)
    xfce.wait_until(shown.tray.docked, limit=5)


def test_a_thousand_changes_leave_nothing_behind(shown: Shown, xfce: Xfce) -> None:
    """Descriptors and threads are as many as before, and the panel lives."""
    shown.show(view_of())
    descriptors, threads = len(os.listdir("/proc/self/fd")), threading.active_count()  # noqa: PTH208  # a count
    for number in range(1000):
        state = list(State)[number % 7]
        lines = LINES[number % 3 :] if number % 10 == 0 else LINES
        shown.tray.show(view_of(state, f"tip {number}", lines))
        time.sleep(0.001)
    shown.show(view_of(State.MAJOR))
    assert len(os.listdir("/proc/self/fd")) <= descriptors  # noqa: PTH208  # a count
    assert threading.active_count() <= threads
    assert xfce.owner(WATCHER)


def _menu_is_open(desktop: Xfce, before: object) -> bool:
    """Whether something stands on the otherwise black desktop."""
    return before != desktop.grab() and desktop.grab().crop((0, 300, 800, 560)).getbbox() is not None
