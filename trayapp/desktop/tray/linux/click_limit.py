"""Limits the clicks that come over the bus: a person's pass, a program's flood of them does not.

Any program of the session may call the item's methods, as often as it likes, and each could open a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from trayapp.desktop.tray.base import OnCommand
from trayapp.model import Action as Kind
from trayapp.model import Command

MIN_INTERVAL = 1.0
"""Seconds until the same command may run again."""
MAX_OPENED = 3
"""Pages that may open within `MAX_OPENED * MIN_INTERVAL` seconds: who has opened one may at once want another."""
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
"""Commands that open a window in front of the person."""


class ClickLimit:
    """Passes each command on once in `MIN_INTERVAL` seconds. Used on the bus thread only."""

    def __init__(self, act: OnCommand, now: Callable[[], float]) -> None:
        self._act = act
        self._now = now
        self._passed: dict[Command, float] = {}
        """The commands passed on within the last `MIN_INTERVAL`, each with its time."""
        self._opened: list[float] = []
        """The times of the last commands that opened something."""

    def pass_on(self, command: Command) -> None:
        """Pass the command on, unless it has just been passed on or too much was opened."""
        now, key = self._now(), replace(command, token="")
        self._passed = {each: at for each, at in self._passed.items() if 0.0 <= now - at < MIN_INTERVAL}
        self._opened = [at for at in self._opened if 0.0 <= now - at < MAX_OPENED * MIN_INTERVAL]
        opens = key.act in _OPENING_COMMANDS
        if key in self._passed or (opens and len(self._opened) >= MAX_OPENED):
            return
        self._passed[key] = now
        self._opened += [now] * opens
        self._act(command)
