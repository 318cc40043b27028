"""A shortage of this computer's own, or a fault of this program, is said as that: never as a network's or OpenAI's."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import MethodType, SimpleNamespace
from typing import Any, NoReturn

import pytest

from tests.core.films import moment
from tests.core.scenes import CALM, LANGUAGES, translator_of
from tests.endtoend.command import CALL, configure_home, environment, settings
from tests.film import own_film
from tests.sources.servers import Server, say
from trayapp.commands import doctor
from trayapp.core.wording import headline
from trayapp.core.wording.labels import cause_label
from trayapp.core.wording.reasons import reason_lines
from trayapp.demo.server import StatusServer
from trayapp.engine.ports import PollerPorts
from trayapp.model import (
    Cause,
    ConnectionState,
    Miss,
    Outcome,
    PollPlan,
    ProbeSpec,
    Reason,
    ReasonKind,
    Round,
    Verdict,
)
from trayapp.sources.connectivity import connection_by_references
from trayapp.sources.failure_causes import cause_of
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse
from trayapp.sources.probes import read_probe

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux keeps them")
NOON = moment(0)
OURS = [cause for cause in Cause if cause.is_own_failure]


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), Cause.EXHAUSTED),
        (OSError(errno.ENFILE, os.strerror(errno.ENFILE)), Cause.EXHAUSTED),
        (OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS)), Cause.EXHAUSTED),
        (MemoryError(), Cause.EXHAUSTED),
        (RuntimeError("can't start new thread"), Cause.EXHAUSTED),
        (ExceptionGroup("", [TimeoutError(), OSError(errno.EMFILE, "")]), Cause.EXHAUSTED),
        (RuntimeError("another"), None),
        (socket.gaierror(errno.EMFILE, "a number of its own"), Cause.DNS),
    ],
)
def test_what_is_short_is_told_from_what_fails(error: Exception, cause: Cause | None) -> None:
    """Files, threads and memory, however deep it is wrapped; a look-up's numbers are its own."""
    assert cause_of(error) is cause


@pytest.mark.long
@linux
@pytest.mark.parametrize("files", [5, 6, 7, 8, 9, 12, 16])
def test_with_few_files_status_says_so_or_what_it_read(files: int, tmp_path: Path) -> None:
    """Whatever breaks for want of one: no certificate, no name, no network and no connection is blamed."""
    with StatusServer(own_film().scenes[0]) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        done = subprocess.run(
            ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *CALL, "status"],
            env=environment(configure_home(tmp_path, settings(url, probes=True))),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode in {0, 2}
    short = "this program is out of open files, threads or memory" in done.stdout
    # With a file too few for the list of all components, what the summary leaves out is unknown, and is called that.
    read = (
        "OpenAI reports no trouble with ChatGPT, APIs and Codex.",
        "Codex: unknown. ChatGPT and APIs fine.",
    )
    assert short or done.stdout.startswith(read)
    # Nine free files are enough for requests in parallel; with fewer it depends on how they meet.
    assert not short or files < 12, done.stdout
    blamed = ("network", "offline", "certificate", "look-up", "fault")
    assert not [word for word in blamed if word in done.stdout]


def no_thread(_thread: threading.Thread) -> NoReturn:
    """As Python says it."""
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("proxy", ["", "http://localhost:9"])
def test_a_look_up_without_a_thread_is_a_shortage_and_the_next_one_is_made(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for an answer that no thread will bring; a proxy is not blamed either."""
    http = HttpClient(user_agent="test", proxy=proxy)
    try:
        with Server(say(200, b"{}")).running() as server:
            ask = HttpRequest(f"http://localhost:{server.port}/")
            http.fetch([], 1.0)  # its own thread runs from now on
            with monkeypatch.context() as short:
                short.setattr(threading.Thread, "start", no_thread)
                missed = http.fetch([ask], 5.0)[0]
            assert isinstance(missed, Miss)
            assert missed.cause is Cause.EXHAUSTED
            after = http.fetch([ask], 5.0)[0]
            assert (after.cause if isinstance(after, Miss) else None) == (Cause.PROXY if proxy else None)
    finally:
        http.close()


@pytest.mark.parametrize("cause", OURS)
def test_what_the_program_could_not_ask_says_nothing_of_the_line(cause: Cause) -> None:
    """Beside a reference that fails by itself it is the other that counts."""
    assert connection_by_references([Miss(cause), Miss(cause)]) is ConnectionState.NOT_CHECKED
    assert connection_by_references([Miss(cause), Miss(Cause.TIMEOUT)]) is ConnectionState.OFFLINE
    assert connection_by_references([Miss(cause), HttpResponse(204)]) is ConnectionState.GOOD
    assert read_probe(ProbeSpec("p", "P", "https://p.test/", 60.0), Miss(cause)).outcome is Outcome.LOCAL


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_of_ours_is_never_your_network(language: str, cause: Cause) -> None:
    """In each language: every other local cause may be."""
    speech = translator_of(language)
    (line,) = reason_lines(speech, _local(cause))
    blames = line.endswith(
        speech.say(
            "{service} cannot be reached from this computer ({cause}): that is your network, not OpenAI",
            service="APIs",
            cause="",
        ).partition("()")[2]
    )
    assert blames == (not cause.is_own_failure and cause not in {Cause.CLOCK, Cause.NO_NAME_SERVICE})
    assert line in headline.status_sentence(speech, _local(cause))


def _local(cause: Cause) -> Verdict:
    return replace(CALM, reasons=(Reason(ReasonKind.LOCAL_CAUSE, subject="APIs", cause=cause),))


@pytest.mark.parametrize("cause", OURS)
def test_doctor_says_that_the_line_was_not_asked_and_what_to_do(cause: Cause) -> None:
    """Not that the network works, nor that it does not."""
    round_ = Round(NOON, page=Miss(cause), line=ConnectionState.NOT_CHECKED)
    found = doctor._connection_finding(translator_of("en"), round_)
    assert not found.ok
    assert found.found.startswith(f"could not be examined: {cause_label(translator_of('en'), cause)}")
    assert found.do


def test_a_look_for_which_there_is_no_thread_is_lost_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    """The poller goes on, and is told at once."""
    ended: list[bool] = []
    world: Any = SimpleNamespace(clock=lambda: NOON, poll=None)
    world._lost_round = MethodType(PollerPorts._lost_round, world)
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    brought = PollerPorts.start_poll(
        world, PollPlan(0.0, "test", page=True, probes=("p",)), lambda: ended.append(True)
    )
    round_ = brought.get_nowait()
    assert ended
    assert isinstance(round_.page, Miss)
    assert {round_.page.cause, *(p.cause for p in round_.probes)} == {Cause.EXHAUSTED}
