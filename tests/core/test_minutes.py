"""A film's lines are compared without the minute or two of chance, and with everything else."""

from __future__ import annotations

import pytest

from tests.core.minutes import Shown


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("09:12 ChatGPT is down", "09:13 ChatGPT is down", True),
        ("09:12 ChatGPT is down", "09:15 ChatGPT is down", False),
        ("09:59 ChatGPT is down", "10:01 ChatGPT is down", True),
        ("09:12 ChatGPT is down", "09:12 APIs are down", False),
        ("15 09:12 it is", "09:12 it is", False),
        ("back after 59 min", "back after 1 h", True),
        ("back after 1 h 2 min", "back after 62 min", True),
        ("back after less than a minute", "back after 2 min", True),
        ("back after 2 h", "back after 3 h", False),
        ("6 of 6 checks failed", "5 of 6 checks failed", False),
    ],
)
def test_two_minutes_are_no_difference_and_all_else_is(one: str, other: str, equal: bool) -> None:
    """Either way round."""
    assert (Shown(one) == other) is equal
    assert (Shown(one) != other) is not equal
