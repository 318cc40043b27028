"""A person's weeks with a laptop: nights, a train, an office that blocks OpenAI, evenings and weekends at home.

Hours are the person's own; the world's are UTC. What is not known of people is an assumption: `ASSUMED` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from random import Random

from tools.prove import noise
from tools.prove.chance import chance
from tools.prove.heard import Heard
from tools.prove.noise import DAY, HOUR, MINUTE
from tools.prove.subject import ALL
from tools.prove.world import HOME, PAGE, Habits, Kind, Spell

_ZONES = (-8, -5, -3, 0, 1, 3, 5.5, 7, 9)
"""Hours that people's clocks are ahead of UTC."""
_LINE = replace(noise.NORMAL, sleeps=0.0, clocks=0.0, offline=1.0)
"""The line wherever this person is; sleep, restarts and tunnels come by the hour here."""
_MANNERS = (
    Heard.RESET, Heard.TIMEOUT, Heard.NOWHERE, Heard.FORBIDDEN, Heard.PROXY_SAYS_403, Heard.INSPECTOR,
)  # fmt: skip
_PAGE_TOO = 0.25
_TUNNEL_EVERY, _TUNNELS = 6 * MINUTE, (20.0, 240.0)
_SHUT_DOWN = 0.25
_RESTARTS = 0.5
_HIDES = frozenset({Kind.SLEEP, Kind.STOPPED, Kind.OFFLINE, Kind.PORTAL})
ASSUMED = (
    "workdays: home, 2 trains of 40 min with a tunnel every 6 min, 8 h in an office that blocks OpenAI (a quarter its "
    "page too) by one of 6 manners; lid closed between them and at night, a quarter of nights shut down; a restart "
    f"every other day; the line: {_LINE.assumed}; no set clocks"
)


Span = tuple[float, float]
"""From when to when."""


@dataclass(frozen=True, slots=True)
class Person:
    """All that happens to one person's computer."""

    spells: tuple[Spell, ...]
    networks: tuple[tuple[float, str], ...]
    office: tuple[Span, ...]
    """When it is in the office."""

    @property
    def habits(self) -> Habits:
        """How the world goes for it."""
        return replace(_LINE.habits, networks=self.networks)

    def away(self) -> list[Span]:
        """When the page cannot be read: asleep, off, offline or blocked. In order, apart."""
        found: list[Span] = []
        hides = [s for s in self.spells if s.kind in _HIDES or (s.kind is Kind.BLOCK and s.probe == PAGE)]
        for start, end in sorted((s.start, s.end) for s in hides):
            if found and start <= found[-1][1]:
                found[-1] = found[-1][0], max(end, found[-1][1])
            else:
                found.append((start, end))
        return found


def person(until: float, seed: object) -> Person:
    """One person's days up to a time of the world; a Monday of UTC begins a day after the world."""
    rng = chance(seed, "person")
    midnight = DAY - HOUR * rng.choice(_ZONES)
    manner, page_too = rng.choice(_MANNERS), rng.random() < _PAGE_TOO
    days = _Days([], [(0.0, HOME)], [])
    for number in range(-2, ceil((until - midnight) / DAY) + 1):
        days.add(number, midnight + number * DAY, rng)
    blocked = [*ALL, PAGE] if page_too else [*ALL]
    blocks = (Spell(start, end, Kind.BLOCK, probe, manner) for start, end in days.office for probe in blocked)
    line = noise.spells(_LINE, until, seed)
    kept = [s for s in (*days.spells, *blocks, *line) if s.end > 0.0]
    return Person(tuple(kept), tuple(m for m in days.moves if m[0] >= 0.0), tuple(days.office))


@dataclass(slots=True)
class _Days:
    """Days as they come."""

    spells: list[Spell]
    moves: list[tuple[float, str]]
    office: list[Span]

    def add(self, number: int, midnight: float, rng: Random) -> None:
        """A day from its morning to the next."""

        def at(hour: float) -> float:
            return midnight + hour * HOUR + rng.uniform(-10.0, 10.0) * MINUTE

        if number % 7 < 5:
            self._add_work(at, rng)
        else:
            self._close(at(13.0), at(16.0))
        if rng.random() < _RESTARTS:
            start = at(20.5)
            self._close(start, start + rng.uniform(5.0, 60.0), Kind.STOPPED)
        self._close(at(23.0), at(31.0), Kind.STOPPED if rng.random() < _SHUT_DOWN else Kind.SLEEP)

    def _add_work(self, at: Callable[[float], float], rng: Random) -> None:
        _, arrive = self._ride(8.0, at, "office", rng)
        self._close(at(12.5), at(13.25))
        leave, _ = self._ride(17.5, at, HOME, rng)
        self.office.append((arrive - MINUTE, leave + MINUTE))

    def _ride(self, hour: float, at: Callable[[float], float], to: str, rng: Random) -> tuple[float, float]:
        """When it leaves and arrives: lid closed, on the train, lid closed."""
        leave, board, alight, arrive = (at(hour + later) for later in (0.0, 0.4, 1.1, 1.5))
        self._close(leave, board)
        self.spells.extend(_tunnels(board, alight, rng))
        self._close(alight, arrive)
        # Networks change while the lid is closed.
        self.moves += [(board - MINUTE, "train"), (arrive - MINUTE, to)]
        return leave, arrive

    def _close(self, start: float, end: float, kind: Kind = Kind.SLEEP) -> None:
        self.spells.append(Spell(start, end, kind))


def _tunnels(start: float, end: float, rng: Random) -> Iterator[Spell]:
    at = start
    while (at := at + rng.expovariate(1.0 / _TUNNEL_EVERY)) < end:
        out = at + rng.uniform(*_TUNNELS)
        yield Spell(at, out, Kind.OFFLINE, heard=rng.choice((Heard.TIMEOUT, Heard.NO_NAME)))
        at = out
