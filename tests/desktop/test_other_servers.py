"""Notices on the servers of XFCE and of GNOME's fallback session, which differ in what a click does."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.desktop.conftest import SKIP, live_in
from tests.desktop.desktops import Desktop, Place
from tests.desktop.tools import find_program, xfconfd
from tests.desktop.views import NOTICE
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.notifications.base import SHOW_TIMEOUT, NotifyError
from trayapp.desktop.notifications.freedesktop import SERVER, FreedesktopNotifier
from trayapp.model import Action, Command, Look, State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

RED, GREEN, YELLOW = (COLOURS[state] for state in (State.MAJOR, State.OPERATIONAL, State.DEGRADED))

OTHER = replace(
    NOTICE,
    id="n2",
    title="API is slow",
    thread="inc-2",
    click=Command(Action.DETAILS, "inc-2"),
    look=Look(State.DEGRADED),
)
END = replace(NOTICE, id="n3", title="Chat is back after 47 min", look=Look(State.OPERATIONAL))


@dataclass(frozen=True)
class Kind:
    """A server's program, and how it is used."""

    place: str
    """Where its program lies among the libraries."""
    acts: int | None
    """The mouse button that does the default action on the body; None where each only closes."""
    stacks: bool
    """Whether several notices stand on the screen at once; else the next waits for the first to go."""

    @property
    def name(self) -> str:
        """The program's own name."""
        return Path(self.place).name


KINDS = (
    Kind("xfce4/notifyd/xfce4-notifyd", acts=None, stacks=True),
    Kind("notification-daemon/notification-daemon", acts=3, stacks=False),
)
BUTTON = (180, 55)
"""From the notice's picture to the middle of its button, right and down."""


class Screen:
    """An X screen with one of the servers, and the program's part that talks to it."""

    def __init__(self, desktop: Desktop, kind: Kind) -> None:
        self.desktop = desktop
        self.kind = kind
        self.bus = Bus.connect()
        self.commands: list[Command] = []
        self.server = FreedesktopNotifier(self.bus, self.commands.append, desktop.home)
        self.start_server()

    def start_server(self) -> None:
        """Start it and wait for its name."""
        self.desktop.start(find_program(self.kind.place))
        self.desktop.wait_until(lambda: self.desktop.owner(SERVER), what="the server on the bus")

    def click(self, place: Place, button: int = 1) -> None:
        """Click there; a notice takes no clicks before it stands still."""
        self.rest()
        self.desktop.click(*place, button)

    def rest(self) -> None:
        """Wait until nothing moves any more: notices slide or fade in."""

        def still() -> bool:
            before = self.desktop.grab()
            time.sleep(0.3)
            return self.desktop.grab() == before

        self.desktop.wait_until(still, what="a still screen")

    def close(self) -> None:
        """Leave the bus, and end the server."""
        self.bus.close()
        self.desktop.stop(self.kind.name)


@pytest.fixture(params=KINDS, ids=[kind.name for kind in KINDS])
def screen(
    desktop_tools: None,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Screen]:
    """A screen of its own for each test."""
    kind: Kind = request.param
    if not find_program(kind.place):
        pytest.skip(SKIP.format(kind.name))
    desktop = Desktop(tmp_path_factory.mktemp("screen"))
    desktop.start(xfconfd())
    live_in(desktop, monkeypatch)
    screen = Screen(desktop, kind)
    yield screen
    screen.close()
    desktop.close()


def test_start_and_end_share_one_place_and_show_their_looks(screen: Screen) -> None:
    """The start is red, the end that takes its place green; another incident's notice stands beside it or waits."""
    screen.server.show(NOTICE)
    screen.desktop.wait_colour(RED)
    screen.rest()
    start = screen.desktop.wait_colour(RED)
    screen.desktop.screenshot(f"{screen.kind.name}-start")
    screen.server.show(OTHER)
    screen.server.show(END)
    end = screen.desktop.wait_colour(GREEN)
    assert not screen.desktop.find_colour(RED)
    assert abs(end[1] - start[1]) < 10
    if screen.kind.stacks:
        screen.desktop.wait_colour(YELLOW)
    screen.rest()
    screen.desktop.screenshot(f"{screen.kind.name}-end")


def test_a_click_on_the_button_leads_to_the_incident(screen: Screen) -> None:
    """The button is labelled and brings the command of its own notice."""
    screen.server.show(NOTICE)
    x, y = screen.desktop.wait_colour(RED)
    screen.click((x + BUTTON[0], y + BUTTON[1]))
    screen.desktop.wait_until(lambda: screen.commands, what="the click")
    assert screen.commands == [Command(Action.DETAILS, "inc-1")]


def test_a_click_on_the_body_does_what_the_server_lets_it(screen: Screen) -> None:
    """Where one mouse button acts it leads to the incident; else a click closes the notice and opens nothing."""
    screen.server.show(NOTICE)
    place = screen.desktop.wait_colour(RED)
    screen.click(place, screen.kind.acts or 1)
    if screen.kind.acts:
        screen.desktop.wait_until(lambda: screen.commands, what="the click")
    screen.desktop.wait_until(lambda: not screen.desktop.find_colour(RED), what="the notice's end")
    assert screen.commands == ([NOTICE.click] if screen.kind.acts else [])


def test_a_hung_server_costs_five_seconds(screen: Screen) -> None:
    """A stopped server fails the notice within the limit."""
    screen.server.show(NOTICE)
    screen.desktop.signal(screen.kind.name, signal.SIGSTOP)
    before = time.monotonic()
    with pytest.raises(NotifyError):
        screen.server.show(OTHER)
    assert time.monotonic() - before < SHOW_TIMEOUT + 1
    screen.desktop.signal(screen.kind.name, signal.SIGCONT)


def test_a_restarted_server_shows_the_incident_anew(screen: Screen) -> None:
    """What was shown by the one before is forgotten, and the new one's click is followed."""
    screen.server.show(NOTICE)
    screen.desktop.wait_colour(RED)
    screen.desktop.stop(screen.kind.name, signal.SIGKILL)
    screen.desktop.wait_until(lambda: not screen.desktop.find_colour(RED), what="no notice")
    screen.start_server()
    screen.server.show(END)
    x, y = screen.desktop.wait_colour(GREEN)
    screen.click((x + BUTTON[0], y + BUTTON[1]))
    screen.desktop.wait_until(lambda: screen.commands, what="the click")
