"""The poller's ports: the functions and values through which it reaches network, disk, screen and clock."""

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
    """Where the memory and the history are stored."""

    complaint: StoreComplaint | None

    def last_saved(self) -> SavedMemory:
        """Return the memory that was saved last."""

    def save(
        self,
        kept: SavedMemory,
        transitions: Sequence[Transition] = (),
        intents: Sequence[Notification] = (),
        *,
        now: datetime,
    ) -> None:
        """Save memory, transitions and intents in one transaction."""

    def remember_incidents(self, incidents: Sequence[SeenIncident]) -> None:
        """Remember incidents; the first sighting of each stands."""

    def save_observations(self, seen: Sequence[Observation], now: datetime) -> None:
        """Save the observations of a round."""

    def finish_intent(self, notice_id: str) -> None:
        """Note that the notification of an intent was shown."""

    def unfinished_intents(self, now: datetime) -> list[Notification]:
        """Return the saved notifications that were not shown yet."""

    def close(self) -> None:
        """Close the store."""


@dataclass(frozen=True, slots=True)
class PollerSettings:
    """The settings in the form that the poller uses."""

    limits: Limits
    speech: Translator
    page_url: str
    choices: MenuChoices
    quiet_hours: QuietHours | None = None
    quiet_major: bool = False
    """Whether quiet hours hold back even a major outage."""

    def limits_at(self, now: datetime) -> Limits:
        """Return the limits, including what quiet hours hold back at that time."""
        held = hush_at(self.quiet_hours, self.speech.to_local(now), even_major=self.quiet_major)
        return replace(self.limits, hush=held)


RecordRound = Callable[[Round, Limits], None]
"""Writes a round to a recording, with the limits by which it was judged."""


class PreferencesPort(Protocol):
    """The person's settings, which they may change at any time, in the menu or by hand."""

    def current_settings(self) -> PollerSettings:
        """Return the current settings, the same object while unchanged. Called twice a minute: must be cheap."""

    def run_command(self, command: Command) -> str | None:
        """Change or show a setting. Return the reason if that failed, in the person's language, or "" if it worked.

        None means that the command is not about settings.
        """


@dataclass(frozen=True, slots=True)
class PollerPorts:
    """Everything outside that the poller calls or reads."""

    poll: Callable[[PollPlan], Round]
    drop_connections: Callable[[], None]
    """Closes connections, which sleep has broken."""
    open_store: Callable[[], StorePort]
    """Opens the store; called on the poller's thread."""
    notify: Callable[[Notification], None]
    show: Callable[[TrayView], None]
    open_link: Callable[[str, str], bool]
    open_details: Callable[[str], bool]
    """Opens the program's own details page, given the activation token; returns whether that worked."""
    has_tray: Callable[[], bool]
    clock: Callable[[], Moment]
    dice: RandomSource
    quit: Callable[[], None]
    preferences: PreferencesPort
    poll_timeout: float = 20.0
    """Real seconds after which a poll counts as lost: twice the deadline of the poll itself."""
    report_transition: Callable[[Transition], None] = lambda _transition: None
    """Passes a transition, even a silent one, to the person's hook program."""
    record_round: RecordRound = lambda _round, _limits: None
    """Records a round and the limits it is judged by, for `replay`."""
    restore_displayed: Callable[[Mapping[str, DisplayedNotification]], None] = lambda _standing: None
    """Takes over the notifications that the last run left on the screen, by thread, so that new ones replace them."""
    withdraw: Callable[[Sequence[str]], None] = lambda _threads: None
    """Removes the permanent notifications of these threads from the screen."""
    reread_zone: Callable[[], None] = lambda: None
    """Rereads the system's time zone, which may have changed."""
    end_round: Callable[[], None] = lambda: None
    """Called at the end of each round, before the pause."""
    pace: float = 1.0
    """Seconds of `clock` in one real second; a demo runs faster than real time."""

    def start_poll(self, plan: PollPlan, ended: Callable[[], None]) -> SimpleQueue[Round]:
        """Poll on a new thread. It puts the round into the queue that is returned, then calls `ended`."""
        results: SimpleQueue[Round] = SimpleQueue()

        def poll_and_report() -> None:
            try:
                results.put(self.poll(plan))
            except Exception as error:
                log.exception("a poll failed")
                results.put(self._lost_round(plan, error))
            ended()

        try:
            threading.Thread(target=poll_and_report, name="poll", daemon=True).start()
        except RuntimeError as error:  # the system lets it start no more threads
            log.warning("a poll could not begin: %s", error)
            results.put(self._lost_round(plan, error))
            ended()
        return results

    def _lost_round(self, plan: PollPlan, error: Exception) -> Round:
        return empty_round(plan, self.clock(), Cause.EXHAUSTED if is_exhausted(error) else Cause.INTERNAL)

    def open_details_or_link(self, command: Command, link: str) -> bool:
        """Open what a command asks for: the program's own details page, else the link. Return whether that worked."""
        wants_own_page = command.act is Action.DETAILS and not command.argument
        return (wants_own_page and self.open_details(command.token)) or self.open_link(link, command.token)


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command whose sender waits to hear whether it worked."""

    command: Command
    answer: Callable[[bool], None]

    def run_with(self, do: Callable[[Command], bool]) -> None:
        """Run the command with `do` and answer whether it worked; an error in `do` is answered False and raised."""
        done = False
        try:
            done = do(self.command)
        finally:
            self.answer(done)


@dataclass(frozen=True, slots=True)
class NotificationReceipt:
    """Says that a notification was shown."""

    notification: Notification
    displayed: DisplayedNotification | None = None
    """The handle by which it can be replaced later; None if the desktop gives none."""


PollerQueue = SimpleQueue[Command | CommandRequest | NotificationReceipt | None]
"""Commands and receipts for the poller, from any thread; None only wakes it."""
