"""The Windows installer, and what it installs, on a Windows of Wine's with a real X11 tray as its notification area."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desktops import Colour, wait_until
from tests.desktop.trayer import Trayer
from tests.endtoend import scenes
from tests.endtoend.command import configure_home, settings
from tests.endtoend.running import Browser
from tests.installed import bare, wine
from tests.installed.conftest import DIST
from tests.installed.wine import ENTRY, NAME, RUN, TITLE, Computer
from trayapp.demo.server import StatusServer
from trayapp.model import State
from trayapp.model.appearance import COLOURS

GREEN, ORANGE, RED = (COLOURS[state] for state in (State.OPERATIONAL, State.PARTIAL, State.MAJOR))
PAPER = (255, 255, 255)
"""What balloons are written on; and the check in the green icon."""
TRAY = 570
"""The row above which no icon is."""
LOWEST = 13
"""Pixels from the menu's corner up to the middle of its lowest line."""
MEGABYTE = 1_000_000
SETUP = next(DIST.glob("*-windows-setup.exe"), DIST)
OFTEN = 'interval = "15s"\ninterval_in_trouble = "15s"'
PARTS = ["imports", "parts", "icons", "catalogues", "certificates", "round", "tray"]

pytestmark = pytest.mark.skipif(bool(wine.missing()), reason=wine.missing() or "it is here")


class Installed:
    """The program as the installer leaves it."""

    def __init__(self, windows: Computer) -> None:
        self.windows = windows
        self.folder = windows.local / "Programs" / TITLE
        self.program = self.folder / f"{NAME}.exe"
        self.console = self.folder / f"{NAME}.com"
        self.settings = windows.local / NAME

    def install(self) -> None:
        """Run the installer as a script does."""
        assert self.windows.do(SETUP, "/S") == 0

    def uninstall(self) -> None:
        """Run the uninstaller, which goes on after it seems to have ended."""
        self.windows.do(self.folder / "uninstall.exe", "/S")
        wait_until(lambda: not self.folder.exists(), 60.0, "the program gone")


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Trayer]:
    """A tray and a browser."""
    (tmp_path / "desktop").mkdir()
    desktop = Trayer(tmp_path / "desktop")
    desktop.start_tray()
    yield desktop
    desktop.close()


@pytest.fixture
def windows(tmp_path: Path, desktop: Trayer, browser: Browser) -> Iterator[Computer]:
    """A fresh computer on that desktop."""
    windows = Computer(tmp_path, {**desktop.env, **browser.env})
    windows.log_in()
    yield windows
    windows.close()


@pytest.fixture
def installation(windows: Computer) -> Installed:
    """The program, just installed."""
    installed = Installed(windows)
    installed.install()
    return installed


def test_the_installed_program_is_whole_and_small(installation: Installed) -> None:
    """Every part works; it takes less than 45 MB, its installer less than 15, and each part brings its licence."""
    report = bare.report(installation.windows.run_to_end(installation.console, "selftest"))
    assert list(report) == PARTS
    assert report["tray"].startswith("the icon was shown")
    assert sum(file.stat().st_size for file in installation.folder.rglob("*")) < 45 * MEGABYTE
    assert SETUP.stat().st_size < 15 * MEGABYTE
    licences = {folder.name for folder in (installation.folder / "_internal" / "licences").iterdir()}
    assert {"python", "pyinstaller", "pystray", "pillow", "httpx", "plyer", "libssl3", "libffi8"} <= licences
    assert not {"jeepney", "python-xlib"} & licences


def test_the_archive_holds_what_the_installer_brings(installation: Installed) -> None:
    """The same files with the same bytes, for whoever may not run an installer."""
    with zipfile.ZipFile(next(DIST.glob("*-windows-x86_64.zip"))) as archive:
        packed = {
            name.partition("/")[2]: hashlib.sha256(archive.read(name)).digest()
            for name in archive.namelist()
            if not name.endswith("/")
        }
    there = {
        str(file.relative_to(installation.folder)): hashlib.sha256(file.read_bytes()).digest()
        for file in installation.folder.rglob("*")
        if file.is_file() and file.name != "uninstall.exe"
    }
    assert packed == there


def test_windows_knows_it_and_forgets_it(installation: Installed) -> None:
    """Start menu, list of programs and start at login name it; uninstalled, nothing stays but the person's settings."""
    windows = installation.windows
    shortcut = windows.start_menu / f"{TITLE}.lnk"
    assert shortcut.is_file()
    assert windows.value(ENTRY, "DisplayName") == TITLE
    assert windows.do(installation.console, "autostart", "status") == 1
    assert windows.do(installation.console, "autostart", "on") == 0
    assert windows.value(RUN, TITLE).endswith(f'\\{NAME}.exe" run --at-login')
    assert windows.do(installation.console, "autostart", "off") == 0
    assert windows.value(RUN, TITLE) == ""
    windows.do(installation.console, "autostart", "on")
    own = configure_home(installation.settings, "") / "config.toml"

    installation.uninstall()
    assert windows.value(RUN, TITLE) == ""
    assert windows.value(ENTRY, "DisplayName") == ""
    left = {*windows.person.rglob(f"*{NAME}*"), *windows.person.rglob(f"*{TITLE}*")}
    assert left == {own.parent}
    assert own.exists()


def test_for_everybody_it_lies_where_only_administrators_may_write(windows: Computer) -> None:
    """With /ALLUSERS nothing of it is one person's; uninstalled, the site's settings stay."""
    site = windows.drive / "ProgramData" / NAME / "config.toml"
    site.parent.mkdir()
    site.touch()
    assert windows.do(SETUP, "/S", "/ALLUSERS") == 0
    folder = windows.drive / "Program Files" / TITLE
    bare.report(windows.run_to_end(folder / f"{NAME}.com", "selftest"))
    assert windows.value(ENTRY.replace("HKCU", "HKLM"), "InstallLocation").endswith(rf"Program Files\{TITLE}")
    assert windows.value(ENTRY, "InstallLocation") == ""
    assert (windows.drive / "ProgramData/Microsoft/Windows/Start Menu/Programs" / f"{TITLE}.lnk").is_file()

    windows.do(folder / "uninstall.exe", "/S")
    wait_until(lambda: not folder.exists(), 60.0, "the program gone")
    assert windows.value(ENTRY.replace("HKCU", "HKLM"), "InstallLocation") == ""
    assert site.exists()


def test_switched_on_it_is_there_after_the_next_login(installation: Installed, desktop: Trayer) -> None:
    """Windows itself starts it, and its icon appears."""
    windows = installation.windows
    with StatusServer(scenes.calm()) as server:
        configure_home(installation.settings, settings(server.url))
        assert windows.do(installation.console, "autostart", "on") == 0
        windows.close()
        windows.log_in()
        desktop.wait_colour(GREEN, 60.0, "a green icon", below=TRAY)


def test_what_runs_and_cannot_be_asked_to_quit_is_left_alone(
    installation: Installed, desktop: Trayer
) -> None:
    """A demo hears no commands: the installer says by its exit status that it has done nothing."""
    windows = installation.windows
    windows.begin(installation.program, "demo")
    desktop.wait_colour(GREEN, 60.0, "a green icon", below=TRAY)
    before = sorted(installation.folder.rglob("*"))
    assert windows.do(SETUP, "/S") == 2
    assert sorted(installation.folder.rglob("*")) == before


def balloon(desktop: Trayer) -> bool:
    """Whether something hangs above the tray: a balloon, or the menu."""
    above = desktop.grab().crop((0, 0, 800, TRAY))
    return PAPER in {colour for _, colour in above.getcolors(1 << 19) or ()}


def quit_in_the_menu(desktop: Trayer) -> None:
    """Open the menu, whose corner is where the pointer is, and choose its lowest line."""
    x, y = desktop.wait_colour(RED, below=TRAY)
    desktop.wait_until(lambda: not balloon(desktop), 60.0, "no balloon")
    desktop.click(x, y, 3)
    desktop.wait_until(lambda: balloon(desktop), what="the menu")
    desktop.screenshot("windows-menu")
    desktop.click(x - 60, y - LOWEST)


def test_through_an_outage_a_crash_and_an_upgrade_to_its_removal(
    installation: Installed, desktop: Trayer, browser: Browser
) -> None:
    """Icon, balloons and their clicks; a second start; killed and started again; quit in its menu; removed while it runs."""
    windows = installation.windows

    def looks(colour: Colour, picture: str) -> None:
        desktop.wait_colour(colour, 90.0, picture, below=TRAY)
        desktop.screenshot(f"windows-{picture}")

    def wait_icon_gone() -> None:
        desktop.wait_until(lambda: not desktop.find_colour(RED, below=TRAY), what="no icon")

    def opens(start: str) -> None:
        desktop.wait_until(lambda: browser.opened, what="a page opened")
        assert [url.startswith(start) for url in browser.opened] == [True]
        browser.forget()

    with StatusServer(scenes.calm()) as server:
        configure_home(installation.settings, settings(server.url, more=OFTEN))
        windows.begin(installation.program)
        looks(GREEN, "calm")
        desktop.wait_until(lambda: balloon(desktop), what="the welcome")
        looks(GREEN, "welcome")
        desktop.wait_until(lambda: not balloon(desktop), 60.0, "the welcome's end")

        server.set_answers(scenes.incident("Elevated errors"))
        looks(ORANGE, "incident")
        desktop.wait_until(lambda: balloon(desktop), 60.0, "the incident told")
        looks(ORANGE, "incident-told")
        windows.click_balloon()
        opens("https://status.openai.com/incidents/")

        server.set_answers(scenes.down("ChatGPT", "APIs", "Codex"))
        looks(RED, "outage")
        assert windows.do(installation.program) == 0
        opens("http://127.0.0.1:")

        windows.kill(installation.program.name)
        wait_icon_gone()
        windows.begin(installation.program)
        looks(RED, "after-a-crash")

        installation.install()
        looks(RED, "after-an-upgrade")
        assert windows.do(installation.console, "open") == 0
        opens("http://127.0.0.1:")

        quit_in_the_menu(desktop)
        wait_icon_gone()
        windows.begin(installation.program)
        looks(RED, "before-its-removal")
        installation.uninstall()
        wait_icon_gone()
    desktop.screenshot("windows-removed")
