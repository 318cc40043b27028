"""A laptop's night on a real panel: an evening's lesser trouble, hours of sleep, the morning, and an outage after it.

The computer's sleep is the test's: a stand-in for logind on a bus in the place of the system's says when, the process
is stopped meanwhile as the kernel stops it, and its clocks are those of a computer that slept (tests/endtoend/slept.py).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.desktop.buses import PrivateBus
from tests.desktop.logind import Login
from tests.desktop.xfce import Xfce
from tests.endtoend.command import SHORT, configure_home, settings
from tests.endtoend.panel import Person
from tests.endtoend.running import Browser, Notices, Program
from tests.endtoend.scenes import AFTER, BEFORE, calm, down, scene
from tests.endtoend.slept import COMMAND, SLEPT
from tests.film import Scene
from trayapp.demo.page_json import DemoIncident, DemoPost, PageContent
from trayapp.demo.server import EndpointFault, StatusServer
from trayapp.model import Stage, State

pytestmark = pytest.mark.desktop

NIGHT = 8 * 3600.0


class Laptop:
    """What the program takes for the computer's sleep."""

    def __init__(self, folder: Path, login: Login | None) -> None:
        self.login = login
        self._slept = folder / "slept"
        self._slept.write_text("0")
        system = login.address if login else "unix:path=/nowhere"
        self.env = {SLEPT: str(self._slept), "DBUS_SYSTEM_BUS_ADDRESS": system}

    def sleeps(self, program: Program, seconds: float) -> None:
        """Stop the program, let that time go by on the clocks that run on, and let it go on."""
        os.kill(program.process.pid, signal.SIGSTOP)
        written = self._slept.with_suffix(".new")
        written.write_text(str(seconds))
        written.replace(self._slept)
        os.kill(program.process.pid, signal.SIGCONT)


@pytest.fixture
def login(tmp_path: Path, desktop_tools: None) -> Iterator[Login]:
    """A logind on a bus in the place of the system's."""
    (folder := tmp_path / "system").mkdir()
    with closing(PrivateBus(folder)) as bus, closing(Login(bus.address)) as login:
        yield login


def lesser_trouble() -> Scene:
    """One slow component with a minor incident, of which nobody is told who is told of outages."""
    slow = State.DEGRADED
    happening = DemoIncident(
        7, "Conversations load slowly", slow, (DemoPost(AFTER, Stage.INVESTIGATING, "We look."),)
    )
    return scene(PageContent(AFTER, {("ChatGPT", "Conversations"): slow}, (happening,)))


def silent() -> dict[str, EndpointFault]:
    """The page takes each question and says nothing, as over a network that is not there yet."""
    return dict.fromkeys(calm(), EndpointFault.HANG)


def test_a_night(tmp_path: Path, xfce: Xfce, browser: Browser, login: Login) -> None:
    """Grey before the sleep and until it was looked, then green, and the outage after it is told.

    The page's own date has fallen back by months over night, as the real one's does when its last incident ends.
    """
    person, laptop = Person(xfce), Laptop(tmp_path, login)
    with (
        StatusServer(lesser_trouble()) as server,
        Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
    ):
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        environment = {**xfce.env, **browser.env, **laptop.env}
        with Program(home, env=environment, command=COMMAND) as program:
            person.sees(State.DEGRADED)
            xfce.wait_until(lambda: login.held == 1, what="the program's lock")
            xfce.wait_until(notices.all, what="the welcome")
            person.closes_all_notices()
            xfce.screenshot("night-1-evening")

            login.says(True)
            xfce.wait_until(lambda: login.released == 1, what="the lock let go")
            person.sees(State.UNKNOWN, limit=1.0)
            assert person.sees_nothing_of(State.DEGRADED)
            xfce.screenshot("night-2-asleep")

            server.set_answers(silent())
            before = len(server.asked)
            laptop.sleeps(program, NIGHT)
            login.says(False)
            xfce.wait_until(lambda: len(server.asked) > before, 5.0, "a look at once on waking")
            person.sees(State.UNKNOWN, limit=1.0)
            assert person.sees_nothing_of(State.DEGRADED)
            assert person.sees_nothing_of(State.OPERATIONAL)
            xfce.screenshot("night-3-waking")

            server.set_answers(calm(BEFORE - timedelta(days=90)))
            person.sees(State.OPERATIONAL)
            xfce.wait_until(lambda: login.held == 1, what="the lock for the next night")
            xfce.screenshot("night-4-morning")
            assert len(notices.all()) == 1

            server.set_answers(down("ChatGPT"))
            person.sees(State.MAJOR)
            xfce.wait_until(lambda: notices.with_title("ChatGPT"), 60.0, "the outage told")
            xfce.wait_until(lambda: person.notices_on_screen() == 1, what="the notification on the screen")
            xfce.screenshot("night-5-outage")
            assert program.end() < 2.0
    assert "Traceback" not in program.log
    assert [notice.title for notice in notices.all()] == [
        "OpenAI Status Tray is watching",
        "ChatGPT is down",
    ]
    assert program.log.count("the computer woke") == 1
    assert "the computer slept or its clock was set" not in program.log


def test_a_night_without_a_system_bus(tmp_path: Path, xfce: Xfce, browser: Browser) -> None:
    """The clocks show it, and what the evening knew is not shown until it was looked."""
    person, laptop = Person(xfce), Laptop(tmp_path, None)
    with StatusServer(lesser_trouble()) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        environment = {**xfce.env, **browser.env, **laptop.env}
        with Program(home, env=environment, command=COMMAND) as program:
            person.sees(State.DEGRADED)
            server.set_answers(silent())
            laptop.sleeps(program, NIGHT)
            person.sees(State.UNKNOWN)
            assert person.sees_nothing_of(State.DEGRADED)
            server.set_answers(calm(BEFORE - timedelta(days=90)))
            person.sees(State.OPERATIONAL)
            program.end()
    assert "the computer slept or its clock was set" in program.log
    assert "Traceback" not in program.log
