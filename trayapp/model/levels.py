"""How much a person wants to be notified of."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """Which events the person wants to be notified of."""

    OUTAGES = "outages"
    PROBLEMS = "problems"
    EVERYTHING = "everything"
    NOTHING = "nothing"
