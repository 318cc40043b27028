"""Rules of truth: what is told is what shows and what is, and a world that stands still is told of once."""

from __future__ import annotations

from collections import Counter

from tests.core.pages import PARTS
from tools.fuzz.events import Event, Kind
from tools.fuzz.player import Player
from tools.fuzz.rules import BrokenError, each
from tools.fuzz.watching import Seen, Watcher
from trayapp.model import Transition, TransitionKind, ladder_rank, worst_state

_STARTS = frozenset({TransitionKind.START, TransitionKind.UNSTABLE, TransitionKind.WORSE})
_PERSONS = frozenset({Kind.LANGUAGE, Kind.LOOK})
SETTLED = 900.0
"""Seconds after which nothing of what was before is told any more where it could be told at once."""


class Shown(Watcher):
    """What is told shows too, and is so."""

    def on_round(self, life: Player, seen: Seen) -> None:
        """Compare what was told with the icon and with the world."""
        known = [p.state for p in seen.verdict.products if p.state.is_known]
        if seen.verdict.state.is_known and seen.verdict.state is not worst_state(known):
            raise BrokenError("icon differs", f"{seen.verdict.state} of {known}")
        for told in seen.told:
            for one in each(told):
                for name in one.products:
                    self._judge(life, seen, one, name)

    @staticmethod
    def _judge(life: Player, seen: Seen, one: Transition, name: str) -> None:
        found = seen.verdict.find_product(name)
        if one.silent or found is None or not found.state.is_known:
            return
        if one.change in _STARTS and ladder_rank(found.state) < ladder_rank(one.after):
            raise BrokenError("told, not shown", f"{name}: {one.after} told, {found.state} shown")
        over = (
            one.change is TransitionKind.END
            and not one.after.is_trouble
            and not one.lapsed
            and not one.watching
        )
        # The first of two outages ends in the line in which the second, which shows, begins.
        begins_too = any(
            other.change in _STARTS and name in other.products for told in seen.told for other in each(told)
        )
        word = seen.memory.readings.get(name)
        said = (
            word is not None and word.state is not None and ladder_rank(word.state) >= ladder_rank(one.before)
        )
        # The icon waits 20 s for a second reading; a fix that is watched was an end before.
        if over and said and not begins_too and ladder_rank(found.state) >= ladder_rank(one.before):
            raise BrokenError("over, and shown", f"{name}: {one.before} over, {found.state} shown")
        if over and name in PARTS and life.world.is_down(name) and life.world.is_read_plainly:
            raise BrokenError("false end", f"{name}: {one.before}")


class Still(Watcher):
    """While nothing happens nothing is told twice, and in a calm that lasts nothing starts."""

    def __init__(self) -> None:
        self.told: Counter[tuple[str, bool]] = Counter()
        self.since = 0.0

    def on_start(self, life: Player) -> None:
        """A start is an event."""
        self.told, self.since = Counter(), life.now.awake

    def on_event(self, life: Player, event: Event) -> None:
        """Any event may bring something new to tell."""
        if event.kind not in _PERSONS:
            self.told, self.since = Counter(), life.now.awake

    def on_round(self, life: Player, seen: Seen) -> None:
        """Count."""
        world = life.world
        by_chance = any(isinstance(found, float) for found, _ in world.answers.values())
        if by_chance or world.lag or world.cache:
            return
        for told in seen.told:
            for one in each(told):
                starts = one.change in {TransitionKind.START, TransitionKind.UNSTABLE}
                if one.silent or not (starts or one.change is TransitionKind.END):
                    continue
                for name in one.products:
                    self._take(life, seen, name, starts=starts)

    def _take(self, life: Player, seen: Seen, name: str, *, starts: bool) -> None:
        self.told[name, starts] += 1
        if self.told[name, starts] > 1:
            raise BrokenError("told twice", f"{name}, {'start' if starts else 'end'}")
        still = seen.round.moment.awake - self.since
        if starts and life.world.calm_since is not None and still > SETTLED + 2.2 * seen.limits.page_interval:
            raise BrokenError("false start", f"{name} after {still:.0f} s of calm")
