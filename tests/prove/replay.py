"""Years of real incidents lived through: what a person would have been told, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.prove.chance import chance
from tests.prove.client import Client
from tests.prove.heard import Heard
from tests.prove.noise import HOUR, MINUTE
from tests.prove.outage import lag
from tests.prove.pages import NATIVE, Posting, Version, editions
from tests.prove.score import Score, Told
from tests.prove.subject import API, CHATGPT, LOGIN, Subject
from tests.prove.world import Kind, Spell, World
from trayapp.core import concern
from trayapp.model import Kept, Stage, State, rank

VISIBLE = {State.MAJOR: 0.4, State.PARTIAL: 0.1}
"""The share of incidents that a probe without a key could see, by impact: an assumption, low, since most never touch
what can be asked without one. None of the lesser ones."""
_KEPT = Kept(groups=NATIVE.groups)
_RATES = (1.0, 0.5, 0.25)
_PROBES = {"APIs": (API,), "ChatGPT": (CHATGPT, LOGIN)}
_SHORTEST = 300.0
"""Seconds: what the page takes back sooner may be over before it was read twice."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A stretch over which the page takes one product to be down, in part or whole."""

    product: str
    first: float
    """When it was posted."""
    last: float
    """When it was over."""
    begins: float
    """When a probe could first have seen it; never later than `first`."""


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
    """For each that was told: seconds from the page's "resolved" to the end that was told."""


def replay(postings: Sequence[Posting], subject: Subject, seed: object) -> Replayed:
    """A stretch of history, on a quiet line: whatever is told is of these incidents."""
    spells = [s for p in postings for s in _sights(p, seed)]
    until = max(p.ends for p in postings) + 3 * HOUR
    versions = editions(postings, seed)
    client = Client(World(spells, versions, seed), subject, seed)
    score = Score().keep(client.live(until))
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
        cleared=tuple(
            min((e.t for e in score.ends if e.t >= t.last and t.product in e.products), default=until)
            - t.last
            for t, _ in told
        ),
    )


def _sights(posting: Posting, seed: object) -> Iterator[Spell]:
    """What a probe could see of an incident: from its true start, before the first post, until a fix is watched."""
    rng = chance(seed, posting.id, "sight")
    if rng.random() >= VISIBLE.get(posting.impact, 0.0):
        return
    end = next((t for t, stage in posting.posts if stage is Stage.MONITORING), posting.ends)
    start, rate = posting.begins - lag((seed, posting.id)), rng.choice(_RATES)
    for probe in (p for product in posting.products for p in _PROBES.get(product, ())):
        yield Spell(start, end, Kind.OUTAGE, probe, Heard.BAD_GATEWAY, rate)


def _troubles(versions: Sequence[Version], spells: Sequence[Spell], subject: Subject) -> Iterator[Trouble]:
    """The stretches in which the page's own word of a followed product is an outage."""
    follow = subject.limits.follow
    pages = [(v.at, concern.says(concern.grouped(v.page, _KEPT), follow)) for v in versions]
    for product in follow:
        first: float | None = None
        for at, says in pages:
            down = rank(says[product].state or State.OPERATIONAL) >= rank(State.PARTIAL)
            if down and first is None:
                first = at
            elif not down and first is not None:
                yield Trouble(product, first, at, _seen_from(product, first, at, spells))
                first = None


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
