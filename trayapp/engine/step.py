"""One step of the program, taken after each poll: judge the round, then update the schedule by what came of it.

The poller takes it for years, and the command `wait` until it has seen what it waits for.
"""

from __future__ import annotations

from dataclasses import dataclass

from trayapp.core import judge, schedule
from trayapp.core.polling.poll_times import RandomSource, Schedule
from trayapp.core.state.memory import Memory
from trayapp.model import Limits, Moment, PollPlan, Round, RoundTerms, Transition, Verdict


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the next round starts from."""

    memory: Memory
    schedule: Schedule

    def plan_next(self, now: Moment, limits: Limits) -> PollPlan:
        """Return when to poll next, and whom."""
        return schedule.plan_next_poll(self.schedule, self.memory, RoundTerms(now, limits))


def take_step(
    before: Progress, plan: PollPlan, round_: Round, limits: Limits, dice: RandomSource
) -> tuple[Progress, Verdict, tuple[Transition, ...]]:
    """Judge `round_`, which was polled by `plan`, and update the schedule.

    Returns what the next round starts from, the verdict, and the transitions, of which those that are not silent are
    to be notified.
    """
    memory, verdict, transitions = judge.judge_round(before.memory, round_, limits)
    updated = schedule.update_schedule(before.schedule, memory, round_, limits, dice, plan)
    return Progress(memory, updated), verdict, transitions
