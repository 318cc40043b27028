"""Asks the sources of the crowd beside the rounds, on a separate thread; the next round takes what they answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from trayapp.model import Cause, Miss
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow, SearchTrend
from trayapp.sources.crowd.counting import CrowdReader, Fetch, TrendReader
from trayapp.sources.crowd.manners import Manners
from trayapp.sources.http import HttpClient

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer", CrowdCount, SearchTrend)


@dataclass(frozen=True, slots=True)
class CrowdAnswers:
    """Answers by source; those that were not asked are absent."""

    found: Mapping[CrowdSource, CrowdCount | Miss] = field(default_factory=dict)
    trend: SearchTrend | Miss | None = None


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """A source's newest answer, and whether it is asked again."""

    source: CrowdSource
    at: datetime
    found: CrowdCount | SearchTrend | Miss
    refused: int | None = None
    """The status by which it refused: it is not asked any more until the program starts anew."""


class BackgroundCrowd:
    """Asks one source after the other, one time of asking at a time: a source that hangs delays no round."""

    def __init__(
        self,
        readers: Sequence[CrowdReader],
        trends: TrendReader | None,
        http: Callable[[], HttpClient],
        is_metered: Callable[[], bool] = lambda: False,
    ) -> None:
        """`http` creates the client of one time of asking, which is closed afterwards.

        `is_metered` says whether the connection costs by the byte: then nobody is asked. It may take a second.
        """
        self._readers = tuple(readers)
        self._trends = trends
        self._http = http
        self._is_metered = is_metered
        self._manners: dict[CrowdSource, Manners] = {}
        self._lock = threading.Lock()
        self._running = False
        self._answers = CrowdAnswers()
        self._last: dict[CrowdSource, LastAnswer] = {}
        self.spared_at: datetime | None = None
        """When the newest time of asking fell out, because the connection cost by the byte."""

    @property
    def requests(self) -> int:
        """How many requests one time of asking takes, trends aside."""
        return sum(reader.requests for reader in self._readers)

    def start_asking(self, window: CrowdWindow, ended: Callable[[], None], *, with_trends: bool) -> None:
        """Starts to ask, unless that still runs, and calls `ended` when there are answers."""
        with self._lock:
            if self._running:
                return
            self._running = True

        def run() -> None:
            answers = self.ask(window, with_trends=with_trends)
            with self._lock:
                self._answers, self._running = answers, False
            ended()

        try:
            threading.Thread(target=run, name="crowd", daemon=True).start()
        except RuntimeError as error:  # the system allows no more threads
            _log.warning("other people's reports could not be asked for: %s", error)
            with self._lock:
                self._running = False

    def ask(self, window: CrowdWindow, *, with_trends: bool) -> CrowdAnswers:
        """Asks on the caller's thread, unless the connection costs by the byte."""
        if self._is_metered():
            self.spared_at = window.until
            return CrowdAnswers()
        self.spared_at = None
        return self._ask_all(window, with_trends=with_trends)

    def collect_answers(self) -> CrowdAnswers:
        """Returns what was answered since the last call."""
        with self._lock:
            answers, self._answers = self._answers, CrowdAnswers()
        return answers

    def refusals(self) -> Mapping[CrowdSource, int]:
        """Returns the sources that are not asked any more until the program starts anew, and their statuses."""
        return {last.source: last.refused for last in self.last_answers() if last.refused is not None}

    def last_answers(self) -> tuple[LastAnswer, ...]:
        """Returns each source's newest answer, in the order in which they were first asked. From any thread."""
        return tuple(self._last.copy().values())

    def _ask_all(self, window: CrowdWindow, *, with_trends: bool) -> CrowdAnswers:
        found: dict[CrowdSource, CrowdCount | Miss] = {}
        trend: SearchTrend | Miss | None = None
        trends = self._trends if with_trends else None
        with closing(self._http()) as http:
            fetch: Fetch = http.fetch
            for reader in self._readers:
                if self._may_ask(reader.source, window):
                    count = partial(reader.count_people, fetch, window)
                    found[reader.source] = self._ask(reader.source, count, window)
            if trends is not None and self._may_ask(CrowdSource.TRENDS, window):
                look = partial(trends.look, fetch, window.until)
                trend = self._ask(CrowdSource.TRENDS, look, window)
        return CrowdAnswers(found, trend)

    def _may_ask(self, source: CrowdSource, window: CrowdWindow) -> bool:
        return self._manners.get(source, Manners()).may_ask(window.until)

    def _ask(
        self, source: CrowdSource, ask: Callable[[], _Answer | Miss], window: CrowdWindow
    ) -> _Answer | Miss:
        got: _Answer | Miss
        try:
            got = ask()
        except Exception as error:  # noqa: BLE001 - one source's fault is never another's
            # Only its type: the text of an exception may hold a person's words.
            _log.error("%s broke: %s", source, type(error).__name__)
            got = Miss(Cause.INTERNAL, detail=type(error).__name__)
        if isinstance(got, Miss):
            _log.info("%s: %s %s %s", source, got.cause, got.status or "", got.detail)
        manners = self._manners.get(source, Manners()).after_answer(got, window.until)
        self._manners[source] = manners
        self._last[source] = LastAnswer(source, window.until, got, manners.refused)
        return got
