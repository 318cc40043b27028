"""A home that two computers share, as over NFS: the lock is held for both, and the socket is heard on one alone."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from tests.endtoend.command import COMMAND, Ended, configure_home, environment, ran, settings
from tests.endtoend.running import Browser, Program
from tests.film import own_film
from tests.systems import can_unshare
from trayapp.demo.server import StatusServer

HERE = socket.gethostname()
SAID = (
    f"The program runs on another computer that shares this folder ({HERE})."
    " End it there, or set OPENAI_STATUS_TRAY_HOME to a folder of this computer's own."
)

pytestmark = pytest.mark.skipif(
    not can_unshare("--uts", "hostname", "there"), reason="needs the right to name a computer"
)


@pytest.fixture
def program(tmp_path: Path, browser: Browser) -> Iterator[Program]:
    """It runs on this computer; its socket is dead for another one, which sees the file."""
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more='interval = "1h"'))
        with Program(home, env=browser.env) as program:
            program.wait_for("fine")
            (home / "control.sock").unlink()
            with socket.socket(socket.AF_UNIX) as dead:
                dead.bind(str(home / "control.sock"))
            yield program


def ran_there(home: Path, *arguments: str) -> Ended:
    """The command on a computer of another name."""
    done = subprocess.run(
        ["unshare", "--uts", "sh", "-c", 'hostname there; exec "$@"', "sh", COMMAND, *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Ended(done.returncode, done.stdout, done.stderr, 0.0)


@pytest.mark.parametrize("words", [(), ("run", "--at-login")])
def test_a_start_on_the_other_computer_says_where_it_runs(words: tuple[str, ...], program: Program) -> None:
    """Also at login, where it would show no icon without a word."""
    done = ran_there(program.home, *words)
    assert (done.code, done.out, done.err) == (64, "", f"openai-status-tray: {SAID}\n")
    assert program.process.poll() is None


@pytest.mark.parametrize("command", ["open", "check", "quit"])
def test_so_do_a_scripts_requests(command: str, program: Program) -> None:
    """Not that it is not running: that would be started in vain."""
    done = ran_there(program.home, command)
    assert (done.code, done.out, done.err) == (1, "", f"{SAID}\n")


def test_doctor_there_finds_it(program: Program) -> None:
    """With what to do."""
    (found,) = [one for one in ran_there(program.home, "doctor", "--json").json if one["what"] == "Program"]
    assert not found["ok"]
    assert found["found"] == f"runs on another computer that shares this folder: {HERE}"
    assert "OPENAI_STATUS_TRAY_HOME" in found["do"]


def test_on_its_own_computer_it_is_one_that_does_not_answer(program: Program) -> None:
    """As before."""
    assert "does not answer" in ran(program.home).err


def test_a_computer_that_went_down_is_in_nobodys_way(program: Program) -> None:
    """Its name is left behind, its lock is not; an orderly end leaves neither."""
    program.kill()
    assert "not running" in ran_there(program.home, "check").err
    name = program.home / "lock.host"
    assert name.read_text() == HERE
    with Program(program.home) as again:
        wait_until(lambda: ran(program.home, "check").code == 0, what="another start")
        again.end(signal.SIGTERM)
    assert not name.exists()
