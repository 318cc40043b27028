"""How long a server asks us to wait, and how long an answer stays fresh."""

from __future__ import annotations

import pytest

from tests.sources.conftest import NOON
from trayapp.sources.messages import read_fresh_for, read_retry_after


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("1000000000", 3600.0),
        ("9" * 5000, 3600.0),
        ("Tue, 22 Sep 2026 12:01:00 GMT", 60.0),
        ("Tue, 22 Sep 2026 12:01:00 -0000", 60.0),
        ("Tue, 22 Sep 2026 11:00:00 GMT", 0.0),
        ("Fri, 22 Sep 2056 12:00:00 GMT", 3600.0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(text: str, seconds: float | None) -> None:
    """At most an hour; nonsense is nothing."""
    assert read_retry_after({"retry-after": text}, NOON) == seconds


def test_a_date_counts_from_the_servers_own_clock() -> None:
    """A computer whose clock is a year off waits as long as any other."""
    headers = {"retry-after": "Mon, 22 Sep 2025 12:01:00 GMT", "date": "Mon, 22 Sep 2025 12:00:00 GMT"}
    assert read_retry_after(headers, NOON) == 60.0


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("public, max-age=60", "", 60.0),
        ('MAX-AGE="60"', "20", 40.0),
        ("max-age=60", "90", 0.0),
        ("max-age=60", "old", 60.0),
        ("max-age=99999999", "", 3600.0),
        ("no-store", "", None),
        ("max-age=-1", "", None),
        ("", "", None),
    ],
)
def test_freshness_is_max_age_less_age(control: str, age: str, seconds: float | None) -> None:
    """At most an hour, so that no header can blind us; nonsense is nothing."""
    assert read_fresh_for({"cache-control": control, "age": age}) == seconds
