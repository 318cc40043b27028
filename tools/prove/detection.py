"""Outages that nobody posts: how soon they are noticed, on a quiet line and on others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from math import inf

from tools.prove import noise, outage
from tools.prove.figures import quantile, share
from tools.prove.jobs import Job, Results, Size, repeat_job
from tools.prove.noise import DAY, Noise
from tools.prove.outage import Outage
from tools.prove.rows import Row
from tools.prove.subject import PROGRAM, Subject

_BATCH = 50
_ROWS: tuple[tuple[str, tuple[Outage, ...], float | None, float, float], ...] = (
    ("full, API or ChatGPT alone", (outage.FULL_API, outage.FULL_CHATGPT), 110, 200, 265),
    ("full, Login alone", (outage.FULL_LOGIN,), 190, 280, 410),
    ("full, all three", (outage.FULL_ALL,), 70, 160, 235),
    ("50 % failing, API", (outage.HALF_API,), None, 335, 920),
    ("25 % failing, API or ChatGPT", (outage.QUARTER_API, outage.QUARTER_CHATGPT), None, 750, 2350),
    ("25 % failing, all three", (outage.QUARTER_ALL,), None, 435, 1150),
)
"""What fails; then the budgets in seconds: median to "checking", median and 95 % to the notification."""
BY_TIME_OUTS = (
    *(kind.by_time_outs() for kind in (outage.FULL_API, outage.FULL_ALL, outage.QUARTER_API)),
    outage.FULL_ALL.with_the_page(),
)
LEARNT = DAY
"""What a client knows of its line before the outage."""
_WITHIN = 600.0


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """On a quiet line: by signed 5xx, and some by time-outs."""
    for kind in outage.KINDS:
        yield from trials(kind, size.trials, PROGRAM, seed)
    for kind in BY_TIME_OUTS:
        yield from trials(kind, max(1, size.trials // 4), PROGRAM, seed)


def trials(kind: Outage, number: int, subject: Subject, seed: int) -> Iterator[Job]:
    """So many outages of one kind."""
    work = partial(outage.live_through_unposted, kind, subject)
    return repeat_job(("unposted", kind.name, subject.name), work, number, seed, _BATCH)


def rows(results: Results) -> list[Row]:
    """The delays."""
    found = []
    for name, kinds, checking, median, late in _ROWS:
        noticed = [t for kind in kinds for t in results["unposted", kind.name, PROGRAM.name]]
        what, told, note = (
            f"unposted, {name}",
            [t.told for t in noticed],
            "by signed 5xx, quiet line, constant rate",
        )
        seen = quantile([t.checking for t in noticed], 0.5)
        found += [
            Row(f"{what}: to “checking”, median", seen, "s", checking),
            Row(f"{what}: to the notification, median", quantile(told, 0.5), "s", median, assumed=note),
            Row(f"{what}: to the notification, p95", quantile(told, 0.95), "s", late, assumed=note),
        ]
    for kind in BY_TIME_OUTS:
        told = [t.told for t in results["unposted", kind.name, PROGRAM.name]]
        found += [
            Row(f"unposted, {kind.name}: to the notification, {n}", quantile(told, q), "s")
            for n, q in _QUANTILES
        ]
    return found


_QUANTILES = (("median", 0.5), ("p95", 0.95))
_LINES: tuple[tuple[Noise, Outage, str, float | None], ...] = (
    (noise.BAD, outage.FULL_API, "by 5xx", 0.95),
    (noise.BAD, outage.FULL_API.by_time_outs(), "by time-outs", 0.95),
    (noise.BAD, outage.FULL_CHATGPT, "by 5xx", None),
    (noise.NORMAL, outage.FULL_API, "by 5xx", None),
    (noise.NORMAL, outage.FULL_API.by_time_outs(), "by time-outs", None),
    (noise.NORMAL, outage.QUARTER_API, "by 5xx", None),
)


def line_jobs(size: Size, seed: int) -> Iterator[Job]:
    """On a line with faults of its own, which go on meanwhile."""
    for line, kind, _, _ in _LINES:
        number = max(1, size.courses * (2 if line is noise.BAD else 1) // 3)
        key = ("unposted", f"{line.name}: {kind.name}", PROGRAM.name)
        yield from repeat_job(key, partial(_on_line, kind, line), number, seed, 4)


def _on_line(kind: Outage, line: Noise, seed: object) -> outage.Noticed:
    # Sleep or a portal in the midst of it would measure the sleep.
    awake = replace(line, sleeps=0.0, offline=0.0, portals=0.0, edges=0.0, local=0.0, answers=0.0)
    return outage.live_through_unposted(kind, PROGRAM, seed, awake, LEARNT)


def line_rows(results: Results) -> list[Row]:
    """How many are told within 10 min, and how soon."""
    found = []
    for line, kind, manner, budget in _LINES:
        told = [t.told for t in results["unposted", f"{line.name}: {kind.name}", PROGRAM.name]]
        soon, what = sum(t <= _WITHIN for t in told), f"{line.name}: {kind.name.split(', by')[0]}, {manner}"
        note = (
            f"requests fail by themselves {line.fault_rate:.1%}, paths {line.glitches:g} times a day a host "
            f"for {line.glitch:g} s in the mean; a day learnt; no sleep"
        )
        found += [
            Row(
                f"{what}: told within 10 min", share(soon, len(told)), "share", budget, 2, note, at_least=True
            ),
            Row(f"{what}: notified, median", quantile(told or [inf], 0.5), "s"),
        ]
    return found
