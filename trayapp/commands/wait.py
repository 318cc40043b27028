"""`wait`: look as the tray program does, until all is fine or something is wrong; nothing is written."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from trayapp.app.context import CommandContext, create_sources, dice
from trayapp.app.exit_codes import EXIT_UNKNOWN
from trayapp.core import judge
from trayapp.core.polling.poll_times import RandomSource
from trayapp.core.schedule import plan_full_poll, plan_next_poll, start_schedule, update_schedule
from trayapp.core.state.connection import stale_after
from trayapp.core.state.memory import Memory
from trayapp.core.state.product_state import find_probes
from trayapp.core.wording.headline import status_sentence
from trayapp.desktop.clocks import create_clock
from trayapp.model import (
    Level,
    Limits,
    Moment,
    Outcome,
    PageReading,
    PollPlan,
    Round,
    SavedMemory,
    SavedProduct,
    State,
    Verdict,
)

EXIT_REACHED, EXIT_TIMED_OUT = 0, 3
FINE_READINGS = 2
"""So often the page must have said that all is well, 20 s apart."""
_ANSWERED_OUTCOMES = frozenset({Outcome.ALIVE, Outcome.ODD, Outcome.NEUTRAL, Outcome.LOCAL})
"""A probe was answered, or cannot be from here for a reason of our own."""
MAX_SLEEP = 30.0
"""Real seconds after which a sleeping wait looks at the clock: the computer may have slept as well."""


class WaitTarget(StrEnum):
    """What is waited for."""

    FINE = "fine"
    """Every followed product works or is under maintenance, and what was wrong before is over as law 7 has it."""
    TROUBLE = "trouble"
    """One of them is degraded or worse, surely enough to be told."""


@dataclass(frozen=True, slots=True)
class WaitPorts:
    """What a wait reaches the world with."""

    poll: Callable[[PollPlan], Round]
    now: Callable[[], Moment]
    sleep: Callable[[float], None]
    """Seconds of `now`."""
    dice: RandomSource


def main(prepared: CommandContext, arguments: argparse.Namespace) -> int:
    """Wait, and say by the exit status how it ended. Raises KeyboardInterrupt for Ctrl-C."""
    http, sources = create_sources(prepared)
    now = create_clock(prepared.pace)
    watch = WaitPorts(
        poll=lambda plan: sources.poll(plan, now),
        now=now,
        sleep=lambda seconds: time.sleep(min(MAX_SLEEP, seconds / prepared.pace)),
        dice=dice,
    )
    talks = prepared.verbose or sys.stdout.isatty()

    newest = ""

    def show(verdict: Verdict) -> None:
        nonlocal newest
        newest = status_sentence(prepared.speech, verdict)
        if talks:
            print(f"{prepared.speech.clock_time(verdict.at)}  {newest}", flush=True)

    try:
        ended = wait_for_target(
            watch, prepared.config.build_limits(), WaitTarget(arguments.target), arguments.timeout, show
        )
    finally:
        http.close()
    if ended != EXIT_REACHED:
        print(" ".join(filter(None, (_failure_text(prepared, ended), newest))), file=sys.stderr)
    return ended


def wait_for_target(
    watch: WaitPorts, limits: Limits, target: WaitTarget, timeout: float, show: Callable[[Verdict], None]
) -> int:
    """The exit status of a wait of at most `timeout` seconds; `show` is given each verdict that says something new."""
    limits = replace(limits, level=Level.PROBLEMS)
    # Known as fine before the first look: trouble at that look is then news, which counts when it was read twice.
    memory = Memory(saved=SavedMemory(products=dict.fromkeys(limits.follow, SavedProduct())))
    start = told_last = watch.now()
    schedule = start_schedule(start, limits, watch.dice)
    shown, fine = None, 0
    plan = plan_full_poll(limits, "the wait begins")
    while True:
        gives_up = told_last.awake + stale_after(memory, limits)
        if _sleep_until(watch, min(watch.now().awake + plan.wait, gives_up), start.boot + timeout):
            return EXIT_TIMED_OUT
        if watch.now().awake >= gives_up:
            return EXIT_UNKNOWN
        round_ = watch.poll(plan)
        memory, verdict, _ = judge.judge_round(memory, round_, limits)
        schedule = update_schedule(schedule, memory, round_, limits, watch.dice, plan)
        if (news := _verdict_key(verdict)) != shown:
            show(verdict)
            shown = news
        if isinstance(round_.page, PageReading):
            fine = fine + 1 if _is_page_fine(memory, limits) else 0
        if _is_reached(target, memory, verdict, limits) and (
            target is WaitTarget.TROUBLE or fine >= FINE_READINGS
        ):
            return EXIT_REACHED
        if isinstance(round_.page, PageReading) and all(p.state.is_known for p in verdict.products):
            told_last = round_.moment
        plan = plan_next_poll(schedule, memory, watch.now(), limits)
        if target is WaitTarget.FINE and 0 < fine < FINE_READINGS:
            # What is fine once is read again at once and not at the next usual poll.
            plan = replace(plan, page=True, wait=min(plan.wait, limits.second_reading_after))


def _failure_text(prepared: CommandContext, ended: int) -> str:
    speech = prepared.speech
    if ended == EXIT_TIMED_OUT:
        return speech.say("The time is up.")
    blind = speech.duration_text(stale_after(Memory(), prepared.config.build_limits()))
    return speech.say("OpenAI's status could not be determined for {time}.", time=blind)


def _sleep_until(watch: WaitPorts, due: float, ends: float) -> bool:
    """Sleep until `due` (awake); whether it ended before, at `ends` (boot)."""
    while (left := due - watch.now().awake) > 0.0:
        if (time_left := ends - watch.now().boot) <= 0.0:
            return True
        watch.sleep(min(left, time_left))
    return False


def _is_page_fine(memory: Memory, limits: Limits) -> bool:
    """Whether the last reading itself says of nothing followed that it is in trouble."""
    words = [memory.readings[name].state for name in limits.follow if name in memory.readings]
    return all(state is not None and not state.is_trouble for state in words)


def _is_reached(target: WaitTarget, memory: Memory, verdict: Verdict, limits: Limits) -> bool:
    told = [p for p in verdict.products if memory.saved.products[p.name].told.is_trouble]
    if target is WaitTarget.TROUBLE:
        return bool(told)
    own_products = {spec.product for name in limits.follow for spec in find_probes(memory, name, limits)}
    asked = [memory.probe_results.get(spec.name) for spec in limits.probes if spec.product in own_products]
    answered = all(result is not None and result.outcome in _ANSWERED_OUTCOMES for result in asked)
    fine = verdict.state in {State.OPERATIONAL, State.MAINTENANCE} and not verdict.checking
    return fine and answered and all(p.state is State.MAINTENANCE for p in told)


def _verdict_key(verdict: Verdict) -> tuple[object, ...]:
    """What makes a verdict another one to a person."""
    return verdict.state, *((p.state, p.confirmed, p.checking, p.recovering) for p in verdict.products)
