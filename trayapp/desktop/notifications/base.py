"""What every way of showing a notification has in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from trayapp.model import DisplayedNotification, Notification

SHOW_TIMEOUT = 5.0
"""Seconds after which showing a notice counts as failed, whatever the other side does."""


def escape_markup(text: str) -> str:
    """For a server that draws markup. The standard library's own brings a list of all entities along: 0.4 MB."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class NotifyError(Exception):
    """The notice was not shown here; the next way may be tried."""

    def __init__(self, why: str, *, perhaps_shown: bool = False) -> None:
        super().__init__(why)
        self.perhaps_shown = perhaps_shown
        """Whether it was handed over and nobody answered: who tries again may tell it twice."""


class Notifier(Protocol):
    """One way of showing notices. Used by one thread at a time."""

    def show(self, notice: Notification) -> DisplayedNotification | None:
        """Hand a notice over to whoever draws it; where it stands then, if it can be replaced later.

        Raises NotifyError, after at most `SHOW_TIMEOUT` seconds.
        """

    def close(self) -> None:
        """Take back what would stay for good, and let go of the rest: clicks are no longer followed."""


@runtime_checkable
class WithdrawingNotifier(Protocol):
    """A notifier whose notices outlive the program, and can be taken back."""

    def restore_displayed(self, standing: Mapping[str, DisplayedNotification]) -> None:
        """Know what the program's last run left on the screen, by thread."""

    def withdraw(self, threads: Iterable[str]) -> None:
        """Take away the notices of these threads that would stay for good; of others nothing."""
