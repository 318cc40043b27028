"""Whoever watches a life, and what there is to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.fuzz.events import Event
from trayapp.core.state.memory import Memory
from trayapp.model import Limits, Notification, PollPlan, Round, Transition, Verdict

if TYPE_CHECKING:
    from tools.fuzz.player import Player


@dataclass(frozen=True, slots=True)
class Seen:
    """One round with all that came of it."""

    plan: PollPlan
    round: Round
    limits: Limits
    """With what quiet hours held back."""
    before: Memory
    memory: Memory
    verdict: Verdict
    told: tuple[Transition, ...]


class Watcher:
    """Whoever watches a life. Does nothing by itself."""

    def on_start(self, life: Player) -> None:
        """The program starts."""

    def on_round(self, life: Player, seen: Seen) -> None:
        """A round has ended."""

    def on_kill(self, life: Player, notice: Notification) -> None:
        """The program was killed between keeping this and showing it."""

    def on_calm(self, life: Player, seconds: float) -> None:
        """A calm stretch was passed at once."""

    def on_event(self, life: Player, event: Event) -> None:
        """An event has happened."""

    def on_end(self, life: Player) -> None:
        """The life is over."""
