"""What is true outside the program: outages, faults of the person's own line, and what the page says when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from math import inf, log

from tests.prove.chance import chance
from tests.prove.heard import Heard
from tests.prove.pages import Version
from tests.prove.subject import API
from trayapp.model import Page


class Kind(Enum):
    """Kinds of spells. Where several last at once, a probe meets the first of this order that touches it."""

    OFFLINE = auto()
    PORTAL = auto()
    EDGE = auto()
    """Cloudflare's site nearby is in trouble; the status page, hosted elsewhere, and neutral hosts answer."""
    LOCAL = auto()
    """A proxy, a filter or an intercepted connection breaks some hosts."""
    GLITCH = auto()
    """The path to one host is broken for a moment."""
    OUTAGE = auto()
    """OpenAI's own trouble."""
    ANSWERS = auto()
    """A healthy host answers 401, 403 or 429 in its own way."""
    SLEEP = auto()
    CLOCK = auto()
    """Somebody sets the wall clock."""


OURS = frozenset({Kind.OFFLINE, Kind.PORTAL})
"""The person has no internet."""


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


class World:
    """The truth over time. Ask it in order of time only."""

    def __init__(
        self, spells: Iterable[Spell], versions: tuple[Version, ...], seed: object, fault_rate: float = 0.0
    ) -> None:
        """`fault_rate` is the share of single requests that fail by themselves on a line that works."""
        listed = sorted(spells, key=lambda s: (s.start, s.end))
        self._coming = [s for s in listed if s.kind is not Kind.SLEEP][::-1]
        self._sleeps = [s for s in listed if s.kind is Kind.SLEEP][::-1]
        self._versions = versions
        self._changes = [v.at for v in versions]
        self._rng = chance(seed, "world")
        self._fault_rate = fault_rate
        self.active: list[Spell] = []
        self.wrong = 0.0
        """Seconds by which the wall clock is off."""
        self.luck = self._drawn()
        """Requests until one fails by itself, that one included."""

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

    def next_sleep(self, t: float) -> Spell | None:
        """The next sleep that has not ended by `t`."""
        while self._sleeps and self._sleeps[-1].end <= t:
            self._sleeps.pop()
        return self._sleeps[-1] if self._sleeps else None

    def undisturbed_until(self, t: float) -> float:
        """Until when nothing in the world changes; `t` itself while something is the matter now."""
        self.move(t)
        n = bisect_right(self._changes, t)
        if self.active or t < self._versions[n - 1].settled:
            return t
        sleep = self.next_sleep(t)
        change = self._changes[n] if n < len(self._changes) else inf
        return min(self._coming[-1].start if self._coming else inf, sleep.start if sleep else inf, change)

    def page(self, t: float) -> Page:
        """What one fetch of the page brings."""
        n = bisect_right(self._changes, t) - 1
        version = self._versions[n]
        if n and t < version.settled and self._rng.random() < 0.5:
            version = self._versions[n - 1]
        return version.page

    def fails_by_itself(self) -> bool:
        """Whether this request is one of those that fail on a line that works."""
        self.luck -= 1
        if self.luck > 0:
            return False
        self.luck = self._drawn()
        return True

    def hears(self, probe: str) -> Heard:
        """What a probe hears now, from a line that works."""
        for spell in self.active:
            if spell.probe in ("", probe) and (spell.rate >= 1.0 or self._rng.random() < spell.rate):
                return spell.heard
        return Heard.UNAUTHORIZED if probe == API else Heard.CHALLENGE

    def _drawn(self) -> float:
        if self._fault_rate == 0.0:
            return inf
        return int(log(1.0 - self._rng.random()) / log(1.0 - self._fault_rate)) + 1
