"""Polls once and judges it from empty memory, for the commands that ask by themselves. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass

from trayapp.app.context import Prepared, reached
from trayapp.core import judge
from trayapp.core.state.memory import Memory
from trayapp.desktop.clocks import clock
from trayapp.model import Plan, Round, Verdict


@dataclass(frozen=True)
class OnePoll:
    """One round, and what the judge makes of it without any past."""

    round: Round
    memory: Memory
    verdict: Verdict


def poll_once(prepared: Prepared, *, incidents: bool = False, native: bool = True) -> OnePoll:
    """Asks the page and every probe. `incidents`: past ones too; `native`: the native feed too."""
    http, sources = reached(prepared)
    limits = prepared.config.limits()
    probes = tuple(spec.name for spec in limits.probes)
    plan = Plan(wait=0.0, why="asked for", page=True, incidents=incidents, native=native, probes=probes)
    try:
        round_ = sources.look(plan, clock())
    finally:
        http.close()
    memory, verdict, _ = judge.step(Memory(), round_, limits)
    return OnePoll(round_, memory, verdict)
