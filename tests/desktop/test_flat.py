"""What a month of changes costs on a real panel: nothing that stays, and nothing at all where nothing changed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desktop.desktops import WATCHER, wait_until
from tests.desktop.shown import Shown
from tests.desktop.views import LINES, view_of
from tests.desktop.xfce import Xfce

pytestmark = pytest.mark.desktop

ROOT = Path(__file__).parents[2]
GROWTH = 512
"""KiB that the process may hold more after a thousand changes than before."""

PROGRAM = """
from trayapp.desktop.malloc_options import limit_heap
limit_heap()
import gc, json, os, sys, threading, time
from tests.desktop.views import LINES, English, view_of
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.tray.linux.tray import LinuxTray
from trayapp.model import State

bus = Bus.connect()
tray = LinuxTray(bus, draw_icon, print, English(), None)
main = threading.Thread(target=tray.run)
main.start()

def change(number):
    lines = LINES[number % 3 :] if number % 10 == 0 else LINES
    view = view_of(list(State)[number % 7], f"tip {number}", lines)
    tray.show(view)
    while tray._sni is None or tray._sni._view is not view:  # else only the newest of several would be shown
        time.sleep(0.0005)

def cost():
    time.sleep(0.5)
    gc.collect()
    kib = next(int(line.split()[1]) for line in open("/proc/self/smaps_rollup") if line.startswith("Private_Dirty"))
    files = len(os.listdir("/proc/self/fd"))
    print(json.dumps({"kib": kib, "files": files, "threads": threading.active_count()}), flush=True)

for _ in range(2):
    for number in range(1000):
        change(number)
    cost()
tray.stop()
main.join()
bus.close()
"""


def test_a_thousand_changes_of_icon_menu_and_tooltip_leave_nothing_behind(xfce: Xfce, tmp_path: Path) -> None:
    """After a first thousand, memory, descriptors and threads stay as they are; no temporary file was ever left."""
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**xfce.env, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    before, after = (json.loads(line) for line in process.stdout.splitlines())
    assert after["kib"] - before["kib"] < GROWTH
    assert (after["files"], after["threads"]) == (before["files"], before["threads"])
    assert not list(tmp_path.iterdir())
    assert xfce.owner(WATCHER)


class Monitor:
    """All that one connection sends over the bus, as `dbus-monitor` writes it down."""

    def __init__(self, desktop: Xfce, sender: str, folder: Path) -> None:
        self._file = folder / "traffic"
        self._sender = sender
        with self._file.open("wb") as file:
            self._process = subprocess.Popen(
                ["dbus-monitor", "--profile", f"sender='{sender}'"], env=desktop.env, stdout=file
            )
        wait_until(lambda: "NameLost" in self._file.read_text(), what="the bus's monitor")

    def members(self) -> list[str]:
        """The names of the signals and calls so far; answers have none."""
        lines = [line.split("\t") for line in self._file.read_text().splitlines()]
        return [line[-1] for line in lines if line[0] in {"sig", "mc"} and self._sender in line]

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)


@pytest.fixture
def shown_tray(xfce: Xfce) -> Iterator[Shown]:
    """A tray that runs."""
    shown = Shown(xfce)
    yield shown
    shown.stop()


def test_equal_views_send_nothing_over_the_bus(shown_tray: Shown, xfce: Xfce, tmp_path: Path) -> None:
    """A thousand views that are equal, though each is a new one, are silent; a changed tooltip is one signal."""
    shown_tray.show(view_of())
    wait_until(shown_tray.tray.is_docked, what="docked")
    monitor = Monitor(xfce, shown_tray.bus.unique_name, tmp_path)
    for _ in range(1000):
        shown_tray.tray.show(view_of(menu=tuple(replace(line) for line in LINES)))
    shown_tray.tray.show(view_of(tooltip="other"))
    wait_until(lambda: "NewToolTip" in monitor.members(), what="the changed tooltip")
    monitor.close()
    assert monitor.members() == ["NewToolTip"]
