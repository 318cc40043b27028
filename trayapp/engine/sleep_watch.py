"""Sleep as the poller takes it: announced and ended by the system's own word, and shown by the clocks beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from trayapp.core.state.clock_jumps import measure_gap
from trayapp.model import Limits, Moment, PageReading, PollPlan, Round

MAX_WAIT = 30.0
"""Real seconds after which a sleeping poller looks whether the computer slept too: two wake-ups a minute."""
SLEEP_TIMEOUT = 30.0
"""Seconds awake within which an announced sleep has come: systems wait five for their programs, one of them thirty."""
SECOND_POLL_DELAY = 8.0
"""Seconds after a first look on waking that brought nothing until the second: a network is often that late."""


class SleepWatch:
    """Belongs to the poller's thread."""

    def __init__(self, clock: Callable[[], Moment]) -> None:
        self.change_count = 0
        """Changes with each announcement and each waking: what a look brings over such a change is dropped."""
        self.gives_up_at: float | None = None
        """The awake clock at which a sleep that was announced is given up; None while none is."""
        self._clock = clock
        self._last_moment = clock()
        self._first_plan: PollPlan | None = None
        self._second_plan: PollPlan | None = None

    def note_announcement(self) -> None:
        """The computer is about to sleep."""
        self.change_count += 1
        self.gives_up_at = self._clock().awake + SLEEP_TIMEOUT

    def find_wake_reason(self, limits: Limits) -> str:
        """Why it has to be looked at everything now, by the clocks; empty when nothing has happened since last asked."""
        before, self._last_moment = self._last_moment, self._clock()
        if measure_gap(before, self._last_moment, limits).is_disturbance:
            return "the computer slept or its clock was set"
        if self.gives_up_at is not None and self._last_moment.awake >= self.gives_up_at:
            return "the computer did not sleep as announced"
        return ""

    def note_wake(self, first: PollPlan) -> None:
        """It is awake, and `first` is its first look."""
        self.change_count += 1
        self.gives_up_at = None
        self._last_moment = self._clock()
        self._first_plan = first

    def note_poll(self, plan: PollPlan, round_: Round) -> None:
        """What a look has brought: after a first one without the page the second comes soon."""
        if plan is self._first_plan and not isinstance(round_.page, PageReading):
            self._second_plan = replace(
                plan, wait=SECOND_POLL_DELAY, reason="the network may come late after sleep"
            )
        self._first_plan = None

    def take_second_plan(self) -> PollPlan | None:
        """The second look, if one is due; once."""
        second, self._second_plan = self._second_plan, None
        return second
