"""A look as one letter, where no picture can be drawn: in a line of text, and in menus that take none.

As with the icon each state has a shape of its own. All are in the fonts that systems bring, and none is one that some
systems draw as a coloured emoji.
"""

from __future__ import annotations

from collections.abc import Mapping

from trayapp.model import Look, State

_SYMBOLS: Mapping[State, tuple[str, str]] = {
    State.OPERATIONAL: ("✓", "○"),
    State.MAINTENANCE: ("⬢", "⬡"),
    State.DEGRADED: ("▲", "△"),
    State.PARTIAL: ("◆", "◇"),
    State.MAJOR: ("✘", "✗"),
    State.UNKNOWN: ("?", "…"),
    State.OFFLINE: ("⊘", "⊘"),
}
"""Filled, and hollow."""


def symbol(look: Look) -> str:
    """The letter of a look."""
    return _SYMBOLS[look.state][look.hollow]
