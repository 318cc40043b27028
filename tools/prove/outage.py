"""Single outages, posted by OpenAI or not, on a quiet line or a noisy one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf

from tools.prove.chance import chance, spread
from tools.prove.client import Client
from tools.prove.heard import Heard
from tools.prove.noise import HOUR, MINUTE, QUIET, Noise, spells
from tools.prove.pages import Posting, editions
from tools.prove.score import Score
from tools.prove.subject import ALL, ANSWERS, API, CHATGPT, LOGIN, PRODUCT_OF, Subject
from tools.prove.world import PAGE, Kind, Spell, World
from trayapp.model import Stage, State

LAG = (
    (0.0, 1.0), (0.09, 5.0), (0.25, 13.0), (0.35, 15.0), (0.5, 20.0), (0.71, 30.0), (0.75, 40.0), (0.9, 100.0),
    (1.0, 205.0),
)  # fmt: skip
"""Minutes from the start that OpenAI states to its first post: quantiles of 37 incidents of 2021 to 2024."""
PATIENCE = 8 * HOUR
"""For so long an outage goes on that nobody posts; what is not told by then never is."""
SIGNED = Heard.BAD_GATEWAY
"""A 5xx that bears OpenAI's or Cloudflare's signature."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A kind of outage."""

    name: str
    probes: tuple[str, ...]
    rate: float
    heard: Heard = SIGNED
    page_too: bool = False
    """Whether the status page does not answer either."""

    def with_the_page(self) -> Outage:
        """The same by time-outs, the status page among them."""
        return replace(self.by_time_outs(), name=f"{self.name}, by time-outs, the page too", page_too=True)

    def by_time_outs(self) -> Outage:
        """The same where nobody answers, instead of a 5xx."""
        return replace(self, name=f"{self.name}, by time-outs", heard=Heard.TIMEOUT)


FULL_API, FULL_CHATGPT = (
    Outage("full, API alone", (API,), 1.0),
    Outage("full, ChatGPT alone", (CHATGPT,), 1.0),
)
FULL_LOGIN = Outage("full, Login alone", (LOGIN,), 1.0)
FULL_ALL = Outage("full, all three", ALL, 1.0)
HALF_API = Outage("50 % failing, API", (API,), 0.5)
QUARTER_API = Outage("25 % failing, API", (API,), 0.25)
QUARTER_CHATGPT = Outage("25 % failing, ChatGPT", (CHATGPT,), 0.25)
QUARTER_ALL = Outage("25 % failing, all three", ALL, 0.25)
KINDS = (
    FULL_API, FULL_CHATGPT, FULL_LOGIN, FULL_ALL, HALF_API, QUARTER_API, QUARTER_CHATGPT, QUARTER_ALL
)  # fmt: skip
PRODUCT = {**PRODUCT_OF, ANSWERS: "APIs"}


def lag(seed: object) -> float:
    """Seconds from an outage's beginning to its first post."""
    return MINUTE * spread(chance(seed, "lag"), LAG)


def spells_of(outage: Outage, start: float, end: float) -> list[Spell]:
    """What an outage does to the probes."""
    page = [Spell(start, end, Kind.BLOCK, PAGE)] if outage.page_too else []
    return [*page, *(Spell(start, end, Kind.OUTAGE, p, outage.heard, outage.rate) for p in outage.probes)]


@dataclass(frozen=True, slots=True)
class Noticed:
    """How long after an outage began it was noticed; infinity if it never was."""

    checking: float
    told: float


def live_through_unposted(
    outage: Outage, subject: Subject, seed: object, line: Noise = QUIET, after: float = 0.0
) -> Noticed:
    """An outage that OpenAI never posts: to the first "checking", to the first notification of its product.

    It begins when the line has been lived with for so long. One that begins while its product is told, falsely, has
    been noticed already.
    """
    start = after + chance(seed, "start").uniform(HOUR, 2 * HOUR)
    end = start + PATIENCE
    world = World(
        [*spells_of(outage, start, end), *spells(line, end, seed)], editions((), seed), seed, line.habits
    )
    products = {PRODUCT[probe] for probe in outage.probes}
    score, begun = Score(), False
    for seen in Client(world, subject, seed).live(end):
        if seen.t >= start and not begun:
            begun, score.checking_at = True, None
            if products & score.open:
                return Noticed(0.0, 0.0)
        score.count(seen)
        told = next((s.t for s in score.starts if s.t >= start and products & set(s.products)), None)
        if told is not None:
            return Noticed((score.checking_at or told) - start, told - start)
    return Noticed(inf if score.checking_at is None else score.checking_at - start, inf)


@dataclass(frozen=True, slots=True)
class Course:
    """What was told of one outage from its beginning to long after its end."""

    starts: int
    ends: int
    """Notices of an end."""
    notices: int
    flaps: int
    disorder: int
    left_open: int
    told: float
    """Seconds from the beginning to the first start."""
    lead: float
    """Seconds from the first start to OpenAI's post; negative if it came later."""
    cleared: float
    """Seconds from the true end to the last end that was told."""


def whole(
    outage: Outage, subject: Subject, seed: object, length: float, *, posted: bool, more: Iterable[Spell] = ()
) -> Course:
    """An outage of some length, to three hours after its end. A posted one lasts at least 20 min beyond its post."""
    start = chance(seed, "start").uniform(HOUR, 2 * HOUR)
    post = start + lag(seed) if posted else inf
    end = max(start + length, post + 20 * MINUTE) if posted else start + length
    postings = [_posting(outage, post, end)] if posted else []
    world = World([*spells_of(outage, start, end), *more], editions(postings, seed), seed)
    score = Score().keep(Client(world, subject, seed).live(end + 3 * HOUR), start)
    told = score.starts[0].t if score.starts else inf
    return Course(
        len(score.starts),
        len(score.ends),
        score.notices,
        score.again,
        score.disorder,
        score.left_open,
        told - start,
        post - told if posted else 0.0,
        score.ends[-1].t - end if score.ends else inf,
    )


def _posting(outage: Outage, post: float, end: float) -> Posting:
    """OpenAI watches its fix from 5 min after the true end, and takes it for over 20 min after."""
    products = tuple(dict.fromkeys(PRODUCT[p] for p in outage.probes))
    impact = State.MAJOR if outage.rate >= 1.0 else State.PARTIAL
    stages = (
        (post, Stage.INVESTIGATING),
        (end + 5 * MINUTE, Stage.MONITORING),
        (end + 20 * MINUTE, Stage.RESOLVED),
    )
    return Posting("outage", "Elevated error rates", products, impact, stages)
