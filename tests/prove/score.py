"""Keeping the score of what a person was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.prove.client import Seen
from tests.prove.world import OURS
from trayapp.model import Change, State

BEGINS = frozenset({Change.START, Change.UNSTABLE})


@dataclass(frozen=True, slots=True)
class Told:
    """One start or end."""

    t: float
    """The world's time."""
    products: tuple[str, ...]


@dataclass(slots=True)
class Score:
    """What was told in one life."""

    notices: int = 0
    starts: list[Told] = field(default_factory=list)
    troubles: int = 0
    """Starts while nothing that was told went on: a second product's start belongs to the same trouble."""
    ends: list[Told] = field(default_factory=list)
    while_offline: int = 0
    """Told while this computer had no internet."""
    again: int = 0
    """Products started anew after their end: flaps."""
    disorder: int = 0
    """Starts of what had not ended, ends of what had not started, for any product."""
    checking_at: float | None = None
    """When the icon first showed that something may be wrong."""
    _open: set[str] = field(default_factory=set)
    _ended: set[str] = field(default_factory=set)

    def keep(self, lived: Iterable[Seen], since: float = 0.0, *, until_start: bool = False) -> Score:
        """All of a life, or of it up to its first start; what is before `since` is not counted."""
        for seen in lived:
            if seen.t >= since:
                self._count(seen)
                if until_start and self.starts:
                    break
        return self

    @property
    def left_open(self) -> int:
        """Products whose end was never told."""
        return len(self._open)

    def _count(self, seen: Seen) -> None:
        if self.checking_at is None and (seen.verdict.checking or seen.told):
            self.checking_at = seen.t
        self.notices += len(seen.told)
        self.while_offline += bool(seen.told) and not OURS.isdisjoint(seen.truth)
        for told in seen.told:
            self._order(told.change, told.products)
            if told.change in BEGINS or (told.change is Change.UPDATE and told.before is State.OPERATIONAL):
                self.starts.append(Told(seen.t, told.products))
            if told.change is Change.END:
                self.ends.append(Told(seen.t, told.products))

    def _order(self, change: Change, products: tuple[str, ...]) -> None:
        named = set(products)
        if change is Change.END:
            self.disorder += not named <= self._open
            self._open -= named
            self._ended |= named
        elif change in BEGINS:
            # A start may take in products that are open already: one cause, one notice. It must open at least one.
            self.disorder += named <= self._open
            self.troubles += not self._open
            self.again += not self._ended.isdisjoint(named - self._open)
            self._open |= named
        else:
            self._open |= named
