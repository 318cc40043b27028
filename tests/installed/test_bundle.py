"""The program with its own Python: what is in it, and that it works where there is nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.buses import PrivateBus
from tests.desktop.conftest import join, private_bus
from tests.desktop.desktops import PANEL_FROM
from tests.desktop.xfce import Xfce
from tests.endtoend import scenes
from tests.endtoend.command import configure_home, settings
from tests.endtoend.running import Browser, Program
from tests.endtoend.upgraded import go_through_an_upgrade
from tests.installed import bare
from tests.installed.conftest import DIST
from trayapp.demo.server import StatusServer
from trayapp.desktop.dbus.bus import Bus
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import State
from trayapp.model.appearance import COLOURS

__all__ = ["join", "private_bus"]  # fixtures are found by name

BUNDLE = DIST / "openai-status-tray"
PROGRAM = BUNDLE / "openai-status-tray"
PARTS = ["imports", "parts", "icons", "catalogues", "certificates", "round", "tray"]
MEGABYTE = 1_000_000


def modules() -> set[str]:
    """Every module within, by its first name."""
    command = [
        sys.executable,
        "-m",
        "PyInstaller.utils.cliutils.archive_viewer",
        "--recursive",
        "--brief",
        "--list",
    ]
    listed = subprocess.run(
        [*command, PROGRAM], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    return {name.partition(".")[0] for name in re.findall(r"^\s*'?([\w.]+)'?,?$", listed, re.MULTILINE)}


def test_it_is_small() -> None:
    """All of it takes less than 45 MB of disk, its package less than 15."""
    assert sum(file.lstat().st_size for file in BUNDLE.rglob("*")) < 45 * MEGABYTE
    assert next(DIST.glob("*.deb")).stat().st_size < 15 * MEGABYTE


def test_nothing_is_in_it_that_it_does_not_use() -> None:
    """Neither GTK nor tkinter nor tools for builders came along."""
    found = modules()
    assert {"trayapp", "pystray", "plyer", "httpx", "jeepney"} <= found
    assert not found & {
        "gi",
        "babel",
        "tkinter",
        "pytest",
        "_pytest",
        "setuptools",
        "pip",
        "numpy",
        "PyInstaller",
        "urllib3",
        "requests",
        "cryptography",
    }


def test_no_path_of_the_computer_that_made_it_is_searched() -> None:
    """Libraries look for others beside themselves and nowhere else."""
    files = [file for file in BUNDLE.rglob("*.so*") if not file.is_symlink()]
    asked = ["objdump", "-p", *map(str, files)]
    said = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120).stdout
    assert all(path.startswith("$ORIGIN") for path in re.findall(r"R(?:UN)?PATH\s+(\S+)", said))


def test_its_packages_say_which_glibc_it_needs() -> None:
    """The newest that any part of it wants to be there: who has an older one sees it before fetching or installing."""
    files = [PROGRAM, *(file for file in BUNDLE.rglob("*.so*") if not file.is_symlink())]
    asked = ["readelf", "--version-info", "--wide", *map(str, files)]
    said = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120).stdout
    needs = ".".join(
        map(str, max(tuple(map(int, found.split("."))) for found in re.findall(r"GLIBC_([\d.]+)", said)))
    )
    assert [file.name.partition("-glibc")[2] for file in DIST.glob("*-linux-*.tar.gz")] == [f"{needs}.tar.gz"]


def test_each_part_brings_its_licence() -> None:
    """What the bundle carries of others stands in it with its licence's text."""
    there = {folder.name for folder in (BUNDLE / "_internal" / "licences").iterdir() if any(folder.iterdir())}
    assert {"python", "pyinstaller", "pystray", "python-xlib", "pillow", "httpx", "plyer"} <= there
    # Debian 13 calls the package by its 64-bit times.
    assert {"libssl3", "libssl3t64"} & there


def test_it_is_whole_without_python_or_environment(tmp_path: Path) -> None:
    """Every part works with an empty environment."""
    report = bare.report(bare.run(PROGRAM, "selftest", home=tmp_path))
    assert list(report) == PARTS
    assert report["catalogues"] == ", ".join(LANGUAGE_CODES)
    assert "not tried" in report["tray"]


def test_it_is_whole_on_a_desktop(tmp_path: Path, panel: Xfce) -> None:
    """The panel shows its icon."""
    report = bare.report(bare.run(PROGRAM, "selftest", home=tmp_path, **_desktop_variables(panel)))
    assert report["tray"] == "the icon was shown by StatusNotifierItem"


@pytest.mark.parametrize(
    ("scene", "code"), [(scenes.calm(), 0), (scenes.down("APIs"), 1)], ids=["calm", "outage"]
)
def test_it_reads_a_page(scene: dict[str, object], code: int, tmp_path: Path) -> None:
    """`status` says by its exit status what the page says."""
    with StatusServer(scene) as server:  # type: ignore[arg-type]
        home = configure_home(tmp_path / "home", settings(server.url))
        done = bare.run(PROGRAM, "status", "--config", str(home / "config.toml"), home=home)
    assert done.returncode == code, done.stdout + done.stderr


def test_a_link_opens_in_the_persons_own_surroundings(tmp_path: Path, panel: Xfce) -> None:
    """The browser is started without a trace of the bundle: with its libraries it would die."""
    browser = Browser(tmp_path / "browser")
    told = tmp_path / "environment"
    opener = tmp_path / "browser" / "xdg-open"
    opener.write_text(opener.read_text() + f"env >'{told}'\n")
    path = f"{opener.parent}:{bare.path(tmp_path)}"
    with StatusServer(scenes.down("ChatGPT", "APIs")) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        with Program(
            home, env={**_desktop_variables(panel), "PATH": path}, command=(str(PROGRAM),)
        ) as program:
            icon = panel.wait_colour(COLOURS[State.MAJOR], 60.0, "a red icon", PANEL_FROM)
            panel.click(*icon)
            panel.wait_until(lambda: told.exists() and browser.opened, what="a page opened")
            assert program.end() < 5
    environment = told.read_text()
    assert "LD_LIBRARY_PATH" not in environment
    assert str(BUNDLE) not in environment
    assert f"PATH={path}" in environment.splitlines()


def test_a_bundle_replaced_under_its_feet_is_finished_by_a_restart(
    tmp_path: Path, private_bus: PrivateBus, join: Callable[[], Bus]
) -> None:
    """What it would load of the other version's file is noise: it asks for a restart, and the click brings it back."""
    own = tmp_path / "app"
    program = own / PROGRAM.name
    shutil.copytree(BUNDLE, own, symlinks=True)

    def replace_program() -> None:
        version = own / "_internal" / "trayapp" / "__init__.py"
        version.write_text('__version__ = "99.0"\n')
        other = program.with_suffix(".new")
        other.write_bytes(program.read_bytes()[::-1])
        other.replace(program)

    def finish_upgrade() -> None:
        shutil.rmtree(own)
        shutil.copytree(BUNDLE, own, symlinks=True)

    env = {"DBUS_SESSION_BUS_ADDRESS": private_bus.address, "PATH": bare.path(tmp_path)}
    ended = go_through_an_upgrade(
        tmp_path / "home", [str(program)], env, join, replace=replace_program, finish=finish_upgrade
    )
    assert ended.log.count("begins") == 2
    assert "Traceback" not in ended.log + ended.output


def _desktop_variables(panel: Xfce) -> dict[str, str]:
    """The variables by which a program finds a desktop."""
    return {name: panel.env[name] for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}
