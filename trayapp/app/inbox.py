"""The poller's queue, as menu, notifications, sleep and settings fill it from threads of their own."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue

from trayapp.desktop.sleep.signals import SleepSignals
from trayapp.engine.ports import CommandRequest, NotificationReceipt, PollerQueue
from trayapp.model import Action, Command, DisplayedNotification, Notification


class Inbox:
    """Puts what happens on the poller's queue. Each method may be called from any thread and returns at once."""

    def __init__(self) -> None:
        self.queue: PollerQueue = SimpleQueue()
        self.is_restart_requested = False
        """Whether the person asked for a restart: the program ends then, and begins again."""
        self.sleep_signals = SleepSignals(self._add_sleep, lambda: self.queue.put(Command(Action.WOKE)))

    def add_command(self, command: Command) -> None:
        """Have the poller carry out a command; a restart is a quit that is noted."""
        if command.act is Action.RESTART:
            self.is_restart_requested = True
            command = Command(Action.QUIT)
        self.queue.put(command)

    def add_receipt(self, notification: Notification, displayed: DisplayedNotification | None) -> None:
        """Tell the poller that a notification is on the screen."""
        self.queue.put(NotificationReceipt(notification, displayed))

    def note_key_check(self) -> None:
        """Tell the poller that the check with the person's key has ended."""
        self.queue.put(Command(Action.KEY_CHECK_DONE))

    def wake_poller(self) -> None:
        """Have the poller look for itself what has changed."""
        self.queue.put(None)

    def _add_sleep(self, on_drawn: Callable[[], None]) -> None:
        """Announce a sleep; `on_drawn` is called once the icon is grey."""
        self.queue.put(CommandRequest(Command(Action.SLEEPING), lambda _done: on_drawn()))
