"""Status pages over time: what is posted, and what each edition of the page then is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tests.recorded import components
from tools.prove.chance import chance
from trayapp.model import CLOSED_STAGES, Stage, State, ladder_rank, worst_state
from trayapp.sources.product_components import group_by_id

MEMBERS: Mapping[str, tuple[str, ...]] = {
    group: tuple(number for number, _ in components() if group_by_id(number) == group)
    for group in ("ChatGPT", "APIs", "Codex", "FedRAMP", "Ads Platform")
}
"""Ids of the page's components, by product: 34 in all."""
_NAMES = dict(components())
CORE: Mapping[str, tuple[str, ...]] = {
    group: tuple(number for number in MEMBERS[group] if _NAMES[number] in names)
    for group, names in (
        ("ChatGPT", ("Conversations", "Login")),
        ("APIs", ("Responses", "Chat Completions")),
        ("Codex", ("Codex API",)),
    )
}
"""The components without which a product is down."""
LAG_OF_LISTS = 180.0
"""Seconds by which the list of past incidents is behind, at most."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An incident as its posts tell it. Times are the world's, in seconds."""

    id: str
    name: str
    products: tuple[str, ...]
    """Groups it names; none if it names no component."""
    impact: State
    posts: tuple[tuple[float, Stage], ...]
    """Oldest first; the last one ends it."""
    parts: tuple[str, ...] = ()
    """Ids of the components it touches, where that is known or made so; else `hit` takes some."""
    back_dated: bool = False

    @property
    def begins(self) -> float:
        """When it is first posted."""
        return self.posts[0][0]

    @property
    def ends(self) -> float:
        """When the page takes it for over."""
        return self.posts[-1][0]

    def hit(self) -> tuple[str, ...]:
        """Ids of its components: all of a product in a critical one, core ones first, two or one in others."""
        most = {State.MAJOR: None, State.PARTIAL: 2}.get(self.impact, 1)
        return self.parts or tuple(number for group in self.products for number in _core_first(group)[:most])

    @property
    def groups(self) -> tuple[str, ...]:
        """The products it touches; none if nobody is named."""
        return tuple(dict.fromkeys(filter(None, map(group_by_id, self.hit()))))

    def stage(self, at: float) -> Stage | None:
        """How far it is at a time; None before its first post."""
        return next((stage for t, stage in reversed(self.posts) if t <= at), None)


def _core_first(group: str) -> tuple[str, ...]:
    core = CORE.get(group, ())
    return core + tuple(number for number in MEMBERS[group] if number not in core)


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition of the page. Two are the same only if they are one."""

    at: float
    settled: float
    """Until when some caches still give the one before."""
    listed: float
    """From when the list of past incidents shows it."""
    known: tuple[Posting, ...]
    """All that were ever posted, oldest first."""

    @cached_property
    def current(self) -> tuple[tuple[Posting, Stage], ...]:
        """What is open, and how far it is."""
        found = ((posting, posting.stage(self.at)) for posting in self.known)
        return tuple((p, stage) for p, stage in found if stage is not None and stage not in CLOSED_STAGES)

    @cached_property
    def marks(self) -> Mapping[str, State]:
        """Components that are not operational. As OpenAI does it: once a fix is being watched they are green again."""
        found: dict[str, State] = {}
        for posting, stage in self.current:
            if stage is not Stage.MONITORING:
                for number in posting.hit():
                    found[number] = worst_state([found.get(number, State.OPERATIONAL), posting.impact])
        return {number: state for number, state in found.items() if state is not State.OPERATIONAL}

    @cached_property
    def indicator(self) -> State:
        """The page's word for everything together: as bad as the worst that is open, also while a fix is watched."""
        return worst_state(posting.impact for posting, _ in self.current)

    @cached_property
    def quiet(self) -> bool:
        """Whether nothing is open."""
        return not self.current

    def state(self, product: str) -> State:
        """What the law makes of a product: its components speak; an incident that names none lies on all of it."""
        parts = MEMBERS[product]
        states = [self.marks.get(number, State.OPERATIONAL) for number in parts]
        core = [self.marks.get(number, State.OPERATIONAL) for number in CORE.get(product, ())]
        mostly = next(
            (s for s in (State.MAJOR, State.PARTIAL) if 2 * _at_least(states, s) >= len(parts)), None
        )
        laid = [
            min(posting.impact, State.DEGRADED, key=ladder_rank)
            if stage is Stage.MONITORING
            else posting.impact
            for posting, stage in self.current
            if not posting.hit()
        ]
        if State.MAJOR in core or mostly is State.MAJOR:
            own = State.MAJOR
        elif _at_least(states, State.PARTIAL) or 2 * _at_least(states, State.DEGRADED) >= len(parts):
            own = State.PARTIAL
        else:
            own = worst_state(states)
        return worst_state([own, *laid])


def _at_least(states: Iterable[State], least: State) -> int:
    return sum(ladder_rank(state) >= ladder_rank(least) for state in states)


def editions(postings: Iterable[Posting], seed: object) -> tuple[Edition, ...]:
    """Every edition of the page, the first long calm. Two caches disagree for 10 to 60 s after each change."""
    listed = tuple(sorted(postings, key=lambda p: p.begins))
    rng = chance(seed, "caches")
    found = [Edition(float("-inf"), float("-inf"), float("-inf"), ())]
    for at in sorted({at for posting in listed for at, _ in posting.posts}):
        known = tuple(p for p in listed if p.begins <= at)
        found.append(Edition(at, at + rng.uniform(10.0, 60.0), at + rng.uniform(0.0, LAG_OF_LISTS), known))
    return tuple(found)
