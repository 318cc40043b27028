"""What lasts on the screens of real notification servers: taken back at the end, replaced by the next run."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desktop import wayland
from tests.desktop.conftest import SKIP, live_in
from tests.desktop.desktops import Desktop
from tests.desktop.test_freedesktop import DUNST
from tests.desktop.tools import find_program, xfconfd
from tests.desktop.views import NOTICE
from tests.desktop.wayland import Sway
from trayapp.desktop.dbus.bus import Body, Bus
from trayapp.desktop.notifications.freedesktop import PATH, SERVER, FreedesktopNotifier
from trayapp.model import Command, DisplayedNotification, Look, State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

RED, GREEN, YELLOW = (COLOURS[state] for state in (State.MAJOR, State.OPERATIONAL, State.DEGRADED))
END = replace(NOTICE, id="n2", title="Chat is back", lasting=False, look=Look(State.OPERATIONAL))
OTHER = replace(
    NOTICE, id="n3", title="API is slow", thread="inc-2", lasting=False, look=Look(State.DEGRADED)
)
STRANGER: Body = ("stranger", 0, "", "not ours", "", [], {}, 0)


def dunst(desktop: Desktop) -> str:
    """Start dunst."""
    config = desktop.home / "dunstrc"
    config.write_text(DUNST)
    desktop.start("dunst", "-conf", str(config))
    return "dunst"


def mako(desktop: Desktop) -> str:
    """Start mako."""
    desktop.start("mako", "--default-timeout", "60000")
    return "mako"


def notifyd(desktop: Desktop) -> str:
    """Start XFCE's server."""
    desktop.start(find_program("xfce4/notifyd/xfce4-notifyd"))
    return "xfce4-notifyd"


SERVERS: Mapping[str, Callable[[Desktop], str]] = {"dunst": dunst, "mako": mako, "xfce4-notifyd": notifyd}


class Screen:
    """A screen with one of the servers, and the program's part that talks to it, in one run after the other."""

    def __init__(self, desktop: Desktop, start: Callable[[Desktop], str], pictures: Path) -> None:
        self.desktop = desktop
        self.pictures = pictures
        self._start = start
        self.commands: list[Command] = []
        self.standing: dict[str, DisplayedNotification] = {}
        self.name = ""
        self.start_server()
        self.begin()

    def start_server(self) -> None:
        """Start it and wait for its name."""
        self.name = self._start(self.desktop)
        self.desktop.wait_until(lambda: self.desktop.owner(SERVER), what="the server on the bus")

    def begin(self) -> None:
        """A run of the program, which knows what the one before left."""
        self.bus = Bus.connect()
        self.server = FreedesktopNotifier(self.bus, self.commands.append, self.pictures)
        self.server.restore_displayed(self.standing)

    def die(self) -> None:
        """End the run as a kill does: the bus only sees it gone."""
        self.bus.close()

    def end(self) -> None:
        """End the run in order."""
        self.server.close()
        self.bus.close()

    def wait_gone(self, colour: tuple[int, int, int]) -> None:
        """Wait until a notice's picture is on the screen no more."""
        self.desktop.wait_until(lambda: not self.desktop.find_colour(colour), what="no such notice")


@pytest.fixture(params=SERVERS)
def screen(
    desktop_tools: None, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Screen]:
    """A screen of its own for each test."""
    tools = (*wayland.TOOLS, "mako") if request.param == "mako" else ("dunst",)
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if request.param == "xfce4-notifyd":
        missing = [] if find_program("xfce4/notifyd/xfce4-notifyd") else ["xfce4-notifyd"]
    if missing:
        pytest.skip(SKIP.format(", ".join(missing)))
    with tempfile.TemporaryDirectory() as home:  # short, for sway's socket
        desktop = Sway(Path(home)) if request.param == "mako" else Desktop(Path(home))
        if request.param == "xfce4-notifyd":
            desktop.start(xfconfd())
        live_in(desktop, monkeypatch)
        screen = Screen(desktop, SERVERS[request.param], tmp_path)
        yield screen
        screen.bus.close()
        desktop.close()


def test_an_orderly_end_takes_back_what_lasts_and_nothing_else(screen: Screen) -> None:
    """Nobody would take it away once its trouble is over."""
    screen.server.show(NOTICE)
    screen.server.show(OTHER)
    screen.desktop.wait_colour(RED)
    screen.desktop.wait_colour(YELLOW)
    screen.end()
    screen.wait_gone(RED)
    screen.desktop.wait_colour(YELLOW)
    assert not list(screen.pictures.glob("*"))


def test_the_next_run_puts_the_end_in_the_place_of_a_killed_ones_start(screen: Screen) -> None:
    """No "down" stays beside "back"."""
    standing = screen.server.show(NOTICE)
    assert standing
    screen.desktop.wait_colour(RED)
    screen.die()
    screen.standing = {NOTICE.thread: standing}
    screen.begin()
    screen.server.show(END)
    screen.desktop.wait_colour(GREEN)
    screen.wait_gone(RED)
    screen.desktop.screenshot(f"standing-{screen.name}")


def test_what_is_over_and_not_told_is_taken_back(screen: Screen) -> None:
    """Also what a killed run left; what does not last stays until the server lets it go."""
    standing = screen.server.show(NOTICE)
    assert standing
    screen.server.show(OTHER)
    screen.die()
    screen.standing = {NOTICE.thread: standing}
    screen.begin()
    screen.desktop.wait_colour(RED)
    screen.server.withdraw((NOTICE.thread, OTHER.thread))
    screen.wait_gone(RED)
    screen.desktop.wait_colour(YELLOW)


def test_the_number_of_a_server_that_was_restarted_replaces_nobodys_notice(screen: Screen) -> None:
    """The new one counts from the beginning, and another program's notice has that number now."""
    standing = screen.server.show(NOTICE)
    assert standing
    screen.die()
    screen.desktop.stop(screen.name, signal.SIGKILL)
    screen.start_server()
    screen.standing = {NOTICE.thread: standing}
    screen.begin()
    (number,) = screen.bus.call(SERVER, PATH, SERVER, "Notify", "susssasa{sv}i", STRANGER)
    assert number == standing.number  # else this shows nothing
    shown = screen.server.show(END)
    assert shown
    assert shown.number != number
