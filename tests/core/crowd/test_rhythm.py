"""How often is asked: politely on a calm day, sooner after trouble, and never more than allowed."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.crowd.counts import CALM, GITHUB, ask_once, taught_memory
from trayapp.core.crowd.rhythm import seconds_to_wait
from trayapp.core.crowd.votes import CrowdMemory

MEMORY, NOW = taught_memory()
HOUR = timedelta(hours=1)


def test_a_calm_day_is_asked_every_ten_minutes() -> None:
    """Up to a tenth later by chance."""
    assert seconds_to_wait(MEMORY, NOW, None, 5, 0.0) == 600.0
    assert seconds_to_wait(MEMORY, NOW, None, 5, 1.0) == pytest.approx(660.0)


def test_for_an_hour_after_trouble_every_five() -> None:
    """Trouble is an unusual count, or a probe that failed."""
    hot = ask_once(MEMORY, NOW, CALM | {GITHUB: 12})
    assert seconds_to_wait(hot, NOW + 0.99 * HOUR, None, 5, 0.0) == 300.0
    assert seconds_to_wait(hot, NOW + HOUR, None, 5, 0.0) == 600.0
    assert seconds_to_wait(MEMORY, NOW, NOW - 0.5 * HOUR, 5, 0.0) == 300.0
    assert seconds_to_wait(MEMORY, NOW, NOW + 0.5 * HOUR, 5, 0.0) == 600.0


@given(st.integers(1, 20), st.integers(0, 3), st.floats(0.0, 1.0), st.booleans())
def test_never_more_requests_than_allowed(requests: int, seldom: int, luck: float, watching: bool) -> None:
    """30 in any hour, and 60 while trouble shows, of all sources together, those besides included."""
    wait = seconds_to_wait(CrowdMemory(), NOW, NOW if watching else None, requests, luck, seldom)
    times = ceil(3600.0 / wait - 1e-9)
    assert requests * times + seldom <= (60 if watching else 30)
