"""What the poller reaches the world with, as values and calls that come in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from queue import SimpleQueue
from typing import Protocol

from trayapp.core.alerts.quiet_hours import hush
from trayapp.core.polling.poll_times import Dice
from trayapp.core.state.clock_jumps import lost_round
from trayapp.i18n.translator import Speech
from trayapp.model import (
    Act,
    Cause,
    Choices,
    Command,
    Complaint,
    Kept,
    Limits,
    Moment,
    Notice,
    Observation,
    Plan,
    QuietHours,
    Round,
    Seen,
    Standing,
    Transition,
    View,
)
from trayapp.sources.failure_causes import is_exhausted

log = logging.getLogger(__name__)


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

    def observe(self, seen: Sequence[Observation], now: datetime) -> None:
        """Note what a round saw."""

    def done(self, notice_id: str) -> None:
        """An intent was carried out."""

    def unfinished(self, now: datetime) -> list[Notice]:
        """Intents that were not."""

    def close(self) -> None:
        """Let go."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person's settings come to."""

    limits: Limits
    speech: Speech
    page_url: str
    choices: Choices
    quiet_hours: QuietHours | None = None
    quiet_major: bool = False
    """Whether quiet hours hold back even a major outage."""

    def limits_at(self, now: datetime) -> Limits:
        """The limits, with what quiet hours hold back at that time."""
        held = hush(self.quiet_hours, self.speech.local(now), even_major=self.quiet_major)
        return replace(self.limits, hush=held)


class Preferences(Protocol):
    """The person's settings, which they may change at any time, in the menu or by hand."""

    def now(self) -> Settings:
        """As they are; the same object while nothing changed. Asked twice a minute, so it costs next to nothing."""

    def do(self, command: Command) -> str | None:
        """Change or show a setting; why that could not be, in the person's language; None: it is no such command."""


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
    open_details: Callable[[str], bool]
    """Shows the program's own details page; takes the activation token."""
    has_tray: Callable[[], bool]
    clock: Callable[[], Moment]
    dice: Dice
    quit: Callable[[], None]
    preferences: Preferences
    look_at_most: float = 20.0
    """Real seconds after which a look counts as lost: twice its own deadline."""
    happened: Callable[[Transition], None] = lambda _transition: None
    """Passes on what is told, and what only counts as told, to the person's own program."""
    record: Callable[[Round, Limits], None] = lambda _round, _limits: None
    """Writes down each round and what it is judged by, for who wants to judge it again."""
    recall: Callable[[Mapping[str, Standing]], None] = lambda _standing: None
    """Says what the last run left on the screen, by thread: what is told from now on takes its place."""
    take_back: Callable[[Sequence[str]], None] = lambda _threads: None
    """Takes from the screen what would stay there for good of these threads."""
    reread_zone: Callable[[], None] = lambda: None
    """Has local times follow the system's time zone, which may have been changed."""
    rest: Callable[[], None] = lambda: None
    """Called when a round is over and a pause begins."""
    pace: float = 1.0
    """How many of its seconds go by in a real one."""

    def looking(self, plan: Plan, ended: Callable[[], None]) -> SimpleQueue[Round]:
        """Look, on a thread of its own; where it leaves what that brought, before it calls `ended`."""
        brought: SimpleQueue[Round] = SimpleQueue()

        def look() -> None:
            try:
                brought.put(self.look(plan))
            except Exception as error:
                log.exception("a look failed")
                brought.put(self._lost(plan, error))
            ended()

        try:
            threading.Thread(target=look, name="look", daemon=True).start()
        except RuntimeError as error:  # the system lets it start no more threads
            log.warning("a look could not begin: %s", error)
            brought.put(self._lost(plan, error))
            ended()
        return brought

    def _lost(self, plan: Plan, error: Exception) -> Round:
        return lost_round(plan, self.clock(), Cause.EXHAUSTED if is_exhausted(error) else Cause.INTERNAL)

    def opened(self, command: Command, link: str) -> bool:
        """Whether the details that a command asks for were opened: the program's own page, else the link."""
        own = command.act is Act.DETAILS and not command.argument
        return (own and self.open_details(command.token)) or self.open_link(link, command.token)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command of somebody who wants to know whether it was done."""

    command: Command
    answer: Callable[[bool], None]

    def done_by(self, do: Callable[[Command], bool]) -> None:
        """Have it done and answer whether it was: no, when `do` raises, which goes on to the caller."""
        done = False
        try:
            done = do(self.command)
        finally:
            self.answer(done)


@dataclass(frozen=True, slots=True)
class Shown:
    """The receipt of a notice."""

    notice: Notice
    standing: Standing | None = None
    """Where it stands, if it can be replaced later."""


Queue = SimpleQueue[Command | Asked | Shown | None]
"""What a person did or asked for and what was shown, from any thread; None only wakes the poller."""
