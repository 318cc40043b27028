"""Tells from three clocks whether the computer slept or its clock was set (laws 1 and 6 of `docs/law.md`).

A paused virtual machine stops both clocks that count seconds, but not the wall clock. So a wall clock that
ran on by more than 10 min while the others stood means a sleep. If it ran on by more than a week, or went
back, it was set.
"""

from __future__ import annotations

from dataclasses import dataclass

from trayapp.model import Cause, Limits, Miss, Moment, Outcome, PollPlan, ProbeResult, Round


@dataclass(frozen=True, slots=True)
class ClockGap:
    """The sleep and the change of the wall clock between two moments."""

    asleep_seconds: float = 0.0
    """Seconds during which the computer slept or was paused."""
    clock_set_seconds: float = 0.0
    """Seconds by which the wall clock was set forward, or back if negative."""

    @property
    def is_disturbance(self) -> bool:
        """True if what was known before the gap may not hold after it."""
        return self.asleep_seconds > 0.0 or self.clock_set_seconds != 0.0


def measure_gap(before: Moment, now: Moment, limits: Limits) -> ClockGap:
    """Measures the gap between two moments; a jump of at most `limits.clock_jump` seconds counts as none."""
    asleep = (now.boot - before.boot) - (now.awake - before.awake)
    jumped = (now.wall - before.wall).total_seconds() - (now.boot - before.boot)
    if limits.pause_jump < jumped <= limits.pause_jump_max:
        return ClockGap(asleep_seconds=asleep + jumped)
    return ClockGap(
        asleep_seconds=asleep if asleep > limits.clock_jump else 0.0,
        clock_set_seconds=jumped if abs(jumped) > limits.clock_jump else 0.0,
    )


def empty_round(plan: PollPlan, now: Moment, why: Cause = Cause.INTERNAL) -> Round:
    """Returns a round in which everything planned was asked and nothing was learnt."""
    return Round(
        now,
        page=Miss(why) if plan.page else None,
        native=Miss(why) if plan.native else None,
        probes=tuple(ProbeResult(name, "", Outcome.NEUTRAL, why) for name in plan.probes),
    )
