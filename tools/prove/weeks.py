"""Weeks without any trouble of OpenAI's: what is told in them is false."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tools.prove import noise, noisy
from tools.prove.figures import Figure, rate
from tools.prove.jobs import Job, Results, Size
from tools.prove.rows import Row
from tools.prove.subject import PROGRAM, Subject

CLIENT_WEEKS = 5.0
"""Weeks that one client lives: long enough to learn its line, short enough to share out the work."""
_KINDS = (
    # Where much is told, as on a bad line, fewer weeks say as much.
    (noise.BAD, 0.1), (noise.CLEAN, 1.0), (noise.NORMAL, 1.0), (noise.SLIP_1, 0.6), (noise.SLIP_5, 0.2),
    (noise.AS_LIVED, 0.3), (noise.OWN_FAULT, 0.2), (noise.ANSWERS, 0.1),
)  # fmt: skip
_FALSE_STARTS = (
    (noise.CLEAN, 0.03),
    (noise.NORMAL, 0.15),
    (noise.SLIP_1, 0.2),
    (noise.SLIP_5, None),
    (noise.BAD, 0.5),
    (noise.AS_LIVED, None),
)
_GATED = (noise.CLEAN, noise.NORMAL, noise.BAD, noise.OWN_FAULT)
"""Weeks in which the neutral hosts tell the truth."""


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """All weeks of the program."""
    for kind, part in _KINDS:
        yield from week_jobs(kind, size.weeks * part, PROGRAM, seed)


def week_jobs(kind: noise.Noise, number: float, subject: Subject, seed: int) -> Iterator[Job]:
    """So many weeks of one kind, shared out among clients."""
    n = 0
    while number > 0.0:
        each = min(CLIENT_WEEKS, number)
        work = partial(_one, kind, subject, each, (seed, kind.name, n))
        yield Job(("weeks", kind.name, subject.name), work)
        number, n = number - each, n + 1


def _one(kind: noise.Noise, subject: Subject, number: float, seed: object) -> list[noisy.Weeks]:
    return [noisy.weeks(kind, subject, number, seed)]


def rows(results: Results) -> list[Row]:
    """False starts, and what must not happen at all."""
    found = {kind.name: results["weeks", kind.name, PROGRAM.name] for kind, _ in _KINDS}
    a_week = "a client-week"
    return [
        *(
            Row(f"false starts, {k.name}", weekly(found[k.name], "starts"), a_week, b, 3, k.assumed)
            for k, b in _FALSE_STARTS
        ),
        *(
            Row(f"false notifications, ends included, {k.name}", weekly(found[k.name], "notices"), a_week, None, 3)
            for k, _ in _FALSE_STARTS
        ),
        Row(
            "told while offline or in a portal",
            weekly([w for k in _GATED for w in found[k.name]], "while_offline"), a_week, 0.0, 3,
        ),
        Row(
            "told because of the own line, proxy, sleep or clock",
            weekly(found[noise.OWN_FAULT.name], "notices"), a_week, 0.0, 3,
        ),
        Row(
            "told as trouble at Cloudflare's edge, which it was, normal",
            weekly(found[noise.NORMAL.name], "edges"), a_week, None, 3, "an edge fails for 20 min in the mean",
        ),
        Row("told because of 401, 403, 429 or region", weekly(found[noise.ANSWERS.name], "notices"), a_week, 0.0, 3),
        *(
            Row(f"wrong cause: told while offline, {k.name}", weekly(found[k.name], "while_offline"), a_week, None, 3)
            for k in (noise.SLIP_1, noise.SLIP_5)
        ),
    ]  # fmt: skip


def weekly(found: list[Any], what: str) -> Figure:
    """Events a client-week."""
    return rate(sum(getattr(w, what) for w in found), sum(w.weeks for w in found))
