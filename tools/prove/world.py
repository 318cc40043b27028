"""What is true outside the program: outages, faults of the person's own line, and what the page says when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from math import floor, inf, log
from random import Random

from tools.prove.chance import chance
from tools.prove.heard import Heard
from tools.prove.pages import Edition
from tools.prove.site import feed, reading
from tools.prove.subject import API
from trayapp.model import NativeReading, PageReading


class Kind(Enum):
    """Kinds of spells. Where several last at once, a probe meets the first of this order that touches it."""

    OFFLINE = auto()
    PORTAL = auto()
    BLOCK = auto()
    """This network does not let some hosts be reached, the page perhaps among them."""
    EDGE = auto()
    """Cloudflare's site nearby is in trouble; the status page, hosted elsewhere, and neutral hosts answer."""
    LOCAL = auto()
    """A proxy, a filter or an intercepted connection breaks some hosts."""
    GLITCH = auto()
    """The path to one host, or to all behind one edge, is broken for a moment."""
    BLIP = auto()
    """OpenAI's own trouble, too short for anybody to be told."""
    OUTAGE = auto()
    """OpenAI's own trouble."""
    ANSWERS = auto()
    """A healthy host answers 401, 403 or 429 in its own way."""
    SLEEP = auto()
    STOPPED = auto()
    """The program does not run; it starts anew with what it kept."""
    CLOCK = auto()
    """Somebody sets the wall clock."""


OURS = frozenset({Kind.OFFLINE, Kind.PORTAL})
"""The person has no internet."""
_PAUSES = frozenset({Kind.SLEEP, Kind.STOPPED})
PAGE = "page"
"""In a spell's probes: the status page too."""
FEED_MISSED = 0.02
"""The share of looks at the native feed that bring nothing."""
HOME = "home"


@dataclass(frozen=True, slots=True)
class Spell:
    """Something that holds from one time of the world to another, in seconds."""

    start: float
    end: float
    kind: Kind
    probe: str = ""
    """The probe it touches; empty for all."""
    heard: Heard = Heard.TIMEOUT
    rate: float = 1.0
    """The share of looks it spoils."""
    slips: bool = False
    """The neutral hosts answer although the person is offline: the gate misses it."""
    wrong: float = 0.0
    """Seconds the wall clock is off from here on."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the world does what it does always."""

    fault_rate: float = 0.0
    """The share of single requests that fail by themselves on a line that works."""
    copies: float = 0.0
    """Seconds for which each of two caches keeps its copy of the page, and says how old it is; 0: as editions have it."""
    networks: tuple[tuple[float, str], ...] = ()
    """From when this computer is in which network; at first, and where none is named, at home."""


class World:
    """The truth over time. Ask it in order of time only."""

    def __init__(
        self, spells: Iterable[Spell], versions: Sequence[Edition], seed: object, habits: Habits | None = None
    ) -> None:
        listed = sorted(spells, key=lambda s: (s.start, s.end))
        self._coming = [s for s in listed if s.kind not in _PAUSES][::-1]
        self._pauses = [s for s in listed if s.kind in _PAUSES][::-1]
        self._versions = versions
        self._changes = [v.at for v in versions]
        self._rng = chance(seed, "world")
        self._habits = habits or Habits()
        self._moves = [at for at, _ in self._habits.networks]
        self.active: list[Spell] = []
        self.wrong = 0.0
        """Seconds by which the wall clock is off."""
        self.luck = _draw_gap(self._rng, self._habits.fault_rate)
        """Requests until one fails by itself, that one included."""
        self._feeds = chance(seed, "feed")
        self.feed_luck = _draw_gap(self._feeds, FEED_MISSED)
        """Looks at the native feed until one brings nothing, that one included."""

    def move(self, t: float) -> None:
        """Let the world's time be `t`."""
        while self._coming and self._coming[-1].start <= t:
            spell = self._coming.pop()
            if spell.kind is Kind.CLOCK:
                self.wrong = spell.wrong
            else:
                self.active.append(spell)
        if self.active:
            self.active = sorted((s for s in self.active if s.end > t), key=lambda s: s.kind.value)

    def next_pause(self, t: float) -> Spell | None:
        """The next time without a program that looks, if it has not ended by `t`."""
        while self._pauses and self._pauses[-1].end <= t:
            self._pauses.pop()
        return self._pauses[-1] if self._pauses else None

    def network(self, t: float) -> str:
        """The network that this computer is in."""
        n = bisect_right(self._moves, t)
        return self._habits.networks[n - 1][1] if n else HOME

    def undisturbed_until(self, t: float) -> float:
        """Until when nothing in the world changes; `t` itself while something is the matter now."""
        self.move(t)
        n, m = bisect_right(self._changes, t), bisect_right(self._moves, t)
        version = self._versions[n - 1]
        if self.active or t < max(version.settled, version.listed) or self._habits.copies:
            return t
        pause = self.next_pause(t)
        return min(
            self._coming[-1].start if self._coming else inf,
            pause.start if pause else inf,
            self._changes[n] if n < len(self._changes) else inf,
            self._moves[m] if m < len(self._moves) else inf,
        )

    def edition(self, t: float) -> Edition:
        """What one fetch of the page finds."""
        n = bisect_right(self._changes, t) - 1
        version = self._versions[n]
        if n and t < version.settled and self._rng.random() < 0.5:
            return self._versions[n - 1]
        return version

    def page(self, t: float, *, past: bool = False, whole: bool = True) -> tuple[PageReading, Edition]:
        """One good reading, and the edition it is of."""
        listed = next(v for v in reversed(self._versions) if v.listed <= t) if past else None
        turn = int(max(0.0, t) // 3600)
        if not self._habits.copies:
            edition = self.edition(t)
            return reading(edition, past=listed, whole=whole, turn=turn), edition
        cache, keeps = self._rng.randrange(2), self._habits.copies
        phase = cache * keeps * 0.4
        born = floor((t - phase) / keeps) * keeps + phase
        edition = self._versions[bisect_right(self._changes, born) - 1]
        page = reading(edition, past=listed, whole=whole, turn=turn)
        page = replace(page, age=t - born, copy=f"{cache}/{born:.0f}")
        return page, edition

    def has_past(self, t: float) -> bool:
        """Whether the list of past incidents has any."""
        return t >= self._versions[min(1, len(self._versions) - 1)].at > -inf

    def native(self, t: float) -> NativeReading | None:
        """What one look at the native feed brings; None if it is one of those that bring nothing."""
        self.feed_luck -= 1
        if self.feed_luck <= 0:
            self.feed_luck = _draw_gap(self._feeds, FEED_MISSED)
            return None
        return feed(self._versions[bisect_right(self._changes, t) - 1])

    def fails_by_itself(self) -> bool:
        """Whether this request is one of those that fail on a line that works."""
        self.luck -= 1
        if self.luck > 0:
            return False
        self.luck = _draw_gap(self._rng, self._habits.fault_rate)
        return True

    def hears(self, probe: str) -> Heard:
        """What a probe hears now, from a line that works."""
        for spell in self.active:
            if spell.probe in ("", probe) and (spell.rate >= 1.0 or self._rng.random() < spell.rate):
                return spell.heard
        return Heard.UNAUTHORIZED if probe == API else Heard.CHALLENGE

    def keeps_from_page(self) -> Heard | None:
        """What stands between this computer and the page, if anything does."""
        return next((s.heard for s in self.active if s.kind is Kind.BLOCK and s.probe == PAGE), None)


def _draw_gap(rng: Random, rate: float) -> float:
    if rate == 0.0:
        return inf
    return int(log(1.0 - rng.random()) / log(1.0 - rate)) + 1
