"""Weeks in which OpenAI has no trouble at all: whatever is told is false."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tools.prove.client import Client
from tools.prove.noise import DAY, WEEK, Noise, spells
from tools.prove.pages import editions
from tools.prove.score import Score
from tools.prove.subject import Subject
from tools.prove.world import Spell, World

WARM_UP = 3 * DAY
"""What a client learns of its line before the score is kept."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Some weeks of one client, told of nothing true."""

    weeks: float
    """On the clock that stands still while it sleeps."""
    starts: int
    """A start of a second product while the first goes on is a notification, not a start."""
    notices: int
    while_offline: int
    disorder: int
    left_open: int
    edges: int


def weeks(noise: Noise, subject: Subject, number: float, seed: object, more: Iterable[Spell] = ()) -> Weeks:
    """So many weeks of one client's life. `more`: what else goes on."""
    until = WARM_UP + number * WEEK
    world = World([*spells(noise, until, seed), *more], editions((), seed), seed, noise.habits)
    client = Client(world, subject, seed)
    score = Score().keep(client.live(until), WARM_UP)
    awake = number * WEEK * client.clock.awake / client.clock.t
    return Weeks(
        awake / WEEK,
        score.troubles,
        score.notices,
        score.while_offline,
        score.disorder,
        score.left_open,
        len(score.of_edges),
    )
