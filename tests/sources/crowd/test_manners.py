"""What a source's answers ask of the program is obeyed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.sources.crowd.shapes import UNTIL
from trayapp.model import Cause, Miss
from trayapp.sources.crowd.manners import Manners

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATE = Miss(Cause.TIMEOUT)


def after(*answers: object) -> Manners:
    """Manners after these answers, ten minutes apart, the last one now."""
    manners = Manners()
    for n, answer in enumerate(answers):
        manners = manners.after_answer(answer, UNTIL - 10 * MINUTE * (len(answers) - 1 - n))
    return manners


@pytest.mark.parametrize("status", [401, 403, 422])
def test_a_refusal_holds_until_the_program_starts_anew(status: int) -> None:
    """It is not asked again, and its status is known to whoever wants to say so."""
    manners = after(Miss(Cause.STATUS, status))
    assert manners.refused == status
    assert not manners.may_ask(UNTIL + 1000 * HOUR)


def test_a_403_that_says_how_long_is_no_refusal() -> None:
    """GitHub refuses so for the rest of an hour, where a whole office asks from one address."""
    manners = after(Miss(Cause.STATUS, 403, retry_after=600.0))
    assert manners.refused is None
    assert not manners.may_ask(UNTIL + 9 * MINUTE)
    assert manners.may_ask(UNTIL + 10 * MINUTE)


def test_three_failures_in_a_row_bring_an_hour_of_rest() -> None:
    """Two do not, nor three with an answer between them; one more after the hour brings another."""
    assert after(LATE, LATE).may_ask(UNTIL)
    assert after(LATE, LATE, "counted", LATE).may_ask(UNTIL)
    resting = after(LATE, LATE, LATE)
    assert not resting.may_ask(UNTIL + 59 * MINUTE)
    assert resting.may_ask(UNTIL + HOUR)
    assert not resting.after_answer(LATE, UNTIL + HOUR).may_ask(UNTIL + 119 * MINUTE)
    assert resting.after_answer("counted", UNTIL + HOUR) == Manners()


def test_nobody_is_waited_for_longer_than_an_hour() -> None:
    """Nor for ever where the clock is set back."""
    assert after(Miss(Cause.STATUS, 429, retry_after=1e9)).may_ask(UNTIL + HOUR)
    assert after(Miss(Cause.STATUS, 429, retry_after=600.0)).may_ask(UNTIL - 5 * HOUR)


def test_a_failure_of_this_computer_is_not_the_source_s() -> None:
    """No files left, no key there."""
    assert after(*[Miss(Cause.EXHAUSTED)] * 9) == Manners()
    assert after(*[Miss(Cause.INTERNAL)] * 9) == Manners()
