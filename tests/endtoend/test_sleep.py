"""The real program through a sleep, told by a stand-in for logind on a bus of the test's own."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop.bad_buses import BAD_BUSES, bad_bus
from tests.desktop.desktops import wait_until
from tests.endtoend.command import configure_home, ran, settings
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
        home = configure_home(tmp_path / "home", settings(server.url, more='interval = "1h"'))
        with Program(home, env={"DBUS_SYSTEM_BUS_ADDRESS": login.address}) as program:
            program.wait_for("fine")
            wait_until(lambda: login.held == 1, what="the program's lock")
            assert "heard from the system" in ran(home, "doctor").out
            login.says(True)
            wait_until(lambda: login.released == 1, what="the lock let go")
            program.wait_for(": checking")
            before = len(program.output)
            server.set_answers(down("ChatGPT"))
            login.says(False)
            wait_until(lambda: "ChatGPT down" in program.output[before:], what="the morning's news")
            wait_until(lambda: login.held == 1, what="the lock for the next night")
            assert program.end() < 2.0
            assert program.process.returncode == 0


@pytest.mark.parametrize("name", BAD_BUSES)
def test_a_bad_system_bus_is_as_if_it_were_not_there_and_doctor_says_so(tmp_path: Path, name: str) -> None:
    """The program begins, is answered, sees what changes and ends beside it, at once."""
    (folder := tmp_path / "system").mkdir()
    _, sleep = BAD_BUSES[name]
    with StatusServer(calm()) as server, bad_bus(name, folder) as bus:
        home = configure_home(tmp_path / "home", settings(server.url, more='interval = "1h"'))
        with Program(home, env={"DBUS_SYSTEM_BUS_ADDRESS": bus.address}) as program:
            program.wait_for("fine", limit=11.0)
            bus.act()

            def says() -> str:
                findings = ran(home, "doctor", "--json").json
                return next(str(one["found"]) for one in findings if one["what"] == "Sleep")

            wait_until(lambda: re.search(sleep, says()), what=f"doctor saying {sleep!r}")
            server.set_answers(down("ChatGPT"))
            assert ran(home, "check").code == 0
            program.wait_for("ChatGPT down", limit=11.0)
            assert program.end() < 2.0
    assert program.process.returncode == 0
    assert "Traceback" not in program.output + program.log


@pytest.mark.parametrize(
    "name", ["absent", "silent", "without logind", "refuses the lock", "never answers for the lock"]
)
def test_doctor_asks_a_bad_system_bus_itself_where_no_program_runs(tmp_path: Path, name: str) -> None:
    """And waits a moment for it at most."""
    (folder := tmp_path / "system").mkdir()
    _, sleep = BAD_BUSES[name]
    with StatusServer(calm()) as server, bad_bus(name, folder) as bus:
        home = configure_home(tmp_path / "home", settings(server.url))
        done = ran(home, "doctor", "--json", DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    (found,) = (str(one["found"]) for one in done.json if one["what"] == "Sleep")
    assert re.search(sleep, found)
    assert done.seconds < 11.0
