"""The rule of an early word (law 12): for who waits, of what OpenAI calls down, once for each row of answers."""

from __future__ import annotations

from datetime import datetime

from tools.fuzz.player import Player
from tools.fuzz.rules import BrokenError, each
from tools.fuzz.watching import Seen, Watcher
from trayapp.core.state.product_context import find_evidence
from trayapp.model import TransitionKind


class Early(Watcher):
    """What was told, by product, until it is over."""

    def __init__(self) -> None:
        self.told: dict[str, datetime | None] = {}

    def on_round(self, life: Player, seen: Seen) -> None:
        """Look at what is told, and at what shows."""
        for one in (one for told in seen.told for one in each(told)):
            for name in one.products:
                if one.change is TransitionKind.ANSWERS_AGAIN:
                    self._take(name, one.since, seen)
                elif one.change is TransitionKind.END:
                    self.told.pop(name, None)
        for product in seen.verdict.products:
            if product.answers_since is not None and not (product.confirmed and product.state.is_trouble):
                raise BrokenError("early word of nothing", f"{product.name}: {product.state}")

    def _take(self, name: str, since: datetime | None, seen: Seen) -> None:
        if name not in seen.before.saved.tell_when_back or name not in seen.memory.saved.tell_when_back:
            raise BrokenError("early word to nobody", name)
        if any(e.has_alarm for e in find_evidence(seen.memory, name, seen.limits)):
            raise BrokenError("early word while it fails", name)
        if since is None or since == self.told.get(name):
            raise BrokenError("early word told twice", f"{name}: {since}")
        self.told[name] = since
