"""A disk that is full or read-only: said once, and the program does its work all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import systems
from tests.desktop.desktops import wait_until
from tests.endtoend import scenes
from tests.endtoend.command import SHORT, configure_home, settings
from tests.endtoend.running import QUICK, Notices, Program
from trayapp.demo.server import StatusServer

pytestmark = [
    pytest.mark.desktop,
    systems.own_mounts,
]

DISKS = {
    "full": ('mount -t tmpfs -o size=64k none "$0"; cat /dev/zero > "$0/filling" 2>&-', "the disk is full"),
    "read-only": ('mount -t tmpfs -o ro none "$0"', "its memory cannot be written"),
}
"""What makes the home so, in a mount namespace of the program's own, and what it says of it."""


@pytest.mark.parametrize("disk", DISKS)
def test_a_bad_disk_is_said_once_and_nothing_else_is_lost(
    disk: str, tmp_path: Path, bus: dict[str, str], notices: Notices
) -> None:
    """It looks, shows and tells as ever, ends in order, and prints no more than that there is no log."""
    making, complaint = DISKS[disk]
    home = tmp_path / "home"
    home.mkdir()
    mounted = ("unshare", "--mount", "sh", "-c", f'{making}; exec "$@"', str(home))
    with StatusServer(scenes.calm()) as server:
        config = configure_home(tmp_path / "config", settings(server.url, more=SHORT)) / "config.toml"
        command = (*mounted, *QUICK)
        with Program(home, "--config", str(config), env=bus, command=command) as program:
            wait_until(lambda: notices.with_title(complaint), 60.0, "the disk complained of")
            program.wait_for("fine")
            server.set_answers(scenes.down("ChatGPT"))
            wait_until(lambda: notices.with_title("is down"), 60.0, "the outage told")
            program.end()
    assert program.process.returncode == 0
    assert len(notices.with_title(complaint)) == 1
    assert program.output.count("the log cannot be written") == 1
    assert "Traceback" not in program.output
