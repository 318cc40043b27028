"""The noise of a person's own line, in weeks of it.

How often single requests fail, paths glitch and lines drop is the model of the simulation that the budgets come from.
What it left out (portals, sleep, proxies, odd but healthy answers, Cloudflare's edge, set clocks) is added at rates
that are assumptions, high rather than low.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tools.prove.chance import chance
from tools.prove.heard import Heard
from tools.prove.subject import ALL
from tools.prove.world import Habits, Kind, Spell

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86400.0, 604800.0
_BREAKAGES = (Heard.PROXY_REFUSES, Heard.NO_NAME, Heard.INTERCEPTED)
_MANNERS = (Heard.UNAUTHORIZED, Heard.CHALLENGE, Heard.REGION, Heard.RATE_LIMIT)


@dataclass(frozen=True, slots=True)
class Noise:
    """How often what happens, a day, and how long it lasts in the mean (exponential), in seconds."""

    name: str
    fault_rate: float = 0.0
    glitches: float = 0.0
    """For each probed host by itself."""
    glitch: float = 40.0
    offline: float = 0.0
    dropout: float = 120.0
    slip: float = 0.0
    """The share of local faults that the neutral hosts miss."""
    portals: float = 0.0
    local: float = 0.0
    answers: float = 0.0
    edges: float = 0.0
    sleeps: float = 0.0
    clocks: float = 0.0
    shared: float = 0.0
    """The share of glitches that hit all hosts behind one edge at once."""
    blips: float = 0.0
    """OpenAI's own short 5xx, for each host by itself: what nobody wants to be told."""
    blip: float = 30.0
    restarts: float = 0.0

    @property
    def assumed(self) -> str:
        """What is taken for granted of such a line."""
        said = f"requests fail {self.fault_rate:.1%}; {self.glitches:g} glitches a day a host, {self.glitch:g} s in the mean"
        more = f"; {self.slip:.0%} of being offline goes unseen" if self.slip else ""
        own = f"; {self.blips:g} blips of OpenAI's own a day a host, {self.blip:g} s; a fifth of glitches hit all"
        return said + more + (own if self.blips else "")

    @property
    def habits(self) -> Habits:
        """How the world goes on such a line."""
        return Habits(self.fault_rate)


QUIET = Noise("quiet line")
_LIFE = Noise("", offline=3.0, portals=0.2, local=0.15, answers=0.3, edges=0.05, sleeps=2.0, clocks=0.15)
CLEAN = replace(_LIFE, name="clean line", fault_rate=0.001, glitches=0.1)
NORMAL = replace(_LIFE, name="normal", fault_rate=0.003, glitches=0.5)
SLIP_1 = replace(NORMAL, name="normal, 1 % of local faults slip the gate", slip=0.01)
SLIP_5 = replace(NORMAL, name="normal, 5 % of local faults slip the gate", slip=0.05)
BAD = replace(_LIFE, name="bad Wi-Fi, adapted", fault_rate=0.02, glitches=2.0, glitch=60.0)
AS_LIVED = replace(
    NORMAL,
    name="normal, with blips of OpenAI's own, faults that hit all hosts, restarts",
    shared=0.2,
    blips=0.3,
    restarts=0.3,
)
OWN_FAULT = replace(_LIFE, name="own line only", offline=6.0, portals=2.0, local=1.0, answers=0.0, edges=0.5)
ANSWERS = Noise("answers only", answers=6.0)


def spells(noise: Noise, until: float, seed: object) -> Iterator[Spell]:
    """All that happens up to a time, in no order."""
    rng = chance(seed, "noise")
    yield from _on_the_way(noise, until, rng)
    for start, end in _draw_spans(rng, noise.offline, noise.dropout, until):
        yield Spell(start, end, Kind.OFFLINE, slips=rng.random() < noise.slip)
    for start, end in _draw_spans(rng, noise.portals, 10 * MINUTE, until):
        yield Spell(start, end, Kind.PORTAL)
    for start, end in _draw_spans(rng, noise.edges, 20 * MINUTE, until):
        yield Spell(start, end, Kind.EDGE, heard=Heard.BAD_GATEWAY)
    for start, end in _draw_spans(rng, noise.local, HOUR, until):
        yield Spell(start, end, Kind.LOCAL, rng.choice(("", *ALL)), rng.choice(_BREAKAGES))
    for start, end in _draw_spans(rng, noise.answers, HOUR, until):
        yield Spell(start, end, Kind.ANSWERS, rng.choice(("", *ALL)), rng.choice(_MANNERS))
    yield from _of_the_computer(noise, until, rng)


def _on_the_way(noise: Noise, until: float, rng: Random) -> Iterator[Spell]:
    """What befalls single hosts, or all behind one edge, and OpenAI's own short faults."""
    for probe in ALL:
        for start, end in _draw_spans(rng, noise.glitches, noise.glitch, until):
            yield Spell(
                start, end, Kind.GLITCH, "" if noise.shared and rng.random() < noise.shared else probe
            )
    for probe in ALL:
        for start, end in _draw_spans(rng, noise.blips, noise.blip, until):
            yield Spell(start, end, Kind.BLIP, probe, rng.choice((Heard.BAD_GATEWAY, Heard.UNAVAILABLE)))


def _of_the_computer(noise: Noise, until: float, rng: Random) -> Iterator[Spell]:
    for start, end in _draw_spans(rng, noise.sleeps, 2 * HOUR, until, apart=True):
        yield Spell(start, end, Kind.SLEEP)
    for start, end in _draw_spans(rng, noise.clocks, MINUTE, until):
        yield Spell(start, end, Kind.CLOCK, wrong=rng.choice((-HOUR, 0.0, HOUR)))
    for start, end in _draw_spans(rng, noise.restarts, 20.0, until, apart=True):
        yield Spell(start, end, Kind.STOPPED)


def _draw_spans(
    rng: Random, a_day: float, mean: float, until: float, *, apart: bool = False
) -> Iterator[tuple[float, float]]:
    """Beginnings and ends; `apart`: none begins while another lasts, as nobody falls asleep while asleep."""
    at = 0.0
    while a_day and (at := at + rng.expovariate(a_day / DAY)) < until:
        end = at + rng.expovariate(1.0 / mean)
        yield at, end
        at = end if apart else at
