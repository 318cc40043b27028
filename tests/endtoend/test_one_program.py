"""One program a person: a second start, and what a script may ask of the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from tests.endtoend.command import configure_home, ran, settings
from tests.endtoend.running import Browser, Program
from tests.film import own_film
from trayapp.demo.page_json import SUMMARY_PATH
from trayapp.demo.server import StatusServer


@pytest.fixture
def server() -> Iterator[StatusServer]:
    """A page on which all is well."""
    with StatusServer(own_film().scenes[0]) as server:
        yield server


@pytest.fixture
def program(tmp_path: Path, server: StatusServer, browser: Browser) -> Iterator[Program]:
    """The program, its first look done; nothing is due for an hour."""
    home = configure_home(tmp_path / "home", settings(server.url, more='interval = "1h"'))
    with Program(home, env=browser.env) as program:
        program.wait_for("fine")
        yield program


def _looks(server: StatusServer) -> int:
    return sum(asked.path == SUMMARY_PATH for asked in server.asked)


def test_a_second_start_opens_the_first_ones_details(program: Program, browser: Browser) -> None:
    """It says so and ends; the first goes on, and has the browser open one address."""
    second = ran(program.home)
    assert (second.code, second.err) == (0, "")
    assert "already running" in second.out
    wait_until(lambda: browser.opened, what="an address opened")
    assert len(browser.opened) == 1
    assert browser.opened[0].startswith("http")
    assert program.process.poll() is None


def test_a_second_start_at_login_opens_nothing(program: Program, browser: Browser) -> None:
    """A session that starts it twice, by its own list and by the entry, has asked for nothing."""
    second = ran(program.home, "run", "--at-login")
    assert (second.code, second.out, second.err) == (0, "", "")
    assert "nothing to do at this login" in program.log
    assert ran(program.home, "check").code == 0
    assert browser.opened == []
    assert program.process.poll() is None


def test_two_starts_at_login_are_one_program_and_no_page(
    tmp_path: Path, server: StatusServer, browser: Browser
) -> None:
    """Begun at the same moment: one runs, the other ends at once."""
    home = configure_home(tmp_path / "home", settings(server.url, more='interval = "1h"'))
    with (
        Program(home, "run", "--at-login", env=browser.env) as one,
        Program(home, "run", "--at-login", env=browser.env) as other,
    ):
        wait_until(lambda: 0 in {one.process.poll(), other.process.poll()}, what="one end")
        (first,) = [program for program in (one, other) if program.process.poll() is None]
        first.wait_for("fine")
        assert browser.opened == []


def test_open_opens_the_details(program: Program, browser: Browser) -> None:
    """From a script or a panel's launcher."""
    assert ran(program.home, "open").code == 0
    wait_until(lambda: browser.opened, what="an address opened")
    assert len(browser.opened) == 1


@pytest.mark.parametrize("command", [(), ("open",)], ids=["a second start", "open"])
def test_that_no_browser_opened_is_said(command: tuple[str, ...], program: Program, browser: Browser) -> None:
    """Exit 1: who asked sees nothing on the screen and learns why."""
    browser.finds_none()
    answer = ran(program.home, *command)
    assert (answer.code, answer.out) == (1, "")
    assert "no browser could be opened" in answer.err.lower()
    assert answer.err.count("\n") == 1


def test_check_looks_at_once(program: Program, server: StatusServer) -> None:
    """Whatever the interval says."""
    before = _looks(server)
    assert ran(program.home, "check").code == 0
    wait_until(lambda: _looks(server) > before, what="another look")


def test_quit_ends_it_in_order(program: Program) -> None:
    """Exit 0, and nothing stays behind."""
    assert ran(program.home, "quit").code == 0
    assert program.process.wait(2.0) == 0
    assert not program.left_behind()
    assert not (program.home / "control.sock").exists()


@pytest.mark.parametrize("command", ["open", "check", "quit"])
def test_nobody_there_is_said_in_one_line(command: str, tmp_path: Path) -> None:
    """Exit 1, and how to start it."""
    answer = ran(tmp_path, command)
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert "not running" in answer.err


def test_a_crashed_program_is_in_nobodys_way(program: Program, server: StatusServer) -> None:
    """After kill -9 a script is told that nobody is there, and the next start simply starts."""
    program.kill()
    assert ran(program.home, "check").code == 1
    before = _looks(server)
    with Program(program.home) as again:
        wait_until(lambda: _looks(server) > before, what="the next one's first look")
        assert again.process.poll() is None


def test_a_config_broken_meanwhile_harms_nobody(program: Program, server: StatusServer) -> None:
    """The running program goes on with what it has read; commands that read the file name the mistake."""
    config = program.home / "config.toml"
    good = program.home / "good.toml"
    good.write_text(config.read_text())
    config.write_text("[page]\ninterval = 5 s\n")
    assert ran(program.home, "check").code == 64
    before = _looks(server)
    assert ran(program.home, "check", "--config", str(good)).code == 0
    wait_until(lambda: _looks(server) > before, what="another look")
    assert program.process.poll() is None
    assert "Traceback" not in program.log
