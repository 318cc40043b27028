"""From people's posts to the word: sources on real servers, the words and the rule together, ten minutes after ten minutes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.core.crowd.counts import taught_memory
from tests.sources.crowd.asked import READERS
from tests.sources.crowd.shapes import Json, comment, hits, issue, issues, json_body, toot
from tests.sources.servers import Manner, Server, say
from trayapp.core.crowd.votes import WINDOW, CrowdMemory, add_counts, judge_crowd
from trayapp.model.crowd import CrowdCount, CrowdFamily, CrowdSource, CrowdVerdict, CrowdWindow, CrowdWord
from trayapp.sources.crowd.background import BackgroundCrowd
from trayapp.sources.http import HttpClient

GITHUB, NEWS, MASTODON = CrowdSource.GITHUB, CrowdSource.HACKER_NEWS, CrowdSource.MASTODON
MINUTES = timedelta(minutes=1)
LEARNED, BEGIN = taught_memory(days=5)


class World:
    """What people have posted, served as each source would; the clock is the test's."""

    def __init__(self) -> None:
        self.posts: dict[CrowdSource, list[Json]] = {GITHUB: [], NEWS: [], MASTODON: []}
        self.broken: set[CrowdSource] = set()
        self.servers = {source: Server(self._manner(source)) for source in self.posts}
        self.memory, self.minute = LEARNED, 0.0
        self.crowd: BackgroundCrowd | None = None

    def _manner(self, source: CrowdSource) -> Manner:
        def manner(*asked: object) -> bool:
            posts = self.posts[source]
            document = {
                GITHUB: issues(*posts[-10:], total=len(posts)),
                NEWS: hits(*posts[-50:]),
                MASTODON: posts[-40:],
            }
            good, wall = say(200, json_body(document[source])), say(200, b"<html>Please wait</html>")
            return (wall if source in self.broken else good)(*asked)  # type: ignore[arg-type]

        return manner

    def people_post(self, source: CrowdSource, number: int, text: str = "ChatGPT is down") -> None:
        """So many people report at this minute."""
        at = BEGIN + self.minute * MINUTES
        for _ in range(number):
            author = f"a{len(self.posts[source])}"
            made = {
                GITHUB: lambda author: issue(author, at),
                NEWS: lambda author: comment(author, text, at),
                MASTODON: lambda author: toot(author, at),
            }
            self.posts[source].append(made[source](author))

    def ask(self) -> CrowdVerdict:
        """The clock goes on by ten minutes, and everybody is asked."""
        self.minute += 10.0
        until, ended = BEGIN + self.minute * MINUTES, threading.Event()
        assert self.crowd is not None
        self.crowd.start_asking(CrowdWindow(until - WINDOW, until), ended.set, with_trends=False)
        assert ended.wait(30)
        found = self.crowd.collect_answers().found.values()
        self.memory = add_counts(self.memory, [got for got in found if isinstance(got, CrowdCount)])
        return judge_crowd(self.memory, until)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Servers that run until the test ends."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    world = World()
    with world.servers[GITHUB].running(), world.servers[NEWS].running(), world.servers[MASTODON].running():
        world.crowd = BackgroundCrowd(
            [READERS[source](server.url) for source, server in world.servers.items()],
            None,
            lambda: HttpClient(user_agent="openai-status-tray/test"),
        )
        yield world


def test_a_large_outage_is_heard_first_from_some_then_from_many_and_ends(world: World) -> None:
    """Developers report it first, then everybody; half an hour after the last unusual count it is calm again."""
    heard = [world.ask()]
    for developers, public in ((2, 0), (9, 1), (14, 4), (9, 4), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)):
        world.people_post(GITHUB, developers)
        world.people_post(NEWS, developers // 3)
        world.people_post(MASTODON, public)
        heard.append(world.ask())
    words = [verdict.word for verdict in heard]
    assert words[0] is CrowdWord.NONE
    assert words[-1] is CrowdWord.NONE
    first = words.index(CrowdWord.SOME)
    assert words[first:].index(CrowdWord.MANY) == 1
    many = heard[words.index(CrowdWord.MANY)]
    assert many.families == (CrowdFamily.DEVELOPERS, CrowdFamily.PUBLIC)
    assert many.since == BEGIN + 30 * MINUTES
    assert set(many.products) == {"ChatGPT", "Codex"}


def test_talk_about_something_else_is_not_heard(world: World) -> None:
    """Fifty comments on downloads and on power cuts."""
    world.ask()
    world.people_post(NEWS, 25, "I download ChatGPT and slow down")
    world.people_post(NEWS, 25, "Elektrik kesintisi yüzünden ChatGPT kullanamadım")
    assert world.ask().word is CrowdWord.NONE


def test_a_wall_is_not_calm(world: World) -> None:
    """When the public's only source shows a wall for an hour, nothing is known; when it is back, there is."""
    assert world.ask().word is CrowdWord.NONE
    world.broken = {MASTODON}
    assert [world.ask().word for _ in range(6)] == [CrowdWord.NONE] * 5 + [CrowdWord.NOT_KNOWN]
    world.broken = set()
    assert [world.ask().word for _ in range(4)][-1] is CrowdWord.NONE


def test_a_new_installation_hears_nothing_for_three_days(world: World) -> None:
    """Whatever people say."""
    world.memory = CrowdMemory()
    world.people_post(GITHUB, 9)
    world.people_post(MASTODON, 9)
    verdict = world.ask()
    assert (verdict.word, verdict.learning, verdict.families) == (CrowdWord.NOT_KNOWN, True, ())
