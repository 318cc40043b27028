"""Sleep and waking, as the background thread lives them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.core.pages import page
from tests.desktop.desktops import wait_until
from tests.test_poller import PACE, Stage
from trayapp.engine.ports import CommandRequest
from trayapp.engine.sleep_watch import SECOND_POLL_DELAY, SLEEP_TIMEOUT
from trayapp.model import Action, Cause, Command, Limits, Miss, PageReading, PollPlan, State

RARELY = replace(Limits(), page_interval=3600.0, page_interval_in_trouble=3600.0)
"""Looks that are not asked for come too seldom to be mistaken for those that are."""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage on which all is known to be well, that is cleared at the end."""
    one = Stage(tmp_path)
    one.begin(RARELY)
    wait_until(lambda: one.state() is State.OPERATIONAL)
    yield one
    one.end()


def announce(stage: Stage) -> None:
    """Say that the computer is about to sleep, and wait until that was heeded."""
    heeded: SimpleQueue[bool] = SimpleQueue()
    stage.queue.put(CommandRequest(Command(Action.SLEEPING), heeded.put))
    assert heeded.get(timeout=10.0)


def grey(stage: Stage) -> bool:
    """Whether the icon is grey and says that it is being looked."""
    look = stage.views[-1].look
    return look.state is State.UNKNOWN and look.hollow


def test_the_icon_is_grey_before_the_computer_sleeps(stage: Stage) -> None:
    """It is when the announcement is answered, which is what the system's lock waits for."""
    announce(stage)
    assert grey(stage)


def test_on_waking_it_is_looked_at_once_over_new_connections(stage: Stage) -> None:
    """No waiting for the clocks, which are half a minute late, nor for the interval."""
    announce(stage)
    stage.seen = lambda _: page(ChatGPT=State.DEGRADED)
    before = time.monotonic()
    stage.queue.put(Command(Action.WOKE))
    wait_until(lambda: stage.state() is State.DEGRADED)
    assert (time.monotonic() - before) * PACE < 3600
    assert stage.renewed == 1


def test_a_waking_that_is_heard_is_not_found_by_the_clocks_again(stage: Stage) -> None:
    """One sleep, one first look."""
    looks: list[PollPlan] = []

    def read_page(plan: PollPlan) -> PageReading:
        looks.append(plan)
        return page()

    announce(stage)
    stage.seen = read_page
    stage.slept += 8 * 3600
    stage.queue.put(Command(Action.WOKE))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    stage.queue.put(Command(Action.RESUME))
    wait_until(stage.queue.empty)
    assert [look.reason for look in looks] == ["the computer woke"]
    assert stage.renewed == 1


def test_a_look_that_sleep_interrupts_brings_nothing(stage: Stage) -> None:
    """What it found before the sleep is old, however late it comes."""
    looking, release = threading.Event(), threading.Event()

    def before_sleep(_: PollPlan) -> PageReading:
        looking.set()
        release.wait(10)
        return page(ChatGPT=State.MAJOR)

    stage.seen = before_sleep
    stage.queue.put(Command(Action.CHECK))
    assert looking.wait(10)
    announce(stage)
    stage.seen = lambda _: page()
    stage.queue.put(Command(Action.WOKE))
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    release.set()
    assert State.MAJOR not in {view.look.state for view in stage.views}


def test_nothing_that_is_found_between_the_announcement_and_sleep_is_shown(stage: Stage) -> None:
    """A person who asks in that moment is heard, and the icon is grey when the computer sleeps all the same."""
    looked = threading.Event()

    def read_page(_: PollPlan) -> PageReading:
        looked.set()
        return page()

    announce(stage)
    stage.seen = read_page
    stage.queue.put(Command(Action.CHECK))
    assert looked.wait(10)
    announce(stage)  # answered only when the look was judged
    assert grey(stage)


def test_a_sleep_that_was_announced_and_does_not_come_is_given_up(stage: Stage) -> None:
    """Grey for half a minute, then it is looked, without a waking."""
    before = time.monotonic()
    announce(stage)
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    assert SLEEP_TIMEOUT * 0.9 < (time.monotonic() - before) * PACE < 3600


def test_a_network_that_comes_late_is_waited_for_a_moment(stage: Stage) -> None:
    """The first look on waking finds none; the second comes after seconds and not after a minute or an hour."""
    looks: list[tuple[str, float]] = []

    def read_page(plan: PollPlan) -> PageReading | Miss:
        looks.append((plan.reason, plan.wait))
        return page() if len(looks) > 1 else Miss(Cause.DNS)

    announce(stage)
    stage.seen = read_page
    stage.slept += 8 * 3600
    stage.queue.put(Command(Action.WOKE))
    wait_until(lambda: len(looks) > 1)
    wait_until(lambda: stage.state() is State.OPERATIONAL)
    assert looks == [("the computer woke", 0.0), ("the network may come late after sleep", SECOND_POLL_DELAY)]


def test_people_are_answered_while_the_computer_falls_asleep(stage: Stage) -> None:
    """Waiting for it, the program waits for everybody."""
    announce(stage)
    stage.queue.put(Command(Action.OPEN_PAGE, token="t1"))
    wait_until(lambda: stage.opened)
    assert stage.opened == [("https://status.test", "t1")]
