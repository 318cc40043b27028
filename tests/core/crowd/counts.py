"""Sources that are asked every ten minutes, for the tests of the rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from trayapp.core.crowd.votes import WINDOW, CrowdMemory, add_counts
from trayapp.model.crowd import CrowdCount, CrowdSource, CrowdWindow, ReportLevel

START = datetime(2026, 6, 1, tzinfo=UTC)
CALM = {CrowdSource.GITHUB: 0, CrowdSource.HACKER_NEWS: 0, CrowdSource.MASTODON: 0}
GITHUB, NEWS, MASTODON, DOWNDETECTOR = (
    CrowdSource.GITHUB,
    CrowdSource.HACKER_NEWS,
    CrowdSource.MASTODON,
    CrowdSource.DOWNDETECTOR,
)


def crowd_count(
    source: CrowdSource, people: int, at: datetime, level: ReportLevel | None = None, product: str = "ChatGPT"
) -> CrowdCount:
    """A count of the 20 minutes before."""
    return CrowdCount(source, people, CrowdWindow(at - WINDOW, at), products=(product,), level=level)


def ask_once(
    memory: CrowdMemory, at: datetime, people: Mapping[CrowdSource, int], level: ReportLevel | None = None
) -> CrowdMemory:
    """One time of asking."""
    return add_counts(memory, [crowd_count(source, n, at, level) for source, n in people.items()])


def keep_asking(
    memory: CrowdMemory, since: datetime, span: timedelta, people: Mapping[CrowdSource, int]
) -> CrowdMemory:
    """The same counts every ten minutes."""
    at = since
    while at < since + span:
        memory = ask_once(memory, at, people)
        at += timedelta(minutes=10)
    return memory


def taught_memory(
    people: Mapping[CrowdSource, int] = CALM, days: float = 4.0
) -> tuple[CrowdMemory, datetime]:
    """What some even days teach, and the time after them."""
    span = timedelta(days=days)
    return keep_asking(CrowdMemory(), START, span, people), START + span
