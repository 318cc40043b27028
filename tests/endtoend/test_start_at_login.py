"""Start at login from the command line, and what a running program does about its own entry."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from tests.endtoend.command import COMMAND, configure_home, ran, settings
from tests.endtoend.running import Program
from tests.film import own_film
from trayapp.demo.server import StatusServer
from trayapp.desktop.autostart import xdg

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the entry is Linux's")


def entry_of(home: Path) -> Path:
    """Where the entry belongs for a person who has set nothing."""
    return home / ".config" / "autostart" / "openai-status-tray.desktop"


def test_on_off_and_status_say_what_holds(tmp_path: Path) -> None:
    """`status` exits with 0 when it is on; on twice and off twice are no errors."""
    answers = [
        ran(tmp_path, "autostart", word) for word in ("status", "on", "on", "status", "off", "off", "status")
    ]
    assert [answer.code for answer in answers] == [1, 0, 0, 0, 0, 0, 1]
    assert [answer.out for answer in answers[3:5]] == [
        "It starts at login.\n",
        "It does not start at login.\n",
    ]
    assert {answer.err for answer in answers} == {""}
    assert not entry_of(tmp_path).exists()


def test_the_entry_starts_the_very_command_that_wrote_it(tmp_path: Path) -> None:
    """With the config file it was told, whatever is in its name."""
    config = configure_home(tmp_path / "100% \"mine\" 'too'", settings("http://127.0.0.1:9")) / "config.toml"
    assert ran(tmp_path, "autostart", "on", "--config", str(config)).code == 0
    assert xdg.parse_entry(entry_of(tmp_path).read_text()).command == (
        COMMAND,
        "run",
        "--at-login",
        "--config",
        str(config),
    )


def test_what_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """The reason, and exit 1."""
    (tmp_path / ".config").write_text("a file where the folder belongs")
    answer = ran(tmp_path, "autostart", "on")
    assert (answer.code, answer.out) == (1, "")
    assert "could not be read or changed" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("gone", ["/gone/openai-status-tray", "/gone 100%/openai-status-tray"])
def test_a_program_that_was_moved_mends_its_entry_when_it_is_started(gone: str, tmp_path: Path) -> None:
    """The entry names the place where it is now; what else the person had it do stays."""
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        entry = entry_of(home)
        entry.parent.mkdir(parents=True)
        entry.write_text(xdg.build_entry((gone, "run", "--verbose")))
        with Program(home) as program:
            wait_until(lambda: os.fspath(COMMAND) in entry.read_text(), what="the entry mended")
            program.wait_for("fine")
            program.end()
    assert xdg.parse_entry(entry.read_text()).command == (COMMAND, "run", "--verbose")
    assert f"TryExec={COMMAND}" in entry.read_text().splitlines()
