"""What the clock on the wall decides: quiet hours, and until when "tomorrow" lasts. Local time comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from trayapp.model import Hush, QuietHours

MORNING = time(7)
"""When "until tomorrow" ends."""


def is_quiet(hours: QuietHours, local: time) -> bool:
    """Whether a local time of day is quiet. An hour that comes twice in autumn is quiet both times."""
    if hours.start <= hours.end:
        return hours.start <= local < hours.end
    return local >= hours.start or local < hours.end


def hush_at(hours: QuietHours | None, local: datetime, *, even_major: bool) -> Hush:
    """What quiet hours hold back at a local time."""
    if hours is None or not is_quiet(hours, local.time()):
        return Hush.NOTHING
    return Hush.ALL if even_major else Hush.ALL_BUT_MAJOR


def next_morning(now: datetime, local: Callable[[datetime], datetime]) -> datetime:
    """The next time the local clock shows `MORNING`, however it is set in between."""
    here = local(now)
    days = 0 if here.time() < MORNING else 1
    wanted = datetime.combine(here.date() + timedelta(days=days), MORNING)
    guess = now + (wanted - here.replace(tzinfo=None))
    return guess + (wanted - local(guess).replace(tzinfo=None))
