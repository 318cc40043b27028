"""The program is replaced by another version while it runs: it asks for a restart, and restarts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.buses import PrivateBus
from tests.desktop.conftest import join, private_bus
from tests.endtoend.command import configure_home, ran, settings
from tests.endtoend.running import NORMAL, ROOT, Browser, Program
from tests.endtoend.upgraded import go_through_an_upgrade
from tests.film import own_film
from trayapp import __version__
from trayapp.demo.server import StatusServer
from trayapp.desktop.dbus.bus import Bus

__all__ = ["join", "private_bus"]  # fixtures are found by name


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

    def without_the_details() -> None:
        install(place, "99.0")
        shutil.rmtree(place / "trayapp" / "web_page")

    program = go_through_an_upgrade(
        tmp_path / "home",
        NORMAL,
        {"PYTHONPATH": str(place), "DBUS_SESSION_BUS_ADDRESS": private_bus.address, **browser.env},
        join,
        replace=without_the_details,
        finish=lambda: install(place, "99.0"),
    )
    assert "openai-status-tray 99.0 begins" in program.log
    assert "Traceback" not in program.log + program.output


@pytest.mark.parametrize("version", [__version__, "0.0.1"])
def test_doctor_asks_for_the_restart_where_another_version_runs(version: str, tmp_path: Path) -> None:
    """And is content where the version that runs is its own."""
    place = tmp_path / "lib"
    install(place, version)
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        with Program(home, env={"PYTHONPATH": str(place)}, command=NORMAL) as program:
            program.wait_for("fine")
            (found,) = [one for one in ran(home, "doctor", "--json").json if one["what"] == "Program"]
    assert found["found"] == "running"
    assert found["ok"] == (version == __version__)
    assert found["do"] == (
        "" if found["ok"] else "The program was updated while it ran; restart it to finish."
    )
