"""The running program on a panel while parts of the desktop hang or it is killed itself."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.desktop.xfce import Xfce
from tests.endtoend.command import SHORT, configure_home, settings
from tests.endtoend.panel import Person
from tests.endtoend.running import QUICK, Browser, Notices, Program
from tests.endtoend.scenes import calm, down
from trayapp.demo.server import StatusServer
from trayapp.model import State

pytestmark = pytest.mark.desktop


def test_a_hung_notification_server_does_not_hold_the_icon(
    tmp_path: Path, xfce: Xfce, browser: Browser
) -> None:
    """It goes on changing, and what nobody could show is in the log."""
    person = Person(xfce)
    with StatusServer(calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        with Program(home, env={**xfce.env, **browser.env}, command=QUICK) as program:
            person.sees(State.OPERATIONAL)
            xfce.signal("dunst", signal.SIGSTOP)
            try:
                server.set_answers(down("ChatGPT"))
                person.sees(State.MAJOR)
                xfce.wait_until(
                    lambda: "could not show a notification" in program.log, what="the notice given up"
                )
                server.set_answers(calm())
                person.sees(State.OPERATIONAL, limit=120.0)
                assert program.end() < 2
            finally:
                xfce.signal("dunst", signal.SIGCONT)
    assert "did not answer" in program.log
    assert "Traceback" not in program.log


def test_an_outage_that_nobody_could_show_is_told_by_the_next_server(
    tmp_path: Path, xfce: Xfce, browser: Browser
) -> None:
    """A notification server hangs while it starts and is replaced: the running program tells it, once."""
    person = Person(xfce)
    with StatusServer(calm()) as server, Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices:
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        with Program(home, env={**xfce.env, **browser.env}, command=QUICK) as program:
            person.sees(State.OPERATIONAL)
            xfce.wait_until(lambda: len(notices.all()) == 1, what="the welcome")
            xfce.signal("dunst", signal.SIGSTOP)
            server.set_answers(down("ChatGPT"))
            xfce.wait_until(
                lambda: "nobody could show the notification" in program.log, 60.0, "the notice given up"
            )
            assert not notices.with_title("down")
            xfce.stop("dunst", signal.SIGKILL)
            xfce.start_dunst()
            xfce.wait_until(lambda: notices.with_title("down"), 60.0, "the outage told")
            xfce.wait_until(
                lambda: "cannot be shown" not in person.menu(), what="the menu without a complaint"
            )
            program.end()
    assert len(notices.with_title("down")) == 1


def test_killed_and_started_again_it_leaves_no_file_behind(
    tmp_path: Path, xfce: Xfce, browser: Browser
) -> None:
    """Its folder for temporary files stays empty over three lives, and its home holds what it holds after one."""
    person = Person(xfce)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = {**xfce.env, **browser.env, "TMPDIR": str(temporary)}
    held: list[set[str]] = []
    with StatusServer(calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        for how in (signal.SIGTERM, signal.SIGKILL, signal.SIGKILL, signal.SIGHUP):
            with Program(home, env=env) as program:
                person.sees(State.OPERATIONAL)
                assert program.end(how) < 2
            xfce.wait_until(lambda: person.sees_nothing_of(State.OPERATIONAL), what="no icon left")
            held.append(set(os.listdir(home)))  # noqa: PTH208 - names alone
            assert not list(temporary.iterdir())
    assert held[-1] == held[0]
