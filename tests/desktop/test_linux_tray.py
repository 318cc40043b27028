"""The way from one kind of tray to another, as desktops come, go and lack parts."""

from __future__ import annotations

import contextlib
import io
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.buses import PrivateBus
from tests.desktop.desktops import wait_until
from tests.desktop.hosts import Watcher
from tests.desktop.trayer import Trayer
from tests.desktop.views import English, view_of
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.tray.host import find_tray_host
from trayapp.desktop.tray.linux.tray import LinuxTray
from trayapp.model import Command, State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

ROOT = Path(__file__).parents[2]
NO_TRAY = "No system tray was found, so there is no icon; the status is printed here instead.\n"


class Running:
    """A tray whose main loop runs on a thread, and what it wrote."""

    def __init__(self, bus: Bus | None) -> None:
        self.out = io.StringIO()
        self.acts: list[Command] = []
        self.tray = LinuxTray(bus, draw_icon, self.acts.append, English(), self.out)
        self._thread = threading.Thread(target=self.tray.run)
        self._thread.start()

    @property
    def written(self) -> str:
        """All that was written so far."""
        return self.out.getvalue()

    def stop(self) -> None:
        """End; it must be at once."""
        began = time.monotonic()
        self.tray.stop()
        self._thread.join(10)
        assert time.monotonic() - began < 1


@pytest.fixture
def run() -> Iterator[Callable[[Bus | None], Running]]:
    """Starts trays, which are stopped at the end."""
    started: list[Running] = []

    def begin(bus: Bus | None) -> Running:
        started.append(Running(bus))
        return started[-1]

    yield begin
    for running in started:
        running.stop()


Run = Callable[[Bus | None], Running]


def test_without_bus_and_display_the_state_is_a_line_in_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says once why, then a line for each change and none for what is equal."""
    monkeypatch.delenv("DISPLAY", raising=False)
    running = run(None)
    running.tray.show(view_of())
    wait_until(lambda: "state is operational" in running.written, what="the first line")
    running.tray.show(view_of())
    running.tray.show(view_of(State.MAJOR))
    wait_until(lambda: "state is major_outage" in running.written, what="the second line")
    assert running.written == NO_TRAY + "the state is operational\nthe state is major_outage\n"
    assert not running.tray.is_docked()
    assert any("no session bus" in line for line in running.tray.explain())
    assert any("DISPLAY is not set" in line for line in running.tray.explain())


def test_a_host_that_comes_later_takes_the_icon(run: Run, join: Callable[[], Bus]) -> None:
    """The terminal line ends where the icon begins, and speaks again, without a new reason, when the host is gone."""
    running = run(join())
    running.tray.show(view_of())
    wait_until(lambda: "state is operational" in running.written, what="the line")
    watcher = Watcher(join(), has_host=False)
    watcher.host_comes()
    wait_until(running.tray.is_docked, what="docked")
    running.tray.show(view_of(State.MAJOR))
    watcher.bus.close()
    wait_until(lambda: "state is major_outage" in running.written, what="the line after the host")
    assert running.written == NO_TRAY + "the state is operational\nthe state is major_outage\n"


def test_a_host_at_the_start_leaves_the_terminal_silent(run: Run, join: Callable[[], Bus]) -> None:
    """Nothing is written where the icon is."""
    Watcher(join(), has_host=True)
    running = run(join())
    running.tray.show(view_of())
    wait_until(running.tray.is_docked, what="docked")
    running.tray.show(view_of(State.MAJOR))
    assert running.written == ""
    assert running.tray.explain()[0] == "StatusNotifierItem: shows the icon"
    assert find_tray_host().kind == "StatusNotifierItem"


def test_a_lost_bus_ends_in_the_terminal(
    run: Run, join: Callable[[], Bus], private_bus: PrivateBus, caplog: pytest.LogCaptureFixture
) -> None:
    """One log line of the loss, and the state goes on as a line."""
    ours = join()
    watcher = join()
    Watcher(watcher, has_host=True)
    running = run(ours)
    running.tray.show(view_of())
    wait_until(running.tray.is_docked, what="docked")
    watcher.close()
    with caplog.at_level(logging.WARNING):
        private_bus.close()
        running.tray.show(view_of(State.MAJOR))
        wait_until(lambda: "state is major_outage" in running.written, what="the line")
    assert caplog.text.count("the session bus is gone") == 1


def test_x11_is_taken_where_no_host_is_and_left_where_one_comes(run: Run, x11: Trayer) -> None:
    """The icon moves from the old tray to the new one, and back when that dies."""
    x11.start_tray()
    ours, other = Bus.connect(), Bus.connect()
    running = run(ours)
    running.tray.show(view_of())
    x11.wait_colour(COLOURS[State.OPERATIONAL])
    watcher = Watcher(other, has_host=True)
    x11.wait_until(lambda: not x11.find_colour(COLOURS[State.OPERATIONAL]), what="no icon in the old tray")
    assert running.tray.is_docked()
    watcher.bus.close()
    running.tray.show(view_of(State.MAJOR))
    x11.wait_colour(COLOURS[State.MAJOR])
    assert running.written == ""
    x11.stop("trayer", signal.SIGKILL)
    wait_until(lambda: running.written.endswith("the state is major_outage\n"), what="the terminal line")
    running.stop()
    ours.close()


@pytest.fixture
def knocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """A display of which nothing more is there than its socket, as on Wayland before anybody needs X11; who knocked."""
    with socket.socket(socket.AF_UNIX) as listening:
        number = next(n for n in range(700, 800) if not Path(f"/tmp/.X11-unix/X{n}").exists())  # noqa: S108
        place = Path(f"/tmp/.X11-unix/X{number}")  # noqa: S108  # where every X server has it
        place.parent.mkdir(mode=0o1777, exist_ok=True)
        listening.bind(str(place))
        listening.listen()
        listening.setblocking(False)
        monkeypatch.setenv("DISPLAY", f":{number}")
        count = 0

        def count_knocks() -> int:
            nonlocal count
            with contextlib.suppress(BlockingIOError):
                while True:
                    listening.accept()[0].close()
                    count += 1
            return count

        yield count_knocks
        place.unlink()


@pytest.mark.parametrize("sign", ["WAYLAND_DISPLAY=wayland-0", "XDG_SESSION_TYPE=wayland"])
def test_on_wayland_x11_is_not_touched_while_a_host_may_still_come(
    run: Run, join: Callable[[], Bus], monkeypatch: pytest.MonkeyPatch, knocks: Callable[[], int], sign: str
) -> None:
    """Neither at a login before the tray nor when its host goes, nor by doctor: a knock would start a whole server."""
    monkeypatch.setenv(*sign.split("="))
    running = run(join())
    running.tray.show(view_of())
    wait_until(lambda: "state is operational" in running.written, what="the terminal's turn")
    watcher = Watcher(join(), has_host=True)
    wait_until(running.tray.is_docked, what="docked")
    watcher.bus.close()
    running.tray.show(view_of(State.MAJOR))
    wait_until(lambda: "state is major_outage" in running.written, what="the terminal's turn again")
    assert find_tray_host().description.endswith("X11: not asked on Wayland")
    assert running.tray.explain()[1] == "X11 tray: not tried"
    assert knocks() == 0


@pytest.mark.parametrize("why", ["no bus", "no Wayland"])
def test_x11_is_tried_where_it_is_a_way(
    run: Run, join: Callable[[], Bus], monkeypatch: pytest.MonkeyPatch, knocks: Callable[[], int], why: str
) -> None:
    """Without a session bus also on Wayland."""
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    if why == "no bus":
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    running = run(None if why == "no bus" else join())
    running.tray.show(view_of())
    wait_until(knocks, what="the knock")


def test_it_stops_before_it_has_shown_anything(run: Run, join: Callable[[], Bus]) -> None:
    """Stopping early, or twice, or from a signal's handler while the loop sleeps, ends it."""
    running = run(join())
    running.stop()
    running.stop()
    assert running.written == ""


def test_nothing_is_written_where_there_is_no_terminal(join: Callable[[], Bus]) -> None:
    """A windowed program has no standard output; the tray runs all the same."""
    tray = LinuxTray(join(), draw_icon, print, English(), None)
    thread = threading.Thread(target=tray.run)
    thread.start()
    tray.show(view_of())
    wait_until(lambda: tray.explain()[1] != "X11 tray: not tried", what="the terminal's turn")
    tray.stop()
    thread.join(5)
    assert not thread.is_alive()


IN_PROCESS = """
import sys, threading
from tests.desktop.desktops import wait_until
from tests.desktop.hosts import Reader, Watcher
from tests.desktop.views import English, view_of
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.tray.linux.tray import LinuxTray
from trayapp.model import State

acts = []
ours, theirs = Bus.connect(), Bus.connect()
Watcher(theirs, has_host=True)
tray = LinuxTray(ours, draw_icon, acts.append, English(), None)
thread = threading.Thread(target=tray.run)
thread.start()
tray.show(view_of())
wait_until(tray.is_docked, what="docked")
host = Reader(theirs, ours.unique_name)
host.property("IconPixmap")
host.do("Activate", "ii", 0, 0)
host.menu("Event", "isvu", host.ids()["Check now"], "clicked", ("i", 0), 0)
tray.show(view_of(State.MAJOR, menu=view_of().menu[:1]))
wait_until(lambda: "Check now" not in host.ids(), what="the shorter menu")
tray.stop()
thread.join()
loaded = [name for name in sys.modules if name.split(".")[0] in {"pystray", "Xlib"} or "ImagePlugin" in name]
print([str(act.act) for act in acts], loaded)
"""


def test_an_icon_on_the_bus_loads_neither_pystray_nor_a_format_of_images(private_bus: PrivateBus) -> None:
    """Shown, read, clicked and changed, its menu read and clicked: the rows are made of the menu's own lines."""
    done = subprocess.run(
        [sys.executable, "-c", IN_PROCESS], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "['details', 'check'] []\n"
