"""Networks that do not let OpenAI be reached, and lines that drop: nothing of that is OpenAI's trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tests.prove.chance import chance
from tests.prove.client import Client
from tests.prove.engine import names_own_cause
from tests.prove.figures import rate, share
from tests.prove.heard import Heard
from tests.prove.jobs import Job, Results, Size, repeated
from tests.prove.noise import DAY, HOUR, MINUTE, WEEK
from tests.prove.pages import editions
from tests.prove.rows import Row
from tests.prove.score import Score
from tests.prove.subject import API, CHATGPT, LOGIN, PROGRAM, Subject, asking_every
from tests.prove.world import HOME, PAGE, Habits, Kind, Spell, World

_MANNERS = (
    Heard.RESET, Heard.TIMEOUT, Heard.NOWHERE, Heard.FORBIDDEN, Heard.PROXY_REFUSES, Heard.PROXY_SAYS_403,
    Heard.PROXY_SAYS_502, Heard.PROXY_GONE, Heard.INSPECTOR,
)  # fmt: skip
_TARGETS = {
    "all of OpenAI": (API, CHATGPT, LOGIN),
    "all of OpenAI and its page": (API, CHATGPT, LOGIN, PAGE),
    "chatgpt.com and auth alone": (CHATGPT, LOGIN),
}
_PRODUCT = {
    "all of OpenAI": "APIs",
    "all of OpenAI and its page": "APIs",
    "chatgpt.com and auth alone": "ChatGPT",
}
_SITES = ("always", "at work", "a VPN from noon")
INTERVALS = (2 * MINUTE, 10 * MINUTE, 60 * MINUTE)


@dataclass(frozen=True, slots=True)
class Blocked:
    """A week behind a block."""

    notices: int
    named: bool
    """Whether, at the end of its last spell, the icon's reasons said that it is the way from here."""


def week(target: str, manner: Heard, site: str, seed: object) -> Blocked:
    """A week in which a network blocks, all day since the first start, in working hours after sleep, or by a VPN."""
    spans = (
        [(0.0, WEEK)]
        if site == "always"
        else [(d * DAY + b, d * DAY + e) for d in range(1, 6) for b, e in (_DAY[site],)]
    )
    away = {"always": "blocking", "at work": "office", "a VPN from noon": "vpn"}[site]
    moves = tuple((at, name) for start, end in spans for at, name in ((start, away), (end, HOME)))
    spells = [
        Spell(start, end, Kind.BLOCK, probe, manner) for start, end in spans for probe in _TARGETS[target]
    ]
    if site == "at work":
        spells += [Spell(at - 20 * MINUTE, at, Kind.SLEEP) for span in spans for at in span]
    world = World(spells, editions((), seed), seed, Habits(networks=moves))
    score, named = Score(), False
    for seen in Client(world, PROGRAM, seed).live(spans[-1][1]):
        score.count(seen)
        named = names_own_cause(seen.verdict, _PRODUCT[target])
    return Blocked(score.notices, named)


_DAY = {"at work": (9 * HOUR, 17 * HOUR), "a VPN from noon": (12 * HOUR, 18 * HOUR)}


def drops(interval: float, seed: object) -> int:
    """Notices while offline in two weeks of a Wi-Fi that goes for 10 min three times a day."""
    rng = chance(seed, "drops")
    starts = [d * DAY + rng.uniform(0.0, DAY - 10 * MINUTE) for d in range(14) for _ in range(3)]
    manners = (Heard.TIMEOUT, Heard.NO_NAME, Heard.FORBIDDEN)
    spells = [Spell(at, at + 10 * MINUTE, Kind.OFFLINE, heard=rng.choice(manners)) for at in starts]
    world = World(spells, editions((), seed), seed)
    return Score().keep(Client(world, _subject(interval), seed).live(14 * DAY)).notices


def _subject(interval: float) -> Subject:
    return asking_every(interval)


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Every target by every manner at every site, and the drops."""
    for target in _TARGETS:
        for site in _SITES:
            for manner in _MANNERS:
                key = ("block", f"{target}, {site}: {manner.value}", PROGRAM.name)
                yield from repeated(key, partial(week, target, manner, site), 1, seed, 1)
    for interval in INTERVALS:
        number = max(1, round(size.weeks / 40))
        yield from repeated(
            ("drops", f"{interval:g}", PROGRAM.name), partial(drops, interval), number, seed, 1
        )


def rows(results: Results) -> list[Row]:
    """What was told, which must be nothing, and whether the cause was named."""
    found = []
    for target in _TARGETS:
        for site in _SITES:
            each = {m: results["block", f"{target}, {site}: {m.value}", PROGRAM.name] for m in _MANNERS}
            lived = [w for weeks in each.values() for w in weeks]
            loud = [m.value for m, weeks in each.items() if any(w.notices for w in weeks)]
            note = "nine manners, one week each" + (f"; told: {', '.join(loud)}" if loud else "")
            mute = [m.value for m, weeks in each.items() if not all(w.named for w in weeks)]
            of = f"a network that blocks {target}, {site}"
            found += [
                Row(f"{of}: told", rate(sum(w.notices for w in lived), len(lived)), "a week", 0.0, 2, note),
                Row(
                    f"{of}: cause named", share(sum(w.named for w in lived), len(lived)), "share", 1.0, 2,
                    f"not: {', '.join(mute)}" if mute else "", at_least=True,
                ),
            ]  # fmt: skip
    for interval in INTERVALS:
        told = results["drops", f"{interval:g}", PROGRAM.name]
        what = f"Wi-Fi drops for 10 min three times a day, page every {interval / 60:g} min: told"
        note = "a drop is seen by the neutral hosts; probes hear time-outs, no name, or no route"
        found.append(Row(what, rate(sum(told), 2.0 * len(told)), "a week", 0.0, 2, note))
    return found
