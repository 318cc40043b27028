"""The wheel on Windows: what pip makes of it for a Python that has nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.windows import MADE
from tests.endtoend import scenes
from tests.endtoend.command import configure_home, settings
from tests.installed import bare, wine
from tests.installed.conftest import DIST
from tests.installed.wine import NAME, RUN, TITLE, Computer
from trayapp.demo.server import StatusServer

pytestmark = pytest.mark.skipif(bool(wine.missing()), reason=wine.missing() or "it is here")


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    """A computer without a display."""
    computer = Computer(tmp_path, {"DISPLAY": ""})
    yield computer
    computer.close()


def test_installed_with_pip_it_is_a_command_on_windows(tmp_path: Path, computer: Computer) -> None:
    """It is whole, answers by its exit status, and starts at login without a console."""
    python = tmp_path / "py"
    shutil.copytree(MADE / "py", python, ignore=shutil.ignore_patterns("site-packages", "__pycache__"))
    pip = next((MADE / "wheels").glob("pip-*.whl")) / "pip"
    wheel = next(DIST.glob("*.whl"))
    done = computer.run_to_end(
        python / "python.exe", pip, "install", "--quiet", "--no-index", "--find-links", MADE / "wheels", wheel
    )
    assert done.returncode == 0, done.stdout + done.stderr

    command = python / "Scripts" / f"{NAME}.exe"
    bare.report(computer.run_to_end(command, "selftest"))
    with StatusServer(scenes.down("APIs")) as server:
        configure_home(computer.local / NAME, settings(server.url))
        done = computer.run_to_end(command, "status")
    assert done.returncode == 1
    assert "APIs" in done.stdout
    assert computer.do(command, "autostart", "on") == 0
    assert computer.value(RUN, TITLE).endswith(r"\py\pythonw.exe -m trayapp run --at-login")
