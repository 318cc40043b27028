"""What two readings of three clocks tell: whether the computer slept, or its clock was set."""

from __future__ import annotations

from trayapp.model import Cause, Limits, Miss, Moment, Outcome, Plan, ProbeResult, Round


def slept(before: Moment, now: Moment) -> float:
    """Seconds that it slept between two moments."""
    return (now.boot - before.boot) - (now.awake - before.awake)


def disturbed(before: Moment, now: Moment, limits: Limits) -> bool:
    """Whether between two moments it slept, or its clock was set, by more than a jump's worth."""
    jumped = abs((now.wall - before.wall).total_seconds() - (now.boot - before.boot))
    return max(slept(before, now), jumped) > limits.clock_jump


def lost(plan: Plan, now: Moment) -> Round:
    """A round that brought nothing: it counts as asked, and says nothing about anybody."""
    return Round(
        now,
        page=Miss(Cause.INTERNAL) if plan.page else None,
        native=Miss(Cause.INTERNAL) if plan.native else None,
        probes=tuple(ProbeResult(name, "", Outcome.NEUTRAL, Cause.INTERNAL) for name in plan.probes),
    )
