"""X11's old tray where GTK and AppIndicator are there: the icon has its menu, though nobody hosts AppIndicator's.

In a process of its own, which ends with its display.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desktops import Place
from tests.desktop.trayer import Trayer
from trayapp.model import State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

ROOT = Path(__file__).parents[2]
SYSTEM_GI = Path("/usr/lib/python3/dist-packages/gi")

PROGRAM = """
import sys, threading
from tests.desktop.views import English, view_of
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.tray.linux.tray import LinuxTray
from trayapp.model import State

def act(command):
    print("act", command.act, command.argument, flush=True)

bus = Bus.connect()
tray = LinuxTray(bus, draw_icon, act, English(), None)

def read():
    for line in sys.stdin:
        if line == "?\\n":
            print(tray.explain()[2], flush=True)
        else:
            tray.show(view_of(State(line.strip())))
    print(*tray.explain(), sep="\\n", flush=True)
    tray.stop()

threading.Thread(target=read).start()
tray.run()
bus.close()
print("ended", flush=True)
"""


class Program:
    """The tray in a process with the system's gi: states go in, what was done comes out."""

    def __init__(self, desktop: Trayer, modules: Path) -> None:
        self._desktop = desktop
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env={**desktop.env, "PYTHONPATH": f"{modules}:{ROOT}", "TMPDIR": str(modules / "tmp")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def show(self, state: State) -> Place:
        """Show a state; its place on the screen."""
        self._tell(state)
        return self._desktop.wait_colour(COLOURS[state])

    def is_gtk(self) -> bool:
        """Whether the icon is GTK's by now."""
        self._tell("?")
        return self.line() == "X11 tray through GTK: shows the icon"

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def line(self) -> str:
        """The next line of its output."""
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def end(self) -> str:
        """End its input; the rest of its output."""
        return self._process.communicate(timeout=20)[0]


@pytest.fixture
def program(x11: Trayer, tmp_path: Path) -> Iterator[Program]:
    """A program that finds the system's gi."""
    modules = tmp_path / "modules"
    (modules / "tmp").mkdir(parents=True)
    (modules / "gi").symlink_to(SYSTEM_GI)
    check = (
        "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('AyatanaAppIndicator3', '0.1');"
        "from gi.repository import AyatanaAppIndicator3, Gtk"
    )
    if subprocess.run(
        [sys.executable, "-c", check], env={"PYTHONPATH": str(modules)}, capture_output=True, check=False
    ).returncode:
        pytest.skip(
            "needs python3-gi, gir1.2-gtk-3.0 and gir1.2-ayatanaappindicator3-0.1 for this very Python;"
            " `make desktop-tools` installs Debian's"
        )
    x11.start_tray()
    program = Program(x11, modules)
    yield program
    program.end()
    assert not list((modules / "tmp").iterdir())


def test_with_gtk_the_old_tray_has_the_whole_menu(program: Program, x11: Trayer) -> None:
    """Left click is the default line, right click opens the menu, a click on its last line arrives; no file is left."""
    x, y = program.show(State.OPERATIONAL)
    for state in (State.MAJOR, State.DEGRADED):
        program.show(state)
    x11.wait_until(program.is_gtk, what="GTK's icon")
    x11.click(x, y)
    assert program.line() == "act details"
    x11.click(x, y, 3)
    x11.wait_until(lambda: x11.grab().crop((0, 300, 800, 560)).getbbox(), what="the menu")
    time.sleep(0.3)  # GTK takes a click that comes with the menu for the one that opened it
    program.show(State.MAJOR)
    x11.screenshot("gtk-menu")
    x11.click(x - 20, y - 30)
    assert program.line() == "act quit"
    assert program.end().endswith(
        "StatusNotifierItem: no program on the session bus shows icons\nX11 tray: not tried\nX11 tray through GTK: shows the icon\nended\n"
    )
