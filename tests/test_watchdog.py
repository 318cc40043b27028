"""The watchdog outlives whatever it is allowed to wait, and calls once."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator

import pytest

from tests.desktop.desktops import wait_until
from trayapp.engine.watchdog import Watchdog


class Clock:
    """A clock that a test turns, and the alarms that were raised by it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.alarms: list[float] = []
        self.dog = Watchdog(lambda: self.now, lambda: self.alarms.append(self.now))


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A watchdog that is stopped at the end."""
    one = Clock()
    yield one
    one.dog.stop()


def watchers() -> list[threading.Thread]:
    """The watchdogs' threads that live."""
    return [thread for thread in threading.enumerate() if thread.name == "watchdog" and thread.is_alive()]


@pytest.mark.parametrize("allowed", [math.inf, 1e300, threading.TIMEOUT_MAX * 2])
def test_a_wait_longer_than_a_thread_can_wait_does_not_kill_the_watchdog(
    clock: Clock, allowed: float
) -> None:
    """It goes on watching, and stops when it is told to."""
    clock.dog.beat(allowed)
    assert watchers()
    assert clock.alarms == []
    before = len(watchers())
    clock.dog.stop()
    wait_until(lambda: len(watchers()) < before)


def test_a_beat_that_stays_out_is_one_alarm(clock: Clock) -> None:
    """Not one for each second that it stays out."""
    clock.dog.beat(0.05)
    clock.now = 1.0
    wait_until(lambda: clock.alarms)
    clock.now = 100.0
    assert clock.alarms == [1.0]


def test_a_beat_after_an_alarm_begins_anew(clock: Clock) -> None:
    """A poller that came back can die a second time."""
    for now in (1.0, 3.0):
        clock.dog.beat(0.05)
        clock.now = now
        wait_until(lambda now=now: now in clock.alarms)  # type: ignore[misc]
    assert clock.alarms == [1.0, 3.0]
