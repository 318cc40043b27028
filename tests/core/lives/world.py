"""What the lives share: times of the day, an incident in short, a failing network, a person's level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.core.films import LIMITS
from tests.core.pages import MAJOR, incident
from trayapp.model import Incident, Level, Limits, Outcome, Stage, State

FAILURE = Outcome.FAILURE
ALL_FAIL: Mapping[str, Outcome] = dict.fromkeys(("API", "ChatGPT", "Login"), FAILURE)
"""Nothing of OpenAI answers."""
CHATGPT_FAILS: Mapping[str, Outcome] = {"ChatGPT": FAILURE, "Login": FAILURE}


def at(time: str, *, day: int = 0) -> float:
    """Seconds from a film's beginning, 09:00, to a time of the day, of a later one if `day` says so."""
    hour, minute = map(int, time.split(":"))
    return (hour - 9) * 3600.0 + minute * 60.0 + day * 86_400.0


def down(
    name: str = "ChatGPT is down",
    impact: State = MAJOR,
    stage: Stage = Stage.INVESTIGATING,
    *,
    began: str,
    ended: str | None = None,
    day: int = 0,
    number: int = 1,
    posts: int = 1,
    parts: tuple[str, ...] = (),
) -> Incident:
    """An incident by times of the day; one with an end is resolved."""
    return incident(
        name,
        impact,
        Stage.RESOLVED if ended else stage,
        number=number,
        parts=parts,
        began=at(began, day=day),
        ended=at(ended, day=day) if ended else None,
        posts=posts,
    )


def at_level(level: Level) -> Limits:
    """The films' settings for a person who wants to be told more or less."""
    return replace(LIMITS, level=level)
