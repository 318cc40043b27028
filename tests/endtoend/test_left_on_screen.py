"""What an ended or killed program leaves on the screen of a real notification server."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desktops import Desktop, wait_until
from tests.desktop.xfce import DUNST_CONFIG
from tests.endtoend import scenes
from tests.endtoend.command import configure_home, ran, settings
from tests.endtoend.conftest import SERVER
from tests.endtoend.running import QUICK, Program
from trayapp.demo.server import StatusServer
from trayapp.model import State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

RED, GREEN = COLOURS[State.MAJOR], COLOURS[State.OPERATIONAL]


@pytest.fixture
def screen(desktop_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """A screen with dunst alone: what has a look's colour there is a notice."""
    screen = Desktop(tmp_path_factory.mktemp("screen"))
    config = screen.home / "dunstrc"
    config.write_text(DUNST_CONFIG.format(left_click="close_current"))
    screen.start("dunst", "-conf", str(config))
    screen.wait_until(lambda: screen.owner(SERVER), what="dunst on the bus")
    yield screen
    screen.close()


def program_on(home: Path, screen: Desktop) -> Program:
    """The program on that screen, on a quick clock."""
    names = ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")
    return Program(home, command=QUICK, env={name: screen.env[name] for name in names})


@pytest.mark.parametrize("how", ["killed", "quit", "terminated"])
def test_no_down_stays_on_the_screen_beside_back(how: str, tmp_path: Path, screen: Desktop) -> None:
    """Whichever way the program ended in the outage, once it is over and the next run has told it, only that stands."""
    with StatusServer(scenes.calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        with program_on(home, screen) as program:
            program.wait_for("fine")
            server.set_answers(scenes.down("ChatGPT"))
            screen.wait_colour(RED, limit=60, what="the start")
            wait_until(lambda: _is_kept(home), what="what stands, on the disk")
            if how == "killed":
                program.kill()
                assert screen.find_colour(RED)
            elif how == "quit":
                assert ran(home, "quit").code == 0
            else:
                program.end(signal.SIGTERM)
            if how != "killed":
                screen.wait_until(lambda: not screen.find_colour(RED), what="the start taken back")
        with program_on(home, screen):
            server.set_answers(scenes.calm(scenes.AFTER))
            screen.wait_colour(GREEN, limit=60, what="the end")
            screen.wait_until(lambda: not screen.find_colour(RED), what="no start beside it")
            screen.screenshot(f"left-on-screen-{how}")


def _is_kept(home: Path) -> bool:
    """Whether what stands on the screen is on the disk."""
    files = home.glob("state.db*")
    return any(b'"standing": {"' in file.read_bytes() for file in files)
