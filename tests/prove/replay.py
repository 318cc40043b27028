"""Years of real incidents lived through: what a person would have been told, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from tests.prove.chance import chance
from tests.prove.client import Client, Seen
from tests.prove.clock import EPOCH
from tests.prove.engine import told_of
from tests.prove.heard import Heard
from tests.prove.noise import HOUR, MINUTE
from tests.prove.outage import lag
from tests.prove.pages import Edition, Posting, editions
from tests.prove.score import Score, Told
from tests.prove.subject import API, CHATGPT, LOGIN, Subject
from tests.prove.world import Kind, Spell, World
from trayapp.model import Stage, State, rank

VISIBLE = {State.MAJOR: 0.4, State.PARTIAL: 0.1}
"""The share of incidents that a probe without a key could see, by impact: an assumption, low, since most never touch
what can be asked without one. None of the lesser ones."""
_RATES = (1.0, 0.5, 0.25)
_PROBES = {"APIs": (API,), "ChatGPT": (CHATGPT, LOGIN)}
_SHORTEST = 300.0
"""Seconds: what the page takes back sooner may be over before it was read twice."""
_TWICE = 20.0
"""Seconds between two readings that count as two."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A stretch over which the page takes one product to be down, in part or whole."""

    product: str
    first: float
    """When it was posted."""
    last: float
    """When the page took it back."""
    resolved: float
    """When the last incident of that time was over."""
    begins: float
    """When a probe could first have seen it; never later than `first`."""
    plain: bool
    """Whether it was as bad from beginning to end, and no post is dated other than it was made."""


@dataclass(frozen=True, slots=True)
class Dated:
    """What a trouble's notices said of its dates, against the page: seconds beyond what the readings allow."""

    starts: int
    ends: int
    since: float
    length: float

    @property
    def right(self) -> bool:
        """Told once, its beginning and length within two minutes."""
        return self.starts == self.ends == 1 and self.since <= 120.0 and self.length <= 120.0


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
    spells = [s for p in postings for s in _sights(p, seed)] if seen else []
    until = max(p.ends for p in postings) + 3 * HOUR
    versions = editions(postings, seed)
    readings: list[tuple[float, float]] = []
    score = Score()
    for looked in Client(World(spells, versions, seed), subject, seed).live(until):
        score.count(looked)
        _note(readings, looked)
    troubles = list(_troubles(versions, spells, subject))
    starts = [_of(t, score.starts) for t in troubles]
    long = [s for t, s in zip(troubles, starts, strict=True) if t.last - t.first >= _SHORTEST]
    told = [(t, s) for t, s in zip(troubles, starts, strict=True) if s]
    return Replayed(
        incidents=len(postings),
        notices=score.notices,
        disorder=score.disorder,
        left_open=score.left_open,
        stray=sum(not _true(s, troubles, spells) for s in score.starts),
        starts=tuple(map(len, long)),
        delays=tuple(s[0].t - t.first for t, s in told),
        leads=tuple(t.first - s[0].t for t, s in told if t.begins < t.first),
        cleared=tuple(_end(t, score, until) - t.last for t, _ in told),
        dated=tuple(
            d for t in troubles if t.plain and t.begins == t.first for d in _dated(t, score, readings)
        ),
        watched=tuple(_watched(t, score) for t, _ in told if t.resolved > t.last + _SHORTEST),
    )


def _note(readings: list[tuple[float, float]], seen: Seen) -> None:
    """When which edition of the page was read."""
    if seen.edition is not None:
        readings.append((seen.t, seen.edition.at))


def _end(trouble: Trouble, score: Score, default: float) -> float:
    ends = (e.t for e in score.ends if e.t >= trouble.last and trouble.product in e.products)
    return min(ends, default=default)


def _dated(trouble: Trouble, score: Score, readings: Sequence[tuple[float, float]]) -> Iterator[Dated]:
    """The dates told of a trouble that was read twice in a row; what was read once need not be told."""
    mine = [(t, trouble.first <= at < trouble.last) for t, at in readings if t >= trouble.first]
    pairs = pairwise(mine)
    if not any(a and b and u - t >= _TWICE for (t, a), (u, b) in pairs):
        return
    read = next(t for t, within in mine if within)
    over = next((t for t, at in readings if t > read and at >= trouble.last), inf)
    starts = _of(trouble, score.starts)
    ends = [e for e in score.ends if trouble.product in e.products and read <= e.t <= over + 10 * MINUTE]
    since = length = inf
    if starts and ends:
        said = told_of(starts[0].told, trouble.product).since
        since = inf if said is None else _beyond((said - EPOCH).total_seconds(), trouble.first, read)
        end = told_of(ends[0].told, trouble.product)
        if end.since is not None:
            lasted = (end.at - end.since).total_seconds()
            length = _beyond(lasted, trouble.last - read, over - trouble.first)
    yield Dated(len(starts), len(ends), since, length)


def _beyond(value: float, low: float, high: float) -> float:
    return max(0.0, low - value, value - high)


def _watched(trouble: Trouble, score: Score) -> tuple[bool, bool]:
    early = [
        e for e in score.ends if trouble.product in e.products and trouble.last <= e.t < trouble.resolved
    ]
    again = early and any(
        trouble.product in s.products and early[0].t < s.t <= trouble.resolved for s in score.starts
    )
    return bool(early), bool(again)


def _sights(posting: Posting, seed: object) -> Iterator[Spell]:
    """What a probe could see of an incident: from its true start, before the first post, until a fix is watched."""
    rng = chance(seed, posting.id, "sight")
    if rng.random() >= VISIBLE.get(posting.impact, 0.0):
        return
    end = next((t for t, stage in posting.posts if stage is Stage.MONITORING), posting.ends)
    start, rate = posting.begins - lag((seed, posting.id)), rng.choice(_RATES)
    heard = rng.choice((Heard.BAD_GATEWAY, Heard.UNAVAILABLE, Heard.TIMEOUT))
    for probe in (p for product in posting.groups for p in _PROBES.get(product, ())):
        yield Spell(start, end, Kind.OUTAGE, probe, heard, rate)


def _troubles(versions: Sequence[Edition], spells: Sequence[Spell], subject: Subject) -> Iterator[Trouble]:
    """The stretches in which the page's own word of a followed product is an outage."""
    for product in subject.limits.follow:
        through: list[Edition] = []
        for version in versions:
            if rank(version.state(product)) >= rank(State.PARTIAL):
                through.append(version)
            elif through:
                yield _trouble(product, through, version.at, versions, spells)
                through = []


def _trouble(
    product: str,
    through: Sequence[Edition],
    last: float,
    versions: Sequence[Edition],
    spells: Sequence[Spell],
) -> Trouble:
    first = through[0].at
    mine = [p for v in through for p, _ in v.current if not p.groups or product in p.groups]
    plain = len({v.state(product) for v in through}) == 1 and not any(p.back_dated for p in mine)
    resolved = next(
        (v.at for v in versions if v.at >= last and all(p not in mine for p, _ in v.current)), last
    )
    return Trouble(product, first, last, resolved, _seen_from(product, first, last, spells), plain)


def _seen_from(product: str, first: float, last: float, spells: Sequence[Spell]) -> float:
    mine = _PROBES.get(product, ())
    return min([first, *(s.start for s in spells if s.probe in mine and s.start < last and s.end >= first)])


def _of(trouble: Trouble, starts: Sequence[Told]) -> list[Told]:
    return [
        s
        for s in starts
        if trouble.product in s.products and trouble.begins <= s.t <= trouble.last + 10 * MINUTE
    ]


def _true(start: Told, troubles: Sequence[Trouble], spells: Sequence[Spell]) -> bool:
    """Whether a start belongs to a trouble, or to one that a probe saw and OpenAI posted when it was over."""
    seen = any(
        s.probe in _PROBES.get(name, ()) and s.start <= start.t <= s.end
        for name in start.products
        for s in spells
    )
    return seen or any(start in _of(t, [start]) for t in troubles)
