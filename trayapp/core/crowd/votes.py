"""Makes one word of what all sources count: `none`, `some`, `many` or `not known`.

A source votes from the first unusual count until 30 minutes without one. Sources in which the same people write are one
family with one vote. A source that could not be read says nothing: neither that all is well nor that it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from trayapp.core.crowd.baseline import Baseline
from trayapp.core.crowd.unusual import is_hot
from trayapp.model.crowd import (
    CrowdCount,
    CrowdCurve,
    CrowdFamily,
    CrowdSource,
    CrowdSpell,
    CrowdVerdict,
    CrowdWord,
    ReportLevel,
    SearchTrend,
)

WINDOW = timedelta(minutes=20)
"""The time in which people are counted."""
VOTE = timedelta(minutes=30)
"""How long a vote outlives the last unusual count."""
READABLE = timedelta(hours=1)
"""How long a source counts as read."""
_UNUSUAL_AT_MOST = timedelta(days=1)
"""After so long what was unusual is usual."""
_FALLEN = 2 / 3
"""The share of their height to which reports must have fallen to be called falling."""
_SET_BACK = timedelta(minutes=5)
"""How far a clock may be corrected backwards without a count being lost."""

FAMILIES: Mapping[CrowdSource, CrowdFamily] = MappingProxyType(
    {
        CrowdSource.GITHUB: CrowdFamily.DEVELOPERS,
        CrowdSource.HACKER_NEWS: CrowdFamily.DEVELOPERS,
        CrowdSource.MASTODON: CrowdFamily.PUBLIC,
        CrowdSource.DOWNDETECTOR: CrowdFamily.REPORTS,
    }
)
"""The family of each source that votes."""


@dataclass(frozen=True, slots=True)
class HourSoFar:
    """The counts of the hour that runs, before the baseline learns from it."""

    begins: datetime
    people: float = 0.0
    """The sum of people an hour over its counts."""
    counts: int = 0
    was_hot: bool = False


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """One source from count to count: its baseline, its running hour, its vote."""

    baseline: Baseline
    hour: HourSoFar
    read_at: datetime
    hot_since: datetime | None = None
    """The first unusual count of the vote that holds or held last."""
    hot_at: datetime | None = None
    """The last unusual count."""
    danger_at: datetime | None = None
    """The last one that Downdetector itself called dangerous."""
    products: tuple[str, ...] = ()
    """The products named in the last unusual count."""
    people: int = 0
    """The people of the last count."""
    height: int = 0
    """The most people in one count of the vote that holds or held last."""
    height_at: datetime | None = None

    def is_voting(self, at: datetime) -> bool:
        """Whether an unusual count is less than 30 minutes old."""
        return self.hot_at is not None and _is_within(self.hot_at, at, VOTE)


@dataclass(frozen=True, slots=True)
class CrowdMemory:
    """All sources that were ever counted."""

    sources: Mapping[CrowdSource, SourceMemory] = field(default_factory=dict)
    curves: Mapping[CrowdSource, CrowdCurve] = field(default_factory=dict)
    spells: tuple[CrowdSpell, ...] = ()
    """When many people reported trouble, oldest first."""
    trend: SearchTrend | None = None
    trend_at: datetime | None = None
    """When it was read."""
    told: tuple[datetime, ...] = ()
    """When reports were notified by themselves, on the last day."""


def add_counts(memory: CrowdMemory, counts: Sequence[CrowdCount]) -> CrowdMemory:
    """Takes in what was counted. What could not be read is not among the counts, and changes nothing."""
    known = dict(memory.sources)
    for count in counts:
        if count.source in FAMILIES:
            known[count.source] = _add_count(known.get(count.source), count)
    return replace(memory, sources=known)


def judge_crowd(memory: CrowdMemory, at: datetime) -> CrowdVerdict:
    """Makes the word that holds at this time."""
    # A later version may have kept a source that this one does not know.
    known = {s: m for s, m in memory.sources.items() if s in FAMILIES}
    read = {s: m for s, m in known.items() if _is_within(m.read_at, at, READABLE)}
    learned = {s: m for s, m in read.items() if m.baseline.is_learned(at)}
    voting = {s: m for s, m in learned.items() if m.is_voting(at)}
    families = tuple(sorted({FAMILIES[source] for source in voting}))
    is_dangerous = any(m.danger_at is not None and _is_within(m.danger_at, at, VOTE) for m in voting.values())
    if len(families) > 1 or is_dangerous:
        word = CrowdWord.MANY
    elif len({FAMILIES[source] for source in learned}) < 2:
        word = CrowdWord.NOT_KNOWN
    else:
        word = CrowdWord.SOME if families else CrowdWord.NONE
    return CrowdVerdict(
        word,
        families,
        tuple(dict.fromkeys(name for m in voting.values() for name in m.products)),
        min((m.hot_since for m in voting.values() if m.hot_since is not None), default=None),
        learning=len(learned) < len(read),
        sources=tuple(sorted(voting)),
        falling_since=_falling_since(tuple(voting.values())),
        curves=memory.curves,
        trend=memory.trend if memory.trend_at and _is_within(memory.trend_at, at, READABLE) else None,
    )


def _falling_since(voting: Sequence[SourceMemory]) -> datetime | None:
    """Returns when the last of the voting sources was at its height, if all have fallen well below theirs."""
    heights = [m.height_at for m in voting if m.height_at is not None and m.people <= _FALLEN * m.height]
    return max(heights) if heights and len(heights) == len(voting) else None


def last_hot_at(memory: CrowdMemory) -> datetime | None:
    """Returns when a source last had an unusual count, whether or not it may vote yet."""
    return max((m.hot_at for m in memory.sources.values() if m.hot_at is not None), default=None)


def _add_count(known: SourceMemory | None, count: CrowdCount) -> SourceMemory:
    at, length = count.window.until, count.window.until - count.window.since
    if known is None:
        known = SourceMemory(Baseline.begin(at), HourSoFar(_hour_of(at)), at)
    known = _close_hour(known, at)
    hours = max(length / timedelta(hours=1), 1e-6)
    hot = known.baseline.is_learned(at) and is_hot(count, known.baseline.people_an_hour(at) * hours)
    hour = replace(
        known.hour,
        people=known.hour.people + count.people / hours,
        counts=known.hour.counts + 1,
        was_hot=known.hour.was_hot or hot,
    )
    is_higher = not known.is_voting(at) or count.people >= known.height
    known = replace(known, hour=hour, read_at=at, people=count.people)
    if not hot:
        return known
    return replace(
        known,
        height=count.people if is_higher else known.height,
        height_at=at if is_higher else known.height_at,
        hot_since=known.hot_since if known.is_voting(at) else at,
        hot_at=at,
        danger_at=at if count.level is ReportLevel.DANGER else known.danger_at,
        products=count.products,
    )


def _close_hour(known: SourceMemory, at: datetime) -> SourceMemory:
    """Teaches the baseline the hour before, if another has begun."""
    begins = _hour_of(at)
    if begins == known.hour.begins:
        return replace(known, baseline=known.baseline.advance(at))
    baseline = known.baseline
    if known.hour.counts and begins > known.hour.begins and not _is_extraordinary(known):
        baseline = baseline.learn_hour(known.hour.begins, known.hour.people / known.hour.counts)
    return replace(known, baseline=baseline.advance(at), hour=HourSoFar(begins))


def _is_extraordinary(known: SourceMemory) -> bool:
    """Whether the hour must not become usual. After a day of unusual counts they are what is usual now."""
    if not known.hour.was_hot:
        return False
    return known.hot_since is None or known.hour.begins - known.hot_since < _UNUSUAL_AT_MOST


def _hour_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _is_within(then: datetime, at: datetime, span: timedelta) -> bool:
    """Whether a time is less than `span` ago. After a clock was set back by more than a little, it is not."""
    return -_SET_BACK <= at - then < span
