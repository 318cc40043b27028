"""The icon in X11's old tray: docking, clicks, transparency, and trays that come and go."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.desktop.bare_tray import Bare
from tests.desktop.desktops import wait_until
from tests.desktop.trayer import Trayer
from tests.desktop.views import DEFAULT, HOSTILE, view_of
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.tray.host import find_tray_host
from trayapp.desktop.tray.linux.x11 import X11Tray
from trayapp.model import Command, State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop


class Shown:
    """An X11 tray icon and what was done with it."""

    def __init__(self) -> None:
        self.acts: list[Command] = []
        self.changes: list[bool] = []
        self.tray: X11Tray = X11Tray(draw_icon, self.acts.append, self._note)

    def _note(self) -> None:
        self.changes.append(self.tray.is_docked)


@pytest.fixture
def shown_tray(x11: Trayer) -> Iterator[Shown]:
    """An icon without a tray yet."""
    shown = Shown()
    yield shown
    shown.tray.stop()
    assert not any(thread.name == "x11" for thread in threading.enumerate())


def test_the_icon_docks_when_a_tray_comes_and_takes_every_look(shown_tray: Shown, x11: Trayer) -> None:
    """Nothing is shown before; then each look at once."""
    shown_tray.tray.show(view_of())
    x11.start_tray()
    x11.wait_colour(COLOURS[State.OPERATIONAL])
    for state in State:
        shown_tray.tray.show(view_of(state))
        x11.wait_colour(COLOURS[state])
    assert shown_tray.changes == [True]


def test_a_click_with_any_button_does_what_the_default_line_says(shown_tray: Shown, x11: Trayer) -> None:
    """This tray has no menu, so left, middle and right are alike."""
    shown_tray.tray.show(view_of())
    x11.start_tray()
    place = x11.wait_colour(COLOURS[State.OPERATIONAL])
    for button in (1, 2, 3):
        x11.click(*place, button)
        x11.wait_until(lambda: shown_tray.acts, what=f"the click with button {button}")
        assert shown_tray.acts == [DEFAULT.command]
        shown_tray.acts.clear()


def test_the_panel_shows_through_the_icon(shown_tray: Shown, x11: Trayer) -> None:
    """Around the drawing stands the tray's own colour, and no black and no other rectangle."""
    shown_tray.tray.show(view_of(State.MAJOR))
    x11.start_tray()
    x, y = x11.wait_colour(COLOURS[State.MAJOR])
    screen = x11.grab()
    picture = screen.crop((x - 12, y - 12, x + 12, y + 12))
    x11.screenshot("x11-tray")
    colours = picture.getcolors(24 * 24) or []
    beside = screen.getpixel((x - 60, y))
    assert {picture.getpixel((x, y)) for x in (0, 23) for y in (0, 23)} == {beside}
    assert not any(colour == (0, 0, 0) for _, colour in colours)


def test_no_look_stands_around_the_next_where_the_panel_has_no_background(
    shown_tray: Shown, x11: Trayer
) -> None:
    """Budgie's panel is such a one: what cannot be cleared is painted over."""
    looks = (State.OPERATIONAL, State.MAJOR, State.MAINTENANCE, State.DEGRADED, State.PARTIAL)
    shown_tray.tray.show(view_of(looks[0]))
    tray = Bare()
    x11.wait_colour(COLOURS[looks[0]], above=Bare.SIDE)
    for before, look in pairwise(looks):
        shown_tray.tray.show(view_of(look))
        x11.wait_colour(COLOURS[look], above=Bare.SIDE)
        assert not x11.find_colour(COLOURS[before], above=Bare.SIDE), (before, look)
    tray.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_tray_that_dies_and_returns_has_the_icon_back(
    shown_tray: Shown, x11: Trayer, how: signal.Signals
) -> None:
    """With the look that came meanwhile, and no window left on the desktop between."""
    shown_tray.tray.show(view_of())
    x11.start_tray()
    x11.wait_colour(COLOURS[State.OPERATIONAL])
    x11.stop("trayer", how)
    x11.wait_until(lambda: not shown_tray.tray.is_docked, what="not docked")
    x11.wait_until(lambda: not x11.find_colour(COLOURS[State.OPERATIONAL]), what="no window left")
    shown_tray.tray.show(view_of(State.MAJOR))
    x11.start_tray()
    x11.wait_colour(COLOURS[State.MAJOR], limit=5)
    assert shown_tray.tray.is_docked


def test_a_display_that_dies_ends_only_the_icon(
    shown_tray: Shown, x11: Trayer, caplog: pytest.LogCaptureFixture
) -> None:
    """One log line; showing more and stopping return at once."""
    shown_tray.tray.show(view_of())
    x11.start_tray()
    x11.wait_until(lambda: shown_tray.tray.is_docked, what="docked")
    x11.stop("Xvfb", signal.SIGKILL)
    wait_until(lambda: not shown_tray.tray.is_docked, what="no icon any more")
    shown_tray.tray.show(view_of(State.MAJOR))
    assert caplog.text.count("no icon on X11 any more") == 1
    assert "the display is gone" in shown_tray.tray.reason


def test_a_display_that_hangs_holds_nobody(shown_tray: Shown, x11: Trayer) -> None:
    """Showing and stopping return while the X server answers nothing."""
    shown_tray.tray.show(view_of())
    x11.start_tray()
    x11.wait_until(lambda: shown_tray.tray.is_docked, what="docked")
    x11.signal("Xvfb", signal.SIGSTOP)
    began = time.monotonic()
    shown_tray.tray.show(view_of(State.MAJOR))
    shown_tray.tray.stop()
    assert time.monotonic() - began < 2
    x11.signal("Xvfb", signal.SIGCONT)
    x11.wait_until(lambda: not any(t.name == "x11" for t in threading.enumerate()), what="the thread's end")


def test_many_changes_leave_nothing_behind(shown_tray: Shown, x11: Trayer) -> None:
    """A thousand looks and hostile names later there are as many descriptors as before."""
    shown_tray.tray.show(view_of())
    x11.start_tray()
    x11.wait_until(lambda: shown_tray.tray.is_docked, what="docked")
    descriptors = len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # a count
    for number in range(1000):
        shown_tray.tray.show(view_of(list(State)[number % 7], f"{number} {HOSTILE}"))
    shown_tray.tray.show(view_of(State.MAJOR))
    x11.wait_colour(COLOURS[State.MAJOR])
    assert len(os.listdir("/proc/self/fd")) <= descriptors  # noqa: PTH208  # a count


def test_doctor_finds_the_tray_of_the_display(x11: Trayer) -> None:
    """Nothing at first, then X11's tray, each with what was found."""
    nothing = find_tray_host()
    assert nothing.kind == ""
    assert "no watcher" in nothing.description
    assert "no tray on the display" in nothing.description
    x11.start_tray()
    x11.wait_until(lambda: find_tray_host().kind == "X11", what="the tray")
