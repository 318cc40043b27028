"""The real poller, store and sources before a status page on loopback whose own date falls back when it grows calm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.desktop.desktops import wait_until
from tests.film import Scene
from tests.test_poller import Chosen
from trayapp.demo.page_json import SUMMARY_PATH, DemoIncident, DemoPost, PageContent, build_pages
from trayapp.demo.server import JSON_HEADERS, SUCCESS_PATH, CannedAnswer, StatusServer
from trayapp.desktop.clocks import create_clock
from trayapp.engine.poller import Poller
from trayapp.engine.ports import PollerPorts, PollerQueue
from trayapp.model import (
    Limits,
    Moment,
    Notification,
    NotificationKind,
    Stage,
    State,
    SystemConnectivity,
    TrayView,
)
from trayapp.sources.http import HttpClient
from trayapp.sources.poll import Sources
from trayapp.store import Store

PACE = 300.0
"""The seconds of the stage are that much quicker than real ones."""
BORN = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""When the calm page last changed, by its own word: long before anything that is posted here."""


class Desk:
    """A computer with the program on it; only its clocks are the test's own."""

    def __init__(self, server: StatusServer, folder: Path) -> None:
        self.server = server
        self.slept = 0.0
        self.views: list[TrayView] = []
        self.told: list[Notification] = []
        self._real = create_clock(PACE)
        settings = Chosen(replace(Limits(), probes=()))
        settings.change(page_url=server.url)
        self._http = HttpClient(user_agent="a test")
        sources = Sources(
            http=self._http,
            page_url=server.url,
            probes=(),
            references=(server.url + SUCCESS_PATH,),
            read_system_connectivity=lambda: SystemConnectivity.UNKNOWN,
        )
        queue: PollerQueue = SimpleQueue()
        world = PollerPorts(
            poll=lambda plan: sources.poll(plan, self.now),
            drop_connections=lambda: None,
            open_store=lambda: Store.open(folder / "state.db", self.now().wall),
            notify=self.told.append,
            show=self.views.append,
            open_link=lambda *_: True,
            open_details=lambda *_: True,
            has_tray=lambda: True,
            clock=self.now,
            dice=lambda: 0.5,
            quit=lambda: None,
            preferences=settings,
            pace=PACE,
        )
        self.poller = Poller(world, queue)

    def end(self) -> None:
        """Stop the program."""
        self.poller.stop(timeout=5.0)
        self._http.close()

    def now(self) -> Moment:
        """The clocks, the second ones with the time asleep in it."""
        real = self._real()
        return Moment(real.wall + timedelta(seconds=self.slept), real.awake, real.boot + self.slept)

    def post(self, impact: State, name: str, number: int) -> None:
        """One open incident, dated now; every component is operational, as on the real page."""
        at = self.now().wall
        happening = DemoIncident(
            number, name, impact, (DemoPost(at, Stage.INVESTIGATING, "We look into it."),)
        )
        self.serve(PageContent(at, {}, (happening,)))

    def serve(self, content: PageContent) -> None:
        """What the page says from now on."""
        answers: Scene = {
            path: CannedAnswer(200, body, JSON_HEADERS) for path, body in build_pages(content).items()
        }
        self.server.set_answers(answers)

    def summaries(self) -> int:
        """How often the page was asked so far."""
        return sum(asked.path == SUMMARY_PATH for asked in self.server.asked)

    def state(self) -> State | None:
        """What the icon shows."""
        return self.views[-1].look.state if self.views else None

    def live(self, seconds: float, until: Callable[[], object] = lambda: False) -> None:
        """Let so many seconds of the stage go by, or fewer."""
        end = self.now().awake + seconds
        wait_until(lambda: self.now().awake >= end or until(), seconds / PACE + 10.0)


@pytest.mark.long
def test_after_a_night_asleep_the_page_is_asked_as_ever_and_a_later_outage_is_told(tmp_path: Path) -> None:
    """A minor incident in the evening, the lid closed, and in the morning a page that is dated months back."""
    with StatusServer() as server:
        desk = Desk(server, tmp_path)
        desk.serve(PageContent(BORN, {}))
        desk.poller.start()
        try:
            wait_until(lambda: desk.state() is State.OPERATIONAL)
            desk.post(State.DEGRADED, "Slow answers in ChatGPT", 1)
            wait_until(lambda: desk.state() is State.DEGRADED)
            desk.serve(PageContent(BORN, {}))
            desk.slept += 9 * 3600.0
            wait_until(lambda: desk.state() is State.OPERATIONAL)
            before = desk.summaries()
            desk.live(1300.0)
            assert desk.summaries() - before >= 6  # every two minutes, on a machine that is busy
            desk.post(State.MAJOR, "ChatGPT is down", 2)
            wait_until(lambda: NotificationKind.START in [one.kind for one in desk.told])
            assert desk.state() is State.MAJOR
        finally:
            desk.end()
