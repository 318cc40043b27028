"""Sleep as the poller takes it: announced and ended by the system's own word, and shown by the clocks beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from trayapp.core.state.clock_jumps import measure_gap
from trayapp.model import Limits, Moment, Page, Plan, Round

SLICE = 30.0
"""Real seconds after which a sleeping poller looks whether the computer slept too: two wake-ups a minute."""
DOZE = 30.0
"""Seconds awake within which an announced sleep has come: systems wait five for their programs, one of them thirty."""
SETTLE = 8.0
"""Seconds after a first look on waking that brought nothing until the second: a network is often that late."""


class Sleep:
    """Belongs to the poller's thread."""

    def __init__(self, clock: Callable[[], Moment]) -> None:
        self.count = 0
        """Changes with each announcement and each waking: what a look brings over such a change is dropped."""
        self.until: float | None = None
        """The awake clock at which a sleep that was announced is given up; None while none is."""
        self._clock = clock
        self._noticed = clock()
        self._first: Plan | None = None
        self._second: Plan | None = None

    def announced(self) -> None:
        """The computer is about to sleep."""
        self.count += 1
        self.until = self._clock().awake + DOZE

    def over(self, limits: Limits) -> str:
        """Why it has to be looked at everything now, by the clocks; empty when nothing has happened since last asked."""
        before, self._noticed = self._noticed, self._clock()
        if measure_gap(before, self._noticed, limits).is_disturbance:
            return "the computer slept or its clock was set"
        if self.until is not None and self._noticed.awake >= self.until:
            return "the computer did not sleep as announced"
        return ""

    def ended(self, first: Plan) -> None:
        """It is awake, and `first` is its first look."""
        self.count += 1
        self.until = None
        self._noticed = self._clock()
        self._first = first

    def looked(self, plan: Plan, round_: Round) -> None:
        """What a look has brought: after a first one without the page the second comes soon."""
        if plan is self._first and not isinstance(round_.page, Page):
            self._second = replace(plan, wait=SETTLE, why="the network may come late after sleep")
        self._first = None

    def second(self) -> Plan | None:
        """The second look, if one is due; once."""
        second, self._second = self._second, None
        return second
