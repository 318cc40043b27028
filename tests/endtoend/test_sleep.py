"""The real program through a sleep, told by a stand-in for logind on a bus of the test's own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop.desktops import wait_until
from tests.endtoend.command import configured, ran, settings
from tests.endtoend.running import Program
from tests.endtoend.scenes import calm, down
from trayapp.demo.server import StatusServer

if TYPE_CHECKING:
    from tests.desktop.logind import Login

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="logind is Linux's"),
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon"),
]


@pytest.fixture
def login(tmp_path: Path) -> Iterator[Login]:
    """A logind on a bus in the place of the system's."""
    from tests.desktop.buses import PrivateBus
    from tests.desktop.logind import Login

    bus = PrivateBus(tmp_path)
    login = Login(bus.address)
    yield login
    login.close()
    bus.close()


def test_before_sleep_it_says_nothing_more_and_on_waking_it_looks_at_once(
    tmp_path: Path, login: Login
) -> None:
    """What was fine in the evening is not shown in the morning until it was looked, which nothing else is due for."""
    with StatusServer(calm()) as server:
        home = configured(tmp_path / "home", settings(server.url, more='interval = "1h"'))
        with Program(home, env={"DBUS_SYSTEM_BUS_ADDRESS": login.address}) as program:
            program.wait_for("fine")
            wait_until(lambda: login.held == 1, what="the program's lock")
            assert "heard from the system" in ran(home, "doctor").out
            login.says(True)
            wait_until(lambda: login.released == 1, what="the lock let go")
            program.wait_for(": checking")
            before = len(program.output)
            server.answer_all(down("ChatGPT"))
            login.says(False)
            wait_until(lambda: "ChatGPT down" in program.output[before:], what="the morning's news")
            wait_until(lambda: login.held == 1, what="the lock for the next night")
            assert program.end() < 2.0
            assert program.process.returncode == 0


def test_without_a_system_bus_doctor_names_the_clocks(tmp_path: Path) -> None:
    """Asked of the program that runs."""
    with StatusServer(calm()) as server:
        home = configured(tmp_path / "home", settings(server.url, more='interval = "1h"'))
        with Program(home, env={"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere"}) as program:
            program.wait_for("fine")
            said = ran(home, "doctor").out
            assert "noticed by the clocks, half a minute late at most (no system bus" in said
