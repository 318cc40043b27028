"""The rules that every life keeps, each by its own account of the world (docs/law.md)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.core.pages import wall
from tools.fuzz.events import Event, Kind
from tools.fuzz.player import Player
from tools.fuzz.watching import Seen, Watcher
from tools.fuzz.world import AWAY
from trayapp.model import (
    Hush,
    Miss,
    Outcome,
    PageReading,
    State,
    Transition,
    TransitionKind,
    ladder_rank,
)
from trayapp.store.codec import to_json

MOMENT = timedelta(seconds=1)
GRACE = 60.0
BEGINNINGS = frozenset(
    {TransitionKind.START, TransitionKind.UNSTABLE, TransitionKind.WORSE, TransitionKind.EASED}
)


class BrokenError(AssertionError):
    """A rule was broken."""

    def __init__(self, rule: str, how: str) -> None:
        super().__init__(f"{rule}: {how}")
        self.rule = rule


def each(told: Transition) -> Iterator[Transition]:
    """What one notification tells of each product, in the order in which it happened."""
    for one in sorted(told.parts or (told,), key=lambda part: part.at):
        yield from one.members or (one,)


class Books(Watcher):
    """Every start has an end, no end is without a start, and at most one start is open for a product."""

    def __init__(self) -> None:
        self.open: dict[str, State] = {}

    def on_event(self, life: Player, event: Event) -> None:
        """What shows when it is ticked counts as told."""
        if event.kind is Kind.DO:
            for name in life.memory.saved.tell_when_back:
                self.open[name] = life.memory.saved.products[name].told

    def on_round(self, life: Player, seen: Seen) -> None:
        """Follow what is told."""
        self._forget(seen.before.saved.products)
        for told in seen.told:
            for one in each(told):
                for name in one.products:
                    self._take(one, name, seen)
        for name, kept in seen.memory.saved.products.items():
            if self.open.get(name, State.OPERATIONAL) is not kept.told:
                raise BrokenError("books", f"{name}: {self.open.get(name)} told, {kept.told} kept")

    def _forget(self, known: object) -> None:
        for name in list(self.open):
            if name not in known:  # type: ignore[operator]
                del self.open[name]  # it is followed no more

    def _take(self, one: Transition, name: str, seen: Seen) -> None:
        before = self.open.get(name, State.OPERATIONAL)
        if one.change is TransitionKind.END:
            if before is State.OPERATIONAL:
                raise BrokenError("end without start", name)
            del self.open[name]
        elif one.change in BEGINNINGS:
            starts = one.change in {TransitionKind.START, TransitionKind.UNSTABLE}
            second = seen.limits.hush is not Hush.NOTHING  # the first one's end waits for the morning
            again = starts and before is not State.OPERATIONAL and not second
            if again and not one.members and ladder_rank(one.after) <= ladder_rank(before):
                raise BrokenError("start while open", f"{name}: {before}, {one.after}")
            if one.change in {TransitionKind.WORSE, TransitionKind.EASED} and before is State.OPERATIONAL:
                raise BrokenError("change without start", f"{name}: {one.change}")
            if one.change is TransitionKind.EASED and ladder_rank(one.after) >= ladder_rank(before):
                raise BrokenError("eased to no less", f"{name}: {before}, {one.after}")
            self.open[name] = one.after


class Quiet(Watcher):
    """Nothing is told offline, nor for a minute after the return, a sleep, or a clock that was set."""

    def __init__(self) -> None:
        self.until, self.was_away = -math.inf, False

    def on_start(self, life: Player) -> None:
        """A start needs no minute."""
        self.until, self.was_away = -math.inf, False

    def on_round(self, life: Player, seen: Seen) -> None:
        """Look at the clocks and at what was asked."""
        now, before = seen.round.moment, seen.before.moment
        if before is not None:
            slept = (now.boot - before.boot) - (now.awake - before.awake)
            moved = (now.wall - before.wall).total_seconds() - (now.boot - before.boot)
            if slept > 30.0 or abs(moved) > 30.0:
                self.until = max(self.until, now.awake + GRACE)
        asked = seen.round.page is not None or seen.round.probes
        away = life.world.line in AWAY if asked else self.was_away
        if self.was_away and not away:
            self.until = max(self.until, now.awake + GRACE)
        self.was_away = away
        loud = [one for one in seen.told if not one.silent]
        if loud and (away or now.awake < self.until):
            raise BrokenError("told while blind", f"{loud[0].change} {loud[0].products}, away: {away}")


class Asked(Watcher):
    """The page is asked within law 1's bound, always, and green rests on a recent reading."""

    def __init__(self) -> None:
        self.asked: float | None = None
        self.read: float | None = None
        self.bound, self.waits, self.interval = math.inf, 0, 0.0
        self.missed = self.wait = False
        self.failing: dict[str, bool] = {}

    def on_start(self, life: Player) -> None:
        """The first poll comes at once."""
        self.asked = self.read = None
        self.bound, self.waits, self.interval = 10.0, 0, 0.0
        self.missed = self.wait = False
        self.failing = {}
        self.asked = life.now.awake

    def on_calm(self, life: Player, seconds: float) -> None:
        """What would have been asked was asked."""
        self.asked, self.read = (None if at is None else at + seconds for at in (self.asked, self.read))

    def on_event(self, life: Player, event: Event) -> None:
        """A change of settings changes the bound."""
        if event.kind is Kind.SETTING:
            self._judge(life.now.awake)
            self.failing = {}
            self.bound = max(self.bound, 1.1 * life.limits.page_interval + 300.0)

    def on_round(self, life: Player, seen: Seen) -> None:
        """Measure the pause."""
        now = seen.round.moment.awake
        self._judge(now)
        page = seen.round.page
        self.failing.update((p.name, p.outcome is Outcome.FAILURE) for p in seen.round.probes)
        if page is not None:
            self.asked, self.bound = now, 0.0
            self.waits = self.waits + 1 if isinstance(page, Miss) and page.retry_after else 0
            self.wait = isinstance(page, Miss) and bool(page.retry_after)
            self.missed = isinstance(page, Miss)
        self.bound = max(self.bound, self._pause(life))
        if isinstance(page, PageReading):
            self.read = max(self.read or -math.inf, now - page.age)
        # Three intervals in force; none is longer than the calm one. A change of settings takes a round to hold.
        interval, self.interval = max(self.interval, life.limits.page_interval), life.limits.page_interval
        limit = max(3.0 * interval, 600.0)
        age = math.inf if self.read is None else now - self.read
        green = [p.name for p in seen.verdict.products if p.state is State.OPERATIONAL]
        if (seen.verdict.state is State.OPERATIONAL or green) and age > limit + 1.0:
            raise BrokenError("green unread", f"{age:.0f} s, {green}")

    def _pause(self, life: Player) -> float:
        """The longest pause that holds now; a probe that fails no more lets the page have its hour."""
        calm = 1.1 * life.limits.page_interval
        if not self.missed:
            return calm + 300.0
        asked_for = 3600.0 if self.waits > 1 and not any(self.failing.values()) else 600.0
        return max(calm, 900.0, asked_for if self.wait else 0.0)

    def _judge(self, now: float) -> None:
        if self.asked is not None and now - self.asked > self.bound + 6.0:
            raise BrokenError("page unasked", f"{now - self.asked:.0f} s, bound {self.bound:.0f} s")


class Lengths(Watcher):
    """No length is negative, none lies in the future, none is longer than the trouble; what was told had not ended."""

    def __init__(self) -> None:
        self.began_at = 0.0
        self.set = False
        self.told_at: dict[str, datetime] = {}

    def on_event(self, life: Player, event: Event) -> None:
        """Once a clock was set, posts and readings are dated by two clocks."""
        self.set = self.set or event.kind is Kind.CLOCK

    def on_round(self, life: Player, seen: Seen) -> None:
        """Judge each date."""
        world, now = life.world, seen.round.moment.wall
        for told in seen.told:
            for one in each(told):
                self._judge(one, now)
                self._judge_unseen_end(one, now)
                if (
                    one.change is TransitionKind.END
                    and one.since is not None
                    and not one.lapsed
                    and not self.set
                ):
                    floor = min(self.began_at, world.earliest) - 10.0
                    if one.since < wall(floor):
                        raise BrokenError(
                            "too long", f"{one.products} since {one.since}, trouble since {wall(floor)}"
                        )
        over = all(kept.told is State.OPERATIONAL for kept in seen.memory.saved.products.values())
        over = over and all(evidence.is_clean for evidence in seen.memory.evidence.values())
        if over and world.calm_since is not None and seen.verdict.state is State.OPERATIONAL:
            self.began_at = world.earliest = world.calm_since

    def _judge_unseen_end(self, one: Transition, now: datetime) -> None:
        """An end that nobody saw is said to lie between two times: it had not come when its trouble was told."""
        after = one.ended_after
        for name in one.products:
            if one.change in BEGINNINGS - {TransitionKind.EASED}:
                self.told_at[name] = now
            elif after is not None and not self.set and not self.told_at.get(name, after) <= after <= one.at:
                raise BrokenError("ended before told", f"{name}: {self.told_at.get(name)}, {after}, {one.at}")

    @staticmethod
    def _judge(one: Transition, now: object) -> None:
        if one.change is TransitionKind.UPDATE:
            return
        if one.since is not None and one.since > one.at + MOMENT:
            raise BrokenError("negative length", f"{one.change} {one.products}: {one.since}, {one.at}")
        if one.at > now + MOMENT:  # type: ignore[operator]
            raise BrokenError("told of the future", f"{one.change} {one.products}: {one.at}")


class Bounded(Watcher):
    """Memory stays small."""

    def on_round(self, life: Player, seen: Seen) -> None:
        """Now and then."""
        if life.rounds % 200 and not seen.told:
            return
        memory = seen.memory
        found = {
            "kept": len(to_json(memory.saved)) / 60_000,
            "missed": len(memory.missed_transitions) / 8,
            "past": len(memory.past_incidents) / 60,
            "tracks": len(memory.incident_tracks) / 40,
            "components": len(memory.page.components) / 40 if memory.page else 0.0,
            "evidence": len(memory.evidence) / 10,
            "history": len(memory.histories) / 20,
            "asked": len(life.schedule.polled_at) / 12,
        }
        if too_much := {name: round(part, 1) for name, part in found.items() if part > 1.0}:
            raise BrokenError("unbounded", str(too_much))

    def on_end(self, life: Player) -> None:
        """The file too."""
        size = (life.folder / "state.sqlite").stat().st_size
        if size > 20_000_000:
            raise BrokenError("store unbounded", f"{size} bytes")
