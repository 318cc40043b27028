"""Outages that run already when the program can first look: at waking, restart, first start, return of the line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import inf

from tools.prove import outage
from tools.prove.chance import chance
from tools.prove.client import Client
from tools.prove.figures import quantile, share
from tools.prove.heard import Heard
from tools.prove.jobs import Job, Results, Size, repeat_job
from tools.prove.noise import DAY, HOUR, MINUTE
from tools.prove.outage import Outage
from tools.prove.pages import editions
from tools.prove.rows import Row
from tools.prove.score import Score
from tools.prove.subject import PROGRAM
from tools.prove.world import Kind, Spell, World

_WAYS = ("waking", "restart", "first start", "return of the line")
_CASES = (
    *((way, outage.FULL_API) for way in _WAYS),
    # By time-outs a first start has never seen this network let anything through: the law has it say so, not tell.
    *((way, outage.FULL_API.by_time_outs()) for way in _WAYS if way != "first start"),
)
_LATE = 265.0


def measure_delay_from_first_look(way: str, kind: Outage, seed: object) -> float:
    """Seconds from the first chance to look to the notification; infinity if none comes within two hours."""
    rng = chance(seed, way)
    away = rng.uniform(20 * MINUTE, 9 * HOUR)
    back = 0.0 if way == "first start" else DAY + away
    start = 0.0 if way == "first start" else back - rng.uniform(5 * MINUTE, away)
    gone = {"waking": Kind.SLEEP, "restart": Kind.STOPPED, "return of the line": Kind.OFFLINE}
    pauses = [Spell(DAY, back, gone[way], heard=Heard.TIMEOUT)] if way in gone else []
    world = World([*outage.spells_of(kind, start, back + 2 * HOUR), *pauses], editions((), seed), seed)
    score = Score().keep(Client(world, PROGRAM, seed).live(back + 2 * HOUR), back, until_start=True)
    return score.starts[0].t - back if score.starts else inf


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Every way, by 5xx and by time-outs."""
    for way, kind in _CASES:
        key = ("running", f"{way}, {kind.name}", PROGRAM.name)
        yield from repeat_job(key, partial(measure_delay_from_first_look, way, kind), size.courses, seed, 20)


def rows(results: Results) -> list[Row]:
    """How many are told, how soon."""
    found = []
    note = "away for 20 min to 9 h after a day on this network; the first poll 10 s after waking"
    for way, kind in _CASES:
        after = results["running", f"{way}, {kind.name}", PROGRAM.name]
        what = f"an outage that runs at {way}, {'by time-outs' if kind.heard is Heard.TIMEOUT else 'by 5xx'}"
        hits = sum(t < inf for t in after)
        found += [
            Row(f"{what}: told", share(hits, len(after)), "share", 1.0, 2, note, at_least=True),
            Row(f"{what}: notified, p95", quantile(after, 0.95), "s", _LATE),
        ]
    return found
