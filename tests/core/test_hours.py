"""Quiet hours on the clock of the wall, and the morning that ends a pause."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from trayapp.core.alerts.quiet_hours import hush_at, is_quiet, next_morning
from trayapp.model import Hush, QuietHours

NIGHT = QuietHours(time(23), time(7))
NOON = QuietHours(time(12), time(14, 30))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        (NIGHT, time(22, 59, 59), False),
        (NIGHT, time(23), True),
        (NIGHT, time(0), True),
        (NIGHT, time(6, 59, 59), True),
        (NIGHT, time(7), False),
        (NIGHT, time(15), False),
        (NOON, time(11, 59), False),
        (NOON, time(12), True),
        (NOON, time(14, 29), True),
        (NOON, time(14, 30), False),
        (NOON, time(0), False),
    ],
)
def test_quiet_hours_may_go_over_midnight(hours: QuietHours, at: time, expected: bool) -> None:
    """They begin with their first minute and end before their last."""
    assert is_quiet(hours, at) is expected


def test_by_day_nothing_is_held_back_and_at_night_what_the_person_wants() -> None:
    """All but a major outage, or all of it."""
    midnight, day = datetime(2026, 3, 14, 0, 30, tzinfo=UTC), datetime(2026, 3, 14, 12, tzinfo=UTC)
    assert hush_at(None, midnight, even_major=False) is Hush.NOTHING
    assert hush_at(NIGHT, day, even_major=True) is Hush.NOTHING
    assert hush_at(NIGHT, midnight, even_major=False) is Hush.ALL_BUT_MAJOR
    assert hush_at(NIGHT, midnight, even_major=True) is Hush.ALL


def hushed_minutes(hours: QuietHours, begin: datetime, minutes: int) -> int:
    """How many of so many real minutes are quiet in Berlin."""
    moments = ((begin + timedelta(minutes=n)).astimezone(BERLIN) for n in range(minutes))
    return sum(hush_at(hours, at, even_major=False) is not Hush.NOTHING for at in moments)


def test_a_night_in_which_the_clock_is_set_is_an_hour_shorter_or_longer() -> None:
    """What counts is the clock on the wall: eight hours of it are seven real ones in March and nine in October."""
    assert hushed_minutes(NIGHT, datetime(2026, 2, 1, 12, tzinfo=UTC), 1440) == 480
    assert hushed_minutes(NIGHT, datetime(2026, 3, 28, 12, tzinfo=UTC), 1440) == 420
    assert hushed_minutes(NIGHT, datetime(2026, 10, 24, 12, tzinfo=UTC), 1440) == 540


def test_quiet_hours_within_the_hour_that_is_left_out_end_at_their_end() -> None:
    """From 02:30, a time that does not come that night, to 04:00 there is an hour: from three on."""
    short = QuietHours(time(2, 30), time(4))
    assert hushed_minutes(short, datetime(2026, 3, 28, 12, tzinfo=UTC), 1440) == 60


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-02-01T20:00+01:00", "2026-02-02T07:00+01:00"),
        ("2026-02-01T03:00+01:00", "2026-02-01T07:00+01:00"),
        ("2026-02-01T07:00+01:00", "2026-02-02T07:00+01:00"),
        ("2026-03-28T22:00+01:00", "2026-03-29T07:00+02:00"),
        ("2026-10-24T22:00+02:00", "2026-10-25T07:00+01:00"),
        ("2026-12-31T22:00+01:00", "2027-01-01T07:00+01:00"),
    ],
)
def test_tomorrow_ends_at_seven_on_the_local_clock(now: str, morning: str) -> None:
    """At night it is the same day's morning, and a clock set overnight changes nothing of it."""
    at = datetime.fromisoformat(now).astimezone(UTC)
    found = next_morning(at, lambda moment: moment.astimezone(BERLIN))
    assert (found, found.tzinfo) == (datetime.fromisoformat(morning), UTC)
