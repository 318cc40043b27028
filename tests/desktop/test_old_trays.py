"""The icon in real trays of X11's old way: some hand its window back to the desktop when they end."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.conftest import SKIP, live_in
from tests.desktop.desktops import PANEL_FROM
from tests.desktop.old_trays import TRAYS, OldDesktop
from tests.desktop.shown import Shown
from tests.desktop.views import DEFAULT, view_of
from trayapp import APP_ID
from trayapp.model import State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

LOOKS = (State.OPERATIONAL, State.MAJOR)


@pytest.fixture(params=TRAYS)
def desktop(
    desktop_tools: None, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OldDesktop]:
    """A display that this process sees as its own."""
    tray = TRAYS[request.param]
    if missing := [tool for tool in (tray.manager, tray.program) if tool and shutil.which(tool) is None]:
        pytest.skip(SKIP.format(", ".join(missing)))
    desktop = OldDesktop(tmp_path, tray)
    live_in(desktop, monkeypatch)
    yield desktop
    desktop.close()


@pytest.fixture
def shown_tray(desktop: OldDesktop) -> Iterator[Shown]:
    """A tray icon that waits for its tray."""
    shown = Shown(desktop)
    yield shown
    shown.stop()


def seen_windows(desktop: OldDesktop) -> list[bool]:
    """Of each window of the icon's, whether it can be seen; while there is no tray, that is on the desktop."""

    def run_xwininfo(*options: str) -> str:
        told = subprocess.run(
            ["xwininfo", *options], env=desktop.env, capture_output=True, text=True, check=False
        )
        return told.stdout

    ours = [line.split()[0] for line in run_xwininfo("-root", "-tree").splitlines() if f'"{APP_ID}' in line]
    return ["IsViewable" in run_xwininfo("-id", window) for window in ours]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_tray_restarted_ten_times_has_the_icon_ten_times_and_the_desktop_no_window(
    desktop: OldDesktop, shown_tray: Shown, how: signal.Signals
) -> None:
    """Ended by itself or killed, each time the icon comes back with the look that came meanwhile."""
    for turn in range(10):
        look = LOOKS[turn % 2]
        shown_tray.tray.show(view_of(look))
        desktop.start_tray()
        desktop.wait_colour(COLOURS[look], limit=10, what=f"the icon, turn {turn}", below=PANEL_FROM)
        desktop.wait_until(shown_tray.tray.is_docked, limit=5, what="docked")
        desktop.stop_tray(how)
        desktop.wait_until(lambda: not shown_tray.tray.is_docked(), limit=5, what="not docked")
        desktop.wait_until(lambda: seen_windows(desktop) == [False], limit=5, what="one window, hidden")
        # A display wipes the panel's place a moment after the panel's process has ended.
        gone = lambda colour=COLOURS[look]: not desktop.find_colour(colour)  # noqa: E731  # bound now
        desktop.wait_until(gone, limit=5, what="nothing of the icon")


def test_a_tray_that_returns_before_its_end_was_noticed_has_the_icon(
    desktop: OldDesktop, shown_tray: Shown
) -> None:
    """One ends and the next begins without a pause, ten times; the icon is there then, and no other window."""
    shown_tray.tray.show(view_of())
    desktop.start_tray()
    desktop.wait_colour(COLOURS[State.OPERATIONAL], limit=10, below=PANEL_FROM)
    for turn in range(10):
        desktop.stop_tray((signal.SIGTERM, signal.SIGKILL)[turn % 2])
        desktop.start_tray()
        look = LOOKS[turn % 2]
        shown_tray.tray.show(view_of(look))
        desktop.wait_colour(COLOURS[look], limit=10, what=f"the icon, turn {turn}", below=PANEL_FROM)
        assert not desktop.find_colour(COLOURS[look], above=PANEL_FROM)


def test_a_click_on_the_icon_does_what_the_default_line_says(desktop: OldDesktop, shown_tray: Shown) -> None:
    """Also after the tray came back."""
    for _ in range(2):
        desktop.start_tray()
        shown_tray.tray.show(view_of())
        place = desktop.wait_colour(COLOURS[State.OPERATIONAL], below=PANEL_FROM)
        desktop.screenshot("old-tray")
        desktop.click(*place)
        shown_tray.wait_act(DEFAULT.command)
        desktop.stop_tray()
        desktop.wait_until(lambda: not shown_tray.tray.is_docked(), limit=5, what="not docked")
