"""`wait`: polls as the tray program does until all is fine, or until there is trouble. Writes no file.

Laws are those of `docs/law.md`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from trayapp.app.context import CommandContext, create_sources, dice
from trayapp.app.exit_codes import EXIT_UNKNOWN
from trayapp.core.polling.poll_times import RandomSource
from trayapp.core.schedule import plan_full_poll, start_schedule
from trayapp.core.state.connection import stale_after
from trayapp.core.state.memory import Memory
from trayapp.core.state.product_context import find_probes
from trayapp.core.wording.headline import status_sentence
from trayapp.desktop.clocks import create_clock
from trayapp.engine.step import Progress, take_step
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
"""Number of readings in a row, 20 s apart, in which the page must say that all is well."""
_ANSWERED_OUTCOMES = frozenset({Outcome.ALIVE, Outcome.ODD, Outcome.NEUTRAL, Outcome.LOCAL})
"""Outcomes of a probe that was answered, or that fails for a reason on this computer."""
MAX_SLEEP = 30.0
"""Real seconds after which a wait checks the clock, as the computer may have slept."""


class WaitTarget(StrEnum):
    """The state that a wait ends at."""

    FINE = "fine"
    """Every followed product works or is under maintenance, and earlier trouble is over by law 7."""
    TROUBLE = "trouble"
    """A followed product is degraded or worse, certain enough for a notification."""


@dataclass(frozen=True, slots=True)
class WaitPorts:
    """The functions through which a wait polls, reads the clock, sleeps and draws random numbers."""

    poll: Callable[[PollPlan], Round]
    now: Callable[[], Moment]
    sleep: Callable[[float], None]
    """Sleeps for that many seconds of `now`, or less."""
    dice: RandomSource


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Wait, and return how it ended as the exit status. Raises KeyboardInterrupt for Ctrl-C."""
    http, sources = create_sources(context)
    now = create_clock(context.pace)
    ports = WaitPorts(
        poll=lambda plan: sources.poll(plan, now),
        now=now,
        sleep=lambda seconds: time.sleep(min(MAX_SLEEP, seconds / context.pace)),
        dice=dice,
    )
    prints_verdicts = context.verbose or sys.stdout.isatty()

    newest = ""

    def show(verdict: Verdict) -> None:
        nonlocal newest
        newest = status_sentence(context.speech, verdict)
        if prints_verdicts:
            print(f"{context.speech.clock_time(verdict.at)}  {newest}", flush=True)

    try:
        status = wait_for_target(
            ports, context.config.build_limits(), WaitTarget(arguments.target), arguments.timeout, show
        )
    finally:
        http.close()
    if status != EXIT_REACHED:
        print(" ".join(filter(None, (_failure_text(context, status), newest))), file=sys.stderr)
    return status


def wait_for_target(
    ports: WaitPorts, limits: Limits, target: WaitTarget, timeout: float, show: Callable[[Verdict], None]
) -> int:
    """Wait for at most `timeout` seconds and return the exit status; `show` gets each verdict that differs."""
    limits = replace(limits, level=Level.PROBLEMS)
    # Start as known and fine: trouble in the first reading is then a change, which counts after a second reading.
    memory = Memory(saved=SavedMemory(products=dict.fromkeys(limits.follow, SavedProduct())))
    start = last_known = ports.now()
    progress = Progress(memory, start_schedule(start, limits, ports.dice))
    last_key, fine = None, 0
    plan = plan_full_poll(limits, "the wait begins")
    while True:
        gives_up = last_known.awake + stale_after(progress.memory, limits)
        if _sleep_until(ports, min(ports.now().awake + plan.wait, gives_up), start.boot + timeout):
            return EXIT_TIMED_OUT
        if ports.now().awake >= gives_up:
            return EXIT_UNKNOWN
        round_ = ports.poll(plan)
        progress, verdict, _ = take_step(progress, plan, round_, limits, ports.dice)
        if (key := _verdict_key(verdict)) != last_key:
            show(verdict)
            last_key = key
        if isinstance(round_.page, PageReading):
            fine = fine + 1 if _is_page_fine(progress.memory, limits) else 0
        if _is_reached(target, progress.memory, verdict, limits) and (
            target is WaitTarget.TROUBLE or fine >= FINE_READINGS
        ):
            return EXIT_REACHED
        if isinstance(round_.page, PageReading) and all(p.state.is_known for p in verdict.products):
            last_known = round_.moment
        plan = progress.plan_next(ports.now(), limits)
        if target is WaitTarget.FINE and 0 < fine < FINE_READINGS:
            # After the first fine reading, read again soon instead of at the next usual poll.
            plan = replace(plan, page=True, wait=min(plan.wait, limits.second_reading_after))


def _failure_text(context: CommandContext, status: int) -> str:
    speech = context.speech
    if status == EXIT_TIMED_OUT:
        return speech.say("The time is up.")
    length = speech.duration_text(stale_after(Memory(), context.config.build_limits()))
    return speech.say("OpenAI's status could not be determined for {time}.", time=length)


def _sleep_until(ports: WaitPorts, due: float, ends: float) -> bool:
    """Sleep until `due` on the awake clock; return True if `ends` on the boot clock came first."""
    while (left := due - ports.now().awake) > 0.0:
        if (time_left := ends - ports.now().boot) <= 0.0:
            return True
        ports.sleep(min(left, time_left))
    return False


def _is_page_fine(memory: Memory, limits: Limits) -> bool:
    """Whether the last reading shows no followed product in trouble."""
    states = [memory.readings[name].state for name in limits.follow if name in memory.readings]
    return all(state is not None and not state.is_trouble for state in states)


def _is_reached(target: WaitTarget, memory: Memory, verdict: Verdict, limits: Limits) -> bool:
    notified = [p for p in verdict.products if memory.saved.products[p.name].told.is_trouble]
    if target is WaitTarget.TROUBLE:
        return bool(notified)
    own_products = {spec.product for name in limits.follow for spec in find_probes(memory, name, limits)}
    results = [memory.probe_results.get(spec.name) for spec in limits.probes if spec.product in own_products]
    answered = all(result is not None and result.outcome in _ANSWERED_OUTCOMES for result in results)
    fine = verdict.state in {State.OPERATIONAL, State.MAINTENANCE} and not verdict.checking
    return fine and answered and all(p.state is State.MAINTENANCE for p in notified)


def _verdict_key(verdict: Verdict) -> tuple[object, ...]:
    """Return the parts of a verdict whose change makes it new to a person."""
    return verdict.state, *((p.state, p.confirmed, p.checking, p.recovering) for p in verdict.products)
