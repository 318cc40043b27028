"""The program is replaced by another version while it runs: it asks for a restart, and restarts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.desktop.buses import PrivateBus
from tests.desktop.conftest import join, private_bus
from tests.endtoend.running import NORMAL, ROOT, Browser
from tests.endtoend.upgraded import go_through_an_upgrade
from trayapp import __version__
from trayapp.desktop.bus import Bus

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
        shutil.rmtree(place / "trayapp" / "details")

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
