"""`status --cached`: a prompt asks the real running program, and nobody else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.endtoend import scenes, slept
from tests.endtoend.command import CALL, COMMAND, configure_home, environment, ran, settings
from tests.endtoend.running import Program
from tests.endtoend.test_status import KEYS
from tests.film import Scene, own_film
from trayapp.core.tray_view.one_line import FIELDS
from trayapp.demo.server import StatusServer
from trayapp.desktop.control import Json
from trayapp.desktop.control.instance import Instance

FORMS = ("plain", "json", "waybar", " ".join(f"{{{field}}}" for field in FIELDS))
MORE = 0.060
"""Seconds that an answer may take longer than a Python that does nothing."""
HEAVY = {"argparse", "asyncio", "dataclasses", "gettext", "httpx", "logging", "PIL", "pystray", "ssl", "tomllib", "tomlkit"}  # fmt: skip
"""What a prompt does not wait for."""


def living(home: Path, scene: Scene, until: str, *, top: str = "") -> Iterator[tuple[Program, StatusServer]]:
    """The program over a page, its first look done; nothing is due for an hour."""
    with StatusServer(scene) as server:
        configure_home(home, settings(server.url, top=top, more='interval = "1h"'))
        with Program(home) as program:
            program.wait_for(until)
            yield program, server


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, StatusServer]]:
    """All is well."""
    yield from living(tmp_path_factory.mktemp("calm") / "home", own_film().scenes[0], "fine")


@pytest.fixture(scope="module")
def trouble(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, StatusServer]]:
    """A minor incident."""
    yield from living(tmp_path_factory.mktemp("trouble") / "home", own_film().scenes[1], "degraded")


def test_it_says_what_the_program_knows_and_asks_nobody(calm: tuple[Program, StatusServer]) -> None:
    """Exit 0 where all is well; the page is not read for it."""
    program, server = calm
    before = len(server.asked)
    for form in FORMS:
        said = ran(program.home, "status", "--cached", "--format", form)
        assert (said.code, said.err, said.out.count("\n")) == (0, "", 1), form
    assert ran(program.home, "status", "--cached").out.startswith("OpenAI reports no trouble")
    assert ran(program.home, "status", "--cached", f"--format={FORMS[-1]}").out.startswith(
        "✓ operational OpenAI"
    )
    assert len(server.asked) == before


def test_it_exits_as_status_does(trouble: tuple[Program, StatusServer]) -> None:
    """1 in trouble, with the same sentence and the same JSON keys as a look of its own."""
    program, _ = trouble
    cached, looked = (ran(program.home, "status", "--json", *more) for more in (("--cached",), ()))
    assert (cached.code, looked.code) == (1, 1)
    assert list(cached.json) == KEYS[""].split()
    assert cached.json["state"] == looked.json["state"] == "degraded"
    assert cached.json["incidents"] == looked.json["incidents"]
    assert ran(program.home, "status", "--cached").out == cached.json["sentence"] + "\n"
    shown = json.loads(ran(program.home, "status", "--cached", "--format", "waybar").out)
    assert shown["class"] == "degraded"
    assert shown["text"].startswith("▲ ")


def test_the_same_forms_serve_a_look_of_its_own(trouble: tuple[Program, StatusServer]) -> None:
    """Without a running program too."""
    program, _ = trouble
    for form in ("waybar", "{icon} {state}"):
        said = ran(program.home, "status", "--format", form)
        assert (said.code, said.err) == (1, "")
        assert said.out == ran(program.home, "status", "--cached", "--format", form).out


def test_it_loads_next_to_nothing(calm: tuple[Program, StatusServer]) -> None:
    """No parser, no log, no settings, no network: what it needs is a socket."""
    program, _ = calm
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "trayapp", "status", "--cached"],
        env=environment(program.home), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "trayapp.commands.status_cached" in loaded
    assert not loaded & HEAVY
    assert not {name for name in loaded if name.startswith(("trayapp.core", "trayapp.sources"))}


@pytest.mark.skipif(sys.platform == "win32", reason="no command is installed there")
def test_a_prompt_waits_60_ms_at_most(calm: tuple[Program, StatusServer]) -> None:
    """The installed command against a Python that does nothing, by processor time, which others' work hardly changes.

    Nothing in it waits, so on a computer with nothing else to do that is the time on the wall too; `make bench` says it.
    """
    program, _ = calm

    def seconds(*command: str) -> float:
        before = os.times()
        subprocess.run(command, env=environment(program.home), capture_output=True, check=True, timeout=60)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    pairs = [
        (seconds(sys.executable, "-c", "pass"), seconds(COMMAND, "status", "--cached")) for _ in range(20)
    ]
    more = sum(asked - bare for bare, asked in pairs) / len(pairs)
    assert more <= MORE, pairs


@pytest.mark.parametrize("form", FORMS)
def test_where_none_runs_there_is_one_line_and_exit_2(form: str, tmp_path: Path) -> None:
    """On stderr: a prompt stays empty."""
    said = ran(configure_home(tmp_path / "home", ""), "status", "--cached", "--format", form)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "not running; start it with" in said.err


def test_a_page_that_cannot_be_read_is_not_known(tmp_path: Path) -> None:
    """Exit 2 and one line; bars that have a word for it are told in it."""
    for program, _ in living(tmp_path / "home", scenes.unreadable(), "unknown"):
        said = ran(program.home, "status", "--cached")
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
        assert "web page came instead" in said.err
        for form, state in (("json", "state"), ("waybar", "class")):
            bar = ran(program.home, "status", "--cached", "--format", form)
            assert (bar.code, bar.json[state], bar.err) == (2, "unknown", said.err)


def test_after_a_sleep_nothing_is_known_before_the_program_itself_has_woken(tmp_path: Path) -> None:
    """A bar that asks first must not be told what was true last night (law 1)."""
    nap = tmp_path / "nap"
    nap.write_text("0")
    home = tmp_path / "home"
    with StatusServer(own_film().scenes[0]) as server:
        configure_home(home, settings(server.url, more='interval = "1h"'))
        with Program(home, command=slept.COMMAND, env={slept.SLEPT: str(nap)}) as program:
            program.wait_for("fine")
            assert ran(home, "status", "--cached").code == 0
            server.set_answers(scenes.unreadable())  # so that no look makes it known again
            nap.write_text(str(8 * 3600.0))
            said = ran(home, "status", "--cached")
            assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("more", [(), ("--cached",)])
@pytest.mark.parametrize("form", ["{nonsense}", "{icon.__class__}", "{icon", "waybr", ""])
def test_an_unknown_field_is_one_line_and_exit_64(
    form: str, more: tuple[str, ...], calm: tuple[Program, StatusServer]
) -> None:
    """Nothing is looked at for it."""
    program, server = calm
    before = len(server.asked)
    said = ran(program.home, "status", "--format", form, *more)
    assert (said.code, said.out, said.err.count("\n")) == (64, "", 1), said
    assert "{icon}, {state}, {sentence}, {since}" in said.err
    assert len(server.asked) == before


def test_what_an_enemy_posts_is_one_line(tmp_path: Path) -> None:
    """From the page through the program's socket to the bar."""
    name = '<b>&"\\ \n\x1b[31m\u202e %{A1:touch x:} {icon} $(touch y) `id`'
    for program, _ in living(tmp_path / "home", scenes.incident(name), "partly down"):
        for form in FORMS:
            said = ran(program.home, "status", "--cached", "--format", form)
            assert (said.code, said.out.count("\n")) == (1, 1)
            assert said.out.rstrip("\n").isprintable()
            assert form == "json" or "%{" not in said.out
        shown = ran(program.home, "status", "--cached", "--format", "waybar").json
        assert "&lt;b&gt;&amp;" in shown["tooltip"]


def test_it_speaks_the_programs_language(tmp_path: Path) -> None:
    """Which the person chose in its menu; the prompt's own variables say nothing."""
    home = tmp_path / "home"
    for program, _ in living(home, own_film().scenes[0], "sorunsuz", top='language = "tr"'):
        assert ran(program.home, "status", "--cached").out.startswith("OpenAI sorun bildirmiyor")


def test_a_program_that_hangs_costs_two_seconds(tmp_path: Path) -> None:
    """Then one line, and exit 2."""
    for program, _ in living(tmp_path / "home", own_film().scenes[0], "fine"):
        program.process.send_signal(signal.SIGSTOP)
        try:
            said = ran(program.home, "status", "--cached")
        finally:
            program.process.send_signal(signal.SIGCONT)
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
        assert "does not answer" in said.err
        assert said.seconds < 5.0


@pytest.mark.parametrize(
    "answer", [{"error": "unknown request"}, {}, {"text": 1}, {"text": "all is well", "why": "", "code": "0"}]
)
def test_a_program_of_another_version_is_said(answer: Json, tmp_path: Path) -> None:
    """It knows no such request, or answers it otherwise."""
    home = configure_home(tmp_path / "home", "")
    instance = Instance.take(home)
    assert instance
    with closing(instance):
        instance.serve(lambda _request: answer)
        said = ran(home, "status", "--cached")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "another version" in said.err


@pytest.mark.skipif(sys.platform != "linux", reason="needs the disk that is always full")
def test_a_full_disk_behind_it_is_said(calm: tuple[Program, StatusServer]) -> None:
    """With an exit status that no script takes for an answer."""
    program, _ = calm
    with Path("/dev/full").open("wb") as full:
        said = subprocess.run(
            [*CALL, "status", "--cached"], env=environment(program.home), stdout=full, stderr=subprocess.PIPE,
            check=False, timeout=60,
        )  # fmt: skip
    assert (said.returncode, said.stderr.decode()) == (74, "openai-status-tray: the disk is full\n")


def test_many_prompts_at_once_are_all_answered(calm: tuple[Program, StatusServer]) -> None:
    """A tmux with twelve windows, say."""
    program, _ = calm
    asking = [
        subprocess.Popen(
            [*CALL, "status", "--cached"],
            env=environment(program.home),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(12)
    ]
    said = [(one.communicate(timeout=60), one.returncode) for one in asking]
    assert {code for _, code in said} == {0}
    assert len({out for (out, _), _ in said}) == 1
