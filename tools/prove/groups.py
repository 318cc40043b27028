"""What can be proven, group by group, each by itself if wanted: its work and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tools.prove import (
    answers,
    blocks,
    compared,
    crowd,
    detection,
    early,
    ends,
    films,
    lives,
    posted,
    running,
    shapes,
    traffic,
    weeks,
    years,
)
from tools.prove.jobs import Job, Results, Size
from tools.prove.pages import Posting
from tools.prove.rows import Row


def _none(_results: Results) -> list[Row]:
    return []


@dataclass(frozen=True, slots=True)
class Group:
    """Some rows that are proven together."""

    name: str
    jobs: Callable[[Size, int], Iterator[Job]]
    rows: Callable[[Results], list[Row]] = _none


YEARS, FILMS, COMPARED, ESTIMATE = "years", "films", "compared", "estimate"
"""Groups with tables of their own."""


def _nothing(_size: Size, _seed: int) -> Iterator[Job]:
    return iter(())


GROUPS = (
    Group(YEARS, _nothing, years.rows),
    Group("weeks", weeks.jobs, weeks.rows),
    Group("lives", lives.jobs, lives.rows),
    Group("blocks", blocks.jobs, blocks.rows),
    Group("ends", ends.jobs, ends.rows),
    Group("posted", posted.jobs, posted.rows),
    Group("early", early.jobs, early.rows),
    Group("restarts", ends.restart_jobs, ends.restart_rows),
    Group("shapes", shapes.jobs, shapes.rows),
    Group("running", running.jobs, running.rows),
    Group("lines", detection.line_jobs, detection.line_rows),
    Group("traffic", traffic.jobs, traffic.rows),
    Group(COMPARED, compared.jobs),
    Group(FILMS, films.jobs),
    Group("unposted", detection.jobs, detection.rows),
    Group("answers", answers.jobs, answers.rows),
    Group("crowd", crowd.jobs, crowd.rows),
    Group(ESTIMATE, _nothing),
)
NAMES = tuple(group.name for group in GROUPS)


def plan(size: Size, postings: Sequence[Posting], seed: int, only: Sequence[str] = NAMES) -> list[Job]:
    """All pieces of work of some groups, the longest first; none is done twice."""
    found = list(years.jobs(postings, seed)) if YEARS in only else []
    keys = {job.key for job in found}
    for group in GROUPS:
        if group.name in only:
            fresh = [job for job in group.jobs(size, seed) if job.key not in keys]
            found += fresh
            keys |= {job.key for job in fresh}
    return found


def rows(results: Results, only: Sequence[str] = NAMES) -> list[Row]:
    """The rows of some groups, those with budgets first within each."""
    return [row for group in GROUPS if group.name in only for row in group.rows(results)]
