"""What is written goes somewhere, whatever kind of terminal there is, or none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from trayapp import cli
from trayapp.places import HOME_VARIABLE

PROGRAM = [sys.executable, "-m", "trayapp"]


def _environment(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, HOME_VARIABLE: str(home), "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr", **more}


@pytest.mark.long
@pytest.mark.parametrize("command", ["--help", "history", "autostart status", "nonsense", "check"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows' pythonw is asked below")
def test_without_streams_a_command_does_its_work(command: str, tmp_path: Path) -> None:
    """As under a desktop that closes them: the exit status is the same as with a terminal, no fault takes its place."""
    open_, closed = (
        subprocess.run(
            ["sh", "-c", f'exec "$@" {redirection}', "sh", *PROGRAM, *command.split()],
            env=_environment(tmp_path),
            capture_output=True,
            check=False,
            timeout=60,
        )
        for redirection in ("", ">&- 2>&-")
    )
    assert closed.returncode == open_.returncode
    assert open_.stdout or open_.stderr


@pytest.mark.long
@pytest.mark.parametrize("command", ["history", "--help", "--version", "wait --help"])
@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.skipif(sys.platform != "linux", reason="needs the disk that is always full")
def test_a_full_disk_behind_the_output_is_said_in_one_line(
    command: str, *, buffered: bool, tmp_path: Path
) -> None:
    """With an exit status that no script takes for trouble at OpenAI."""
    with Path("/dev/full").open("wb") as full:
        said = subprocess.run(
            [*PROGRAM, *command.split()],
            env=_environment(tmp_path, PYTHONUNBUFFERED="" if buffered else "1"),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (said.returncode, said.stderr.decode()) == (74, "openai-status-tray: disk dolu\n")


@pytest.mark.long
@pytest.mark.parametrize("command", ["history", "--help"])
@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows' pipes tell it otherwise")
def test_a_reader_that_leaves_hears_no_complaint(command: str, *, buffered: bool, tmp_path: Path) -> None:
    """As `| head` does."""
    reader, writer = os.pipe()
    os.close(reader)
    said = subprocess.run(
        [*PROGRAM, *command.split()],
        env=_environment(tmp_path, PYTHONUNBUFFERED="" if buffered else "1"),
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(writer)
    assert (said.returncode, said.stderr) == (141, b"")


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp1254", "utf-8"])
def test_words_go_out_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    """A terminal that lacks Turkish letters shows question marks in their place."""
    said = subprocess.run(
        [*PROGRAM, "check"],
        env=_environment(tmp_path, PYTHONIOENCODING=encoding),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 1
    words = said.stderr.decode(encoding)
    assert "çalışmıyor" in words or "?" in words
    assert words.count("\n") == 1


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_json_is_whole_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    """A script reads every letter, also from a Windows pipe, which has the console's own code page."""
    (tmp_path / "config.toml").write_text(
        'language = "tr"\nprobes = []\n[page]\nurl = "http://127.0.0.1:9"\n'
        '[connectivity]\nreferences = ["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"]\n'
    )
    said = subprocess.run(
        [*PROGRAM, "status", "--json"],
        env=_environment(tmp_path, PYTHONIOENCODING=encoding),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 2
    sentence = json.loads(said.stdout)["sentence"]
    assert "ı" in sentence
    assert "?" not in sentence


@pytest.mark.skipif(sys.platform != "win32", reason="needs Windows' Python without a console")
@pytest.mark.parametrize(("command", "code"), [("--help", 0), ("history", 0), ("nonsense", 64), ("check", 1)])
def test_windows_program_without_a_console_does_its_work(command: str, code: int, tmp_path: Path) -> None:
    """It has neither stream, and ends as the one with a console does."""
    pythonw = str(Path(sys.executable).with_name("pythonw.exe"))
    ended = subprocess.run(
        [pythonw, "-m", "trayapp", command], env=_environment(tmp_path), check=False, timeout=60
    )
    assert ended.returncode == code


def test_ctrl_c_while_it_still_loads_ends_it_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As at any later moment: exit status 130 and no traceback."""

    def interrupt(_speaking: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "build_parser", interrupt)
    assert cli.main(["history"]) == 130
    assert capsys.readouterr() == ("", "")
