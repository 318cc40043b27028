"""The program is replaced by another version while it runs: it asks for a restart, and restarts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.desktop.buses import PrivateBus
from tests.desktop.conftest import join, private_bus
from tests.desktop.desktops import wait_until
from tests.desktop.hosts import Reader, Watcher
from tests.endtoend.command import configured, ran, settings
from tests.endtoend.running import ROOT, Browser, Program
from tests.film import own_film
from trayapp import __version__
from trayapp.demo.server import StatusServer
from trayapp.desktop.bus import Bus

__all__ = ["join", "private_bus"]  # fixtures are found by name

RESTART = "Restart to finish the update"


def install(place: Path, version: str) -> None:
    """Put that version there, in the place of another."""
    shutil.rmtree(place / "trayapp", ignore_errors=True)
    shutil.copytree(ROOT / "trayapp", place / "trayapp", ignore=shutil.ignore_patterns("__pycache__"))
    file = place / "trayapp" / "__init__.py"
    file.write_text(file.read_text("utf-8").replace(__version__, version), "utf-8")


def test_an_upgrade_under_its_feet_is_finished_by_a_restart(
    tmp_path: Path, private_bus: PrivateBus, join: Callable[[], Bus], browser: Browser
) -> None:
    """No fault, no grey icon: the menu says it, a click restarts, and the new version goes on in the old one's place."""
    place = tmp_path / "lib"
    install(place, __version__)
    watcher = Watcher(join(), has_host=True)
    env = {"PYTHONPATH": str(place), "DBUS_SESSION_BUS_ADDRESS": private_bus.address, **browser.env}
    with StatusServer(own_film().scenes[0]) as server:
        home = configured(tmp_path / "home", settings(server.url))
        with Program(home, env=env) as program:
            wait_until(lambda: watcher.registered, what="the icon")
            item = Reader(join(), watcher.registered[0][0])
            wait_until(lambda: "fine" in str(item.layout()), what="the first look")
            assert RESTART not in item.ids()

            install(place, "99.0")
            shutil.rmtree(place / "trayapp" / "details")
            assert ran(home, "open").code in {0, 1}  # what shows the details is not to be had any more
            wait_until(lambda: RESTART in item.ids(), what="the line in the menu")
            assert "Traceback" not in program.log

            install(place, "99.0")
            process = program.process.pid
            item.menu("Event", "isvu", item.ids()[RESTART], "clicked", ("i", 0), 0)
            wait_until(lambda: len(watcher.registered) == 2, what="the icon of the new version")
            assert "openai-status-tray 99.0 begins" in program.log
            assert (program.process.pid, program.process.poll()) == (process, None)
            again = Reader(join(), watcher.registered[1][0])
            wait_until(lambda: "fine" in str(again.layout()), what="its first look")
            assert RESTART not in again.ids()
            assert ran(home, "quit").code == 0
            assert program.process.wait(5.0) == 0
        assert "Traceback" not in program.log + program.output
