"""Defines the interface and error that all notifiers share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from trayapp.model import DisplayedNotification, Notification

SHOW_TIMEOUT = 5.0
"""Seconds after which showing a notification counts as failed, whatever the other side does."""


def escape_markup(text: str) -> str:
    """Escape a text for a server that draws markup. Python's `html` would load a list of all entities: 0.4 MB."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class NotifyError(Exception):
    """This notifier did not show the notification; the next one may be tried."""

    def __init__(self, why: str, *, perhaps_shown: bool = False) -> None:
        super().__init__(why)
        self.perhaps_shown = perhaps_shown
        """Whether it was sent and not answered: a second try may show it twice."""


class Notifier(Protocol):
    """Shows notifications in one way. Used by one thread at a time."""

    def show(self, notification: Notification) -> DisplayedNotification | None:
        """Show a notification; returns its place on the screen, if it can be replaced later.

        Raises NotifyError, after at most `SHOW_TIMEOUT` seconds.
        """

    def close(self) -> None:
        """Withdraw lasting notifications and stop handling clicks on the others."""


@runtime_checkable
class WithdrawingNotifier(Protocol):
    """A notifier whose notifications outlive the program and can be withdrawn."""

    def restore_displayed(self, standing: Mapping[str, DisplayedNotification]) -> None:
        """Take over the notifications, by thread, that the program's last run left on the screen."""

    def withdraw(self, threads: Iterable[str]) -> None:
        """Remove the lasting notifications of these threads and no others."""
