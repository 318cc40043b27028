"""Recorded looks are judged again by the real judge, and what it would have told is printed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.core.films import LIMITS, look, outage, sequence
from tests.core.pages import BEGAN, page
from tests.desktop.desktops import wait_until
from tests.endtoend.command import LIMIT, configure_home, ran, settings
from tests.endtoend.running import QUICK, Program
from tests.film import own_film
from tests.test_recording import record_rounds
from trayapp.app.languages import load_translator
from trayapp.commands.replay import replay_rounds
from trayapp.demo.server import StatusServer
from trayapp.engine.recording import FORMAT, VERSION, JudgeSettings, ProgramStart, RecordedLine, read_lines
from trayapp.model import Level, Limits, Round, State, TransitionKind

CALM = look(0, page())
START = ProgramStart(FORMAT, VERSION, LIMITS)


def changes_told(
    recorded: list[RecordedLine], level: Level | None = None
) -> list[tuple[float, TransitionKind]]:
    """What is told and when, in seconds from the film's beginning."""
    return [
        ((told.at - BEGAN) / timedelta(seconds=1), told.transition.change)
        for told in replay_rounds(recorded, load_translator("en"), level)
    ]


def test_an_outage_is_told_again_once_and_so_is_its_end() -> None:
    """At the second reading of each."""
    assert changes_told([START, CALM, *outage(100, 400)]) == [
        (120, TransitionKind.START),
        (460, TransitionKind.END),
    ]


def test_a_start_in_the_middle_is_a_restart_of_the_program() -> None:
    """What was told before it is not told again after it; its end is."""
    film = outage(100, 400)
    assert changes_told([START, CALM, *film[:2], START, *film[1:]]) == [
        (120, TransitionKind.START),
        (460, TransitionKind.END),
    ]


def test_another_level_tells_another_story() -> None:
    """Degraded performance is told to who wants problems, and not at the recording's own level."""
    slow = page(APIs=State.DEGRADED)
    film: list[RecordedLine] = [START, CALM, look(100, slow), look(120, slow)]
    assert changes_told(film) == []
    assert changes_told(film, Level.PROBLEMS) == [(120, TransitionKind.START)]


def test_the_settings_are_the_recordings_own() -> None:
    """Who followed Codex alone hears nothing of ChatGPT."""
    codex = ProgramStart(FORMAT, VERSION, Limits(follow=("Codex",)))
    assert changes_told([codex, CALM, *outage(100, 400)]) == []


def test_settings_that_change_are_gone_by_from_then_on() -> None:
    """Without a restart: who takes up ChatGPT in the middle of its outage is told as the program told it."""
    codex, both = (Limits(follow=names) for names in (("Codex",), ("Codex", "ChatGPT")))
    down, slow = page(ChatGPT=State.MAJOR), page(Codex=State.MAJOR)
    film: list[RecordedLine] = [
        JudgeSettings(codex),
        CALM,
        look(50, down),
        JudgeSettings(both),
        look(100, slow),
        look(120, slow),
    ]
    assert changes_told([START, *film]) == [(120, TransitionKind.START)]


@pytest.mark.long
def test_the_command_prints_time_change_title_and_body(tmp_path: Path) -> None:
    """For people by default, for scripts one object a line."""
    record_rounds(tmp_path / "r", *sequence([CALM], outage(100, 400)))
    done = ran(tmp_path, "replay", str(tmp_path / "r"), TZ="UTC")
    assert done.code == 0
    first, body, *_ = done.out.splitlines()
    assert first == "2026-03-14 09:02:00  start     ChatGPT is down"
    assert body.startswith(" " * 31 + "OpenAI: Chats: Major outage since 09:01.")
    lines = ran(tmp_path, "replay", "--json", str(tmp_path / "r")).out.splitlines()
    start, end = map(json.loads, lines)
    assert (start["at"], start["change"], start["title"]) == (
        "2026-03-14T09:02:00Z",
        "start",
        "ChatGPT is down",
    )
    assert (start["products"], start["state"], start["confirmed"]) == (["ChatGPT"], "major_outage", True)
    assert (end["change"], end["title"]) == ("end", "ChatGPT is back after 5 min")


@pytest.mark.long
def test_a_bad_line_is_bad_usage(tmp_path: Path) -> None:
    """Exit 64 with one line that names it, after what came before was told."""
    record_rounds(tmp_path / "r", *sequence([CALM], outage(100, 400)))
    with (tmp_path / "r").open("a") as file:
        file.write("{}\n")
    done = ran(tmp_path, "replay", str(tmp_path / "r"))
    assert (done.code, len(done.out.splitlines())) == (64, 4)
    assert done.err.startswith(
        f"openai-status-tray: {tmp_path}/r, line 7: this line is not part of a recording"
    )
    assert len(done.err.splitlines()) == 1


@pytest.mark.long
def test_looks_that_tell_nothing_are_said_to(tmp_path: Path) -> None:
    """On stderr, so that what scripts read stays empty."""
    record_rounds(tmp_path / "r", CALM)
    done = ran(tmp_path, "replay", str(tmp_path / "r"))
    assert (done.code, done.out, done.err) == (0, "", f"{tmp_path}/r: nothing would have been notified\n")


@pytest.mark.long
@pytest.mark.parametrize("content", ["junk", "junk\n", ""])
def test_a_file_of_another_kind_is_named_as_such(tmp_path: Path, content: str) -> None:
    """In words for a person, also when it has not one whole line; an empty one tells nothing."""
    (tmp_path / "r").write_text(content)
    done = ran(tmp_path, "replay", str(tmp_path / "r"), LANG="tr_TR.UTF-8")
    why = "1. satır: bu programın yaptığı bir kayıt değil" if content else "hiçbir şey"
    assert done.code == (64 if content else 0)
    assert why in done.err


@pytest.mark.long
@pytest.mark.parametrize("arguments", [("replay",), ("replay", "absent"), ("replay", "x", "--level", "loud")])
def test_bad_usage_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """No file, a file that is not there, a level that is none."""
    done = ran(tmp_path, *arguments)
    assert (done.code, done.out, len(done.err.splitlines())) == (64, "", 1)


@pytest.mark.long
def test_what_the_running_program_recorded_tells_what_it_told(tmp_path: Path) -> None:
    """The film through the real program and its file: the same start."""
    calm, watched, _ = own_film().scenes
    # Of a fix that is only watched nothing would be told.
    trouble = {
        path: replace(at, body=at.body.replace(b"monitoring", b"identified")) for path, at in watched.items()
    }
    file = tmp_path / "polls.jsonl"
    with StatusServer(calm) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more='[notify]\nlevel = "problems"'))
        with Program(home, "run", "--record", str(file), command=QUICK) as program:
            program.wait_for("ChatGPT")
            server.set_answers(trouble)
            wait_until(lambda: " start " in program.log, LIMIT, "the start told")
            program.end()
    assert [type(one) for one in read_lines(file)][:3] == [ProgramStart, Round, Round]
    told = [json.loads(line) for line in ran(home, "replay", "--json", str(file)).out.splitlines()]
    assert [(one["change"], one["state"]) for one in told] == [("start", "degraded")]


@pytest.mark.long
def test_a_file_that_cannot_be_recorded_to_is_bad_usage(tmp_path: Path) -> None:
    """Exit 64 before anything is looked at, and nothing is left running."""
    done = ran(tmp_path, "run", "--record", str(tmp_path))
    assert (done.code, done.err) == (64, f"openai-status-tray: {tmp_path}: is not a file\n")
