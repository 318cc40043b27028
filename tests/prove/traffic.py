"""Requests a day, in calm and in trouble that goes on for a week."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.prove import outage
from tests.prove.client import Client
from tests.prove.figures import mean
from tests.prove.jobs import Job, Results, Size, repeated
from tests.prove.noise import DAY, HOUR, WEEK
from tests.prove.outage import Outage
from tests.prove.pages import Posting, editions
from tests.prove.rows import Row
from tests.prove.score import Score
from tests.prove.subject import PROGRAM
from tests.prove.world import World
from trayapp.model import Stage, State

_CALM, _POSTED = "a calm day", "a posted outage of a week"
_TROUBLES = {
    "an unposted outage of a week, all three": outage.FULL_ALL,
    "an unposted outage of a week, 25 %, all three": outage.QUARTER_ALL,
}


def a_day(kind: Outage | None, length: float, *, posted: bool, seed: object) -> tuple[float, float]:
    """Requests a day, to OpenAI's page and hosts and to neutral ones, from two hours after an outage begins."""
    until = HOUR + length
    spells = outage.touched(kind, HOUR, until) if kind else []
    stages = (HOUR, Stage.INVESTIGATING), (until, Stage.RESOLVED)
    postings = (
        [Posting("long", "Elevated error rates", ("ChatGPT", "APIs"), State.MAJOR, stages)] if posted else []
    )
    world = World(spells, editions(postings, seed), seed)
    score = Score().keep(Client(world, PROGRAM, seed, skips=False).live(until), HOUR)
    return score.requests / (length / DAY), score.neutral_requests / (length / DAY)


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """A calm day and some weeks of trouble."""
    assert size
    yield from repeated(("traffic", _CALM, PROGRAM.name), partial(_of, None, DAY, False), 2, seed, 1)
    yield from repeated(("traffic", _POSTED, PROGRAM.name), partial(_of, None, WEEK, True), 1, seed, 1)
    for name, kind in _TROUBLES.items():
        yield from repeated(("traffic", name, PROGRAM.name), partial(_of, kind, WEEK, False), 1, seed, 1)


def _of(kind: Outage | None, length: float, posted: bool, seed: object) -> tuple[float, float]:
    return a_day(kind, length, posted=posted, seed=seed)


def rows(results: Results) -> list[Row]:
    """What is asked for."""
    found = []
    for name, budget in ((_CALM, 3000.0), (_POSTED, 4500.0), *((n, 4500.0) for n in _TROUBLES)):
        asked = results["traffic", name, PROGRAM.name]
        note = "not retries, redirects and name look-ups"
        found += [
            Row(
                f"{name}: requests to OpenAI's page and hosts",
                mean([a for a, _ in asked]),
                "a day",
                budget,
                assumed=note,
            ),
            Row(f"{name}: rounds in which neutral hosts are asked too", mean([n for _, n in asked]), "a day"),
        ]
    return found
