"""The program outlives its session, as with lingering: a start in the next one has it move there."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from tests.desktop.desktops import PANEL_FROM, Desktop, wait_until
from tests.desktop.trayer import Trayer
from tests.desktop.xfce import Xfce
from tests.endtoend.command import Ended, configure_home, ran, settings
from tests.endtoend.running import Browser, Program
from tests.endtoend.scenes import calm
from trayapp.demo.server import StatusServer
from trayapp.model import State
from trayapp.model.appearance import COLOURS

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("desktop_tools")]

GREEN = COLOURS[State.OPERATIONAL]
D = TypeVar("D", bound=Desktop)
LEADS = ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")


class Sessions:
    """A person's sessions one after the other, and the program in their home."""

    def __init__(self, folder: Path, home: Path, browser: Browser, stack: ExitStack) -> None:
        self._folder = folder
        self._home = home
        self._browser = browser
        self._stack = stack
        self._begun: list[Desktop] = []

    def begin(self, kind: type[D]) -> D:
        """A session with an X server of its own."""
        folder = self._folder / f"session-{len(self._begun)}"
        folder.mkdir()
        desktop = kind(folder)
        self._begun.append(desktop)
        self._stack.callback(desktop.close)
        return desktop

    def env(self, desktop: Desktop, bus: Desktop) -> dict[str, str]:
        """What leads to that session's display, on that bus."""
        display = {"DISPLAY": desktop.env["DISPLAY"]}
        return {**{name: bus.env[name] for name in LEADS}, **display, "XDG_SESSION_ID": display["DISPLAY"]}

    def starts(self, env: dict[str, str]) -> Program:
        """The first start."""
        return self._stack.enter_context(Program(self._home, env={**self._browser.env, **env}))

    def starts_again(self, env: dict[str, str], *arguments: str) -> Ended:
        """A start beside it."""
        return ran(self._home, *arguments, **{**self._browser.env, **env})

    def details_opened_on(self) -> list[str]:
        """The displays on which the browser was started."""
        return [line.removeprefix("display ") for line in self._browser.opened if line.startswith("display ")]


@pytest.fixture
def sessions(tmp_path: Path, browser: Browser) -> Iterator[Sessions]:
    """The person, with a page on which all is well and a browser that says on which display it is."""
    browser.says_its_display()
    with ExitStack() as stack:
        server = stack.enter_context(StatusServer(calm()))
        home = configure_home(tmp_path / "home", settings(server.url, more='interval = "1h"'))
        yield Sessions(tmp_path, home, browser, stack)


@pytest.mark.parametrize("has_its_name", [False, True])
def test_where_its_x_server_is_gone_and_the_bus_is_not_the_next_start_brings_the_icon_over(
    sessions: Sessions, has_its_name: bool
) -> None:
    """X11's trays know no bus: only the display that was handed over leads there, and to the browser.

    At the next login the new display often has the name of the one that is gone.
    """
    first = sessions.begin(Trayer)
    first.start_tray()
    program = sessions.starts(sessions.env(first, first))
    first.wait_colour(GREEN, below=PANEL_FROM)
    second = None if has_its_name else sessions.begin(Trayer)
    first.stop("trayer")
    first.stop("Xvfb", signal.SIGKILL)
    second = second or sessions.begin(Trayer)
    assert (second.env["DISPLAY"] == first.env["DISPLAY"]) is has_its_name
    second.start_tray()
    there = sessions.env(second, first)
    began = sessions.starts_again(there)
    assert (began.code, began.err) == (0, "")
    place = second.wait_colour(GREEN, below=PANEL_FROM)
    assert program.process.poll() is None
    wait_until(sessions.details_opened_on, what="the details opened")
    second.click(*place)
    wait_until(lambda: len(sessions.details_opened_on()) == 2, what="the details opened by a click")
    assert set(sessions.details_opened_on()) == {second.env["DISPLAY"]}
    assert program.log.count("beginning again in that of the newer start") == 1


@pytest.mark.parametrize("keeps_bus", [True, False])
def test_at_login_it_moves_over_and_opens_nothing(sessions: Sessions, keeps_bus: bool) -> None:
    """To the next session's panel, on the same bus or on one of its own, while the old bus lives on."""
    first = sessions.begin(Xfce)
    program = sessions.starts(sessions.env(first, first))
    first.wait_colour(GREEN, below=PANEL_FROM)
    second = sessions.begin(Trayer) if keeps_bus else sessions.begin(Xfce)
    for part in ("xfce4-panel", "xfwm4", "dunst"):
        first.stop(part)
    first.stop("Xvfb", signal.SIGKILL)

    if isinstance(second, Trayer):
        second.start_tray()
    there = sessions.env(second, first if keeps_bus else second)
    assert sessions.starts_again(there, "run", "--at-login").code == 0
    second.wait_colour(GREEN, below=PANEL_FROM)
    assert sessions.details_opened_on() == []
    assert program.log.count("beginning again in that of the newer start") == 1


@pytest.mark.parametrize("offer", ["a second login", "no display", "a dead display"])
def test_a_session_that_lives_keeps_its_icon(sessions: Sessions, offer: str) -> None:
    """A second login, or a terminal through ssh, has it open the details where the icon is."""
    first = sessions.begin(Trayer)
    first.start_tray()
    program = sessions.starts(sessions.env(first, first))
    first.wait_colour(GREEN, below=PANEL_FROM)
    env = {"DISPLAY": ":4711", "DBUS_SESSION_BUS_ADDRESS": first.env["DBUS_SESSION_BUS_ADDRESS"]}
    if offer == "a second login":
        second = sessions.begin(Trayer)
        second.start_tray()
        env = sessions.env(second, second)
    elif offer == "no display":
        del env["DISPLAY"]
    assert sessions.starts_again(env).code == 0
    wait_until(sessions.details_opened_on, what="the details opened")
    assert sessions.details_opened_on() == [first.env["DISPLAY"]]
    assert first.find_colour(GREEN, below=PANEL_FROM)
    assert "beginning again" not in program.log


def test_where_neither_session_is_there_it_goes_on(sessions: Sessions) -> None:
    """Nothing is gained by beginning again without a display."""
    first = sessions.begin(Trayer)
    first.start_tray()
    program = sessions.starts(sessions.env(first, first))
    first.wait_colour(GREEN, below=PANEL_FROM)
    first.stop("trayer")
    first.stop("Xvfb", signal.SIGKILL)
    bus = {"DBUS_SESSION_BUS_ADDRESS": first.env["DBUS_SESSION_BUS_ADDRESS"]}
    assert sessions.starts_again(bus).code == 0
    assert "beginning again" not in program.log
    assert program.process.poll() is None
