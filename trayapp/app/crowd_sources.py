"""Puts together the asking for other people's reports. Loaded only if a source is named in the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from trayapp.core.alerts import crowd_alert  # noqa: F401 - loaded here, so that none is missing after an upgrade
from trayapp.core.crowd import record  # noqa: F401
from trayapp.core.crowd.votes import WINDOW
from trayapp.core.crowd.words import named_products, read_report
from trayapp.core.polling import crowd  # noqa: F401
from trayapp.core.state import crowd_word  # noqa: F401
from trayapp.core.wording import crowd_notification  # noqa: F401
from trayapp.desktop.network.connectivity import is_metered
from trayapp.model import format_utc
from trayapp.model.crowd import CrowdCount, CrowdReport, CrowdSource, CrowdWindow, SearchTrend
from trayapp.settings.sections import CrowdConfig
from trayapp.sources.crowd.background import BackgroundCrowd, LastAnswer
from trayapp.sources.crowd.counting import NO_KEY, CrowdReader, TrendReader
from trayapp.sources.crowd.github import GitHubIssues
from trayapp.sources.crowd.hacker_news import HackerNews
from trayapp.sources.crowd.mastodon import MastodonTag
from trayapp.sources.http import HttpClient


class CrowdAsking:
    """Asks for the people of the last 20 minutes, and turns what was answered into one value for the round."""

    def __init__(self, background: BackgroundCrowd) -> None:
        self.background = background

    def start_asking(self, now: datetime, *, with_trends: bool) -> None:
        """Starts to ask, unless that still runs."""
        self.background.start_asking(CrowdWindow(now - WINDOW, now), lambda: None, with_trends=with_trends)

    def ask_now(self, now: datetime) -> None:
        """Asks on the caller's thread, and waits: for a command without the running program."""
        self.background.ask(CrowdWindow(now - WINDOW, now), with_trends=False)

    def collect_report(self) -> CrowdReport | None:
        """Returns what has come since the last call, None if nothing."""
        answers = self.background.collect_answers()
        if not answers.found and answers.trend is None:
            return None
        found = answers.found.items()
        return CrowdReport(
            tuple(count for _, count in found if isinstance(count, CrowdCount)),
            tuple(source for source, count in found if not isinstance(count, CrowdCount)),
            answers.trend if isinstance(answers.trend, SearchTrend) else None,
        )

    def describe(self) -> Mapping[str, object]:
        """Returns what each source answered last, and whether nobody was asked because the connection costs."""
        return {
            "spared": self.background.spared_at is not None,
            "sources": [to_plain(last) for last in self.background.last_answers()],
        }


def to_plain(last: LastAnswer) -> Mapping[str, object]:
    """Returns an answer as values that JSON has: no text of a source is in it."""
    found = last.found
    plain: dict[str, object] = {
        "source": str(last.source),
        "at": format_utc(last.at),
        "refused": last.refused,
    }
    match found:
        case CrowdCount():
            return plain | {"people": found.people, "capped": found.capped}
        case SearchTrend():
            return plain | {"rank": found.rank, "of": found.of}
        case _:
            no_key = found.detail == NO_KEY
            return plain | {"cause": str(found.cause), "status": found.status, "no_key": no_key}


def create_background(
    config: CrowdConfig, country: str, http: Callable[[], HttpClient], key: Callable[[], str | None]
) -> BackgroundCrowd:
    """Creates the readers of the sources that the settings name; `key` returns the person's key for Downdetector."""
    readers = tuple(_create_readers(config, country, key))
    return BackgroundCrowd(readers, _create_trends(config, country), http, is_metered)


def _create_trends(config: CrowdConfig, country: str) -> TrendReader | None:
    if CrowdSource.TRENDS not in config.sources:
        return None
    from trayapp.sources.crowd.trends import SearchTrends  # loaded late: it brings a parser of XML

    return SearchTrends(country, named_products)


def _create_readers(
    config: CrowdConfig, country: str, key: Callable[[], str | None]
) -> Iterator[CrowdReader]:
    if CrowdSource.GITHUB in config.sources:
        yield GitHubIssues()
    if CrowdSource.HACKER_NEWS in config.sources:
        yield HackerNews(read_report)
    if CrowdSource.MASTODON in config.sources:
        yield MastodonTag(f"https://{config.mastodon}")
    if CrowdSource.DOWNDETECTOR in config.sources:
        from trayapp.sources.crowd.downdetector import Downdetector  # loaded late: few people have a key

        yield Downdetector(country, key)
