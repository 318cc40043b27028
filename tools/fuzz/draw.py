"""A seed -> a life: calm days, and between them hours in which much goes wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time
from random import Random
from typing import Any

from tests.core.films import PROBES
from tests.core.pages import OPERATIONAL, PARTS
from tools.fuzz.events import Event, Kind, Story
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import (
    LADDER,
    Action,
    Cause,
    ConnectionState,
    Level,
    Limits,
    Outcome,
    ProbeSpec,
    QuietHours,
    Stage,
    State,
)
from trayapp.model.defaults import PAGE_INTERVAL

HOUR = 3600.0
IDS = tuple(f"{group}/{name}" for group, names in PARTS.items() for name in names)
FIRST = tuple(f"{group}/{names[0]}" for group, names in PARTS.items())
MINE = ProbeSpec("Mine", "My gateway", "https://mine.test/", 300.0)
TITLES = ("ChatGPT is down", "Elevated errors", "Errors in the Codex API", "Login fails", "Planned work", "")
GAPS = (2.0, 7.0, 21.0, 45.0, 70.0, 130.0, 130.0, 400.0, 400.0, 1300.0, 2500.0, 5000.0)
STATES = (*LADDER, State.MAJOR, State.PARTIAL, OPERATIONAL, OPERATIONAL)
STAGES = (*Stage, Stage.INVESTIGATING, Stage.MONITORING, Stage.MONITORING, Stage.RESOLVED, Stage.RESOLVED)
NIGHT = QuietHours(time(22), time(7))
OPEN = 6
"""Numbers of incidents that a life plays with at a time."""
_IGNORED = ((), (), (), ("Search",), ("Batch", "Login"), ("Images", "Voice mode", "Editors"))
"""Never one without which its product stands still: what is down by that must be told."""
TAIL = 5.0 * HOUR
ZONES = ("UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


def draw(seed: int, days: float) -> Story:
    """The life of a seed: so many days, and a calm tail."""
    rng = Random(seed)  # noqa: S311 - a life's luck is no secret
    events = [*_days(rng, days), *_ending(rng)]
    return Story(
        seed,
        limits=_settings(rng),
        # Some leave the menu alone, so that a recording of them holds all.
        events=tuple(filter(_is_no_act, events)) if seed % 8 == 1 else tuple(events),
        zone=rng.choice(ZONES),
        quiet_hours=rng.choice((None, None, NIGHT)),
    )


def _is_no_act(event: Event) -> bool:
    if event.kind in {Kind.SETTING, Kind.STOP}:
        return event.what[0] in {False, "level", "page_interval"}
    return event.kind not in {Kind.DO, Kind.DIE_TELLING}


def _settings(rng: Random) -> Limits:
    calm = rng.choice((PAGE_INTERVAL, PAGE_INTERVAL, PAGE_INTERVAL, 15.0, 600.0, 3600.0))
    everybody = ("ChatGPT", "APIs", "Codex")
    return Limits(
        follow=rng.choice(
            (
                everybody,
                everybody,
                ("ChatGPT",),
                ("Voice mode", "APIs"),
                ("ChatGPT/Login", "Codex"),
                ("ChatGPT", "Voice mode", "APIs/Login", "APIs"),
            )
        ),
        ignore=rng.choice(_IGNORED),
        probes=rng.choice((PROBES, PROBES, PROBES, (), PROBES[:1], (*PROBES, MINE))),
        level=rng.choice((Level.OUTAGES, *Level)),
        page_interval=calm,
        page_interval_in_trouble=min(calm, rng.choice((60.0, 60.0, 15.0, 120.0))),
    )


def _days(rng: Random, days: float) -> Iterator[Event]:
    left, number = days * 24.0 * HOUR, 0
    while left > 0.0:
        calm = rng.choice((0.1, 1.0, 5.0, 20.0, 48.0, 100.0)) * HOUR * rng.random()
        left -= calm
        number += 2
        for event in _episode(rng, number):
            yield Event(event.gap + calm, event.kind, event.what)
            left -= event.gap
            calm = 0.0
        if rng.random() < 0.7:
            yield from _recovery(rng)
            left -= HOUR


def _recovery(rng: Random) -> Iterator[Event]:
    yield Event(rng.choice(GAPS), Kind.WAKE)
    yield Event(0.0, Kind.START)
    yield Event(0.0, Kind.HEAL)
    yield Event(HOUR, Kind.NETWORK, ("home",))


def _ending(rng: Random) -> Iterator[Event]:
    yield from _recovery(rng)
    yield Event(0.0, Kind.DO, (Action.RESUME, ""))
    yield Event(0.0, Kind.QUIET, (None,))
    yield Event(TAIL, Kind.LOOK)


def _episode(rng: Random, number: int) -> Iterator[Event]:
    """Hours of trouble. Most lives have a favourite kind in them, or what rarely meets never would."""
    kinds = rng.choice((_ANYTHING, _ANYTHING, _PAGE, _PAGE, _PROBES, _NIGHT, _PERSON))
    gaps = rng.sample(GAPS, 5)
    for _ in range(rng.choice((2, 4, 8, 14, 25))):
        for event in rng.choice(kinds)(rng, number):
            yield Event(rng.choice(gaps) if event.gap == 0.0 else event.gap, event.kind, event.what)


_Kind = Callable[[Random, int], Iterator[Event]]


def _now(kind: Kind, *what: Any) -> Iterator[Event]:
    yield Event(0.0, kind, what)


def _component(rng: Random, _number: int) -> Iterator[Event]:
    return _now(Kind.COMPONENT, rng.choice((*IDS, *FIRST, *FIRST)), rng.choice(STATES))


def _group(rng: Random, _number: int) -> Iterator[Event]:
    group, state = rng.choice(list(PARTS)), rng.choice(STATES)
    for name in PARTS[group]:
        yield Event(0.001, Kind.COMPONENT, (f"{group}/{name}", state))


def _post(rng: Random, number: int) -> Iterator[Event]:
    return _now(
        Kind.POST,
        number + rng.randrange(OPEN),
        rng.choice(TITLES),
        rng.choice(LADDER),
        rng.choice(STAGES),
        tuple(rng.sample(IDS, rng.choice((0, 0, 1, 1, 2, 5)))),
        rng.choice((0.0, 0.0, 0.0, -60.0, -900.0, -86_400.0, 3600.0, None)),
    )


def _unpost(rng: Random, number: int) -> Iterator[Event]:
    return _now(Kind.UNPOST, number + rng.randrange(OPEN))


def _habit(rng: Random, _number: int) -> Iterator[Event]:
    kind, values = rng.choice(
        (
            (Kind.INDICATOR, ("as it is", "as it is", None, *LADDER)),
            (Kind.LISTED, (None, None, 1, 2, 3, 4)),
            (Kind.GONE, (None, None, None, *PARTS)),
            (Kind.CACHE, (0.0, 0.0, 30.0, 300.0, 3600.0)),
            (Kind.TWO_CACHES, (0.0, 15.0, 60.0, 120.0)),
            (Kind.FRESH, (None, None, 60.0, 300.0, 86_400.0)),
            (Kind.NATIVE, ("true", "true", "empty", "miss")),
        )
    )
    return _now(kind, rng.choice(values))


def _miss(rng: Random, _number: int) -> Iterator[Event]:
    cause = rng.choice((None, Cause.TIMEOUT, Cause.HTML, Cause.STATUS))
    return _now(Kind.MISS, cause, rng.choice((None, None, 120.0, 3600.0, 1e9)))


def _answers(rng: Random, _number: int) -> Iterator[Event]:
    found = rng.choice((*Outcome, Outcome.FAILURE, Outcome.ALIVE, Outcome.ALIVE, 0.05, 0.3, 0.7))
    signed = rng.random() < 0.3
    names = [spec.name for spec in (*PROBES, MINE)]
    for name in rng.choice(([rng.choice(names)], names, names[1:3])):
        yield Event(0.001, Kind.ANSWERS, (name, found, signed))


def _line(rng: Random, _number: int) -> Iterator[Event]:
    return _now(
        Kind.LINE,
        rng.choice(
            (
                ConnectionState.GOOD,
                ConnectionState.GOOD,
                ConnectionState.OFFLINE,
                ConnectionState.PORTAL,
                ConnectionState.EDGE,
            )
        ),
    )


def _network(rng: Random, _number: int) -> Iterator[Event]:
    return _now(Kind.NETWORK, rng.choice(("home", "office", "train", "")))


def _block(rng: Random, _number: int) -> Iterator[Event]:
    """An office that blocks OpenAI."""
    yield Event(0.0, Kind.NETWORK, ("office",))
    for name in ("API", "ChatGPT", "Login"):
        yield Event(0.001, Kind.ANSWERS, (name, Outcome.FAILURE, False))


def _heal(_rng: Random, _number: int) -> Iterator[Event]:
    return _now(Kind.HEAL)


def _sleep(rng: Random, number: int) -> Iterator[Event]:
    yield Event(0.0, rng.choice((Kind.SLEEP, Kind.SLEEP, Kind.FREEZE)))
    for _ in range(rng.choice((0, 0, 1, 2))):
        yield from rng.choice(_PAGE)(rng, number)
    yield Event(rng.choice((10.0, 100.0, 700.0, 4000.0, 30_000.0)), Kind.WAKE)


def _restart(rng: Random, number: int) -> Iterator[Event]:
    yield Event(0.0, Kind.STOP, (rng.random() < 0.4,))
    for _ in range(rng.choice((0, 0, 1, 2))):
        yield from rng.choice(_PAGE)(rng, number)
    yield Event(rng.choice((1.0, 5.0, 100.0, 700.0, 4000.0, 30_000.0)), Kind.START)


def _die(_rng: Random, _number: int) -> Iterator[Event]:
    return _now(Kind.DIE_TELLING)


def _clock(rng: Random, _number: int) -> Iterator[Event]:
    return _now(Kind.CLOCK, rng.choice((-86_400.0, -3600.0, -200.0, -20.0, 20.0, 200.0, 3600.0, 864_000.0)))


def _do(rng: Random, _number: int) -> Iterator[Event]:
    act, argument = rng.choice(
        (
            (Action.PAUSE, "1h"),
            (Action.PAUSE, "tomorrow"),
            (Action.RESUME, ""),
            (Action.RESUME, ""),
            (Action.TELL_WHEN_BACK, ""),
            (Action.TELL_WHEN_BACK, ""),
            (Action.TELL_WHEN_BACK, "ChatGPT"),
            (Action.DETAILS, ""),
            (Action.CHECK, ""),
        )
    )
    return _now(Kind.DO, act, argument)


def _choose(rng: Random, _number: int) -> Iterator[Event]:
    kind, what = rng.choice(
        (
            (Kind.SETTING, ("level", rng.choice(list(Level)))),
            (
                Kind.SETTING,
                (
                    "follow",
                    rng.choice(
                        (
                            ("ChatGPT",),
                            ("ChatGPT", "APIs", "Codex"),
                            ("Codex", "Images"),
                            ("ChatGPT", "Search", "APIs"),
                        )
                    ),
                ),
            ),
            (Kind.SETTING, ("ignore", rng.choice(_IGNORED))),
            (Kind.SETTING, ("probes", rng.choice((PROBES, PROBES[:1], ())))),
            (Kind.SETTING, ("page_interval", rng.choice((60.0, 120.0, 600.0)))),
            (Kind.QUIET, (rng.choice((None, NIGHT, QuietHours(time(12), time(18)))),)),
            (Kind.LANGUAGE, (rng.choice(LANGUAGE_CODES),)),
            (Kind.LOOK, ()),
        )
    )
    return _now(kind, *what)


_PAGE: tuple[_Kind, ...] = (_component, _component, _component, _group, _post, _post, _post, _unpost, _heal)
_PROBES: tuple[_Kind, ...] = (_answers, _answers, _answers, _line, _network, _block, _miss, _component)
_NIGHT: tuple[_Kind, ...] = (*_PAGE, _sleep, _sleep, _sleep, _restart, _restart, _answers, _line, _miss)
_PERSON: tuple[_Kind, ...] = (*_PAGE, _do, _do, _do, _choose, _choose, _answers)
_ANYTHING: tuple[_Kind, ...] = (
    *_PAGE, _PROBES[0], _line, _network, _block, _miss, _habit, _habit, _sleep, _restart, _die, _clock, _do, _choose,
)  # fmt: skip
