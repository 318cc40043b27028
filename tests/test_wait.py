"""A wait ends when the followed products are fine or in trouble, surely; else it says why it did not."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.films import LIMITS, MISS, look, moment
from tests.core.pages import page
from tests.desktop.desktops import wait_until
from tests.endtoend.command import COMMAND, configure_home, ran, settings
from tests.endtoend.running import Program
from tests.film import own_film
from tests.systems import can_unshare, unix
from trayapp.app.exit_codes import EXIT_UNKNOWN
from trayapp.commands.wait import EXIT_REACHED, EXIT_TIMED_OUT, WaitPorts, WaitTarget, wait_for_target
from trayapp.demo.server import StatusServer
from trayapp.model import ConnectionState, Miss, PageReading, PollPlan, Round, State

PAGE_ALONE = replace(LIMITS, probes=())
CALM, DOWN, SLOW = page(), page(APIs=State.MAJOR), page(APIs=State.DEGRADED)
UPKEEP = page(Codex=State.MAINTENANCE)


class Stage:
    """A page that changes with time, waited on with a clock that sleeping alone moves on."""

    def __init__(
        self, *scenes: tuple[float, PageReading | Miss], line: ConnectionState | None = None
    ) -> None:
        self.scenes, self.line = scenes, line
        self.limits = PAGE_ALONE
        self.second = 0.0
        self.looks: list[float] = []
        self.shown: list[State] = []

    def wait(self, target: WaitTarget = WaitTarget.FINE, timeout: float = 86400.0) -> int:
        """The exit status of a wait."""
        watch = WaitPorts(self._look, lambda: moment(self.second), self._sleep, lambda: 0.5)
        return wait_for_target(
            watch, self.limits, target, timeout, lambda verdict: self.shown.append(verdict.state)
        )

    def _look(self, _plan: PollPlan) -> Round:
        self.looks.append(self.second)
        reading = [scene for since, scene in self.scenes if since <= self.second][-1]
        return look(self.second, reading, line=self.line)

    def _sleep(self, seconds: float) -> None:
        self.second += seconds


@pytest.mark.parametrize("reading", [CALM, UPKEEP])
def test_what_is_fine_is_reached_when_it_was_read_twice(reading: PageReading) -> None:
    """20 s apart; maintenance is no trouble."""
    stage = Stage((0, reading))
    assert stage.wait() == EXIT_REACHED
    assert stage.looks == [0, 20]


def test_trouble_counts_when_it_was_read_twice() -> None:
    """Twenty seconds apart, as before a notification; degraded is trouble whatever the person is told of."""
    for reading in (DOWN, SLOW):
        stage = Stage((0, reading))
        assert stage.wait(WaitTarget.TROUBLE) == EXIT_REACHED
        assert stage.looks == [0, 20]


def test_trouble_that_was_read_once_is_none() -> None:
    """A slip of the page ends no wait."""
    stage = Stage((0, CALM), (100, DOWN), (130, CALM))
    assert stage.wait(WaitTarget.TROUBLE, timeout=3600) == EXIT_TIMED_OUT
    assert stage.shown == [State.OPERATIONAL, State.MAJOR, State.OPERATIONAL]


def test_the_end_of_trouble_counts_when_it_was_read_twice() -> None:
    """A minute apart, and a relapse between the two begins it anew."""
    stage = Stage((0, DOWN), (200, CALM), (220, DOWN), (500, CALM))
    assert stage.wait() == EXIT_REACHED
    first_calm = next(second for second in stage.looks if second >= 500)
    assert stage.second == first_calm + 60


def test_maintenance_after_trouble_is_fine() -> None:
    """Nobody promises more than that it is no trouble."""
    stage = Stage((0, SLOW), (100, page(APIs=State.MAINTENANCE)))
    assert stage.wait() == EXIT_REACHED


def test_a_wait_times_out_to_the_second() -> None:
    """In the middle of a pause between two looks, and after one look when there is no time at all."""
    stage = Stage((0, CALM))
    assert stage.wait(WaitTarget.TROUBLE, timeout=130) == EXIT_TIMED_OUT
    assert (stage.looks, stage.second) == ([0, 120], 130)
    none = Stage((0, CALM))
    assert none.wait(WaitTarget.TROUBLE, timeout=0) == EXIT_TIMED_OUT
    assert none.looks == [0]


@pytest.mark.parametrize("line", [None, ConnectionState.OFFLINE])
@pytest.mark.parametrize("target", WaitTarget)
def test_what_cannot_be_told_for_ten_minutes_ends_the_wait(
    target: WaitTarget, line: ConnectionState | None
) -> None:
    """An unreadable page and no internet alike, whatever was waited for."""
    stage = Stage((0, MISS), line=line)
    assert stage.wait(target) == EXIT_UNKNOWN
    assert stage.second == 600


def test_a_page_that_comes_back_in_time_goes_on_being_waited_for() -> None:
    """Only ten minutes without a word end a wait."""
    stage = Stage((0, DOWN), (100, MISS), (500, DOWN), (800, CALM))
    assert stage.wait() == EXIT_REACHED


def test_who_asks_us_to_wait_is_not_asked_before_the_wait_gives_up() -> None:
    """Retry-After stands above the ten minutes."""
    stage = Stage((0, replace(MISS, retry_after=900.0)))
    assert stage.wait() == EXIT_UNKNOWN
    assert stage.looks == [0]


def test_a_followed_name_that_the_page_does_not_have_cannot_be_told() -> None:
    """A misspelled product never becomes fine."""
    stage = Stage((0, CALM))
    stage.limits = replace(PAGE_ALONE, follow=("ChatGPT", "Chatgtp"))
    assert stage.wait() == EXIT_UNKNOWN


def test_only_news_is_shown() -> None:
    """Looks that find the same say nothing."""
    stage = Stage((0, CALM), (1000, DOWN))
    assert stage.wait(WaitTarget.TROUBLE) == EXIT_REACHED
    assert len(stage.looks) > 8
    assert stage.shown == [State.OPERATIONAL, State.MAJOR]


@pytest.mark.long
def test_the_command_waits_on_the_real_page(tmp_path: Path) -> None:
    """Fine at once, silently, and in a sentence with --verbose; in trouble not within a second."""
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        quiet = ran(home, "wait")
        assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
        said = ran(home, "wait", "--verbose", "--for", "fine")
        assert said.code == 0
        assert "OpenAI reports no trouble with ChatGPT, APIs and Codex." in said.out
        assert said.err == ""
        late = ran(home, "wait", "--for", "trouble", "--timeout", "1s")
        assert (late.code, late.out) == (3, "")
        assert late.err.startswith("The time is up. OpenAI reports no trouble")
        assert len(late.err.splitlines()) == 1
        assert {file.name for file in home.iterdir()} == {"config.toml"}


@pytest.mark.parametrize("arguments", [("--timeout", "soon"), ("--timeout", "5"), ("--for", "luck")])
def test_bad_usage_is_one_line(tmp_path: Path, arguments: tuple[str, str]) -> None:
    """Exit 64, naming the value."""
    done = ran(tmp_path, "wait", *arguments)
    assert (done.code, done.out, len(done.err.splitlines())) == (64, "", 1)
    assert arguments[1] in done.err


@unix
def test_ctrl_c_ends_a_wait(tmp_path: Path) -> None:
    """Without a word, with the status of a program that was interrupted."""
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        with Program(home, "wait", "--for", "trouble") as program:
            wait_until(lambda: len(server.asked) >= 2, what="the first poll")
            program.end(signal.SIGINT)
        assert (program.process.returncode, program.output) == (130, "")


@pytest.mark.long
@pytest.mark.skipif(not can_unshare("--pid", "--fork", "true"), reason="needs the right to make namespaces")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_as_a_containers_first_process_a_wait_ends_as_any_other(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    """The kernel keeps from that one what it has no handler for."""
    first = ("unshare", "--pid", "--fork", "--kill-child", COMMAND)
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        with Program(home, "wait", "--for", "trouble", command=first) as program:
            wait_until(lambda: len(server.asked) >= 2, what="the first poll")
            outer = program.process.pid
            os.kill(int(Path(f"/proc/{outer}/task/{outer}/children").read_text()), number)
            program.process.wait(10)
        assert (program.process.returncode, program.output) == (status, "")
