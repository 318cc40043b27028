"""What the poller reaches the world with, as values and calls that come in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from queue import SimpleQueue
from typing import Protocol

from trayapp.core.alerts.quiet_hours import hush_at
from trayapp.core.polling.poll_times import RandomSource
from trayapp.core.state.clock_jumps import empty_round
from trayapp.i18n.translator import Translator
from trayapp.model import (
    Action,
    Cause,
    Command,
    DisplayedNotification,
    Limits,
    MenuChoices,
    Moment,
    Notification,
    Observation,
    PollPlan,
    QuietHours,
    Round,
    SavedMemory,
    SeenIncident,
    StoreComplaint,
    Transition,
    TrayView,
)
from trayapp.sources.failure_causes import is_exhausted

log = logging.getLogger(__name__)


class StorePort(Protocol):
    """What memory is kept in."""

    complaint: StoreComplaint | None

    def last_saved(self) -> SavedMemory:
        """What was kept last."""

    def save(
        self,
        kept: SavedMemory,
        transitions: Sequence[Transition] = (),
        intents: Sequence[Notification] = (),
        *,
        now: datetime,
    ) -> None:
        """Keep it, all or nothing."""

    def remember_incidents(self, incidents: Sequence[SeenIncident]) -> None:
        """Remember incidents; the first sighting of each stands."""

    def save_observations(self, seen: Sequence[Observation], now: datetime) -> None:
        """Note what a round saw."""

    def finish_intent(self, notice_id: str) -> None:
        """An intent was carried out."""

    def unfinished_intents(self, now: datetime) -> list[Notification]:
        """Intents that were not."""

    def close(self) -> None:
        """Let go."""


@dataclass(frozen=True, slots=True)
class PollerSettings:
    """What the person's settings come to."""

    limits: Limits
    speech: Translator
    page_url: str
    choices: MenuChoices
    quiet_hours: QuietHours | None = None
    quiet_major: bool = False
    """Whether quiet hours hold back even a major outage."""

    def limits_at(self, now: datetime) -> Limits:
        """The limits, with what quiet hours hold back at that time."""
        held = hush_at(self.quiet_hours, self.speech.to_local(now), even_major=self.quiet_major)
        return replace(self.limits, hush=held)


class PreferencesPort(Protocol):
    """The person's settings, which they may change at any time, in the menu or by hand."""

    def current_settings(self) -> PollerSettings:
        """As they are; the same object while nothing changed. Asked twice a minute, so it costs next to nothing."""

    def run_command(self, command: Command) -> str | None:
        """Change or show a setting; why that could not be, in the person's language; None: it is no such command."""


@dataclass(frozen=True, slots=True)
class PollerPorts:
    """What the poller reaches the world with."""

    poll: Callable[[PollPlan], Round]
    drop_connections: Callable[[], None]
    """Forget connections that sleep has killed."""
    open_store: Callable[[], StorePort]
    """Opens it, on the poller's own thread."""
    notify: Callable[[Notification], None]
    show: Callable[[TrayView], None]
    open_link: Callable[[str, str], bool]
    open_details: Callable[[str], bool]
    """Shows the program's own details page; takes the activation token."""
    has_tray: Callable[[], bool]
    clock: Callable[[], Moment]
    dice: RandomSource
    quit: Callable[[], None]
    preferences: PreferencesPort
    poll_timeout: float = 20.0
    """Real seconds after which a look counts as lost: twice its own deadline."""
    report_transition: Callable[[Transition], None] = lambda _transition: None
    """Passes on what is told, and what only counts as told, to the person's own program."""
    record_round: Callable[[Round, Limits], None] = lambda _round, _limits: None
    """Writes down each round and what it is judged by, for who wants to judge it again."""
    restore_displayed: Callable[[Mapping[str, DisplayedNotification]], None] = lambda _standing: None
    """Says what the last run left on the screen, by thread: what is told from now on takes its place."""
    withdraw: Callable[[Sequence[str]], None] = lambda _threads: None
    """Takes from the screen what would stay there for good of these threads."""
    reread_zone: Callable[[], None] = lambda: None
    """Has local times follow the system's time zone, which may have been changed."""
    end_round: Callable[[], None] = lambda: None
    """Called when a round is over and a pause begins."""
    pace: float = 1.0
    """How many of its seconds go by in a real one."""

    def start_poll(self, plan: PollPlan, ended: Callable[[], None]) -> SimpleQueue[Round]:
        """Look, on a thread of its own; where it leaves what that brought, before it calls `ended`."""
        brought: SimpleQueue[Round] = SimpleQueue()

        def run_poll() -> None:
            try:
                brought.put(self.poll(plan))
            except Exception as error:
                log.exception("a look failed")
                brought.put(self._lost_round(plan, error))
            ended()

        try:
            threading.Thread(target=run_poll, name="poll", daemon=True).start()
        except RuntimeError as error:  # the system lets it start no more threads
            log.warning("a look could not begin: %s", error)
            brought.put(self._lost_round(plan, error))
            ended()
        return brought

    def _lost_round(self, plan: PollPlan, error: Exception) -> Round:
        return empty_round(plan, self.clock(), Cause.EXHAUSTED if is_exhausted(error) else Cause.INTERNAL)

    def open_details_or_link(self, command: Command, link: str) -> bool:
        """Whether the details that a command asks for were opened: the program's own page, else the link."""
        own = command.act is Action.DETAILS and not command.argument
        return (own and self.open_details(command.token)) or self.open_link(link, command.token)


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command of somebody who wants to know whether it was done."""

    command: Command
    answer: Callable[[bool], None]

    def run_with(self, do: Callable[[Command], bool]) -> None:
        """Have it done and answer whether it was: no, when `do` raises, which goes on to the caller."""
        done = False
        try:
            done = do(self.command)
        finally:
            self.answer(done)


@dataclass(frozen=True, slots=True)
class NotificationReceipt:
    """The receipt of a notice."""

    notification: Notification
    displayed: DisplayedNotification | None = None
    """Where it stands, if it can be replaced later."""


PollerQueue = SimpleQueue[Command | CommandRequest | NotificationReceipt | None]
"""What a person did or asked for and what was shown, from any thread; None only wakes the poller."""
