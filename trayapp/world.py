"""What the poller reaches the world with, as values and calls that come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from trayapp.core.rhythm import Dice
from trayapp.model import Complaint, Kept, Moment, Notice, Plan, Round, Seen, Transition, View


class Keeper(Protocol):
    """What memory is kept in."""

    complaint: Complaint | None

    def kept(self) -> Kept:
        """What was kept last."""

    def save(
        self,
        kept: Kept,
        transitions: Sequence[Transition] = (),
        intents: Sequence[Notice] = (),
        *,
        now: datetime,
    ) -> None:
        """Keep it, all or nothing."""

    def saw(self, incidents: Sequence[Seen]) -> None:
        """Remember incidents; the first sighting of each stands."""

    def done(self, notice_id: str) -> None:
        """An intent was carried out."""

    def unfinished(self, now: datetime) -> list[Notice]:
        """Intents that were not."""

    def close(self) -> None:
        """Let go."""


@dataclass(frozen=True, slots=True)
class World:
    """What the poller reaches the world with."""

    look: Callable[[Plan], Round]
    renew: Callable[[], None]
    """Forget connections that sleep has killed."""
    keeper: Callable[[], Keeper]
    """Opens it, on the poller's own thread."""
    tell: Callable[[Notice], None]
    show: Callable[[View], None]
    open_link: Callable[[str, str], bool]
    has_tray: Callable[[], bool]
    clock: Callable[[], Moment]
    dice: Dice
    quit: Callable[[], None]
    page_url: str
    look_at_most: float = 20.0
    """Real seconds after which a look counts as lost: twice its own deadline."""
    record: Callable[[Round], None] = lambda _round: None
    """Writes down each round that is judged, for who wants to judge it again."""
    pace: float = 1.0
    """How many of its seconds go by in a real one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The receipt of a notice."""

    notice_id: str
