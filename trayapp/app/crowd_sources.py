"""Puts together the asking for other people's reports. Loaded only if a source is named in the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from trayapp.core.alerts import crowd_notice  # noqa: F401 - loaded here, so that none is missing after an upgrade
from trayapp.core.crowd import record  # noqa: F401
from trayapp.core.crowd.votes import WINDOW
from trayapp.core.crowd.words import named_products, read_report
from trayapp.core.polling import crowd  # noqa: F401
from trayapp.core.state import crowd_word  # noqa: F401
from trayapp.core.wording import crowd_notification  # noqa: F401
from trayapp.model.crowd import CrowdCount, CrowdReport, CrowdSource, CrowdWindow, SearchTrend
from trayapp.settings.sections import CrowdConfig
from trayapp.sources.crowd.background import BackgroundCrowd
from trayapp.sources.crowd.counting import CrowdReader, TrendReader
from trayapp.sources.crowd.github import GitHubIssues
from trayapp.sources.crowd.hacker_news import HackerNews
from trayapp.sources.crowd.mastodon import MastodonTag
from trayapp.sources.http import HttpClient

_COUNTRY_BY_LANGUAGE = {"tr": "TR", "id": "ID"}
_ELSEWHERE = "US"


class CrowdAsking:
    """Asks for the people of the last 20 minutes, and turns what was answered into one value for the round."""

    def __init__(self, background: BackgroundCrowd) -> None:
        self.background = background

    def start_asking(self, now: datetime, *, with_trends: bool) -> None:
        """Starts to ask, unless that still runs."""
        self.background.start_asking(CrowdWindow(now - WINDOW, now), lambda: None, with_trends=with_trends)

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


def create_background(config: CrowdConfig, language: str, http: Callable[[], HttpClient]) -> BackgroundCrowd:
    """Creates the readers of the sources that the settings name."""
    country = config.country or _COUNTRY_BY_LANGUAGE.get(language, _ELSEWHERE)
    return BackgroundCrowd(tuple(_create_readers(config)), _create_trends(config, country), http)


def _create_trends(config: CrowdConfig, country: str) -> TrendReader | None:
    if CrowdSource.TRENDS not in config.sources:
        return None
    from trayapp.sources.crowd.trends import SearchTrends  # loaded late: it brings a parser of XML

    return SearchTrends(country, named_products)


def _create_readers(config: CrowdConfig) -> Iterator[CrowdReader]:
    if CrowdSource.GITHUB in config.sources:
        yield GitHubIssues()
    if CrowdSource.HACKER_NEWS in config.sources:
        yield HackerNews(read_report)
    if CrowdSource.MASTODON in config.sources:
        yield MastodonTag(f"https://{config.mastodon}")
