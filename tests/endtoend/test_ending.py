"""The program without a display: its line in the terminal, and that it ends at once, whatever hangs."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.desktop.desktops import Desktop, wait_until
from tests.endtoend.command import configure_home, environment, ran, settings
from tests.endtoend.running import NORMAL, Program
from tests.faults import FAULTS, Caller, faulty
from tests.film import own_film
from trayapp.demo.server import StatusServer

IN_TIME = 2.0
"""Seconds."""

ENDS = pytest.mark.parametrize(
    "how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda how: how.name
)

NO_ANSWER = """
import pathlib, socket, time

def look_up(*_arguments, **_more):
    pathlib.Path({marker!r}).touch()
    time.sleep(3600)

socket.getaddrinfo = look_up
"""

ENDED_EARLY = """
import itertools, os, signal, threading

start, number = threading.Thread.start, itertools.count()

def told_to_end(thread):
    if next(number) == {number}:
        os.kill(os.getpid(), signal.SIGTERM)
    start(thread)

threading.Thread.start = told_to_end
"""


@pytest.fixture
def calm() -> Iterator[StatusServer]:
    """A page on which all is well."""
    with StatusServer(own_film().scenes[0]) as server:
        yield server


@ENDS
def test_without_a_tray_it_says_so_and_shows_a_live_line(
    how: signal.Signals, tmp_path: Path, calm: StatusServer
) -> None:
    """One line says that there is no icon; the state follows; ending is in order and leaves nothing."""
    with Program(configure_home(tmp_path / "home", settings(calm.url, probes=True))) as program:
        program.wait_for("ChatGPT, APIs and Codex fine")
        assert program.output.startswith("No system tray was found")
        _ends(program, how)
    assert program.output.count("No system tray") == 1


@pytest.mark.parametrize("number", range(4))
def test_an_end_in_the_middle_of_the_beginning_is_no_fault(
    number: int, tmp_path: Path, calm: StatusServer
) -> None:
    """While each of its threads starts, which is where an exception leaves half a program."""
    (tmp_path / "sitecustomize.py").write_text(ENDED_EARLY.format(number=number))
    home = configure_home(tmp_path / "home", settings(calm.url))
    with Program(home, env={"PYTHONPATH": str(tmp_path)}) as program:
        program.process.wait(IN_TIME * 5)
        assert program.process.returncode == 0, program.output
        assert "Traceback" not in program.log
        assert not program.left_behind()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda how: how.name)
def test_a_signal_that_was_ignored_at_the_start_stays_so(
    how: signal.Signals, tmp_path: Path, calm: StatusServer
) -> None:
    """As `nohup` has it, and a script's shell for what runs in the background; another one ends it in order."""
    ignoring = ("sh", "-c", f'trap \'\' {how.name.removeprefix("SIG")}; exec "$0" "$@"', *NORMAL)
    with Program(configure_home(tmp_path / "home", settings(calm.url)), command=ignoring) as program:
        program.wait_for("fine")
        program.process.send_signal(how)
        assert ran(program.home, "check").code == 0
        _ends(program, signal.SIGHUP if how is signal.SIGTERM else signal.SIGTERM)


def test_with_nohup_it_outlives_its_terminal(tmp_path: Path, calm: StatusServer) -> None:
    """An interactive shell in a terminal of its own, which is closed."""
    home = configure_home(tmp_path / "home", settings(calm.url))
    terminal, its_end = pty.openpty()
    with subprocess.Popen(
        ["bash", "--norc", "-i"],
        stdin=its_end,
        stdout=its_end,
        stderr=its_end,
        env=environment(home),
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - the shell's own terminal
    ) as shell:
        os.close(its_end)
        os.write(terminal, f"cd {tmp_path}; nohup {NORMAL[0]} &\n".encode())
        wait_until(lambda: ran(home, "check").code == 0, limit=30, what="the program")
        os.close(terminal)
    assert shell.returncode != 0
    assert ran(home, "check").code == 0
    assert ran(home, "quit").code == 0


def test_that_notifications_do_not_come_is_said_too(tmp_path: Path, calm: StatusServer) -> None:
    """Without a session there is nobody to show the first one: silence would be taken for calm."""
    home = configure_home(tmp_path / "home", settings(calm.url))
    with Program(home, env={"PATH": "/nowhere"}) as program:
        program.wait_for("fine · notifications cannot be shown")
        assert program.output.count("notifications") == 1


def test_a_language_chosen_meanwhile_is_spoken_in_the_terminal(tmp_path: Path, calm: StatusServer) -> None:
    """From the next thing that happens on, without a new start."""
    home = configure_home(tmp_path / "home", settings(calm.url, probes=True))
    with Program(home) as program:
        program.wait_for("ChatGPT, APIs and Codex fine")
        configure_home(home, settings(calm.url, probes=True, top='language = "tr"'))
        ran(home, "check")
        program.wait_for("ChatGPT, APIs ve Codex sorunsuz")


@ENDS
def test_it_ends_while_a_server_drips(
    how: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that comes byte by byte is left where it is."""
    asked: list[str] = []

    def drip(caller: Caller) -> None:
        asked.append(caller.path)
        FAULTS["drip_body"](caller)

    monkeypatch.setattr("tests.faults.FAULTS", {"noted": drip})
    with faulty("noted") as url, Program(configure_home(tmp_path / "home", settings(url))) as program:
        wait_until(lambda: asked, what="a request")
        _ends(program, how)


@ENDS
def test_it_ends_while_a_name_look_up_hangs(how: signal.Signals, tmp_path: Path) -> None:
    """The system's look-up cannot be called off: its thread is abandoned."""
    marker = tmp_path / "asked"
    (tmp_path / "sitecustomize.py").write_text(NO_ANSWER.format(marker=str(marker)))
    home = configure_home(tmp_path / "home", settings("http://status.example.com"))
    with Program(home, env={"PYTHONPATH": str(tmp_path)}) as program:
        wait_until(marker.exists, what="a look-up")
        _ends(program, how)


@pytest.mark.desktop
@ENDS
def test_it_ends_while_the_notification_server_hangs(
    how: signal.Signals, tmp_path: Path, calm: StatusServer, session: Desktop, bus: dict[str, str]
) -> None:
    """A notification that nobody takes is given up."""
    with (
        _stop_dunst(session),
        Program(configure_home(tmp_path / "home", settings(calm.url)), env=bus) as program,
    ):
        program.wait_for("fine")
        _ends(program, how)


@ENDS
def test_it_ends_while_everything_hangs(how: signal.Signals, tmp_path: Path) -> None:
    """No answer at all, from nobody."""
    with faulty("hang") as url, Program(configure_home(tmp_path / "home", settings(url))) as program:
        program.wait_for("Checking")
        _ends(program, how)


def _ends(program: Program, how: signal.Signals) -> None:
    """It ends in time and in order, silently, and leaves neither a process nor a socket."""
    assert program.end(how) < IN_TIME
    assert program.process.returncode == 0
    assert not program.left_behind()
    assert not (program.home / "control.sock").exists()
    assert "Traceback" not in program.output + program.log
    assert "trayapp.commands.run: ended" in program.log


@contextmanager
def _stop_dunst(session: Desktop) -> Iterator[None]:
    process = session._running["dunst"]
    process.send_signal(signal.SIGSTOP)
    yield
    process.send_signal(signal.SIGCONT)
