"""Counts of people who report trouble elsewhere, and the word that follows from them.

Only what belongs to the crowd imports this file, so that it is not loaded while nobody is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class CrowdSource(StrEnum):
    """A place where people report trouble."""

    GITHUB = "github"
    """New issues of openai/codex."""
    HACKER_NEWS = "hacker_news"
    MASTODON = "mastodon"
    DOWNDETECTOR = "downdetector"
    """Its API, with the person's own key."""
    TRENDS = "trends"
    """Google's list of what a country searches for: context, which never votes."""


class CrowdFamily(StrEnum):
    """Sources in which the same people write: together they have one vote."""

    DEVELOPERS = "developers"
    PUBLIC = "public"
    REPORTS = "reports"


class ReportLevel(StrEnum):
    """Downdetector's own word on the number of its reports, by what is usual there."""

    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


class CrowdWord(StrEnum):
    """How many people report trouble."""

    NONE = "none"
    SOME = "some"
    """Unusually many in one family."""
    MANY = "many"
    """Unusually many in two families, or Downdetector's "danger"."""
    NOT_KNOWN = "not_known"
    """Too few families could be read, or too little is known of what is usual."""


@dataclass(frozen=True, slots=True)
class CrowdWindow:
    """The time in which people are counted; aware UTC."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CrowdCount:
    """How many people reported trouble in a window. No text and no name is in it."""

    source: CrowdSource
    people: int
    window: CrowdWindow
    capped: bool = False
    """Whether the source showed only a part of them: there were at least so many."""
    products: tuple[str, ...] = ()
    """The products they named, the most named one first."""
    level: ReportLevel | None = None
    """Only from Downdetector."""


@dataclass(frozen=True, slots=True)
class SearchTrend:
    """Where a country's list of searches has a product of OpenAI's."""

    country: str
    """ISO 3166, two letters."""
    rank: int | None
    """Its place, from 1; None if no recent entry is about it."""
    of: int
    """Entries in the list."""
    since: datetime | None = None
    """When it came into the list."""


@dataclass(frozen=True, slots=True)
class CrowdReport:
    """All that one time of asking brought."""

    counts: tuple[CrowdCount, ...] = ()
    missed: tuple[CrowdSource, ...] = ()
    """The sources that could not be read; the log has the reasons."""
    trend: SearchTrend | None = None


@dataclass(frozen=True, slots=True)
class CrowdCurve:
    """How many people reported trouble over the last day: the most of each quarter of an hour, oldest first."""

    newest: datetime
    """When the newest quarter began."""
    people: tuple[int | None, ...]
    """None where nobody was asked, or nothing could be read."""


@dataclass(frozen=True, slots=True)
class CrowdSpell:
    """A time in which many people reported trouble."""

    began: datetime
    lasted_until: datetime
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrowdVerdict:
    """The word, and what it stands on."""

    word: CrowdWord
    families: tuple[CrowdFamily, ...] = ()
    """Those that vote, in the order of their names."""
    products: tuple[str, ...] = ()
    """The products that the people of the voting sources named."""
    since: datetime | None = None
    """When the oldest of the votes began."""
    learning: bool = False
    """Whether a source that is read has no vote yet, because too little is known of what is usual in it."""
    sources: tuple[CrowdSource, ...] = ()
    """The sources that vote."""
    falling_since: datetime | None = None
    """When the reports were at their height, if those of all voting sources have fallen by a third since."""
    curves: Mapping[CrowdSource, CrowdCurve] = field(default_factory=dict)
    trend: SearchTrend | None = None
    """What a country searches for, if that was read within the last hour."""

    @property
    def is_unusual(self) -> bool:
        """Whether unusually many people report trouble in one family of sources at least."""
        return self.word in {CrowdWord.SOME, CrowdWord.MANY}
