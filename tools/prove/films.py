"""Eight outages that were, played as a probe without a key could have seen them.

Times are minutes from the true start. Lengths, error rates and posts are those of OpenAI's own reports and of the
press; where nobody says when it was posted, the median of what OpenAI's incidents say is taken: 20 min. The post of
2025-06-10 and 2026-09-03 is dated by its incident's number, the first 404 of the latter by a public report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median_high

from tools.prove.client import Client
from tools.prove.heard import Heard
from tools.prove.jobs import Job, Results, Size, repeat_job
from tools.prove.noise import HOUR, MINUTE
from tools.prove.pages import Posting, editions
from tools.prove.rows import number
from tools.prove.score import Score
from tools.prove.subject import ALL, API, CHATGPT, LOGIN, PROGRAM, Subject
from tools.prove.world import Kind, Spell, World
from trayapp.model import Stage, State

_START = 2 * HOUR


@dataclass(frozen=True, slots=True)
class Sight:
    """What some probes heard from one minute to another."""

    probes: tuple[str, ...]
    begins: float
    ends: float
    rate: float
    heard: Heard = Heard.BAD_GATEWAY
    kind: Kind = Kind.OUTAGE


@dataclass(frozen=True, slots=True)
class Film:
    """One outage: what could be seen, what was posted."""

    day: str
    what: str
    sights: tuple[Sight, ...]
    products: tuple[str, ...]
    impact: State
    posted: float
    over: float


_EVERYTHING = ("ChatGPT", "APIs", "Codex")
FILMS = (
    Film(
        "2024-06-04", "ChatGPT answers 502, the API is fine",
        (Sight((CHATGPT,), 0, 285, 0.9),), ("ChatGPT",), State.MAJOR, 21, 285,
    ),
    Film("2024-12-11", "all is down", (Sight(ALL, 0, 262, 1.0),), _EVERYTHING, State.MAJOR, 20, 262),
    Film(
        "2024-12-26", "a data centre without power: nine of ten fail",
        (Sight((API,), 0, 271, 0.9), Sight((CHATGPT, LOGIN), 0, 460, 0.9)), ("ChatGPT", "APIs"), State.MAJOR, 20, 460,
    ),
    Film(
        "2025-06-10", "5 %, then 35 % of ChatGPT and 25 % of the API",
        (
            Sight(ALL, 0, 144, 0.05), Sight((CHATGPT,), 144, 504, 0.35), Sight((API,), 144, 504, 0.25),
        ), ("ChatGPT", "APIs"), State.PARTIAL, 35, 924,
    ),
    Film("2025-09-03", "answers are not shown; no probe can see it", (), ("ChatGPT",), State.PARTIAL, 40, 171),
    Film(
        "2025-11-18", "Cloudflare's edge answers 5xx for everybody",
        (Sight(ALL, 0, 190, 0.9, Heard.BAD_GATEWAY, Kind.EDGE),), _EVERYTHING, State.PARTIAL, 28, 346,
    ),
    Film(
        "2026-06-02", "requests are wrongly refused with 429",
        (Sight((API,), 0, 135, 0.9, Heard.RATE_LIMIT),), ("APIs", "Codex"), State.PARTIAL, 20, 135,
    ),
    Film(
        "2026-09-03", "ChatGPT answers 404, login fails, the page is green for 19 min",
        (Sight((CHATGPT,), 0, 136, 0.9, Heard.NOT_FOUND), Sight((LOGIN,), 0, 136, 0.9, Heard.UNAVAILABLE)),
        ("ChatGPT",), State.PARTIAL, 19, 136,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What a film told, in seconds."""

    told: float
    """From the true start to the first start told."""
    lead: float
    """From there to OpenAI's post; below 0 if it came later."""
    starts: int
    notices: int
    cleared: float
    """From the page's "resolved" to the last end told."""
    disorder: int


def show(film: Film, subject: Subject, seed: object) -> Shown:
    """A film, from two hours before it to three after."""
    post, over = _START + film.posted * MINUTE, _START + film.over * MINUTE
    resolved = over + 20 * MINUTE
    stages = (post, Stage.INVESTIGATING), (over, Stage.MONITORING), (resolved, Stage.RESOLVED)
    posting = Posting(film.day, "Elevated error rates", film.products, film.impact, stages)
    spells = [
        Spell(_START + s.begins * MINUTE, _START + s.ends * MINUTE, s.kind, probe, s.heard, s.rate)
        for s in film.sights
        for probe in s.probes
    ]
    world = World(spells, editions((posting,), seed), seed)
    score = Score().keep(Client(world, subject, seed).live(resolved + 3 * HOUR))
    told = score.starts[0].t if score.starts else float("inf")
    ended = score.ends[-1].t if score.ends else float("inf")
    return Shown(
        told - _START, post - told, len(score.starts), score.notices, ended - resolved, score.disorder
    )


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Every film, some times over."""
    for film in FILMS:
        yield from repeat_job(
            ("film", film.day, PROGRAM.name), partial(show, film, PROGRAM), size.shows, seed, size.shows
        )


_SHOWN = ("told", "lead", "starts", "notices", "cleared")


def table(results: Results) -> str:
    """The films in the middle of their showings, in Markdown."""
    head = "| | | told after, s | lead over the page, s | starts | notifications | end told after the page's, s |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    for film in FILMS:
        cells = [number(value, 0) for value in medians(results, film).values()]
        lines.append(f"| {film.day} | {film.what} | {' | '.join(cells)} |")
    return "\n".join(lines)


def medians(results: Results, film: Film) -> dict[str, float]:
    """A film's figures, each the middle of its showings."""
    shown = results["film", film.day, PROGRAM.name]
    return {name: float(median_high([getattr(s, name) for s in shown])) for name in _SHOWN}
