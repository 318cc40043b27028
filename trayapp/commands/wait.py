"""`wait`: look as the tray program does, until all is fine or something is wrong; nothing is written."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from trayapp.app.context import Prepared, dice, reached
from trayapp.app.exit_codes import COULD_NOT_TELL
from trayapp.core import judge
from trayapp.core.polling.poll_times import Dice
from trayapp.core.schedule import plan_full_poll, plan_next_poll, start_schedule, update_schedule
from trayapp.core.state.connection import stale_after
from trayapp.core.state.memory import Memory
from trayapp.core.state.product_state import probes_of
from trayapp.core.wording.headline import sentence
from trayapp.desktop.clocks import clock
from trayapp.model import (
    Kept,
    KeptProduct,
    Level,
    Limits,
    Moment,
    Outcome,
    Page,
    Plan,
    Round,
    State,
    Verdict,
)

REACHED, TIMED_OUT = 0, 3
FINE_READINGS = 2
"""So often the page must have said that all is well, 20 s apart."""
_ANSWERED = frozenset({Outcome.ALIVE, Outcome.ODD, Outcome.NEUTRAL, Outcome.LOCAL})
"""A probe was answered, or cannot be from here for a reason of our own."""
SLICE = 30.0
"""Real seconds after which a sleeping wait looks at the clock: the computer may have slept as well."""


class Target(StrEnum):
    """What is waited for."""

    FINE = "fine"
    """Every followed product works or is under maintenance, and what was wrong before is over as law 7 has it."""
    TROUBLE = "trouble"
    """One of them is degraded or worse, surely enough to be told."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What a wait reaches the world with."""

    look: Callable[[Plan], Round]
    now: Callable[[], Moment]
    sleep: Callable[[float], None]
    """Seconds of `now`."""
    dice: Dice


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Wait, and say by the exit status how it ended. Raises KeyboardInterrupt for Ctrl-C."""
    http, sources = reached(prepared)
    now = clock(prepared.pace)
    watch = Watch(
        look=lambda plan: sources.look(plan, now),
        now=now,
        sleep=lambda seconds: time.sleep(min(SLICE, seconds / prepared.pace)),
        dice=dice,
    )
    talks = prepared.verbose or sys.stdout.isatty()

    newest = ""

    def show(verdict: Verdict) -> None:
        nonlocal newest
        newest = sentence(prepared.speech, verdict)
        if talks:
            print(f"{prepared.speech.clock(verdict.at)}  {newest}", flush=True)

    try:
        ended = wait(watch, prepared.config.limits(), Target(arguments.target), arguments.timeout, show)
    finally:
        http.close()
    if ended != REACHED:
        print(" ".join(filter(None, (_given_up(prepared, ended), newest))), file=sys.stderr)
    return ended


def wait(
    watch: Watch, limits: Limits, target: Target, timeout: float, show: Callable[[Verdict], None]
) -> int:
    """The exit status of a wait of at most `timeout` seconds; `show` is given each verdict that says something new."""
    limits = replace(limits, level=Level.PROBLEMS)
    # Known as fine before the first look: trouble at that look is then news, which counts when it was read twice.
    memory = Memory(kept=Kept(products=dict.fromkeys(limits.follow, KeptProduct())))
    start = told_last = watch.now()
    schedule = start_schedule(start, limits, watch.dice)
    shown, fine = None, 0
    plan = plan_full_poll(limits, "the wait begins")
    while True:
        gives_up = told_last.awake + stale_after(memory, limits)
        if _sleep(watch, min(watch.now().awake + plan.wait, gives_up), start.boot + timeout):
            return TIMED_OUT
        if watch.now().awake >= gives_up:
            return COULD_NOT_TELL
        round_ = watch.look(plan)
        memory, verdict, _ = judge.step(memory, round_, limits)
        schedule = update_schedule(schedule, memory, round_, limits, watch.dice, plan)
        if (news := _news(verdict)) != shown:
            show(verdict)
            shown = news
        if isinstance(round_.page, Page):
            fine = fine + 1 if _is_page_fine(memory, limits) else 0
        if _is_reached(target, memory, verdict, limits) and (
            target is Target.TROUBLE or fine >= FINE_READINGS
        ):
            return REACHED
        if isinstance(round_.page, Page) and all(p.state.is_known for p in verdict.products):
            told_last = round_.moment
        plan = plan_next_poll(schedule, memory, watch.now(), limits)
        if target is Target.FINE and 0 < fine < FINE_READINGS:
            # What is fine once is read again at once and not at the next usual poll.
            plan = replace(plan, page=True, wait=min(plan.wait, limits.second_reading_after))


def _given_up(prepared: Prepared, ended: int) -> str:
    speech = prepared.speech
    if ended == TIMED_OUT:
        return speech.say("The time is up.")
    blind = speech.duration(stale_after(Memory(), prepared.config.limits()))
    return speech.say("Nothing could be told for {time}.", time=blind)


def _sleep(watch: Watch, due: float, ends: float) -> bool:
    """Sleep until `due` (awake); whether it ended before, at `ends` (boot)."""
    while (left := due - watch.now().awake) > 0.0:
        if (time_left := ends - watch.now().boot) <= 0.0:
            return True
        watch.sleep(min(left, time_left))
    return False


def _is_page_fine(memory: Memory, limits: Limits) -> bool:
    """Whether the last reading itself says of nothing followed that it is in trouble."""
    words = [memory.words[name].state for name in limits.follow if name in memory.words]
    return all(state is not None and not state.is_trouble for state in words)


def _is_reached(target: Target, memory: Memory, verdict: Verdict, limits: Limits) -> bool:
    told = [p for p in verdict.products if memory.kept.products[p.name].told.is_trouble]
    if target is Target.TROUBLE:
        return bool(told)
    own_products = {spec.product for name in limits.follow for spec in probes_of(memory, name, limits)}
    asked = [memory.results.get(spec.name) for spec in limits.probes if spec.product in own_products]
    answered = all(result is not None and result.outcome in _ANSWERED for result in asked)
    fine = verdict.state in {State.OPERATIONAL, State.MAINTENANCE} and not verdict.checking
    return fine and answered and all(p.state is State.MAINTENANCE for p in told)


def _news(verdict: Verdict) -> tuple[object, ...]:
    """What makes a verdict another one to a person."""
    return verdict.state, *((p.state, p.confirmed, p.checking, p.recovering) for p in verdict.products)
