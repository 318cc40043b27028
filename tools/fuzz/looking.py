"""A look at the world: what a planned round brings."""

from __future__ import annotations

from random import Random

from tools.fuzz.world import AWAY, World
from trayapp.model import (
    ConnectionState,
    Limits,
    Miss,
    Moment,
    Outcome,
    PollPlan,
    ProbeResult,
    ProbeSpec,
    Round,
)

_STATUS = {Outcome.ALIVE: 401, Outcome.ODD: 404, Outcome.NEUTRAL: 429}


def look(world: World, plan: PollPlan, now: Moment, limits: Limits, rng: Random) -> Round:
    """The round; the connection is asked after where something failed, as the real sources do."""
    probes = tuple(_answer(world, spec, rng) for spec in limits.probes if spec.name in plan.probes)
    failed = any(p.outcome in {Outcome.FAILURE, Outcome.LOCAL} for p in probes)
    reading = None
    if plan.page or (plan.page_if_failing and failed):
        reading = world.reading(past=plan.incidents, plain=plan.unconditional)
    in_doubt = failed or isinstance(reading, Miss)
    return Round(
        now,
        reading,
        world.native_feed() if plan.native else None,
        probes,
        world.line if in_doubt else ConnectionState.NOT_CHECKED,
        world.network if in_doubt or plan.network else "",
    )


def _answer(world: World, spec: ProbeSpec, rng: Random) -> ProbeResult:
    found, signed = world.answers.get(spec.name, (Outcome.ALIVE, False))
    if isinstance(found, float):
        found = Outcome.FAILURE if rng.random() < found else Outcome.ALIVE
    if world.line in AWAY or world.line is ConnectionState.EDGE:
        found, signed = Outcome.FAILURE, False
    signed = signed and found is Outcome.FAILURE
    status = 503 if signed else _STATUS.get(found)
    return ProbeResult(spec.name, spec.product, found, status=status, elapsed_ms=120, signed=signed)
