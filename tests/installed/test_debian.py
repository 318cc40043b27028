"""The Debian package: installed with apt, started at login, used through an outage, and taken away again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desktops import PANEL_FROM, wait_until
from tests.endtoend import scenes
from tests.endtoend.command import configure_home, settings
from tests.endtoend.running import Browser, Notices, Program
from tests.installed import bare
from tests.installed.conftest import DIST
from tests.installed.sessions import Session
from trayapp.demo.server import StatusServer
from trayapp.model import State
from trayapp.model.appearance import COLOURS

NAME = "openai-status-tray"
COMMAND = Path("/usr/bin") / NAME
OWN = Path("/usr/lib") / NAME
GREEN, RED = COLOURS[State.OPERATIONAL], COLOURS[State.MAJOR]
ON_THE_FIRST = (700, 75)
"""A place on the uppermost notification."""
OFTEN = 'interval = "15s"\ninterval_in_trouble = "15s"'

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("apt-get") is None,
    reason="a Debian package is installed by root with apt",
)


def system(*command: str) -> None:
    """Change what is installed, asking nothing and waiting for whoever else does."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=env, check=True, capture_output=True, timeout=300)


def apt(*arguments: str) -> None:
    """Install or remove."""
    system("apt-get", "-y", "-qq", "-o", "DPkg::Lock::Timeout=120", "--no-install-recommends", *arguments)


def system_files() -> set[str]:
    """All that belongs to the system and might be touched; caches that apt's triggers write are not ours."""
    roots = ["/usr", "/etc", "/opt", "/var/lib"]
    found = subprocess.run(
        ["find", *roots, "-xdev", "-name", f"*{NAME}*"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return set(found.stdout.splitlines())


@pytest.fixture
def package() -> Path:
    """The package as it was made."""
    return next(DIST.glob("*.deb"))


@pytest.fixture
def installed_command(package: Path) -> Iterator[Path]:
    """The installed command."""
    system("dpkg", "--purge", NAME)
    before = system_files()
    apt("install", str(package))
    yield COMMAND
    system("dpkg", "--purge", NAME)
    assert system_files() == before, "nothing stays"


def running() -> list[int]:
    """The installed program's processes, those of an earlier version among them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            argv = (process / "cmdline").read_text().split("\0")
        except OSError:
            continue  # it has ended meanwhile
        if argv[:2] == ["/usr/bin/python3", "-sE"] and argv[2] in {str(COMMAND), str(OWN / NAME)}:
            found.append(int(process.name))
    return found


def test_it_brings_nothing_that_is_compiled(package: Path) -> None:
    """So what scanners look for in it is the system's, and the system's to mend; one package does for each machine."""
    listed = subprocess.run(
        ["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True, timeout=60
    )
    names = [line.split()[5] for line in listed.stdout.splitlines()]
    assert not [name for name in names if re.search(r"\.(so|pyc)(\.|$)", name)]
    assert "./usr/lib/openai-status-tray/httpx/__init__.py" in names
    asked = ["dpkg-deb", "--field", str(package), "Architecture", "Depends"]
    fields = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "Architecture: all" in fields
    assert {"python3 (>= 3.11)", "python3-pil", "ca-certificates"} <= set(re.split(r"[,:]\s*|\n", fields))


def test_lintian_finds_no_error(package: Path) -> None:
    """Debian's own checker of packages has no error to report."""
    done = subprocess.run(
        ["lintian", "--allow-root", "--tag-display-limit", "0", package],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert not [line for line in done.stdout.splitlines() if line.startswith("E:")]


def test_installed_it_is_whole_and_does_not_start_at_login(installed_command: Path, tmp_path: Path) -> None:
    """Every part works with the system's Python and without an environment, and nobody is made to start it."""
    report = bare.report(bare.run(installed_command, "selftest", home=tmp_path))
    assert report["parts"].endswith("none of them its own")
    assert bare.run(installed_command, "autostart", "status", home=tmp_path).returncode == 1
    assert not Path("/etc/xdg/autostart", f"{NAME}.desktop").exists()
    shown = subprocess.run(["man", "--where", NAME], capture_output=True, text=True, check=False, timeout=60)
    assert "man1" in shown.stdout


def test_from_login_through_an_outage_to_its_removal(installed_command: Path, tmp_path: Path) -> None:
    """Started by the session's own autostart: icon, outage, notification, click; and it ends when it is uninstalled."""
    browser = Browser(tmp_path / "browser")
    session = Session(tmp_path / "home", tmp_path / "browser" / "xdg-open")
    try:
        with (
            StatusServer(scenes.calm()) as server,
            Notices(session.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
        ):
            configure_home(tmp_path / "home" / "config" / NAME, settings(server.url, more=OFTEN))
            subprocess.run(
                [installed_command, "autostart", "on"],
                env=session.env,
                check=True,
                capture_output=True,
                timeout=60,
            )
            session.log_in()
            session.wait_colour(GREEN, 60.0, "a green icon", PANEL_FROM)
            session.screenshot("installed-1-after-login")
            server.set_answers(scenes.incident("Elevated errors"))
            server.set_answers(scenes.down("ChatGPT", "APIs", "Codex"))
            session.wait_colour(RED, 60.0, "a red icon", PANEL_FROM)
            session.wait_until(lambda: notices.with_title("down"), 90.0, "the outage told")
            session.screenshot("installed-2-outage")
            session.click(*ON_THE_FIRST, button=2)
            session.wait_until(lambda: browser.opened, what="a page opened")
            assert len(running()) == 1
            apt("remove", NAME)
            assert running() == []
            assert (tmp_path / "home" / "config" / NAME / "config.toml").exists(), (
                "settings are the person's own"
            )
    finally:
        session.close()


def test_a_program_that_went_on_through_an_upgrade_is_ended_by_its_removal(
    installed_command: Path, package: Path, tmp_path: Path
) -> None:
    """Nothing of it stays."""
    with Program(tmp_path / "home", command=(str(installed_command),)) as program:
        wait_until(running, what="the installed program")
        apt("install", "--reinstall", str(package))
        assert running() == [program.process.pid], "an upgrade lets it go on"
        apt("remove", NAME)
        assert program.process.wait(5) == 0
