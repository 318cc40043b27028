"""How often other people's sources are asked: real rhythm, judge and readers, and a server for each that counts.

Only the clock is virtual, and the requests that a source was sent are counted by the servers themselves.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.core.films import moment
from tests.core.scenes import translator_of
from tests.film import own_film
from tests.meter import DOWN, PATHS, Living, Meter, living, scene_of
from tests.proxy import ForwardProxy
from tests.sources.crowd.asked import KEY, READERS, trends_of
from tests.sources.crowd.shapes import company, hits, issues, json_body, report, trends
from tests.sources.servers import Manner, Seen, Server, say
from trayapp.app.context import CommandContext, create_sources
from trayapp.app.crowd_sources import CrowdAsking
from trayapp.core.crowd.rhythm import requests_of
from trayapp.core.crowd.votes import CrowdMemory
from trayapp.desktop.network.connectivity import is_metered
from trayapp.model import PollPlan
from trayapp.model.crowd import CrowdSource
from trayapp.places import NOWHERE
from trayapp.settings.schema import Config
from trayapp.settings.sections import ConnectivityConfig, CrowdConfig, NetworkConfig, PageConfig
from trayapp.sources.crowd.background import BackgroundCrowd
from trayapp.sources.http import HttpClient

CALM, TROUBLE = (scene_of(scene) for scene in own_film().scenes[:2])
HOUR = 3600.0
KEYLESS = (CrowdSource.GITHUB, CrowdSource.HACKER_NEWS, CrowdSource.MASTODON)
EVERYBODY = tuple(CrowdSource)


def _reports(seen: Seen, conn: socket.socket, stop: threading.Event) -> bool:
    """Downdetector's three addresses."""
    bodies = {"/companies/search": json_body([company()]), "/companies/77": b'"success"'}
    body = next(
        (body for begins, body in bodies.items() if seen.path.startswith(begins)), json_body([report()])
    )
    return say(200, body)(seen, conn, stop)


QUIET: dict[CrowdSource, Manner] = {
    CrowdSource.GITHUB: say(200, json_body(issues())),
    CrowdSource.HACKER_NEWS: say(200, json_body(hits())),
    CrowdSource.MASTODON: say(200, json_body([])),
    CrowdSource.DOWNDETECTOR: _reports,
    CrowdSource.TRENDS: say(200, trends()),
}


class Waiting(CrowdAsking):
    """Asks as the program does, and lets the virtual clock stand still until that has ended."""

    def start_asking(self, now: datetime, *, with_trends: bool) -> None:
        """Ask, and wait."""
        super().start_asking(now, with_trends=with_trends)
        _wait_for_threads()


def _wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread.name == "crowd":
            thread.join(30)
            assert not thread.is_alive()


@dataclass
class People:
    """The sources, each on a server of its own, and when each request came by the virtual clock."""

    one: Living
    servers: dict[CrowdSource, Server]
    memory: CrowdMemory | None = field(default_factory=CrowdMemory)
    times: dict[CrowdSource, list[float]] = field(default_factory=dict)

    def live(self, hours: float) -> None:
        """So many hours more, as the poller goes through them."""
        one, until = self.one, self.one.second + hours * HOUR
        one.change_memory(crowd=one.progress.memory.crowd or self.memory)
        while one.second + (plan := one.plan()).wait <= until:
            before = {source: len(server.seen) for source, server in self.servers.items()}
            one.poll(plan)
            for source, server in self.servers.items():
                self.times.setdefault(source, []).extend([one.second] * (len(server.seen) - before[source]))

    def most_in_an_hour(self, *, since: float = 0.0) -> int:
        """The most requests of all sources together in any hour, wherever it begins."""
        every = sorted(at for times in self.times.values() for at in times if at >= since)
        return max((sum(begins <= at < begins + HOUR for at in every) for begins in every), default=0)

    def count_requests(self, source: CrowdSource) -> int:
        """How often a source was asked."""
        return len(self.times.get(source, []))


@contextlib.contextmanager
def people(
    one: Living, sources: Sequence[CrowdSource], manners: dict[CrowdSource, Manner] | None = None
) -> Iterator[People]:
    """The program that lives asks these sources."""
    servers = {source: Server((QUIET | (manners or {}))[source]) for source in sources}
    with contextlib.ExitStack() as stack:
        for server in servers.values():
            stack.enter_context(server.running())
        trends_server = servers.get(CrowdSource.TRENDS)
        one.sources.crowd = Waiting(
            BackgroundCrowd(
                [READERS[source](server.url) for source, server in servers.items() if source in READERS],
                trends_of(trends_server.url) if trends_server else None,
                lambda: HttpClient(user_agent="openai-status-tray/test"),
            )
        )
        one.limits = replace(one.limits, crowd=tuple(sources))
        yield People(one, servers)


@pytest.mark.long
@pytest.mark.parametrize("sources", [KEYLESS, EVERYBODY], ids=["without a key", "everybody"])
def test_a_calm_day_is_at_most_thirty_requests_in_any_hour(
    monkeypatch: pytest.MonkeyPatch, sources: tuple[CrowdSource, ...]
) -> None:
    """All sources together, wherever the hour begins; nobody asks for trends. What the page is asked stays the same."""
    with Meter(CALM) as meter, living(meter, monkeypatch) as alone:
        alone.live(3 * HOUR)
    with Meter(CALM) as meter, living(meter, monkeypatch) as one, people(one, sources) as crowd:
        crowd.live(3)
        assert one.http.asked == alone.http.asked
        assert 20 <= crowd.most_in_an_hour() <= 30
        assert crowd.count_requests(CrowdSource.TRENDS) == 0
        assert (
            min(crowd.count_requests(source) for source in sources if source is not CrowdSource.TRENDS) >= 8
        )


@pytest.mark.long
@pytest.mark.parametrize("sources", [KEYLESS, EVERYBODY], ids=["without a key", "everybody"])
def test_an_outage_is_at_most_sixty_requests_in_any_hour(
    monkeypatch: pytest.MonkeyPatch, sources: tuple[CrowdSource, ...]
) -> None:
    """Also in the hours in which it begins and ends; trends are asked for twice an hour at most."""
    with Meter(CALM) as meter, living(meter, monkeypatch) as one, people(one, sources) as crowd:
        crowd.live(1)
        began = one.second
        meter.scene.update({**TROUBLE, **dict.fromkeys(PATHS.values(), DOWN)})
        crowd.live(2)
        assert 40 <= crowd.most_in_an_hour(since=began) <= 60
        assert crowd.most_in_an_hour() <= 60
        asked = crowd.count_requests(CrowdSource.TRENDS)
        assert 3 <= asked <= 4 if CrowdSource.TRENDS in sources else asked == 0


@pytest.mark.long
def test_every_answer_that_fails_makes_it_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that is down is asked again, and never in place of one answer twice."""
    down = dict.fromkeys(EVERYBODY, say(503))
    with Meter(CALM) as meter, living(meter, monkeypatch) as one, people(one, EVERYBODY, down) as crowd:
        crowd.live(2)
        assert crowd.most_in_an_hour() <= 30
        assert all(
            crowd.count_requests(source) <= 2 * 6 for source in (CrowdSource.GITHUB, CrowdSource.MASTODON)
        )


@pytest.mark.long
def test_nobody_is_asked_while_paused_or_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """And they are again afterwards."""
    with Meter(CALM) as meter, living(meter, monkeypatch) as one, people(one, KEYLESS) as crowd:
        saved = replace(one.progress.memory.saved, paused_until=moment(1 * HOUR).wall)
        one.change_memory(saved=saved)
        crowd.live(0.9)
        assert crowd.times == {source: [] for source in KEYLESS}
        crowd.live(1)
        assert crowd.count_requests(CrowdSource.GITHUB) >= 4

        def no_name(*_: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", no_name)
        one.http.drop_connections()
        crowd.live(0.5)  # it takes some minutes to notice
        before = crowd.count_requests(CrowdSource.GITHUB)
        crowd.live(1.5)
        assert crowd.count_requests(CrowdSource.GITHUB) == before


def test_a_source_takes_as_many_requests_as_the_rhythm_counts() -> None:
    """One table in the rhythm, one number at each reader."""
    for source, read in READERS.items():
        assert requests_of([source]) == read("http://127.0.0.1:1").requests, source


def _context(proxy: ForwardProxy, *sources: str) -> CommandContext:
    config = Config(
        probes=(),
        page=PageConfig("http://127.0.0.1:9"),
        connectivity=ConnectivityConfig(()),
        network=NetworkConfig(proxy=proxy.url),
        crowd=CrowdConfig(sources=sources),
    )
    return CommandContext(config, Path("none"), NOWHERE, translator_of("en"))


def test_no_request_leaves_while_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the program's own sources, put together by the settings; the proxy sees every way out."""
    monkeypatch.setattr("trayapp.app.crowd_sources.is_metered", lambda: False)
    plan = PollPlan(0.0, "due", crowd=True, trends=True)
    with ForwardProxy() as proxy:
        http, off = create_sources(_context(proxy), keeps=True, reports_key=lambda: KEY)
        assert off.crowd is None
        off.poll(plan, lambda: moment(0))
        http.close()
        _wait_for_threads()
        assert proxy.passed == []
        http, on = create_sources(_context(proxy, *EVERYBODY), keeps=True, reports_key=lambda: KEY)
        on.poll(plan, lambda: moment(0))
        _wait_for_threads()
        http.close()
        assert {line.split()[1] for line in proxy.passed} == {
            "api.github.com:443",
            "hn.algolia.com:443",
            "mastodon.social:443",
            "downdetectorapi.com:443",
            "trends.google.com:443",
        }


@pytest.mark.long
def test_nobody_is_asked_on_a_line_that_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked again each time, so that it goes on where the line is free."""
    with Meter(CALM) as meter, living(meter, monkeypatch) as one, people(one, KEYLESS) as crowd:
        costs = True
        asking = one.sources.crowd
        assert isinstance(asking, CrowdAsking)
        asking.background._is_metered = lambda: costs
        crowd.live(1)
        assert crowd.times == {source: [] for source in KEYLESS}
        assert asking.describe() == {"spared": True, "sources": []}
        costs = False
        crowd.live(1)
        assert crowd.count_requests(CrowdSource.GITHUB) >= 4
        assert asking.describe()["spared"] is False


def test_a_system_bus_that_hangs_delays_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The word on what the line costs is waited for beside the rounds, and silence means that it is free."""
    with socket.socket(socket.AF_UNIX) as bus, Server(QUIET[CrowdSource.GITHUB]).running() as server:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        background = BackgroundCrowd(
            [READERS[CrowdSource.GITHUB](server.url)],
            None,
            lambda: HttpClient(user_agent="openai-status-tray/test"),
            is_metered,
        )
        asking = CrowdAsking(background)
        began = time.monotonic()
        asking.start_asking(moment(0).wall, with_trends=False)
        assert asking.collect_report() is None
        assert time.monotonic() - began < 0.5
        _wait_for_threads()
        assert timedelta(seconds=time.monotonic() - began) < timedelta(seconds=10)
        report_now = asking.collect_report()
        assert report_now is not None
        assert [count.people for count in report_now.counts] == [0]
