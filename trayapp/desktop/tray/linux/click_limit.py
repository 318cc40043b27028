"""Clicks that come over the bus: a person's pass, a program's hail of them does not.

Any program of the session may call the item's methods, as often as it likes, and each could open a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from trayapp.desktop.tray.base import OnCommand
from trayapp.model import Action as Kind
from trayapp.model import Command

MIN_INTERVAL = 1.0
"""Seconds until the same is done again."""
MAX_OPENED = 3
"""Pages that may be opened in so many times `MIN_INTERVAL`: a person who has opened one may at once want another."""
_OPENING_COMMANDS = frozenset(
    {
        Kind.DETAILS,
        Kind.OPEN_INCIDENT,
        Kind.OPEN_PAGE,
        Kind.OPEN_OTHER_SOURCE,
        Kind.OPEN_SETTINGS,
        Kind.TEST,
    }
)
"""What brings something up in front of the person."""


class ClickLimit:
    """Passes commands on, the same one once in `MIN_INTERVAL` seconds. Belongs to the bus thread."""

    def __init__(self, act: OnCommand, now: Callable[[], float]) -> None:
        self._act = act
        self._now = now
        self._passed: dict[Command, float] = {}
        """What was passed on a moment ago, and when."""
        self._opened: list[float] = []
        """When something was opened, lately."""

    def pass_on(self, command: Command) -> None:
        """Pass it on, unless the same was done just now, or too much was opened."""
        now, key = self._now(), replace(command, token="")
        self._passed = {each: at for each, at in self._passed.items() if 0.0 <= now - at < MIN_INTERVAL}
        self._opened = [at for at in self._opened if 0.0 <= now - at < MAX_OPENED * MIN_INTERVAL]
        opens = key.act in _OPENING_COMMANDS
        if key in self._passed or (opens and len(self._opened) >= MAX_OPENED):
            return
        self._passed[key] = now
        self._opened += [now] * opens
        self._act(command)
