"""The person's own program: what it is told, in what environment, and that it can harm nobody."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from trayapp.desktop.hooks import HookRunner, hook_environment
from trayapp.desktop.process_group import ProcessGroup
from trayapp.model import State, Transition, TransitionKind

BEGAN = datetime(2026, 3, 14, 10, 41, tzinfo=UTC)
START = Transition(
    TransitionKind.START,
    ("ChatGPT",),
    State.OPERATIONAL,
    State.MAJOR,
    BEGAN,
    BEGAN,
    ("harbour1",),
    must_arrive=True,
)
READ = "import os, sys; data = sys.stdin.read(); "


@pytest.fixture
def hooks() -> Iterator[list[HookRunner]]:
    """Hooks that are closed at the end."""
    made: list[HookRunner] = []
    yield made
    for one in made:
        one.close(5.0)


def running(made: list[HookRunner], code: str, *more: str, limit: float = 20.0) -> HookRunner:
    """Hooks that run this Python."""
    one = HookRunner(lambda: (sys.executable, "-c", READ + code, *more), limit)
    made.append(one)
    return one


def test_a_hook_reads_the_transition_as_one_object(hooks: list[HookRunner], tmp_path: Path) -> None:
    """States and times are spelled as everywhere else."""
    out = tmp_path / "out"
    running(hooks, "open(sys.argv[1], 'w').write(data)", str(out)).report_transition(START)
    wait_until(lambda: out.exists() and out.read_text())

    assert json.loads(out.read_text()) == {
        "change": "start",
        "products": ["ChatGPT"],
        "before": "operational",
        "after": "major_outage",
        "confirmed": True,
        "at": "2026-03-14T10:41:00Z",
        "since": "2026-03-14T10:41:00Z",
        "incidents": ["harbour1"],
        "away": False,
        "silent": False,
    }


def test_arguments_reach_the_program_as_they_are(hooks: list[HookRunner], tmp_path: Path) -> None:
    """No shell expands or splits them."""
    out = tmp_path / "out"
    strange = "$(touch /tmp/x); `id` * 'a b'"
    running(hooks, "open(sys.argv[1], 'w').write(sys.argv[2])", str(out), strange).report_transition(START)
    wait_until(lambda: out.exists() and out.read_text())

    assert out.read_text() == strange


def test_no_secret_of_the_environment_reaches_a_hook() -> None:
    """It gets what a program needs to run, and nothing else; a bundle's libraries stay out of its path."""
    given = {
        "PATH": f"/bundle{os.sep}bin{os.pathsep}/usr/bin",
        "HOME": "/home/a",
        "OPENAI_API_KEY": "sk-1",
        "https_proxy": "http://a:b@proxy.test",
        "LD_LIBRARY_PATH": "/bundle",
    }
    assert hook_environment(given, "/bundle") == {"PATH": "/usr/bin", "HOME": "/home/a"}


def test_hooks_run_one_at_a_time_and_in_order(hooks: list[HookRunner], tmp_path: Path) -> None:
    """The second begins when the first has ended."""
    out = tmp_path / "out"
    code = "f = open(sys.argv[1], 'a', buffering=1); f.write('in '); import time; time.sleep(0.2); f.write('out ')"
    one = running(hooks, code, str(out))
    for _ in range(3):
        one.report_transition(START)
    wait_until(lambda: out.exists() and len(out.read_text().split()) == 6)

    assert out.read_text() == "in out " * 3


def test_a_hook_that_hangs_is_ended_with_all_it_started(
    hooks: list[HookRunner], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """After its limit neither it nor its own child is left, the log says so, and the next one runs."""
    out = tmp_path / "out"
    code = (
        "import subprocess; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "open(sys.argv[1], 'a').write(f'{child.pid} '); child.wait()"
    )
    one = running(hooks, code, str(out), limit=3.0)
    with caplog.at_level(logging.WARNING):
        one.report_transition(START)
        one.report_transition(START)
        wait_until(lambda: caplog.text.count("was ended") == 2)

    children = [int(pid) for pid in out.read_text().split()]
    wait_until(lambda: all(map(_is_gone, children)))


def _is_gone(pid: int) -> bool:
    if sys.platform == "win32":
        import _winapi

        try:
            process = _winapi.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        except OSError:
            return True
        code = _winapi.GetExitCodeProcess(process)
        _winapi.CloseHandle(process)
        return code != _winapi.STILL_ACTIVE
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(") ")[2][0]
    except OSError:
        return True
    return state == "Z"


@pytest.mark.parametrize("argv", [("/nowhere/at/all",), (sys.executable, "-c", "raise SystemExit(3)")])
def test_a_hook_that_fails_is_logged_and_stops_nobody(
    hooks: list[HookRunner], caplog: pytest.LogCaptureFixture, argv: tuple[str, ...]
) -> None:
    """A program that is not there, or that ends with an error, is one line in the log each time."""
    one = HookRunner(lambda: argv)
    hooks.append(one)
    with caplog.at_level(logging.WARNING):
        one.report_transition(START)
        one.report_transition(START)
        wait_until(lambda: caplog.text.count("the hook") == 2)


def test_a_hook_that_reads_nothing_is_no_failure(
    hooks: list[HookRunner], caplog: pytest.LogCaptureFixture
) -> None:
    """It need not take what it is told."""
    one = HookRunner(lambda: (sys.executable, "-c", ""))
    hooks.append(one)
    one.report_transition(START)
    one.close(10.0)

    assert caplog.text == ""


def test_an_away_summary_is_passed_on_part_by_part(hooks: list[HookRunner], tmp_path: Path) -> None:
    """A script hears of each start and end in the order in which they happened, as if it had been there."""
    out = tmp_path / "out"
    end = replace(START, change=TransitionKind.END, before=State.MAJOR, after=State.OPERATIONAL, away=True)
    end = replace(end, at=START.at - timedelta(hours=1))
    both = replace(START, change=TransitionKind.AWAY, parts=(START, end))
    one = running(hooks, "open(sys.argv[1], 'a').write(data + chr(10))", str(out))
    one.report_transition(both)
    wait_until(lambda: out.exists() and out.read_text().count("\n") == 2)

    assert [json.loads(line)["change"] for line in out.read_text().splitlines()] == ["end", "start"]


def test_closing_ends_a_hook_that_still_runs(tmp_path: Path) -> None:
    """The program's end waits for nobody, and leaves nothing behind."""
    out = tmp_path / "out"
    code = "open(sys.argv[1], 'w').write(str(os.getpid())); import time; time.sleep(600)"
    one = running([], code, str(out))
    one.report_transition(START)
    one.report_transition(START)
    wait_until(lambda: out.exists() and out.read_text())
    began = time.monotonic()
    one.close(0.2)

    assert time.monotonic() - began < 5.0
    wait_until(lambda: _is_gone(int(out.read_text())))


def test_a_hook_that_starts_while_it_closes_is_ended_too(tmp_path: Path) -> None:
    """What is begun a moment too late is no more left behind than what ran."""
    out = tmp_path / "out"
    starts, closed = threading.Event(), threading.Event()

    def argv() -> tuple[str, ...]:
        if threading.current_thread().name == "hooks":
            starts.set()
            closed.wait(20)
        code = "open(sys.argv[1], 'w').write('lives'); import time; time.sleep(600)"
        return (sys.executable, "-c", READ + code, str(out))

    one = HookRunner(argv, limit=600)
    one.report_transition(START)
    assert starts.wait(20)
    one.close(0.1)
    closed.set()
    wait_until(lambda: "hooks" not in [thread.name for thread in threading.enumerate()])


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a job by its handle, which is nobody else's")
def test_what_a_hook_left_running_is_not_ended_after_it(tmp_path: Path) -> None:
    """Its number is free once it has ended: who has it then is a stranger."""
    out = tmp_path / "out"
    code = (
        "import subprocess; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open(sys.argv[1], 'w').write(str(child.pid))"
    )
    family = ProcessGroup((sys.executable, "-c", READ + code, str(out)), dict(os.environ))
    family.child.communicate(b"", 20)
    family.kill()

    left = int(out.read_text())
    assert not _is_gone(left)
    os.kill(left, signal.SIGKILL)


def test_without_a_hook_there_is_no_thread() -> None:
    """Most people have none."""
    one = HookRunner(lambda: ())
    before = set(threading.enumerate())
    one.report_transition(START)
    assert set(threading.enumerate()) <= before
    one.close(1.0)


def test_the_environment_of_a_real_hook_is_that_small(
    hooks: list[HookRunner], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the program itself was started with stays with it."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    out = tmp_path / "out"
    running(hooks, "open(sys.argv[1], 'w').write(' '.join(os.environ))", str(out)).report_transition(START)
    wait_until(lambda: out.exists() and out.read_text())

    assert "OPENAI_API_KEY" not in out.read_text()
    assert ("PATH" in out.read_text()) == ("PATH" in os.environ)
