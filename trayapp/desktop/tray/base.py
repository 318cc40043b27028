"""Defines the interfaces and values that all trays share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable

from PIL import Image

from trayapp.model import Command, Look, TrayView

OnCommand = Callable[[Command], None]
"""Takes a command that a person gave; it only queues it, so any back end's thread may call it."""
Draw = Callable[[Look, int], Image.Image]
"""Draws a look as an RGBA square of this many pixels a side. The image is shared: never change it in place."""


class Tray(Protocol):
    """Shows the icon, its tooltip and its menu; runs on the main thread, because macOS demands it."""

    def run(self) -> None:
        """Show the newest view until `stop` is called; blocks the main thread."""

    def show(self, view: TrayView) -> None:
        """Replace the shown view; an equal one costs nothing. May be called from any thread, also before `run`."""

    def stop(self) -> None:
        """Make `run` return within a second. May be called from any thread and from a signal handler."""

    def is_docked(self) -> bool:
        """Whether a person can see the icon now. May be called from any thread."""

    def explain(self) -> list[str]:
        """Describe what was found here, what was chosen and why; one line each."""


class BalloonSeverity(Enum):
    """How serious the sign beside a balloon's text looks."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Balloon:
    """A notification that hangs on the icon."""

    title: str
    text: str
    severity: BalloonSeverity = BalloonSeverity.INFORMATION
    silent: bool = False
    look: Look | None = None
    """The look drawn in place of the severity's sign, for a balloon about a state."""


@runtime_checkable
class ShowsBalloons(Protocol):
    """A tray whose icon can carry one balloon at a time."""

    def show_balloon(self, balloon: Balloon, ended: Callable[[bool], None], limit: float) -> bool:
        """Show a balloon in place of the one before, whose `ended` is then dropped; False if refused for `limit` seconds.

        The tray's thread calls `ended(clicked)` when the balloon was clicked or left the screen, at times for both.
        """


@runtime_checkable
class LosesDisplay(Protocol):
    """A tray whose display can end while the program goes on."""

    def has_lost_display(self) -> bool:
        """Whether the display ended; a new one of the same name counts as another."""


class TranslatorPort(Protocol):
    """Translates an English sentence into the person's language."""

    def say(self, message: str, /, **values: str | int) -> str:
        """Translate the sentence and fill its placeholders."""


class BackEnd(Protocol):
    """Shows the icon in one kind of host, and waits for a host where there is none."""

    @property
    def is_docked(self) -> bool:
        """Whether a host has taken the icon."""

    @property
    def reason(self) -> str:
        """Why no host has taken the icon."""

    def show(self, view: TrayView) -> None:
        """Replace the shown view; an equal one costs nothing."""

    def stop(self) -> None:
        """Remove the icon at once."""
