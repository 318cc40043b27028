"""Two readings of three clocks: whether the computer slept, or its clock was set (laws 1 and 6).

A virtual machine that is paused stops both clocks that count seconds; only the clock on the wall runs on. So a wall
clock that ran on by more than 10 min while the others stood is a sleep. One that ran on by more than a week, or back,
was set.
"""

from __future__ import annotations

from dataclasses import dataclass

from trayapp.model import Cause, Limits, Miss, Moment, Outcome, PollPlan, ProbeResult, Round


@dataclass(frozen=True, slots=True)
class ClockGap:
    """What lay between two moments besides waking time."""

    asleep_seconds: float = 0.0
    """Seconds that nobody could look."""
    clock_set_seconds: float = 0.0
    """Seconds by which the clock on the wall was set forward, or back."""

    @property
    def is_disturbance(self) -> bool:
        """Whether what was known before may not hold now."""
        return self.asleep_seconds > 0.0 or self.clock_set_seconds != 0.0


def measure_gap(before: Moment, now: Moment, limits: Limits) -> ClockGap:
    """What lay between two moments; less than `limits.clock_jump` is nothing."""
    asleep = (now.boot - before.boot) - (now.awake - before.awake)
    jumped = (now.wall - before.wall).total_seconds() - (now.boot - before.boot)
    if limits.pause_jump < jumped <= limits.pause_jump_max:
        return ClockGap(asleep_seconds=asleep + jumped)
    return ClockGap(
        asleep_seconds=asleep if asleep > limits.clock_jump else 0.0,
        clock_set_seconds=jumped if abs(jumped) > limits.clock_jump else 0.0,
    )


def empty_round(plan: PollPlan, now: Moment, why: Cause = Cause.INTERNAL) -> Round:
    """A round that brought nothing: it counts as asked, and says nothing about anybody."""
    return Round(
        now,
        page=Miss(why) if plan.page else None,
        native=Miss(why) if plan.native else None,
        probes=tuple(ProbeResult(name, "", Outcome.NEUTRAL, why) for name in plan.probes),
    )
