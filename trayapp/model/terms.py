"""Holds the terms by which a round is judged."""

from __future__ import annotations

from dataclasses import dataclass

from trayapp.model.limits import Limits
from trayapp.model.rounds import Moment


@dataclass(frozen=True, slots=True)
class RoundTerms:
    """The moment of a round and the limits by which it is judged or planned: the same for all that is decided in it."""

    now: Moment
    limits: Limits
