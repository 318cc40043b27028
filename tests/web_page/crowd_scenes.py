"""What the details page shows of other people's reports: beside a green page, beside an outage, and while it learns."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.core.scenes import NOW
from trayapp.core.crowd.record import QUARTERS
from trayapp.model import ProductVerdict, Reachability, Reason, ReasonKind, Verdict
from trayapp.model.crowd import (
    CrowdCurve,
    CrowdFamily,
    CrowdSource,
    CrowdVerdict,
    CrowdWord,
    SearchTrend,
)

SINCE = NOW - timedelta(minutes=52)
_RISE = (0, 3, 12, 21, 16, 9)
_NEWEST = NOW.replace(minute=NOW.minute // 15 * 15, second=0, microsecond=0)


def _curve(every: int, share: float) -> CrowdCurve:
    """A day with a report now and then, a gap in the night, and a rise at its end."""
    calm = [None if 30 <= n < 50 else int(n % every == 0) for n in range(QUARTERS - len(_RISE))]
    return CrowdCurve(_NEWEST, (*calm, *(round(share * n) for n in _RISE)))


MANY = CrowdVerdict(
    CrowdWord.MANY,
    (CrowdFamily.DEVELOPERS, CrowdFamily.PUBLIC),
    ("ChatGPT",),
    SINCE,
    sources=(CrowdSource.GITHUB, CrowdSource.MASTODON),
    curves={CrowdSource.GITHUB: _curve(3, 1.0), CrowdSource.MASTODON: _curve(17, 0.3)},
    trend=SearchTrend("TR", 2, 10, SINCE),
)
FALLING = replace(MANY, falling_since=NOW - timedelta(minutes=21), trend=None)
LEARNING = CrowdVerdict(CrowdWord.NOT_KNOWN, learning=True)


def with_people(verdict: Verdict) -> Verdict:
    """A calm verdict beside which many people report trouble with its first product."""
    first, *others = verdict.products
    hit: ProductVerdict = replace(first, reported_by_people=True, reach=Reachability.OK)
    reason = Reason(ReasonKind.PEOPLE_REPORT, subject=first.name, total=2, since=SINCE)
    return replace(verdict, products=(hit, *others), reasons=(*verdict.reasons, reason), crowd=MANY)


def with_falling(verdict: Verdict) -> Verdict:
    """A posted outage whose reports are falling."""
    reason = Reason(ReasonKind.REPORTS_FALL, subject=verdict.products[0].name, since=FALLING.falling_since)
    return replace(verdict, reasons=(*verdict.reasons, reason), crowd=FALLING)
