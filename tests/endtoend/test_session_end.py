"""The session's end: a program that was started into it ends with it, one in a terminal goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktop.buses import PrivateBus
from tests.desktop.desktops import wait_until
from tests.endtoend.command import COMMAND, LIMIT, configure_home, ran, settings
from tests.endtoend.running import Program
from tests.endtoend.scenes import calm
from trayapp.demo.server import StatusServer

pytestmark = pytest.mark.desktop


@pytest.mark.usefixtures("desktop_tools")
def test_a_program_of_the_session_ends_with_it(tmp_path: Path) -> None:
    """Else it would live on after logging out, and the next login's program would find it already running."""
    bus = PrivateBus(tmp_path)
    with StatusServer(calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        with Program(home, env={"DBUS_SESSION_BUS_ADDRESS": bus.address}) as program:
            program.wait_for("fine")
            bus.close()
            wait_until(lambda: program.process.poll() is not None, what="its end")
            assert program.process.returncode == 0


@pytest.mark.usefixtures("desktop_tools")
def test_a_program_in_a_terminal_goes_on(tmp_path: Path) -> None:
    """Its line in the terminal is of use without a session too."""
    bus = PrivateBus(tmp_path)
    with StatusServer(calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        # A shell that gives the program a terminal of its own.
        command = ("script", "--quiet", "--return", "--command", COMMAND, "/dev/null")
        with Program(home, env={"DBUS_SESSION_BUS_ADDRESS": bus.address}, command=command) as program:
            program.wait_for("fine")
            bus.close()
            wait_until(lambda: "going on without it" in program.log, what="the lost bus in the log")
            asked = len(server.asked)
            assert ran(home, "check").code == 0
            wait_until(lambda: len(server.asked) > asked, what="a look after the bus was lost")
            assert ran(home, "quit").code == 0
            program.process.wait(LIMIT)
        assert program.log.count("going on without it") == 1
