"""Clicks that come over the bus: a person's pass, a program's hail of them does not.

Any program of the session may call the item's methods, as often as it likes, and each could open a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from trayapp.desktop.tray.base import Act
from trayapp.model import Act as Kind
from trayapp.model import Command

APART = 1.0
"""Seconds until the same is done again."""
AT_ONCE = 3
"""Pages that may be opened in so many times `APART`: a person who has opened one may at once want another."""
_OPENING = frozenset(
    {
        Kind.DETAILS,
        Kind.OPEN_INCIDENT,
        Kind.OPEN_PAGE,
        Kind.OPEN_ELSEWHERE,
        Kind.OPEN_SETTINGS,
        Kind.LEGEND,
        Kind.ABOUT,
        Kind.TEST,
    }
)
"""What brings something up in front of the person."""


class Clicks:
    """Passes commands on, the same one once in `APART` seconds. Belongs to the bus thread."""

    def __init__(self, act: Act, now: Callable[[], float]) -> None:
        self._act = act
        self._now = now
        self._passed: dict[Command, float] = {}
        """What was passed on a moment ago, and when."""
        self._opened: list[float] = []
        """When something was opened, lately."""

    def pass_on(self, command: Command) -> None:
        """Pass it on, unless the same was done just now, or too much was opened."""
        now, key = self._now(), replace(command, token="")
        self._passed = {each: at for each, at in self._passed.items() if 0.0 <= now - at < APART}
        self._opened = [at for at in self._opened if 0.0 <= now - at < AT_ONCE * APART]
        opens = key.act in _OPENING
        if key in self._passed or (opens and len(self._opened) >= AT_ONCE):
            return
        self._passed[key] = now
        self._opened += [now] * opens
        self._act(command)
