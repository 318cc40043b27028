"""Requests a day, in calm and in trouble that goes on for a week."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tools.prove import outage
from tools.prove.client import Client
from tools.prove.figures import exactly
from tools.prove.jobs import Job, Results, Size, repeat_job
from tools.prove.noise import DAY, HOUR, WEEK
from tools.prove.outage import Outage
from tools.prove.pages import Posting, editions
from tools.prove.rows import Row
from tools.prove.score import Score
from tools.prove.subject import PROGRAM
from tools.prove.world import World
from trayapp.model import Stage, State

_CASES: tuple[tuple[str, Outage | None, bool, float, float | None], ...] = (
    ("a calm day", None, False, DAY, 3000.0),
    ("an unposted outage of a week, all three", outage.FULL_ALL, False, WEEK, 4500.0),
    ("a posted outage of two days that no probe sees", None, True, 2 * DAY, None),
    ("an unposted outage of two days, 25 %, all three", outage.QUARTER_ALL, False, 2 * DAY, None),
)
"""What goes on, what fails, whether it is posted, for how long, and the budget a day."""


def a_day(kind: Outage | None, length: float, seed: object, *, posted: bool) -> tuple[float, float]:
    """Requests a day, to OpenAI's page and hosts and to neutral ones, from when an outage begins."""
    until = HOUR + length
    spells = outage.spells_of(kind, HOUR, until) if kind else []
    stages = (HOUR, Stage.INVESTIGATING), (until, Stage.RESOLVED)
    postings = (
        [Posting("long", "Elevated error rates", ("ChatGPT", "APIs"), State.MAJOR, stages)] if posted else []
    )
    world = World(spells, editions(postings, seed), seed)
    score = Score().keep(Client(world, PROGRAM, seed, skips=False).live(until), HOUR)
    return score.requests / (length / DAY), score.neutral_requests / (length / DAY)


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """A calm day and some long troubles."""
    for name, kind, posted, length, _ in _CASES:
        work = partial(a_day, kind, min(length, size.days * DAY), posted=posted)
        yield from repeat_job(("traffic", name, PROGRAM.name), work, 1, seed, 1)


def rows(results: Results) -> list[Row]:
    """What is asked for."""
    found = []
    for name, *_, budget in _CASES:
        ((asked, neutral),) = results["traffic", name, PROGRAM.name]
        note = "a poll of the page is two requests; not retries, redirects and name look-ups"
        what = f"{name}: requests to OpenAI's page and hosts"
        found += [
            Row(what, exactly(asked), "a day", budget, assumed=note),
            Row(f"{name}: rounds in which neutral hosts are asked too", exactly(neutral), "a day"),
        ]
    return found
