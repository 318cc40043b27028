"""Each source on a server of its own, as the program asks it."""

from __future__ import annotations

from collections.abc import Callable

from tests.sources.crowd.shapes import UNTIL
from trayapp.core.crowd.words import named_products, read_report
from trayapp.model.crowd import CrowdSource
from trayapp.sources.crowd.counting import CrowdReader
from trayapp.sources.crowd.downdetector import Downdetector
from trayapp.sources.crowd.github import GitHubIssues
from trayapp.sources.crowd.hacker_news import HackerNews
from trayapp.sources.crowd.mastodon import MastodonTag
from trayapp.sources.crowd.trends import SearchTrends

KEY = "dd-test-0123456789"
READERS: dict[CrowdSource, Callable[[str], CrowdReader]] = {
    CrowdSource.GITHUB: GitHubIssues,
    CrowdSource.HACKER_NEWS: lambda base: HackerNews(read_report, base),
    CrowdSource.MASTODON: MastodonTag,
    CrowdSource.DOWNDETECTOR: lambda base: Downdetector("TR", lambda: KEY, base),
}
NOW = UNTIL


def trends_of(base: str) -> SearchTrends:
    """Google's list for Türkiye."""
    return SearchTrends("TR", named_products, base)
