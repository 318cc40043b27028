"""Outages that are on the page: from its word of calm to the green icon and the end that is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import inf

from tools.prove import ends, outage
from tools.prove.chance import chance
from tools.prove.client import Client
from tools.prove.figures import quantile, rate
from tools.prove.jobs import Job, Results, Size, repeat_job
from tools.prove.noise import HOUR, MINUTE
from tools.prove.pages import Posting, editions
from tools.prove.rows import Row
from tools.prove.score import Score
from tools.prove.subject import PROGRAM
from tools.prove.world import Habits, World
from trayapp.model import Stage, State

KEPT_COPIES = 60.0
_ICON = 1.1 * 120.0 + 60.0
"""One interval with its jitter, and the time that caches lag."""
_CACHES = "two caches disagree for 10 to 60 s after each change, with even odds at each fetch"
_COPIES = f"each of two caches keeps its copy for {KEPT_COPIES:g} s and says how old it is"


@dataclass(frozen=True, slots=True)
class Read:
    """What followed a word of the page, in seconds after it; infinity if nothing did."""

    told: float
    """From the post to the start that was told."""
    shown: float
    """From the post to an icon that is not green."""
    green: float
    """From the page's calm to a green icon."""
    ended: float
    """From the page's calm to the end that was told."""
    notices: int
    lasted: float
    """From the post to the page's calm."""


def read(copies: float, seed: object) -> Read:
    """An outage that no probe sees, posted and taken back after 15 min to 3 h without a word of a fix being watched."""
    rng = chance(seed, "posted")
    post = rng.uniform(HOUR, 2 * HOUR)
    calm = post + rng.uniform(15 * MINUTE, 3 * HOUR)
    product = rng.choice(("ChatGPT", "APIs", "Codex"))
    impact = rng.choice((State.PARTIAL, State.MAJOR))
    stages = (post, Stage.INVESTIGATING), (calm, Stage.RESOLVED)
    versions = editions([Posting("posted", "Elevated error rates", (product,), impact, stages)], seed)
    score, shown = Score(), inf
    for seen in Client(World((), versions, seed, Habits(copies=copies)), PROGRAM, seed).live(calm + HOUR):
        score.count(seen)
        if seen.t >= post and score.green_at is None:
            shown = min(shown, seen.t)
    return Read(
        score.starts[0].t - post if score.starts else inf,
        shown - post,
        score.green_at - calm if score.green_at is not None else inf,
        score.ends[-1].t - calm if score.ends else inf,
        score.notices,
        calm - post,
    )


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Outages of the page alone, and such as probes see first."""
    number = max(2, size.trials // 5)
    yield from repeat_job(("read", "editions", PROGRAM.name), partial(read, 0.0), number, seed, 20)
    yield from repeat_job(("read", "copies", PROGRAM.name), partial(read, KEPT_COPIES), number // 4, seed, 20)
    for kind in (outage.FULL_API, outage.QUARTER_API):
        yield from ends.courses(kind, ends.LONG, size.courses, PROGRAM, seed, posted=True)


def rows(results: Results) -> list[Row]:
    """Delays after the page's words."""
    found = []
    for key, note, budgets in (
        ("editions", _CACHES, (70.0, 125.0, 115.0, 165.0)),
        (
            "short",
            f"{_CACHES}; after two hours law 7 has the page asked every 120 s",
            (70.0, 125.0, 115.0, 165.0),
        ),
        ("copies", _COPIES, (None,) * 4),
    ):
        trials = results["read", "editions" if key == "short" else key, PROGRAM.name]
        if key == "short":
            trials = [t for t in trials if t.lasted < 2 * HOUR] or trials
        what = {
            "editions": "posted",
            "short": "posted, over within two hours",
            "copies": "posted, caches that keep copies",
        }[key]
        green, ended = [t.green for t in trials], [t.ended for t in trials]
        found += [
            Row(
                f"{what}: trouble to icon, median",
                quantile([t.shown for t in trials], 0.5),
                "s",
                assumed=note,
            ),
            Row(
                f"{what}: trouble to icon, p95",
                quantile([t.shown for t in trials], 0.95),
                "s",
                _ICON if key == "editions" else None,
                assumed=note,
            ),
            Row(
                f"{what}: trouble to notification, p95",
                quantile([t.told for t in trials], 0.95),
                "s",
                _ICON + 20.0 if key == "editions" else None,
                assumed=note,
            ),
            Row(f"{what}: calm to green icon, median", quantile(green, 0.5), "s", budgets[0], assumed=note),
            Row(f"{what}: calm to green icon, p95", quantile(green, 0.95), "s", budgets[1], assumed=note),
            Row(f"{what}: calm to end told, median", quantile(ended, 0.5), "s", budgets[2], assumed=note),
            Row(f"{what}: calm to end told, p95", quantile(ended, 0.95), "s", budgets[3], assumed=note),
        ]
    courses = [
        c
        for k in (outage.FULL_API, outage.QUARTER_API)
        for c in ends.courses_of(results, k, ends.LONG, PROGRAM, posted=True)
    ]
    broken = sum(c.disorder + c.left_open for c in courses)
    return [
        *found,
        Row("starts without end, ends without start, in posted outages", rate(broken, 1.0), "in all", 0.0),
    ]
