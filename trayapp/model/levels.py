"""How much a person wants to be told."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """What a person wants to be told."""

    OUTAGES = "outages"
    PROBLEMS = "problems"
    EVERYTHING = "everything"
    NOTHING = "nothing"
