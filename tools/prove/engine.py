"""All that the prover knows of the program's inside, so that a change there is a change here alone.

`calm` knows more, for speed: without it a life is the same and takes twice as long (`SKIPS`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trayapp.core import judge, schedule
from trayapp.core.polling.poll_times import PAGE, RandomSource, Schedule
from trayapp.core.state.memory import Memory
from trayapp.model import (
    Limits,
    PollPlan,
    ReasonKind,
    Round,
    SavedMemory,
    State,
    Transition,
    TransitionKind,
    Verdict,
)
from trayapp.model.defaults import PROBES
from trayapp.store.codec import from_json, to_json

SKIPS = True
"""Whether calm stretches are lived through without `step`."""
SHIPPED = Limits(probes=PROBES)
"""The program as it is installed."""
COUNTING_TO_THREE = replace(
    # Through the same step: each failure is worth 1 of the 3 that alarm, one answer takes all away, no span is asked.
    SHIPPED,
    failure_step=1.0,
    odd_step=0.5,
    alive_step=11.0,
    alarm_score=3.0,
    alarm_failures=3,
    alarm_span=0.0,
    alarm_span_max=0.0,
)
"""What simple monitors do."""
begin, plan, booked, step = (
    schedule.start_schedule,
    schedule.plan_next_poll,
    schedule.update_schedule,
    judge.judge_round,
)
__all__ = ["Memory", "RandomSource", "Schedule", "begin", "booked", "plan", "step"]


def restart_memory(memory: Memory) -> Memory:
    """What a program that starts anew finds on the disk."""
    return Memory(saved=from_json(SavedMemory, to_json(memory.saved)))


def woken(limits: Limits) -> PollPlan:
    """What is asked when the computer wakes."""
    return schedule.plan_full_poll(limits, "the computer slept")


def page_asked(schedule: Schedule) -> float | None:
    """When the page was asked last, on the awake clock; None: not since the start."""
    return schedule.polled_at.get(PAGE)


def asks_components(planned: PollPlan) -> bool:
    """Whether a look at the page asks for the whole list of components too."""
    return bool(planned.components)


def requests(planned: PollPlan, round_: Round) -> tuple[int, int]:
    """Requests of one look: to OpenAI's page and hosts, and to neutral ones to know whether it is us."""
    page = planned.page * (1 + asks_components(planned)) + planned.incidents + planned.native
    return page + len(planned.probes), 0 if round_.line.value == "unasked" else 1


def begins(told: Transition) -> bool:
    """Whether it tells of trouble that begins, or begins again."""
    again = told.change is TransitionKind.UPDATE and told.before is State.OPERATIONAL
    return told.change in (TransitionKind.START, TransitionKind.UNSTABLE) or again


def news(told: Transition) -> tuple[Transition, ...]:
    """What a notice tells of what began or ended; what came and went while nobody looked is neither."""
    parts = told.parts if told.change is TransitionKind.AWAY else (told,)
    happened = sorted(parts, key=lambda part: part.at)
    return tuple(part for part in happened if part.change is not TransitionKind.AWAY)


def transition_of(told: Transition, product: str) -> Transition:
    """What a notice says of one of its products, where each has its own dates."""
    return next((part for part in told.parts or told.members if product in part.products), told)


def is_green(verdict: Verdict) -> bool:
    """Whether the icon says without any doubt that all is well."""
    return verdict.state is State.OPERATIONAL and verdict.confirmed and not verdict.checking


def answers_since(verdict: Verdict, product: str) -> datetime | None:
    """Since when a product that OpenAI calls down is said to answer again from here; None where that is not said."""
    since: datetime | None = getattr(verdict.find_product(product), "answers_since", None)
    return since


def names_own_cause(verdict: Verdict, product: str) -> bool:
    """Whether a person is told that a product cannot be reached from here for a reason of this network."""
    if any(r.kind is ReasonKind.LOCAL_CAUSE and r.subject in ("", product) for r in verdict.reasons):
        return True
    said = verdict.find_product(product)
    return str(getattr(said, "reach", "")) == "unreachable_here"
