"""Rules of time: what holds is shown at once and told in time, what is over is over in time, a tick is answered."""

from __future__ import annotations

from tests.core.pages import PARTS
from tools.fuzz.events import Event, Kind
from tools.fuzz.player import Player
from tools.fuzz.rules import BrokenError, each
from tools.fuzz.watching import Seen, Watcher
from trayapp.core.alerts.eligibility import DAY_SECONDS, is_paused
from trayapp.model import Action, Hush, PageReading, SavedProduct, State, TransitionKind, ladder_rank

TWICE = 20.0
END = 60.0
EASING = 180.0
"""An easing waits so long for the end that it may become."""
ALL = 2.5 * 3600.0
"""After so long a calm everything is over, whatever waited for what: 24 answers, a lapse, half an hour's silence."""


class Open(Watcher):
    """Since when the person may be told (`awake`)."""

    def __init__(self) -> None:
        self.since: float | None = None

    def on_start(self, life: Player) -> None:
        """Not before a round."""
        self.since = None

    def on_round(self, life: Player, seen: Seen) -> None:
        """Neither paused, nor in quiet hours, nor blind."""
        now, before = seen.round.moment, seen.before.moment
        held = is_paused(seen.memory.saved, now) or seen.limits.hush is not Hush.NOTHING
        disturbed = (
            before is None or abs((now.wall - before.wall).total_seconds() - now.awake + before.awake) > 30.0
        )
        blind = now.awake < seen.memory.grace_until or not seen.verdict.page.readable
        if held or blind or disturbed:
            self.since = None
        elif self.since is None:
            self.since = now.awake


class Readings(Watcher):
    """Since when good readings have said, one after the other, that all is well, or that a product is down."""

    def __init__(self) -> None:
        self.open = Open()
        self.calm: list[float] = []
        self.down: dict[str, list[float]] = {}

    def on_start(self, life: Player) -> None:
        """Nothing was read yet."""
        self.open.on_start(life)
        self.calm, self.down = [], {}

    def on_event(self, life: Player, event: Event) -> None:
        """What was read before the world changed says nothing of it now."""
        if life.world.calm_since is None:
            self.calm = []
        if event.kind in {Kind.SETTING, Kind.WAKE, Kind.CLOCK}:
            self.calm, self.down = [], {}

    def on_round(self, life: Player, seen: Seen) -> None:
        """Take the reading, then judge."""
        self.open.on_round(life, seen)
        now, world, page = seen.round.moment.awake, life.world, seen.round.page
        if page is not None and not (isinstance(page, PageReading) and world.is_read_plainly):
            self.calm, self.down = [], {}
        elif isinstance(page, PageReading):
            if world.calm_since is not None:
                self.calm = [*self.calm[:1], now]
            for product in PARTS:
                readings = [*self.down.get(product, [])[:1], now]
                self.down[product] = readings if world.is_down(product) else []
        if world.calm_since is not None:
            self._judge_over(life, seen, now)
        for product in PARTS:
            if product in seen.limits.follow and world.is_down(product):
                self._judge_down(seen, product)

    def _judge_down(self, seen: Seen, product: str) -> None:
        read = self.down.get(product, [])
        shown = seen.verdict.find_product(product)
        if not read or read[-1] != seen.round.moment.awake or shown is None:
            return
        if shown.state is not State.MAJOR:
            raise BrokenError("not shown", f"{product} is down, {shown.state}")
        kept, now = seen.memory.saved.products.get(product, SavedProduct()), seen.round.moment.wall
        notified = [one for one in kept.notified if abs((now - one.at).total_seconds()) < DAY_SECONDS]
        held = kept.unstable or len(notified) >= 4
        may = self.open.since is not None and read[-1] - self.open.since >= 0.0
        if read[-1] - read[0] >= TWICE and may and not held and kept.told is not State.MAJOR:
            raise BrokenError(
                "not told", f"{product} is down for {read[-1] - read[0]:.0f} s, told {kept.told}"
            )

    def _judge_over(self, life: Player, seen: Seen, now: float) -> None:
        if not self.calm or self.open.since is None:
            return
        memory, limits = seen.memory, seen.limits
        # What is followed but never listed is never fine.
        names = [
            name
            for name in limits.follow
            if (w := memory.readings.get(name)) is not None and w.state is not None
        ]
        told = [
            n for n in names if memory.saved.products.get(n, SavedProduct()).told is not State.OPERATIONAL
        ]
        waits = memory.absence_start is not None or any(e.has_alarm for e in memory.evidence.values())
        unstable = any(memory.saved.products[n].unstable for n in told)
        since = max(self.calm[0], self.open.since)
        slack = 2.2 * limits.page_interval
        ready = self.calm[-1] - self.calm[0] >= END
        if told and ready and not waits and not unstable and now - since > END + EASING + slack:
            raise BrokenError("not over", f"{told} for {now - since:.0f} s")
        if now - since > ALL + 3.0 * limits.page_interval:
            self._judge_all(seen, told)

    @staticmethod
    def _judge_all(seen: Seen, told: list[str]) -> None:
        if told:
            raise BrokenError("never over", str(told))
        if any(e.has_alarm for e in seen.memory.evidence.values()):
            raise BrokenError("alarm stays", str(seen.memory.evidence))
        listed = all(p.state.is_known for p in seen.verdict.products)
        if seen.verdict.state is not State.OPERATIONAL and listed:
            raise BrokenError("never green", str(seen.verdict.state))


class Ticks(Watcher):
    """A product that was ticked is told as over, or the tick stays."""

    def __init__(self) -> None:
        self.waiting: set[str] = set()

    def on_event(self, life: Player, event: Event) -> None:
        """A person ticks, unticks, or follows somebody else."""
        if event.kind in {Kind.SETTING, Kind.START} or (
            event.kind is Kind.DO and event.what[0] is Action.TELL_WHEN_BACK
        ):
            self.waiting = set(life.memory.saved.tell_when_back)

    def on_round(self, life: Player, seen: Seen) -> None:
        """An end answers it."""
        answered = {
            name
            for told in seen.told
            for one in each(told)
            if one.change is TransitionKind.END and not one.silent and not one.after.is_trouble
            for name in one.products
        }
        left = set(seen.memory.saved.tell_when_back)
        if lost := self.waiting - left - answered:
            raise BrokenError("tick lost", str(lost))
        self.waiting = left

    def on_end(self, life: Player) -> None:
        """In the calm tail every tick is answered, but for what was fine when it was ticked."""
        open_ = [
            n for n in self.waiting if ladder_rank(life.memory.saved.products.get(n, SavedProduct()).told) > 0
        ]
        if open_ and life.world.calm_since is not None:
            raise BrokenError("tick unanswered", str(open_))
