"""Other people's reports on a real panel: hollow and a line; the probe fails and they are a reason; OpenAI posts; they fall."""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.core.crowd.counts import CALM, GITHUB, MASTODON, NEWS, keep_asking
from tests.desktop.desktops import wait_until
from tests.desktop.xfce import Xfce
from tests.endtoend.command import SHORT, configure_home, ran, settings
from tests.endtoend.panel import Person
from tests.endtoend.quick import PACE
from tests.endtoend.running import ROOT, Browser, Notices, Program
from tests.endtoend.scenes import calm, scene
from tests.film import Scene
from tests.sources.crowd.shapes import comment, hits, issue, issues, json_body, toot
from tests.sources.servers import Manner, Seen, Server, say
from trayapp.core.crowd.votes import CrowdMemory
from trayapp.demo.page_json import DemoIncident, DemoPost, PageContent
from trayapp.demo.server import CHATGPT_PATH, LOGIN_PATH, UNAVAILABLE, StatusServer
from trayapp.model import SavedMemory, Stage, State
from trayapp.model.crowd import CrowdSource
from trayapp.store import Store
from trayapp.store.codec import to_json

pytestmark = pytest.mark.desktop

PEOPLE = """
import os, runpy
from trayapp.app import crowd_sources
from trayapp.core.crowd.words import read_report
from trayapp.sources.crowd.github import GitHubIssues
from trayapp.sources.crowd.hacker_news import HackerNews
from trayapp.sources.crowd.mastodon import MastodonTag

github, news, mastodon = os.environ["PEOPLE"].split()
crowd_sources._create_readers = lambda *_settings: iter(
    [GitHubIssues(github), HackerNews(read_report, news), MastodonTag(mastodon)]
)
runpy.run_module("tests.endtoend.quick", run_name="__main__")
"""
"""The program on its quick clock, whose three sources are servers on loopback."""
MANY = {GITHUB: 12, NEWS: 4, MASTODON: 6}
FEW = {GITHUB: 4, NEWS: 1, MASTODON: 3}
LIMIT = 180.0


class People:
    """Servers that speak each source's shape: so many people have reported in the window that is asked for."""

    def __init__(self) -> None:
        self.number = dict.fromkeys(MANY, 0)
        self.since = datetime.now(UTC)
        self.servers = {source: Server(self._manner(source)) for source in MANY}

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serves until the block ends; yields the addresses."""
        with ExitStack() as stack:
            yield " ".join(stack.enter_context(server.running()).url for server in self.servers.values())

    def count_requests(self) -> int:
        """How often all of them were asked together."""
        return sum(len(server.seen) for server in self.servers.values())

    def _manner(self, source: CrowdSource) -> Manner:
        def manner(seen: Seen, to: socket.socket, stop: threading.Event) -> bool:
            # The program's clock runs quickly: what it asks for says what time it is there. GitHub is asked first.
            if found := re.search(
                r"created:(?:>|%3E)=?(?:%3D)?(\d{4}-\d\d-\d\dT\d\d(?::|%3A)\d\d(?::|%3A)\d\d)", seen.path
            ):
                self.since = datetime.fromisoformat(f"{found[1].replace('%3A', ':')}+00:00")
            at, names = self.since + timedelta(minutes=15), [f"a{n}" for n in range(self.number[source])]
            documents: dict[CrowdSource, Callable[[], object]] = {
                GITHUB: lambda: issues(*(issue(name, at) for name in names[:10]), total=len(names)),
                NEWS: lambda: hits(*(comment(name, "ChatGPT is down", at) for name in names)),
                MASTODON: lambda: [toot(name, at) for name in names],
            }
            return say(200, json_body(documents[source]()))(seen, to, stop)

        return manner


def outage_scene(at: datetime) -> Scene:
    """OpenAI writes that ChatGPT is down."""
    incident = DemoIncident(
        7, "ChatGPT does not answer", State.MAJOR, (DemoPost(at, Stage.INVESTIGATING, "We look into it."),)
    )
    return scene(PageContent(at, {("ChatGPT", "Conversations"): State.MAJOR}, (incident,)))


def keep_calm_memory(home: Path) -> None:
    """A memory of five days in which hardly anybody reported anything."""
    now = datetime.now(UTC)
    store = Store.open(home / "state.db", now)
    learnt = keep_asking(CrowdMemory(), now - timedelta(days=5, minutes=15), timedelta(days=5), CALM)
    store.save(SavedMemory(welcomed=True, looked=True, crowd=to_json(learnt)), now=now)
    store.close()


def test_people_report_then_a_probe_fails_then_openai_posts_then_reports_fall(
    tmp_path: Path, xfce: Xfce, browser: Browser
) -> None:
    """Each step is seen, and only the probes' and the page's words are notified."""
    person, people = Person(xfce), People()
    more = SHORT + '[crowd]\nsources = ["github", "hacker_news", "mastodon"]\n'
    with (
        StatusServer(calm()) as server,
        people.running() as addresses,
        Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
    ):
        home = configure_home(tmp_path / "home", settings(server.url, probes=True, more=more))
        keep_calm_memory(home)
        env = {**xfce.env, **browser.env, "PEOPLE": addresses}

        def says(text: str) -> None:
            wait_until(lambda: text in ran(home, "status", "--cached").out, LIMIT, text)

        begun = datetime.now(UTC)
        with Program(home, env=env, command=(sys.executable, "-c", PEOPLE)) as program:
            person.sees(State.OPERATIONAL)
            wait_until(lambda: people.count_requests() >= 5, LIMIT, "all asked once")
            assert "people report" not in person.tooltip()
            xfce.screenshot("crowd-1-calm")

            people.number = dict(MANY)
            xfce.wait_until(
                lambda: "people report problems with ChatGPT" in person.tooltip(), LIMIT, "the tooltip"
            )
            person.sees(State.OPERATIONAL)
            person.reads("copy when all is well", picture="crowd-2-people-report")
            assert "People report problems with ChatGPT; OpenAI has posted nothing" in person.menu()
            assert notices.all() == []

            server.set_answers({**calm(), CHATGPT_PATH: UNAVAILABLE, LOGIN_PATH: UNAVAILABLE})
            xfce.wait_until(lambda: notices.with_title("possible outage"), LIMIT, "the suspicion told")
            assert "Other people report problems with ChatGPT too" in notices.all()[0].body
            xfce.wait_until(lambda: person.notices_on_screen() == 1, what="the notification on the screen")
            xfce.screenshot("crowd-3-suspected")
            person.closes_all_notices()

            server.set_answers(
                {
                    **outage_scene(begun + (datetime.now(UTC) - begun) * PACE),
                    CHATGPT_PATH: UNAVAILABLE,
                    LOGIN_PATH: UNAVAILABLE,
                }
            )
            person.sees(State.MAJOR, LIMIT)
            says("Other people have reported problems with ChatGPT since")
            xfce.screenshot("crowd-4-posted")

            people.number = dict(FEW)
            says("Other people's reports on ChatGPT have been falling since")
            xfce.screenshot("crowd-5-falling")
            assert not [one for one in notices.all() if one.title.startswith("People")]
            program.end()
        assert "Traceback" not in program.log
    kept = json.loads(ran(home, "history", "--json", PYTHONPATH=str(ROOT)).out)["reports"]
    assert [each["worth"] for each in kept] == ["early"]
