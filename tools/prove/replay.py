"""Years of real incidents lived through: what a person would have been told, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.prove.client import Client
from tools.prove.dates import Dated, Reading, find_dates
from tools.prove.noise import HOUR
from tools.prove.pages import Posting, editions
from tools.prove.score import Score
from tools.prove.subject import Subject
from tools.prove.troubles import SHORTEST, Trouble, is_of_trouble, posted_troubles, sights, starts_of
from tools.prove.world import World


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was told of a stretch of history."""

    incidents: int
    notices: int
    disorder: int
    left_open: int
    stray: int
    """Starts that belong to no trouble, posted or not."""
    starts: tuple[int, ...]
    """For each trouble that lasted long enough to be read twice."""
    delays: tuple[float, ...]
    """For each trouble that was told: seconds from its first post to its first start; below 0 if told before."""
    leads: tuple[float, ...]
    """The same turned round, for those that a probe could see."""
    cleared: tuple[float, ...]
    """For each that was told: seconds from when the page took it back to the end that was told."""
    dated: tuple[Dated, ...]
    """Of the plain ones that were read twice and that no probe saw."""
    watched: tuple[tuple[bool, bool], ...]
    """Of those told whose fix was watched before it was over: whether its end was told then, and told again later."""


def replay(postings: Sequence[Posting], subject: Subject, seed: object, *, seen: bool = True) -> Replayed:
    """A stretch of history, on a quiet line: whatever is told is of these incidents. `seen`: probes see some of them."""
    spells = [s for p in postings for s in sights(p, seed)] if seen else []
    until = max(p.ends for p in postings) + 3 * HOUR
    versions = editions(postings, seed)
    readings: list[Reading] = []
    score = Score()
    for looked in Client(World(spells, versions, seed), subject, seed).live(until):
        score.count(looked)
        if looked.edition is not None:
            readings.append((looked.t, looked.edition.at))
    troubles = list(posted_troubles(versions, spells, subject))
    starts = [starts_of(t, score.starts) for t in troubles]
    long = [s for t, s in zip(troubles, starts, strict=True) if t.last - t.first >= SHORTEST]
    told = [(t, s) for t, s in zip(troubles, starts, strict=True) if s]
    return Replayed(
        incidents=len(postings),
        notices=score.notices,
        disorder=score.disorder,
        left_open=score.left_open,
        stray=sum(not is_of_trouble(s, troubles, spells) for s in score.starts),
        starts=tuple(map(len, long)),
        delays=tuple(s[0].t - t.first for t, s in told),
        leads=tuple(t.first - s[0].t for t, s in told if t.begins < t.first),
        cleared=tuple(_end(t, score, until) - t.last for t, _ in told),
        dated=tuple(
            d for t in troubles if t.plain and t.begins == t.first for d in find_dates(t, score, readings)
        ),
        watched=tuple(_watch_trouble(t, score) for t, _ in told if t.resolved > t.last + SHORTEST),
    )


def _end(trouble: Trouble, score: Score, default: float) -> float:
    ends = (e.t for e in score.ends if e.t >= trouble.last and trouble.product in e.products)
    return min(ends, default=default)


def _watch_trouble(trouble: Trouble, score: Score) -> tuple[bool, bool]:
    early = [
        e for e in score.ends if trouble.product in e.products and trouble.last <= e.t < trouble.resolved
    ]
    again = early and any(
        trouble.product in s.products and early[0].t < s.t <= trouble.resolved for s in score.starts
    )
    return bool(early), bool(again)
