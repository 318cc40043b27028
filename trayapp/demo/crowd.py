"""The people of the demo's story, who report its outage: asked in place of any source on the internet."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from trayapp.model.crowd import CrowdCount, CrowdReport, CrowdSource, CrowdWindow

SOURCES = (CrowdSource.GITHUB, CrowdSource.HACKER_NEWS, CrowdSource.MASTODON)
_WINDOW = timedelta(minutes=20)
_SHARES = {CrowdSource.GITHUB: 1.0, CrowdSource.HACKER_NEWS: 0.4, CrowdSource.MASTODON: 0.5}
"""How many write in each place, for each who writes on GitHub."""


class StoryCrowd:
    """So many people as the story says, whenever the program asks. May be set from any thread."""

    def __init__(self) -> None:
        self._people = 0
        self._report: CrowdReport | None = None
        self._lock = threading.Lock()

    def set_people(self, people: int) -> None:
        """From now on so many people report the outage."""
        with self._lock:
            self._people = people

    def start_asking(self, now: datetime, *, with_trends: bool) -> None:  # noqa: ARG002 - no trends in the story
        """Counts at once; the next round has the answer, as from a real source."""
        with self._lock:
            self._report = count_people(self._people, now)

    def collect_report(self) -> CrowdReport | None:
        """Returns what has come since the last call, None if nothing."""
        with self._lock:
            report, self._report = self._report, None
        return report

    def describe(self) -> dict[str, object]:
        """Returns nothing: nobody was asked."""
        return {}


def count_people(people: int, now: datetime) -> CrowdReport:
    """Counts the story's people in the 20 minutes before; they name OpenAI and no product."""
    window = CrowdWindow(now - _WINDOW, now)
    return CrowdReport(
        tuple(CrowdCount(source, round(people * _SHARES[source]), window) for source in SOURCES)
    )
