"""What every tray has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable

from PIL import Image

from trayapp.model import Command, Look, TrayView

OnCommand = Callable[[Command], None]
"""Takes what a person did; it only queues, so that a back end's own thread may call it."""
Draw = Callable[[Look, int], Image.Image]
"""The icon of a look, RGBA, so many pixels wide and high. The image is shared: never changed in place."""


class Tray(Protocol):
    """The icon, its tooltip and its menu; on the main thread, because macOS demands it."""

    def run(self) -> None:
        """Show what is given until stopped; on the main thread."""

    def show(self, view: TrayView) -> None:
        """Show this and forget what was given before; what is equal costs nothing. From any thread, also before `run`."""

    def stop(self) -> None:
        """Make `run` return, within a second. From any thread and from a signal's handler."""

    def is_docked(self) -> bool:
        """Whether a person can see an icon now. From any thread."""

    def explain(self) -> list[str]:
        """What was found here, what was chosen and why; one line each."""


class BalloonSeverity(Enum):
    """What a balloon's picture says."""

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
    """The picture in place of the sign's, where it tells of a state."""


@runtime_checkable
class ShowsBalloons(Protocol):
    """A tray whose icon can carry one balloon at a time."""

    def show_balloon(self, balloon: Balloon, ended: Callable[[bool], None], limit: float) -> bool:
        """Show it in place of the one before, whose `ended` is then dropped; False when it was not taken in `limit` seconds.

        `ended(clicked)` is called on the tray's thread when it was clicked or has left the screen, at times both.
        """


@runtime_checkable
class LosesDisplay(Protocol):
    """A tray whose display can end without the program."""

    def has_lost_display(self) -> bool:
        """Whether it did: a new one of the same name is another."""


class TranslatorPort(Protocol):
    """Puts an English sentence into the person's language."""

    def say(self, message: str, /, **values: str | int) -> str:
        """The sentence, its placeholders filled."""


class BackEnd(Protocol):
    """One way to an icon; where it meets no host it waits for one."""

    @property
    def is_docked(self) -> bool:
        """Whether a host has taken the icon."""

    @property
    def reason(self) -> str:
        """What stands in the way while none has."""

    def show(self, view: TrayView) -> None:
        """Show this from now on; what is equal to the last costs nothing."""

    def stop(self) -> None:
        """Take the icon away, at once."""
