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
"""Seconds between two clicks of a kind; nobody reads a page or a menu in less."""
_OPENING = frozenset(
    {Kind.DETAILS, Kind.OPEN_INCIDENT, Kind.OPEN_PAGE, Kind.OPEN_SETTINGS, Kind.LEGEND, Kind.ABOUT}
)
"""What brings something up in front of the person; of all these together one passes at a time."""


class Clicks:
    """Passes commands on, each at most once in `APART` seconds. Belongs to the bus thread."""

    def __init__(self, act: Act, now: Callable[[], float]) -> None:
        self._act = act
        self._now = now
        self._passed: dict[Command | None, float] = {}
        """Commands that were passed on a moment ago; None stands for all that open something."""

    def pass_on(self, command: Command) -> None:
        """Pass it on, unless the same was done just now."""
        now = self._now()
        self._passed = {key: at for key, at in self._passed.items() if 0.0 <= now - at < APART}
        key = None if command.act in _OPENING else replace(command, token="")
        if key not in self._passed:
            self._passed[key] = now
            self._act(command)
