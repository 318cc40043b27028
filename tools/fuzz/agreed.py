"""Rules of agreement: what is told and what shows do not stay apart, and what stands still does not flicker."""

from __future__ import annotations

from tools.fuzz.events import Event, Kind
from tools.fuzz.player import Player
from tools.fuzz.rules import BrokenError
from tools.fuzz.timely import Open
from tools.fuzz.watching import Seen, Watcher
from trayapp.core.alerts.eligibility import DAY_SECONDS
from trayapp.core.alerts.thresholds import THRESHOLD
from trayapp.core.state.memory import ProductReading
from trayapp.core.state.product_context import find_evidence
from trayapp.model import ProductVerdict, SavedProduct, State, ladder_rank

LONG = 300.0
"""Longer than each wait of the law but those that are asked after here: twice 20 s, 60 s, 90 s, 180 s."""
IN_PART = 600.0
"""A page that was never read whole must have said it for so long."""
MOST_CHANGES = 4


class Agreed(Watcher):
    """For each product: since when what shows is worse than what was told, or better."""

    def __init__(self) -> None:
        self.open = Open()
        self.since: dict[tuple[str, bool], float] = {}

    def on_start(self, life: Player) -> None:
        """Nothing shows yet."""
        self.open.on_start(life)
        self.since = {}

    def on_event(self, life: Player, event: Event) -> None:
        """A change of what is wished for starts and ends nothing."""
        if event.kind in {Kind.SETTING, Kind.DO, Kind.QUIET, Kind.WAKE, Kind.CLOCK}:
            self.since = {}

    def on_round(self, life: Player, seen: Seen) -> None:
        """Measure."""
        self.open.on_round(life, seen)
        now = seen.round.moment.awake
        for product in seen.verdict.products:
            told = seen.memory.saved.products.get(product.name, SavedProduct())
            apart = self._apart(seen, product, told)
            for worse in (True, False):
                key = (product.name, worse)
                if apart is not worse or self.open.since is None:
                    self.since.pop(key, None)
                    continue
                lasted = now - max(self.since.setdefault(key, now), self.open.since)
                part = seen.memory.page is not None and not seen.memory.page.whole
                if lasted > LONG + (IN_PART if part else 0.0) + 2.2 * seen.limits.page_interval:
                    rule = "shown, not told" if worse else "told, shown no more"
                    raise BrokenError(
                        rule, f"{product.name}: {product.state}, {told.told} for {lasted:.0f} s"
                    )

    @staticmethod
    def _apart(seen: Seen, product: ProductVerdict, told: SavedProduct) -> bool | None:
        """Whether what shows is worse (True) or better (False) than what was told; None: it may stand as it is."""
        memory, now = seen.memory, seen.round.moment.wall
        word = memory.readings.get(product.name, ProductReading(None))
        state = memory.product_states.get(product.name)
        if state is None or word.state is None or not product.state.is_known or product.checking:
            return None
        evidence = find_evidence(memory, product.name, seen.limits)
        if (
            word.fix_applied
            or any(e.is_failing or e.has_alarm for e in evidence)
            or state.edge_state is not None
        ):
            return None
        if told.unstable or memory.absence_start is not None or memory.page_miss is not None:
            return None
        notified = [one for one in told.notified if abs((now - one.at).total_seconds()) < DAY_SECONDS]
        least = ladder_rank(THRESHOLD[seen.limits.level])
        if ladder_rank(product.state) > ladder_rank(told.told) and ladder_rank(product.state) >= least:
            return True if len(notified) < 4 else None
        return False if ladder_rank(product.state) < ladder_rank(told.told) else None


class Steady(Watcher):
    """While nothing happens what shows comes to rest."""

    def __init__(self) -> None:
        self.changes: dict[str, list[State]] = {}

    def on_start(self, life: Player) -> None:
        """A start is an event."""
        self.changes = {}

    def on_event(self, life: Player, event: Event) -> None:
        """Any event may change what shows."""
        self.changes = {}

    def on_round(self, life: Player, seen: Seen) -> None:
        """Count the changes."""
        world = life.world
        if any(isinstance(found, float) for found, _ in world.answers.values()) or world.lag or world.cache:
            return
        for product in seen.verdict.products:
            states = self.changes.setdefault(product.name, [product.state])
            if states[-1] is not product.state:
                states.append(product.state)
            if len(states) > MOST_CHANGES + 1 and len(set(states)) <= len(states) - 3:
                raise BrokenError("flickers", f"{product.name}: {[str(state) for state in states]}")
