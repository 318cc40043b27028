"""Decides whether a local time is in quiet hours, and when "until tomorrow" ends. Callers pass the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from trayapp.model import Hush, QuietHours

MORNING = time(7)
"""The local time at which a pause "until tomorrow" ends."""


def is_quiet(hours: QuietHours, local: time) -> bool:
    """Whether a local time of day is quiet. An hour that the clock repeats in autumn is quiet both times."""
    if hours.start <= hours.end:
        return hours.start <= local < hours.end
    return local >= hours.start or local < hours.end


def hush_at(hours: QuietHours | None, local: datetime, *, even_major: bool) -> Hush:
    """Returns which notifications quiet hours hold back at a local time."""
    if hours is None or not is_quiet(hours, local.time()):
        return Hush.NOTHING
    return Hush.ALL if even_major else Hush.ALL_BUT_MAJOR


def next_morning(now: datetime, local: Callable[[datetime], datetime]) -> datetime:
    """Returns when the local clock next shows `MORNING`, even if summer time begins or ends before."""
    here = local(now)
    days = 0 if here.time() < MORNING else 1
    wanted = datetime.combine(here.date() + timedelta(days=days), MORNING)
    guess = now + (wanted - here.replace(tzinfo=None))
    return guess + (wanted - local(guess).replace(tzinfo=None))
