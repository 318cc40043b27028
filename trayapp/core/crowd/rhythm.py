"""Decides how long to wait before the sources are asked again: politely on a calm day, sooner while trouble shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from trayapp.core.crowd.votes import CrowdMemory, last_hot_at
from trayapp.model.crowd import CrowdSource

CALM_SECONDS, WATCHING_SECONDS = 600.0, 300.0
CALM_REQUESTS, WATCHING_REQUESTS = 30, 60
"""Requests an hour, all sources together, that are never exceeded."""
_WATCH_FOR = timedelta(hours=1)
"""How long trouble keeps the quicker rhythm."""
_REQUESTS = {CrowdSource.HACKER_NEWS: 3, CrowdSource.DOWNDETECTOR: 2, CrowdSource.TRENDS: 0}
"""Requests of one time of asking where it is not one; trends are asked for by themselves."""
_SELDOM = {CrowdSource.DOWNDETECTOR: 1, CrowdSource.TRENDS: 2}
_SPREAD = 0.1
"""The share by which a wait is lengthened by chance, so that installations do not ask in step. None is made shorter, which
would exceed the requests of an hour."""


def requests_of(sources: Iterable[str]) -> int:
    """Returns how many requests one time of asking these sources takes."""
    return sum(_REQUESTS.get(CrowdSource(source), 1) for source in sources)


def seldom_requests_of(sources: Iterable[str]) -> int:
    """Returns how many requests an hour may be sent besides: of trends, and for the number of Downdetector's entry."""
    return sum(_SELDOM.get(CrowdSource(source), 0) for source in sources)


def seconds_to_wait(  # noqa: PLR0913, PLR0917 - all that decides it
    memory: CrowdMemory, at: datetime, failed_at: datetime | None, requests: int, luck: float, seldom: int = 0
) -> float:
    """Returns the seconds until the sources are due again.

    `failed_at`: when a probe last failed; `requests`: how many requests one time of asking takes; `luck`: 0 to 1;
    `seldom`: how many requests an hour may be sent besides.
    """
    hot_at = last_hot_at(memory)
    watching = any(
        then is not None and timedelta(0) <= at - then < _WATCH_FOR for then in (hot_at, failed_at)
    )
    least, most = (WATCHING_SECONDS, WATCHING_REQUESTS) if watching else (CALM_SECONDS, CALM_REQUESTS)
    times = max(
        (most - seldom) // max(requests, 1), 1
    )  # whole times: the last one must not begin a part of itself
    return max(least, 3600.0 / times) * (1.0 + _SPREAD * luck)
