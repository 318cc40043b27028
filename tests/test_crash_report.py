"""Whatever goes wrong, a command ends with one line and an exit status that nobody takes for trouble at OpenAI."""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from tests.endtoend.command import configure_home, environment, ran, settings
from tests.systems import ANOTHER, as_another, second_user
from trayapp import __main__ as program
from trayapp import cli
from trayapp.app.languages import load_translator
from trayapp.places import HOME_VARIABLE

CLOSED = "http://127.0.0.1:9"


def commands() -> list[str]:
    """All that the command line knows."""
    (below,) = (
        a
        for a in cli.build_parser(load_translator("en"))._actions
        if isinstance(a, argparse._SubParsersAction)
    )
    return list(below.choices)


def line_of(command: str) -> list[str]:
    """A command with what it demands."""
    return [command, "file"] if command == "replay" else [command]


def status_of(command: str) -> int:
    """What its scripts must get when it cannot go on."""
    return 2 if command in {"status", "wait"} else 70


def plant(monkeypatch: pytest.MonkeyPatch, command: str, error: BaseException) -> None:
    """Have a command fail as nobody foresaw."""

    def fails(*_: object) -> NoReturn:
        raise error

    module = "control" if command in {"open", "check", "quit"} else command
    monkeypatch.setattr(importlib.import_module(f"trayapp.commands.{module}"), "main", fails)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, in English."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setenv("LANGUAGE", "en")
    return tmp_path


@pytest.mark.parametrize("command", commands())
def test_a_fault_is_one_line_and_its_traceback_is_in_the_log(
    command: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In every command there is: 2 where scripts ask for an answer, else 70."""
    plant(monkeypatch, command, KeyError("planted"))
    assert cli.main(line_of(command)) == status_of(command)
    log = home / "tray.log"
    said = f"it could not go on: a fault in this program (KeyError: 'planted'); more is in {log}"
    assert capsys.readouterr() == ("", f"openai-status-tray: {said}\n")
    assert "Traceback" in log.read_text()
    assert "planted" in log.read_text()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "a fault in this program (MemoryError)"),
        (RecursionError("deep"), "a fault in this program (RecursionError: deep)"),
        (ExceptionGroup("two", [ValueError("a"), ValueError("b")]), "ExceptionGroup"),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "Too many open files"),
        (PermissionError(errno.EACCES, "denied", "/some/file"), "/some/file: permission denied"),
        (OSError("without a number"), "without a number"),
        (RuntimeError("can't start new thread"), "the system lets it start no more threads"),
        (ValueError("a\nb\x1b]0;title\x07"), "ValueError: a\N{REPLACEMENT CHARACTER}b"),
        (ValueError("https://me:secret@proxy.example/"), "ValueError: https://***@proxy.example/"),
        (ValueError("long" * 1000), "longlong"),
    ],
)
def test_whatever_it_is_it_is_one_harmless_line(
    error: Exception,
    said: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without control characters and secrets, and of a length that can be read."""
    plant(monkeypatch, "status", error)
    assert cli.main(["status"]) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert err.endswith("\n")
    assert err[:-1].isprintable()
    assert len(err) < 300 + len(str(home))
    assert not out


@pytest.mark.parametrize("what", ["load_translator", "build_parser", "_run_command", "repair_streams"])
@pytest.mark.parametrize("words", [["status"], ["--config", "run", "--verbose", "wait"], ["history"], []])
def test_a_fault_before_a_command_begins_is_no_other(
    what: str,
    words: list[str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command is read off the command line, because what reads it may be what failed."""

    def fails(*_: object) -> NoReturn:
        raise ValueError("planted")

    monkeypatch.setattr(cli, what, fails)
    assert cli.main(words) == (2 if {"status", "wait"} & set(words) else 70)
    lines = capsys.readouterr().err.splitlines()
    assert "it could not go on" in lines[-1]
    assert (len(lines) > 1) == ("--verbose" in words), "who wants to watch sees the traceback"
    assert (home / "tray.log").exists()


@pytest.mark.parametrize(("words", "code"), [(["status"], 2), (["--verbose", "wait"], 2), ([], 70)])
def test_a_program_that_cannot_be_loaded_says_so(
    words: list[str], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after a half-done upgrade."""
    monkeypatch.setitem(sys.modules, "trayapp.cli", None)
    monkeypatch.setattr(sys, "argv", ["openai-status-tray", *words])
    assert program.main() == code
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("openai-status-tray: it could not go on: ModuleNotFoundError")
    assert err.count("\n") == 1


def test_without_a_log_the_line_promises_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the log's own trouble is not a second line."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "file"))
    plant(monkeypatch, "status", ValueError("planted"))
    assert cli.main(["status"]) == 2
    said = "openai-status-tray: it could not go on: a fault in this program (ValueError: planted)\n"
    assert capsys.readouterr() == ("", said)


@pytest.mark.long
@pytest.mark.parametrize("command", commands())
def test_a_home_of_a_user_who_is_none_is_bad_usage(command: str, tmp_path: Path) -> None:
    """One line that names the variable and its value, in every command: what it leads to may be the settings."""
    done = ran(tmp_path, *line_of(command), **{HOME_VARIABLE: "~nosuchuser/x"})
    said = f'openai-status-tray: {HOME_VARIABLE}="~nosuchuser/x": there is no such user\n'
    assert (done.code, done.out, done.err) == (64, "", said)


def as_nobody(*command: str, before: tuple[str, ...] = (), **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user id without an account; `before` begins the command line."""
    return as_another(*before, sys.executable, "-m", "trayapp", *command, reads=True, **more)


@pytest.mark.long
@second_user
@pytest.mark.parametrize("command", ["status", "wait", "replay", "details", "doctor", "selftest"])
def test_what_needs_no_folder_does_without_a_home(command: str, tmp_path: Path) -> None:
    """An unknown user id without HOME, as containers have: the answer is the look's."""
    file = tmp_path / "config.toml"
    file.write_text(settings(CLOSED))
    tmp_path.chmod(0o755)
    more = {
        "wait": ("--timeout", "1s"),
        "details": ("--out", str(tmp_path / "page")),
        "replay": (str(file),),
    }
    done = as_nobody("--config", str(file), command, *more.get(command, ()))
    expected = {"status": 2, "wait": 3, "replay": 64, "details": 74, "doctor": 1, "selftest": 0}
    assert done.returncode == expected[command]
    assert "Traceback" not in done.stderr
    assert "home" not in done.stderr


@pytest.mark.long
@second_user
@pytest.mark.parametrize(
    "command", [one for one in ("run", "history", "open", "check", "quit", "autostart") if one in commands()]
)
def test_what_needs_a_folder_says_that_there_is_no_home(command: str) -> None:
    """One line that says what to set."""
    done = as_nobody(command)
    said = f"openai-status-tray: this user has no home folder; set {HOME_VARIABLE} to a folder to use\n"
    assert (done.returncode, done.stdout, done.stderr) == (64, "", said)


@pytest.mark.long
@second_user
@pytest.mark.parametrize(("command", "status"), [(("status",), 2), (("wait", "--timeout", "1s"), 3)])
def test_without_threads_the_shortage_is_said(command: tuple[str, ...], status: int, tmp_path: Path) -> None:
    """Of a system that lets it start none: a command that waits goes on, for the next round may have them."""
    configure_home(tmp_path, settings(CLOSED))
    shutil.chown(tmp_path, ANOTHER, ANOTHER)
    done = as_nobody(*command, before=("prlimit", "--nproc=1"), **{HOME_VARIABLE: str(tmp_path)})
    said = "Could not read OpenAI's page: this program is out of open files, threads or memory."
    assert (done.returncode, said in done.stdout + done.stderr) == (status, True)
    assert (done.stdout + done.stderr).count("\n") == 1
    assert not (tmp_path / "tray.log").exists()


@pytest.mark.long
def test_what_python_would_print_by_itself_goes_to_the_log(tmp_path: Path) -> None:
    """An object that cannot be put away, a thread that fails: no traceback beside a command's own words."""
    planted = (
        "import threading; from trayapp import cli\n"
        "class Bad:\n    def __del__(self): raise ValueError('stray')\n"
        "from trayapp.commands import history\n"
        "def main(*_):\n    Bad(); t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join(); return 0\n"
        "history.main = main\n"
    )
    silent, watched = (
        subprocess.run(
            [sys.executable, "-c", f"{planted}\nraise SystemExit(cli.main({words}))"],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        for words in (["history"], ["--verbose", "history"])
    )
    assert (silent.returncode, silent.stderr) == (0, "")
    assert "stray" in watched.stderr
    assert "ZeroDivisionError" in watched.stderr
