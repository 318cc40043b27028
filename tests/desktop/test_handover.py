"""The icon goes from one real panel to the other while both are there and the watcher's name is never free."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import lxqt
from tests.desktop.conftest import SKIP, live_in
from tests.desktop.desktops import PANEL_FROM, WATCHER
from tests.desktop.shown import Shown
from tests.desktop.views import view_of
from tests.desktop.xfce import Xfce
from trayapp.model import State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

TOP = 40
"""The rows of the screen that LXQt's panel has here; XFCE's has the bottom."""


@pytest.fixture
def desktop(desktop_tools: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Xfce]:
    """XFCE with its panel at the bottom, ready for LXQt's at the top."""
    if missing := [tool for tool in lxqt.TOOLS if shutil.which(tool) is None]:
        pytest.skip(SKIP.format(", ".join(missing)))
    both = Xfce(tmp_path)
    lxqt.configure(tmp_path, "Top")
    live_in(both, monkeypatch)
    yield both
    both.close()


def waiting(desktop: Xfce) -> int:
    """How many programs have the watcher's name or wait for it."""
    bus = "org.freedesktop.DBus"
    return desktop.ask(bus, "/", f"{bus}.ListQueuedOwners", f"string:{WATCHER}").count(":")


def hand_over(desktop: Xfce, goes: str, comes: str) -> None:
    """Start the next panel, then end the one that has the name."""
    before = desktop.owner(WATCHER)
    desktop.start(comes, *["--disable-wm-check"] * (comes == "xfce4-panel"))
    desktop.wait_until(lambda: waiting(desktop) == 2, what=f"{comes} beside {goes}")
    desktop.stop(goes)
    desktop.wait_until(lambda: desktop.owner(WATCHER) not in {"", before}, what=f"{comes} in its place")


def test_a_panel_handed_over_five_times_between_xfce_and_lxqt_has_the_icon_each_time(desktop: Xfce) -> None:
    """The next panel is there before the one with the icon ends; each time with the look that came meanwhile."""
    shown = Shown(desktop)
    shown.show(view_of())
    for turn in range(5):
        goes, comes = ("xfce4-panel", "lxqt-panel") if turn % 2 == 0 else ("lxqt-panel", "xfce4-panel")
        hand_over(desktop, goes, comes)
        look = (State.MAJOR, State.DEGRADED)[turn % 2]
        shown.tray.show(view_of(look))
        rows = {"above": TOP} if comes == "lxqt-panel" else {"below": PANEL_FROM}
        desktop.wait_colour(COLOURS[look], limit=8, what=f"the icon on {comes}, turn {turn}", **rows)
        desktop.wait_until(shown.tray.is_docked, what="docked")
        desktop.screenshot(f"handover-{turn}")
    shown.stop()
