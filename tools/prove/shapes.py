"""What the page's incidents look like in life: each shape told as it was, once, with its own dates, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from tools.prove.chance import chance
from tools.prove.figures import share
from tools.prove.jobs import Job, Results, Size, repeat_job
from tools.prove.noise import DAY, HOUR, MINUTE
from tools.prove.pages import CORE, MEMBERS, Posting
from tools.prove.replay import Replayed, replay
from tools.prove.rows import Row
from tools.prove.subject import PROGRAM
from trayapp.model import Stage, State

_FOLLOWED = ("ChatGPT", "APIs", "Codex")
_OPEN, _KNOWN, _WATCHED, _OVER = Stage.INVESTIGATING, Stage.IDENTIFIED, Stage.MONITORING, Stage.RESOLVED


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of incidents, and how many outages of a product a person should hear of."""

    name: str
    troubles: int
    make: Callable[[Random], list[Posting]]


def _one(
    rng: Random,
    number: str,
    *,
    at: float = DAY,
    lasts: float = 0.0,
    products: tuple[str, ...] = (),
    impact: State = State.MAJOR,
    parts: tuple[str, ...] = (),
) -> Posting:
    end = at + (lasts or rng.uniform(20 * MINUTE, 3 * HOUR))
    return Posting(number, "Elevated error rates", products, impact, ((at, _OPEN), (end, _OVER)), parts)


def _at(rng: Random) -> float:
    return DAY + rng.uniform(0.0, HOUR)


def _nobody_named(rng: Random) -> list[Posting]:
    return [_one(rng, "a", at=_at(rng), impact=rng.choice((State.PARTIAL, State.MAJOR)))]


def _one_component(rng: Random) -> list[Posting]:
    product = rng.choice(_FOLLOWED)
    lesser = rng.choice([number for number in MEMBERS[product] if number not in CORE[product]])
    return [_one(rng, "a", at=_at(rng), parts=(lesser,))]


def _core_component(rng: Random) -> list[Posting]:
    return [_one(rng, "a", at=_at(rng), parts=(rng.choice(CORE[rng.choice(_FOLLOWED)]),))]


def _within_a_lesser(rng: Random) -> list[Posting]:
    """Two outages of a product, a day and more of one degraded component around them."""
    product, start = rng.choice(_FOLLOWED), _at(rng)
    lesser = _one(rng, "a", at=start, lasts=28 * HOUR, products=(product,), impact=State.DEGRADED)
    worse = [
        _one(rng, name, at=start + hours * HOUR, lasts=rng.uniform(0.5, 1.5) * HOUR, products=(product,))
        for name, hours in (("b", 3.0), ("c", 22.0))
    ]
    return [lesser, *worse]


def _side_by_side(rng: Random) -> list[Posting]:
    start = _at(rng)
    first, second = rng.sample(_FOLLOWED, 2)
    return [
        _one(rng, "a", at=start, lasts=2 * HOUR, products=(first,)),
        _one(rng, "b", at=start + HOUR, lasts=2 * HOUR, products=(second,), impact=State.PARTIAL),
    ]


def _open_again(rng: Random) -> list[Posting]:
    start, again = _at(rng), rng.uniform(10 * MINUTE, HOUR)
    posts = (
        (start, _KNOWN), (start + HOUR, _OVER), (start + HOUR + again, _KNOWN), (start + 2 * HOUR + again, _OVER)
    )  # fmt: skip
    return [Posting("a", "Elevated error rates", (rng.choice(_FOLLOWED),), State.MAJOR, posts)]


def _fix_failed(rng: Random) -> list[Posting]:
    start, watched = _at(rng), rng.uniform(10 * MINUTE, HOUR)
    posts = (
        (start, _OPEN), (start + HOUR, _WATCHED), (start + HOUR + watched, _KNOWN),
        (start + 2 * HOUR + watched, _WATCHED), (start + 3 * HOUR + watched, _OVER),
    )  # fmt: skip
    return [Posting("a", "Elevated error rates", (rng.choice(_FOLLOWED),), State.MAJOR, posts)]


SHAPES = (
    Shape("an incident that names no component", 3, _nobody_named),
    Shape("one lesser component alone, critical", 1, _one_component),
    Shape("one core component alone, critical", 1, _core_component),
    Shape("two outages within a lesser trouble of 28 h", 2, _within_a_lesser),
    Shape("outages of two products that overlap", 2, _side_by_side),
    Shape("opened again 10 to 60 min after its end", 2, _open_again),
    Shape("a fix that is watched and fails", 2, _fix_failed),
)


def live_through_shape(shape: Shape, seed: object) -> Replayed:
    """One of a shape lived through, with no probe that sees it."""
    return replay(shape.make(chance(seed, shape.name)), PROGRAM, seed, seen=False)


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Each shape some times over."""
    for shape in SHAPES:
        number = max(1, size.courses // 6)
        yield from repeat_job(
            ("shape", shape.name, PROGRAM.name), partial(live_through_shape, shape), number, seed, 5
        )


def rows(results: Results) -> list[Row]:
    """How often a shape is told as it was."""
    found = []
    for shape in SHAPES:
        lived = results["shape", shape.name, PROGRAM.name]
        right = sum(_is_right(one, shape) for one in lived)
        note = f"{shape.troubles} start{'s' * (shape.troubles > 1)} and as many ends, by product; dates within 2 min"
        what = f"the page: {shape.name}: told as it was"
        found.append(Row(what, share(right, len(lived)), "share", 1.0, 2, note, at_least=True))
    return found


def _is_right(one: Replayed, shape: Shape) -> bool:
    dated = len(one.dated) == shape.troubles and all(d.right for d in one.dated)
    return dated and not (one.stray or one.disorder or one.left_open)
