"""Keeping the score of what a person was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tools.prove.client import Seen
from tools.prove.engine import begins, is_green, news
from tools.prove.world import OURS, Kind
from trayapp.model import Transition, TransitionKind


@dataclass(frozen=True, slots=True)
class Told:
    """One start or end."""

    t: float
    """The world's time."""
    products: tuple[str, ...]
    told: Transition


@dataclass(slots=True)
class Score:
    """What was told in one life."""

    notices: int = 0
    starts: list[Told] = field(default_factory=list)
    worse: list[Told] = field(default_factory=list)
    """Worsenings: what was told as a suspicion before a sleep and is a posted outage after it has no start of its own."""
    troubles: int = 0
    """Starts while nothing that was told went on: a second product's start belongs to the same trouble."""
    ends: list[Told] = field(default_factory=list)
    of_edges: list[Told] = field(default_factory=list)
    """What was told, rightly, as trouble at Cloudflare's edge that went on for ten minutes (law 6)."""
    sent: list[Told] = field(default_factory=list)
    """All that was told of what began, changed or ended."""
    while_offline: int = 0
    """Told while this computer had no internet."""
    again: int = 0
    """Products started anew after their end: flaps."""
    disorder: int = 0
    """Starts of what had not ended, ends of what had not started, for any product."""
    checking_at: float | None = None
    """When the icon first showed that something may be wrong."""
    green_at: float | None = None
    """Since when the icon has been green without a doubt; None while it is not."""
    requests: int = 0
    neutral_requests: int = 0
    open: set[str] = field(default_factory=set)
    """Products whose trouble was told, and no end of it."""
    _ended: set[str] = field(default_factory=set)
    _of_edges: set[str] = field(default_factory=set)
    """Products that were told as hit by such trouble."""

    def keep(self, lived: Iterable[Seen], since: float = 0.0, *, until_start: bool = False) -> Score:
        """All of a life, or of it up to its first start; what is before `since` is not counted."""
        for seen in lived:
            if seen.t >= since:
                self.count(seen)
                if until_start and self.starts:
                    break
        return self

    @property
    def left_open(self) -> int:
        """Products whose end was never told."""
        return len(self.open)

    def count(self, seen: Seen) -> None:
        """One round more."""
        if self.checking_at is None and (seen.verdict.checking or seen.told):
            self.checking_at = seen.t
        self.green_at = (
            (seen.t if self.green_at is None else self.green_at) if is_green(seen.verdict) else None
        )
        self.requests += seen.requests[0]
        self.neutral_requests += seen.requests[1]
        others = [notice for notice in seen.told if not self._is_true_of_an_edge(notice, seen)]
        self.notices += len(others)
        self.sent += (Told(seen.t, told.products, told) for notice in seen.told for told in news(notice))
        self.while_offline += bool(others) and not OURS.isdisjoint(seen.truth)
        for told in (one for notice in others for one in news(notice)):
            self._order(told, told.products)
            if begins(told):
                self.starts.append(Told(seen.t, told.products, told))
            if told.change is TransitionKind.WORSE:
                self.worse.append(Told(seen.t, told.products, told))
            if told.change is TransitionKind.END:
                self.ends.append(Told(seen.t, told.products, told))

    def _is_true_of_an_edge(self, notice: Transition, seen: Seen) -> bool:
        """Whether a notice calls by its name what is trouble at Cloudflare's edge, or ends that."""
        if notice.edge and Kind.EDGE in seen.truth and begins(notice):
            self.of_edges.append(Told(seen.t, notice.products, notice))
            self._of_edges |= set(notice.products)
            return True
        if notice.change is TransitionKind.END and set(notice.products) <= self._of_edges:
            self._of_edges -= set(notice.products)
            return True
        return False

    def _order(self, told: Transition, products: tuple[str, ...]) -> None:
        named = set(products)
        if told.change is TransitionKind.END:
            self.disorder += not named <= self.open
            self.open -= named
            self._ended |= named
        elif told.change in (TransitionKind.START, TransitionKind.UNSTABLE):
            # A start may take in products that are open already: one cause, one notice. It must open at least one.
            self.disorder += named <= self.open
            self.troubles += not self.open
            self.again += not self._ended.isdisjoint(named - self.open)
            self.open |= named
        else:
            self.open |= named
