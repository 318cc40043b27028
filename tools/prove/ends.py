"""How outages end that nobody posts, how often one is told as several, and what a restart does to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tools.prove import outage
from tools.prove.chance import chance
from tools.prove.client import Client
from tools.prove.figures import mean, quantile, rate, share
from tools.prove.jobs import Job, Results, Size, repeat_job
from tools.prove.noise import HOUR, MINUTE
from tools.prove.outage import Course, Outage
from tools.prove.pages import editions
from tools.prove.rows import Row
from tools.prove.score import Score
from tools.prove.subject import PROGRAM, Subject
from tools.prove.world import Kind, Spell, World

SHORT, LONG = 1 * HOUR, 2 * HOUR
"""How long whole outages last."""
_ENDS = (
    (outage.FULL_API, SHORT, 170.0, 200.0),
    (outage.FULL_API.by_time_outs(), SHORT, 170.0, 200.0),
    (outage.HALF_API, LONG, 430.0, 540.0),
    (outage.QUARTER_API, LONG, 860.0, 980.0),
)
"""Budgets: end told after the true end, median and 95 %."""
_STARTS = ((outage.QUARTER_API, 1.10), (outage.HALF_API, 1.05), (outage.FULL_ALL, 1.12))
_END_NOTICES = 1.15
_RESTARTS = ((outage.HALF_API, 0.005), (outage.QUARTER_API, 0.01))
_FALSE_WITHIN = 10 * MINUTE


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Whole outages from beginning to long after their end."""
    lengths = {(kind, length) for kind, length, *_ in _ENDS} | {(kind, LONG) for kind, _ in _STARTS}
    for kind, length in sorted(lengths, key=lambda one: (one[0].name, one[1])):
        yield from courses(kind, length, size.courses * (2 if kind.rate < 1.0 else 1), PROGRAM, seed)


def courses(
    kind: Outage, length: float, number: int, subject: Subject, seed: int, *, posted: bool = False
) -> Iterator[Job]:
    """So many outages of one kind and length."""
    work = partial(outage.whole, kind, subject, length=length, posted=posted)
    return repeat_job((_name(length, posted=posted), kind.name, subject.name), work, number, seed, 10)


def courses_of(
    results: Results, kind: Outage, length: float, subject: Subject, *, posted: bool = False
) -> list[Course]:
    """What was told of them."""
    return results[_name(length, posted=posted), kind.name, subject.name]


def _name(length: float, *, posted: bool) -> str:
    return f"{'posted' if posted else 'whole'} {length / HOUR:g} h"


def rows(results: Results) -> list[Row]:
    """Ends, starts, order."""
    found: list[Row] = []
    for kind, length, median, late in _ENDS:
        cleared = [c.cleared for c in courses_of(results, kind, length, PROGRAM)]
        what = f"unposted, {kind.name}, {length / HOUR:g} h: end told after the true end"
        found += [
            Row(f"{what}, median", quantile(cleared, 0.5), "s", median),
            Row(f"{what}, p95", quantile(cleared, 0.95), "s", late),
        ]
    for kind, budget in _STARTS:
        told = [float(c.starts) for c in courses_of(results, kind, LONG, PROGRAM)]
        found.append(Row(f"unposted, {kind.name}, 2 h: starts", mean(told), "on average", budget, 2))
    every = [courses_of(results, kind, length, PROGRAM) for kind, length, *_ in _ENDS]
    every += [courses_of(results, kind, LONG, PROGRAM) for kind, _ in _STARTS]
    full = [c for kind, length, *_ in _ENDS[:2] for c in courses_of(results, kind, length, PROGRAM)]
    broken = sum(c.disorder + c.left_open for courses in every for c in courses)
    return [
        *found,
        Row(
            "unposted, full, all three, 2 h: end notifications",
            mean([float(c.ends) for c in courses_of(results, outage.FULL_ALL, LONG, PROGRAM)]),
            "an outage", _END_NOTICES, 2,
        ),
        Row("starts without end, ends without start, in unposted outages", rate(broken, 1.0), "in all", 0.0),
        Row("flaps of full outages", rate(sum(c.flaps for c in full), len(full)), "an incident", 0.05, 3),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Restarted:
    """A program that was started anew while what it had told went on."""

    told_before: bool
    false_end: bool
    """Whether it told an end within ten minutes, while the outage went on."""


def restart(kind: Outage, seed: object) -> Restarted:
    """An unposted outage of four hours, and a restart of the program within the hour after it was told."""
    rng = chance(seed, "restart")
    start = rng.uniform(HOUR, 2 * HOUR)
    end = start + 4 * HOUR
    at, off = start + 1.5 * HOUR + rng.uniform(0.0, HOUR), rng.uniform(3.0, 30.0)
    stop = Spell(at, at + off, Kind.STOPPED)
    world = World([*outage.spells_of(kind, start, end), stop], editions((), seed), seed)
    score, open_before = Score(), False
    for seen in Client(world, PROGRAM, seed).live(at + off + _FALSE_WITHIN):
        if seen.t < at:
            score.count(seen)
            open_before = bool(score.open)
        elif seen.t > at + off:
            score.count(seen)
    return Restarted(open_before, open_before and any(e.t > at for e in score.ends))


def restart_jobs(size: Size, seed: int) -> Iterator[Job]:
    """Restarts inside unposted outages."""
    for kind, _ in _RESTARTS:
        yield from repeat_job(
            ("restart", kind.name, PROGRAM.name), partial(restart, kind), 10 * size.courses // 3, seed, 10
        )


def restart_rows(results: Results) -> list[Row]:
    """How many of them told a false end."""
    found = []
    for kind, budget in _RESTARTS:
        tried = [r for r in results["restart", kind.name, PROGRAM.name] if r.told_before]
        false = share(sum(r.false_end for r in tried), len(tried))
        note = "the program is off for 3 to 30 s; it keeps what the real store keeps"
        found.append(
            Row(
                f"restart in a told outage, {kind.name}: false end within 10 min",
                false,
                "share",
                budget,
                3,
                note,
            )
        )
    return found
