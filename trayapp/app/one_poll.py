"""Polls once and judges the round from empty memory, for commands without the running program. Stores nothing."""

from __future__ import annotations

from dataclasses import dataclass

from trayapp.app.context import CommandContext, create_sources
from trayapp.core import judge
from trayapp.core.state.memory import Memory
from trayapp.desktop.clocks import create_clock
from trayapp.model import PollPlan, Round, Verdict


@dataclass(frozen=True)
class OnePoll:
    """One round, and the memory and verdict that the judge derives from it alone."""

    round: Round
    memory: Memory
    verdict: Verdict


def poll_once(context: CommandContext, *, incidents: bool = False, native: bool = True) -> OnePoll:
    """Poll the page and every probe; `incidents`: past incidents too; `native`: the page's native feed too."""
    http, sources = create_sources(context)
    limits = context.config.build_limits()
    probes = tuple(spec.name for spec in limits.probes)
    plan = PollPlan(
        wait=0.0, reason="asked for", page=True, incidents=incidents, native=native, probes=probes
    )
    try:
        round_ = sources.poll(plan, create_clock())
    finally:
        http.close()
    memory, verdict, _ = judge.judge_round(Memory(), round_, limits)
    return OnePoll(round_, memory, verdict)
