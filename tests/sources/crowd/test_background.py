"""The sources are asked beside the rounds: one's fault is never another's, and none holds anybody up."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.sources.conftest import Serve
from tests.sources.crowd.asked import NOW, READERS, trends_of
from tests.sources.crowd.shapes import WINDOW, hits, issue, issues, json_body, story, toot, trends
from tests.sources.servers import Manner, Server, hang, say
from trayapp.model import Cause, Miss
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow
from trayapp.sources.crowd.background import BackgroundCrowd, CrowdAnswers
from trayapp.sources.crowd.counting import Fetch
from trayapp.sources.http import HttpClient

GITHUB, NEWS, MASTODON = CrowdSource.GITHUB, CrowdSource.HACKER_NEWS, CrowdSource.MASTODON
GOOD: Mapping[CrowdSource, Manner] = {
    GITHUB: say(200, json_body(issues(issue("ada")))),
    NEWS: say(200, json_body(hits(story("ada", "ChatGPT is down")))),
    MASTODON: say(200, json_body([toot("ada")])),
}
TREND = trends(("chatgpt", NOW - timedelta(hours=1)))


class Crowd:
    """The sources, each on its own server."""

    def __init__(self, serve: Serve, bad: Mapping[CrowdSource, Manner], trend: Manner | None = None) -> None:
        self.servers = {source: serve({**GOOD, **bad}[source]) for source in GOOD}
        self.trends: Server = serve(trend or say(200, TREND))
        self.background = BackgroundCrowd(
            [READERS[source](server.url) for source, server in self.servers.items()],
            trends_of(self.trends.url),
            lambda: HttpClient(user_agent="openai-status-tray/test"),
        )

    def ask(self, *, minutes: float = 0.0, with_trends: bool = False) -> CrowdAnswers:
        """Asks once, so many minutes later, and waits for the answers."""
        ended = threading.Event()
        later = timedelta(minutes=minutes)
        window = CrowdWindow(WINDOW.since + later, WINDOW.until + later)
        self.background.start_asking(window, ended.set, with_trends=with_trends)
        assert ended.wait(30)
        return self.background.collect_answers()

    def requests(self) -> dict[CrowdSource, int]:
        """How often each was asked."""
        return {source: len(server.seen) for source, server in self.servers.items()}


def people(answers: CrowdAnswers) -> dict[CrowdSource, int | None]:
    """People by source; None for a miss."""
    return {s: got.people if isinstance(got, CrowdCount) else None for s, got in answers.found.items()}


def test_all_are_asked_and_answer_once(serve: Serve) -> None:
    """The answers are taken by one round only; trends are asked only when they are wanted."""
    crowd = Crowd(serve, {})
    assert crowd.background.requests == 5
    answers = crowd.ask()
    assert people(answers) == dict.fromkeys(GOOD, 1)
    assert answers.trend is None
    assert crowd.trends.seen == []
    assert crowd.requests() == {GITHUB: 1, NEWS: 3, MASTODON: 1}
    assert crowd.background.collect_answers() == CrowdAnswers()
    assert not isinstance(crowd.ask(minutes=10, with_trends=True).trend, Miss | None)


@pytest.mark.long
@pytest.mark.parametrize("source", GOOD)
@pytest.mark.parametrize(
    "manner", [say(200, b"<html>"), say(500), say(200, json_body([7])), say(200, json_body({"hits": [{}]}))]
)
def test_one_source_s_fault_is_never_another_s(serve: Serve, source: CrowdSource, manner: Manner) -> None:
    """The others are counted."""
    assert people(Crowd(serve, {source: manner}).ask()) == dict.fromkeys(GOOD, 1) | {source: None}


def test_a_reader_that_breaks_is_a_miss_of_its_own(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """Even an error that nobody foresaw; its text, which may hold a person's words, is not logged."""

    class Broken:
        source, requests = GITHUB, 1

        def count_people(self, fetch: Fetch, window: CrowdWindow) -> CrowdCount | Miss:
            raise RuntimeError(f"ada wrote: hello {fetch} {window}")

    crowd = Crowd(serve, {})
    good = READERS[MASTODON](crowd.servers[MASTODON].url)
    crowd.background = BackgroundCrowd([Broken(), good], None, lambda: HttpClient(user_agent="test"))
    found = crowd.ask(with_trends=True).found
    assert found[GITHUB] == Miss(Cause.INTERNAL, detail="RuntimeError")
    assert isinstance(found[MASTODON], CrowdCount)
    assert "ada" not in caplog.text


def test_a_source_that_hangs_delays_nobody(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts it goes on at once; a second start while it runs does nothing; the others are counted."""
    monkeypatch.setattr("trayapp.sources.crowd.github.FETCH_SECONDS", 1.0)
    crowd = Crowd(serve, {GITHUB: hang})
    ended: list[float] = []
    began = time.monotonic()
    for _ in range(3):
        crowd.background.start_asking(WINDOW, lambda: ended.append(time.monotonic()), with_trends=False)
    assert crowd.background.collect_answers() == CrowdAnswers()
    assert time.monotonic() - began < 0.9
    while not ended:
        assert time.monotonic() - began < 20
        time.sleep(0.01)
    assert people(crowd.background.collect_answers()) == dict.fromkeys(GOOD, 1) | {GITHUB: None}
    assert len(ended) == 1


def test_a_source_that_refuses_is_left_alone_and_named(serve: Serve) -> None:
    """Until the program starts anew; a server that closed its timelines answers so."""
    crowd = Crowd(serve, {MASTODON: say(422, b"{}")})
    for n in range(3):
        crowd.ask(minutes=10 * n)
    assert crowd.requests() == {GITHUB: 3, NEWS: 9, MASTODON: 1}
    assert crowd.background.refusals() == {MASTODON: 422}


def test_a_source_that_fails_three_times_rests_for_an_hour(serve: Serve) -> None:
    """And one that asks to wait is waited for."""
    crowd = Crowd(serve, {GITHUB: say(500), MASTODON: say(429, b"", retry_after="1500")})
    asked: list[dict[CrowdSource, int]] = []
    for minutes in (0, 10, 20, 30, 79, 80):
        crowd.ask(minutes=minutes)
        asked.append(crowd.requests())
    assert [each[GITHUB] for each in asked] == [1, 2, 3, 3, 3, 4]
    assert [each[MASTODON] for each in asked] == [1, 1, 1, 2, 3, 3]
    assert crowd.background.refusals() == {}


def test_without_a_thread_nothing_is_asked_and_the_next_time_it_is(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may be out of threads."""
    crowd = Crowd(serve, {})

    def refuse(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as broken:
        broken.setattr(threading.Thread, "start", refuse)
        crowd.background.start_asking(WINDOW, lambda: None, with_trends=False)
    assert people(crowd.ask()) == dict.fromkeys(GOOD, 1)


def test_the_program_loads_none_of_it() -> None:
    """It is off: neither the running program's modules nor a round's import anything of the crowd."""
    code = (
        "import sys, trayapp.commands.run, trayapp.app.context, trayapp.engine.poller, trayapp.sources.poll\n"
        "import trayapp.core.judge, trayapp.store, trayapp.web_page.server\n"
        "print([name for name in sys.modules if 'crowd' in name])"
    )
    got = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert got.stdout.strip() == "[]"
