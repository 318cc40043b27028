"""The budgets, each beside what was measured."""

from __future__ import annotations

from typing import Any

from tests.prove import noise, outage
from tests.prove.figures import Figure, mean, quantile, rate
from tests.prove.jobs import Results
from tests.prove.outage import Outage
from tests.prove.rows import Row
from tests.prove.subject import PROGRAM

UNPOSTED: tuple[tuple[str, tuple[Outage, ...], float | None, float, float], ...] = (
    ("full, API or ChatGPT alone", (outage.FULL_API, outage.FULL_CHATGPT), 110, 200, 265),
    ("full, Login alone", (outage.FULL_LOGIN,), 190, 280, 410),
    ("full, all three", (outage.FULL_ALL,), 70, 160, 235),
    ("50 % failing, API", (outage.HALF_API,), None, 335, 920),
    ("25 % failing, API or ChatGPT", (outage.QUARTER_API, outage.QUARTER_CHATGPT), None, 750, 2350),
    ("25 % failing, all three", (outage.QUARTER_ALL,), None, 435, 1150),
)
"""What fails; then the budgets in seconds: median to "checking", median and 95 % to the notification."""
FALSE_STARTS = (
    (noise.CLEAN, 0.03),
    (noise.NORMAL, 0.15),
    (noise.SLIP_1, 0.2),
    (noise.SLIP_5, None),
    (noise.BAD, 0.5),
)
GATED = (noise.CLEAN, noise.NORMAL, noise.BAD, noise.OWN_FAULT)
"""Weeks in which the neutral hosts tell the truth."""
COURSES = (
    ("whole", outage.FULL_API), ("whole", outage.FULL_ALL), ("posted", outage.FULL_API), ("posted", outage.QUARTER_API)
)  # fmt: skip


def budgets(results: Results) -> list[Row]:
    """Every row that has a budget."""
    return [*delays(results), *false_starts(results), *never(results), *order(results)]


def delays(results: Results) -> list[Row]:
    """How soon an outage that nobody posts is noticed."""
    rows = []
    for name, kinds, checking, median, late in UNPOSTED:
        trials = [t for kind in kinds for t in results["unposted", kind.name, PROGRAM.name]]
        told, what = [t.told for t in trials], f"unposted, {name}"
        seen = quantile([t.checking for t in trials], 0.5)
        rows += [
            Row(f"{what}: to “checking”, median", seen, "s", checking),
            Row(f"{what}: to the notification, median", quantile(told, 0.5), "s", median),
            Row(f"{what}: to the notification, p95", quantile(told, 0.95), "s", late),
        ]
    return rows


def false_starts(results: Results) -> list[Row]:
    """What is told in weeks without any trouble of OpenAI's."""
    return [
        Row(f"false starts, {kind.name}", weekly(results["weeks", kind.name, PROGRAM.name], "starts"), "a client-week", b, 3)
        for kind, b in FALSE_STARTS
    ] + [
        Row(f"false notifications, ends included, {kind.name}", weekly(results["weeks", kind.name, PROGRAM.name], "notices"), "a client-week", None, 3)
        for kind, _ in FALSE_STARTS
    ]  # fmt: skip


def never(results: Results) -> list[Row]:
    """What must not happen at all."""
    gated = [w for kind in GATED for w in results["weeks", kind.name, PROGRAM.name]]
    own = results["weeks", noise.OWN_FAULT.name, PROGRAM.name]
    answers = results["weeks", noise.ANSWERS.name, PROGRAM.name]
    return [
        Row("told while offline or in a portal", weekly(gated, "while_offline"), "a client-week", 0.0, 3),
        Row(
            "told because of the own line, proxy, sleep or clock",
            weekly(own, "notices"),
            "a client-week",
            0.0,
            3,
        ),
        Row("told because of 401, 403, 429 or region", weekly(answers, "notices"), "a client-week", 0.0, 3),
        *(
            Row(
                f"wrong cause: told while offline, {kind.name}",
                _wrong(results, kind),
                "a client-week",
                None,
                3,
            )
            for kind in (noise.SLIP_1, noise.SLIP_5)
        ),
    ]


def _wrong(results: Results, kind: noise.Noise) -> Figure:
    return weekly(results["weeks", kind.name, PROGRAM.name], "while_offline")


def order(results: Results) -> list[Row]:
    """One start and one end for what is told, and few of them."""
    courses = [c for kind, what in COURSES for c in results[kind, what.name, PROGRAM.name]]
    replays = results["replay", "history", PROGRAM.name]
    broken = [*(c.disorder + c.left_open for c in courses), *(r.disorder + r.left_open for r in replays)]
    quarter = results["whole", outage.QUARTER_API.name, PROGRAM.name]
    return [
        Row("starts without end, ends without start, in outages and replay", rate(sum(broken), 1.0), "in all", 0.0),
        Row("flaps of full outages", rate(sum(c.flaps for c in _full(results)), len(_full(results))), "an incident", 0.05, 3),
        Row("flaps in the replay", flaps(replays), "an incident told", 0.05, 3),
        Row("a quarter outage of two hours: starts", mean([float(c.starts) for c in quarter]), "on average", 1.8, 2),
    ]  # fmt: skip


def _full(results: Results) -> list[Any]:
    return [c for kind, what in COURSES[:3] for c in results[kind, what.name, PROGRAM.name]]


def flaps(replays: list[Any]) -> Figure:
    """Starts beyond the first of each trouble that was told."""
    starts = [n for r in replays for n in r.starts if n]
    return rate(sum(starts) - len(starts), len(starts))


def weekly(found: list[Any], what: str) -> Figure:
    """Events a client-week."""
    return rate(sum(getattr(w, what) for w in found), sum(w.weeks for w in found))
