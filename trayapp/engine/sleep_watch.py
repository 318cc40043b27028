"""Tracks for the poller when the computer sleeps and wakes, from the system's signals and from the clocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from trayapp.core.state.clock_jumps import measure_gap
from trayapp.model import Limits, Moment, PageReading, PollPlan, Round

MAX_WAIT = 30.0
"""Real seconds after which a waiting poller checks whether the computer slept: two wake-ups a minute."""
SLEEP_TIMEOUT = 30.0
"""Seconds awake within which an announced sleep must begin: most systems give programs 5 s, one gives 30 s."""
SECOND_POLL_DELAY = 8.0
"""Seconds from a failed first poll after waking to the second: the network often takes that long to return."""


class SleepWatch:
    """Remembers announced sleep and waking. Used only on the poller's thread."""

    def __init__(self, clock: Callable[[], Moment]) -> None:
        self.change_count = 0
        """Counts announcements and wakings: a poll during which it changes is dropped."""
        self.gives_up_at: float | None = None
        """Time on the awake clock when an announced sleep counts as cancelled; None if none is announced."""
        self._clock = clock
        self._last_moment = clock()
        self._first_plan: PollPlan | None = None
        self._second_plan: PollPlan | None = None

    def note_announcement(self) -> None:
        """Note that the computer is about to sleep."""
        self.change_count += 1
        self.gives_up_at = self._clock().awake + SLEEP_TIMEOUT

    def find_wake_reason(self, limits: Limits) -> str:
        """Return why everything must be polled now, by the clocks; "" if nothing has happened since the last call."""
        before, self._last_moment = self._last_moment, self._clock()
        if measure_gap(before, self._last_moment, limits).is_disturbance:
            return "the computer slept or its clock was set"
        if self.gives_up_at is not None and self._last_moment.awake >= self.gives_up_at:
            return "the computer did not sleep as announced"
        return ""

    def note_wake(self, first: PollPlan) -> None:
        """Note that the computer is awake, and that `first` is the first poll after waking."""
        self.change_count += 1
        self.gives_up_at = None
        self._last_moment = self._clock()
        self._first_plan = first

    def note_poll(self, plan: PollPlan, round_: Round) -> None:
        """Note a poll's result: if the first poll after waking did not get the page, plan a second one soon."""
        if plan is self._first_plan and not isinstance(round_.page, PageReading):
            self._second_plan = replace(
                plan, wait=SECOND_POLL_DELAY, reason="the network may come late after sleep"
            )
        self._first_plan = None

    def take_second_plan(self) -> PollPlan | None:
        """Return the second poll after waking, if one is planned, and forget it."""
        second, self._second_plan = self._second_plan, None
        return second
