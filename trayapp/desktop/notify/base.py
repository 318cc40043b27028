"""What every way of showing a notification has in common."""

from __future__ import annotations

from typing import Protocol

from trayapp.model import Notice

APP_NAME = "OpenAI Status Tray"
LIMIT = 5.0
"""Seconds after which showing a notice counts as failed, whatever the other side does."""


def escaped(text: str) -> str:
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

    def show(self, notice: Notice) -> None:
        """Hand a notice over to whoever draws it. Raises NotifyError, after at most `LIMIT` seconds."""

    def close(self) -> None:
        """Let go of what was shown: clicks are no longer followed."""
