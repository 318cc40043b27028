"""`doctor` says of each source that is asked for other people's reports what it answered last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.core.crowd.counts import taught_memory
from tests.core.scenes import translator_of
from tests.sources.crowd.asked import KEY, trends_of
from tests.sources.crowd.shapes import UNTIL, WINDOW, hits, issue, issues, json_body, toot
from tests.sources.servers import Manner, Server, say
from trayapp.app import crowd_sources
from trayapp.app.context import CommandContext
from trayapp.app.control_requests import RequestDesk
from trayapp.app.crowd_sources import CrowdAsking
from trayapp.app.inbox import Inbox
from trayapp.commands.doctor.crowd import crowd_findings
from trayapp.commands.doctor.desktop import DoctorFinding
from trayapp.desktop.clocks import create_clock
from trayapp.desktop.control.instance import Instance
from trayapp.model import SavedMemory
from trayapp.model.crowd import CrowdSource
from trayapp.places import Places
from trayapp.settings.schema import Config
from trayapp.settings.sections import CrowdConfig
from trayapp.sources.crowd import downdetector
from trayapp.sources.crowd.background import BackgroundCrowd
from trayapp.sources.crowd.counting import CrowdReader
from trayapp.sources.crowd.downdetector import Downdetector
from trayapp.sources.crowd.github import GitHubIssues
from trayapp.sources.crowd.hacker_news import HackerNews
from trayapp.sources.crowd.mastodon import MastodonTag
from trayapp.sources.http import HttpClient
from trayapp.store import Store
from trayapp.store.codec import to_json

GITHUB, NEWS, MASTODON = CrowdSource.GITHUB, CrowdSource.HACKER_NEWS, CrowdSource.MASTODON
THREE = (GITHUB, NEWS, MASTODON)
GOOD: Mapping[CrowdSource, Manner] = {
    GITHUB: say(200, json_body(issues(issue("ada"), issue("ben")))),
    NEWS: say(200, json_body(hits())),
    MASTODON: say(200, json_body([toot("ada")])),
}


def context(tmp_path: Path, *sources: str, language: str = "en") -> CommandContext:
    """A person's settings that name these sources, with a home of its own."""
    config = Config(crowd=CrowdConfig(sources=sources))
    places = Places(*[tmp_path] * len(Places._fields))
    return CommandContext(config, tmp_path / "config.toml", places, translator_of(language))


@contextmanager
def asked_here(
    monkeypatch: pytest.MonkeyPatch, manners: Mapping[CrowdSource, Manner], *, metered: bool = False
) -> Iterator[dict[CrowdSource, Server]]:
    """The program's sources stand on loopback."""
    servers = {source: Server(manner) for source, manner in manners.items()}
    with ExitStack() as stack:
        for server in servers.values():
            stack.enter_context(server.running())
        bases = {source: server.url for source, server in servers.items()}
        monkeypatch.setattr(crowd_sources, "GitHubIssues", partial(GitHubIssues, bases.get(GITHUB, "")))
        monkeypatch.setattr(crowd_sources, "HackerNews", lambda read: HackerNews(read, bases.get(NEWS, "")))
        monkeypatch.setattr(crowd_sources, "MastodonTag", lambda _host: MastodonTag(bases.get(MASTODON, "")))
        monkeypatch.setattr(crowd_sources, "is_metered", lambda: metered)
        yield servers


def of(findings: Iterator[DoctorFinding]) -> dict[str, tuple[bool, str]]:
    """Whether each is well, and what is found."""
    return {each.what: (each.ok, each.found) for each in findings}


def remember(tmp_path: Path, *, days: float) -> None:
    """The program has asked for so many days."""
    store = Store.open(tmp_path / "state.db", UNTIL)
    store.save(replace(SavedMemory(), crowd=to_json(taught_memory(days=days)[0])), now=UNTIL)
    store.close()


def test_nobody_is_mentioned_while_nobody_is_asked(tmp_path: Path) -> None:
    """Off is off."""
    assert of(crowd_findings(context(tmp_path), UNTIL)) == {}


def test_without_the_program_each_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number, a refusal, a failure; and whether enough is known of what is usual."""
    manners = {**GOOD, MASTODON: say(422, b"{}"), NEWS: say(200, b"<html>wait</html>")}
    with asked_here(monkeypatch, manners) as servers:
        found = of(crowd_findings(context(tmp_path, *THREE), UNTIL))
        assert {source: len(server.seen) for source, server in servers.items()} == {
            GITHUB: 1,
            NEWS: 3,
            MASTODON: 1,
        }
        learning = "; still learning how many are usual, which takes three days"
        assert found == {
            "Others at GitHub": (True, "2 people reported trouble within 20 minutes (15:00)" + learning),
            "Others at Hacker News": (False, "a web page came instead of data (15:00)" + learning),
            "Others at mastodon.social": (
                False,
                "HTTP status 422 (15:00); it refuses, and is not asked any more until a restart" + learning,
            ),
        }
        remember(tmp_path, days=5)
        found = of(crowd_findings(context(tmp_path, *THREE), UNTIL))
        assert found["Others at GitHub"] == (True, "2 people reported trouble within 20 minutes (15:00)")


def test_the_running_program_says_what_it_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over its control socket; nobody is asked again."""
    instance = Instance.take(tmp_path)
    assert instance is not None
    with asked_here(monkeypatch, {**GOOD, MASTODON: say(403, b"{}")}) as servers:
        readers: list[CrowdReader] = [GitHubIssues(servers[GITHUB].url), MastodonTag(servers[MASTODON].url)]
        background = BackgroundCrowd(
            readers, trends_of("http://127.0.0.1:1"), lambda: HttpClient(user_agent="test")
        )
        for _ in range(2):
            background.ask(WINDOW, with_trends=False)
        preferences: Any = SimpleNamespace(describe_crowd=CrowdAsking(background).describe)
        nobody: Any = SimpleNamespace(answer_offer=lambda _request: None)
        instance.serve(RequestDesk(Inbox(), nobody, preferences, nobody, create_clock()).answer)
        remember(tmp_path, days=5)
        before = sum(len(server.seen) for server in servers.values())
        found = of(crowd_findings(context(tmp_path, GITHUB, MASTODON, CrowdSource.TRENDS), UNTIL))
        instance.close()
        assert sum(len(server.seen) for server in servers.values()) == before == 3
    assert found == {
        "Others at GitHub": (True, "2 people reported trouble within 20 minutes (15:00)"),
        "Others at mastodon.social": (
            False,
            "HTTP status 403 (15:00); it refuses, and is not asked any more until a restart",
        ),
        "Others at Google Trends": (True, "not asked yet: only while something is wrong"),
    }


def test_a_line_that_costs_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nobody is asked by `doctor` either."""
    with asked_here(monkeypatch, GOOD, metered=True) as servers:
        found = of(crowd_findings(context(tmp_path, *THREE), UNTIL))
        assert set(found.values()) == {(True, "not asked, because this connection costs by the byte")}
        assert [server.seen for server in servers.values()] == [[], [], []]


def test_a_missing_key_for_downdetector_is_said_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked without it; with one that is printed by a program, the log and the line hold no part of it."""
    with Server(say(401, b"{}")).running() as server:
        monkeypatch.setattr(downdetector, "Downdetector", partial(Downdetector, base=server.url))
        monkeypatch.setattr(crowd_sources, "is_metered", lambda: False)
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
        (finding,) = crowd_findings(context(tmp_path, "downdetector"), UNTIL)
        assert (finding.ok, server.seen) == (False, [])
        assert finding.do == "There is no key to ask with: keep one with `key set --downdetector`."
        keyed = context(tmp_path, "downdetector")
        crowd = replace(keyed.config.crowd, key_command=("/bin/echo", KEY))
        (finding,) = crowd_findings(replace(keyed, config=replace(keyed.config, crowd=crowd)), UNTIL)
        assert [seen.headers["authorization"] for seen in server.seen] == [f"Bearer {KEY}"]
    assert finding.found.startswith("HTTP status 401 (15:00); it refuses")
    assert KEY not in str(finding)
