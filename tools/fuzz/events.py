"""A life as a plain list of events that are drawn beforehand, so that a failing one can be taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trayapp.model import Limits, QuietHours


class Kind(StrEnum):
    """Who or what changes."""

    # The world.
    COMPONENT = "component"
    """id, state"""
    POST = "post"
    """number, name, impact, stage, ids of components, seconds by which its date is off; None: it has no date"""
    UNPOST = "unpost"
    """number: the page lists it no more, and not among the past ones either"""
    INDICATOR = "indicator"
    """a state, None for a page without one, or "as it is" """
    LISTED = "listed"
    """None for all components, or a number that chooses some"""
    GONE = "gone"
    """group that the page does not list any more, or None"""
    MISS = "miss"
    """cause, seconds the page asks to wait; or None: it can be read"""
    CACHE = "cache"
    """seconds for which a cache on the way keeps a copy; 0: there is none"""
    TWO_CACHES = "two caches"
    """seconds by which every second answer lags behind; 0: there is but one cache"""
    FRESH = "fresh"
    """seconds of Cache-Control, or None"""
    NATIVE = "native"
    """"true", "empty", "miss" """
    ANSWERS = "answers"
    """probe, outcome or share of failures, whether signed"""
    LINE = "line"
    """line: good, offline, portal, edge"""
    NETWORK = "network"
    """name"""
    HEAL = "heal"
    """All is well again, everywhere."""
    # The computer.
    SLEEP = "sleep"
    FREEZE = "freeze"
    WAKE = "wake"
    CLOCK = "clock"
    """seconds by which somebody sets it on"""
    STOP = "stop"
    """whether it is killed: then nothing is saved"""
    DIE_TELLING = "die telling"
    """It is killed between keeping the next notification that must arrive and showing it."""
    START = "start"
    # The person.
    DO = "do"
    """act, argument"""
    QUIET = "quiet"
    """hours, or None"""
    SETTING = "setting"
    """field of `Limits`, value"""
    LANGUAGE = "language"
    LOOK = "look"
    """opens the details page"""


@dataclass(frozen=True, slots=True)
class Event:
    """After so many seconds, something happens."""

    gap: float
    kind: Kind
    what: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One life."""

    seed: int
    limits: Limits
    events: tuple[Event, ...]
    zone: str = "UTC"
    quiet_hours: QuietHours | None = None
    dice: bool = True
    """Whether pauses are jittered; a shrunk life does without where it can."""
