"""Outages as the page posts them, and what a probe could see of them before and while it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.prove.chance import chance
from tools.prove.heard import Heard
from tools.prove.noise import MINUTE
from tools.prove.outage import lag
from tools.prove.pages import Edition, Posting
from tools.prove.score import Told
from tools.prove.subject import PRODUCT_OF, Subject
from tools.prove.world import Kind, Spell
from trayapp.model import Stage, State, ladder_rank

VISIBLE = {State.MAJOR: 0.4, State.PARTIAL: 0.1}
"""The share of incidents that a probe without a key could see, by impact: an assumption, low, since most never touch
what can be asked without one. None of the lesser ones."""
_RATES = (1.0, 0.5, 0.25)
PROBES_OF = {
    product: tuple(name for name, of in PRODUCT_OF.items() if of == product)
    for product in PRODUCT_OF.values()
}
SHORTEST = 300.0
"""Seconds: what the page takes back sooner may be over before it was read twice."""


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


def sights(posting: Posting, seed: object) -> Iterator[Spell]:
    """What a probe could see of an incident: from its true start, before the first post, until a fix is watched."""
    rng = chance(seed, posting.id, "sight")
    if rng.random() >= VISIBLE.get(posting.impact, 0.0):
        return
    end = next((t for t, stage in posting.posts if stage is Stage.MONITORING), posting.ends)
    start, rate = posting.begins - lag((seed, posting.id)), rng.choice(_RATES)
    heard = rng.choice((Heard.BAD_GATEWAY, Heard.UNAVAILABLE, Heard.TIMEOUT))
    for probe in (p for product in posting.groups for p in PROBES_OF.get(product, ())):
        yield Spell(start, end, Kind.OUTAGE, probe, heard, rate)


def posted_troubles(
    versions: Sequence[Edition], spells: Sequence[Spell], subject: Subject
) -> Iterator[Trouble]:
    """The stretches in which the page's own word of a followed product is an outage."""
    for product in subject.limits.follow:
        through: list[Edition] = []
        for version in versions:
            if ladder_rank(version.state(product)) >= ladder_rank(State.PARTIAL):
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
    return Trouble(product, first, last, resolved, _first_sight(product, first, last, spells), plain)


def _first_sight(product: str, first: float, last: float, spells: Sequence[Spell]) -> float:
    mine = PROBES_OF.get(product, ())
    return min([first, *(s.start for s in spells if s.probe in mine and s.start < last and s.end >= first)])


def starts_of(trouble: Trouble, starts: Sequence[Told]) -> list[Told]:
    """Those of the starts that tell of this trouble."""
    return [
        s
        for s in starts
        if trouble.product in s.products and trouble.begins <= s.t <= trouble.last + 10 * MINUTE
    ]


def is_of_trouble(start: Told, troubles: Sequence[Trouble], spells: Sequence[Spell]) -> bool:
    """Whether a start belongs to a trouble, or to one that a probe saw and OpenAI posted when it was over."""
    seen = any(
        s.probe in PROBES_OF.get(name, ()) and s.start <= start.t <= s.end
        for name in start.products
        for s in spells
    )
    return seen or any(start in starts_of(t, [start]) for t in troubles)
