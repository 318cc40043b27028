"""Networks that do not let OpenAI be reached, and lines that drop: nothing of that is OpenAI's trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tools.prove.chance import chance
from tools.prove.client import Client
from tools.prove.engine import names_own_cause
from tools.prove.figures import rate, share
from tools.prove.heard import Heard
from tools.prove.jobs import Job, Results, Size, repeat_job
from tools.prove.noise import DAY, HOUR, MINUTE
from tools.prove.pages import editions
from tools.prove.rows import Row
from tools.prove.score import Score
from tools.prove.subject import ALL, CHATGPT, LOGIN, PROGRAM, asking_every
from tools.prove.world import HOME, PAGE, Habits, Kind, Spell, World

_OURS = (
    Heard.NOWHERE, Heard.FORBIDDEN, Heard.PROXY_REFUSES, Heard.PROXY_SAYS_403, Heard.PROXY_SAYS_502, Heard.PROXY_GONE,
    Heard.INSPECTOR,
)  # fmt: skip
"""What shows by itself that it is this network's doing."""
_MANNERS = {"reset": (Heard.RESET,), "hang": (Heard.TIMEOUT,), "seven others, one a day": _OURS}
_TARGETS = {
    "all of OpenAI": ALL,
    "all of OpenAI and its page": (*ALL, PAGE),
    "chatgpt.com and auth alone": (CHATGPT, LOGIN),
}
_PRODUCT = {
    "all of OpenAI": "APIs",
    "all of OpenAI and its page": "APIs",
    "chatgpt.com and auth alone": "ChatGPT",
}
_SITES = {
    "always": (0.0, DAY, "blocking"),
    "at work": (9 * HOUR, 17 * HOUR, "office"),
    "a VPN from noon": (12 * HOUR, 18 * HOUR, "vpn"),
    "at work, where networks cannot be told apart": (9 * HOUR, 17 * HOUR, ""),
}
"""From when to when it blocks each day, and what the network then is."""
_CASES = (
    *(("all of OpenAI", site) for site in _SITES),
    *(("chatgpt.com and auth alone", site) for site in _SITES if _SITES[site][2]),
    ("all of OpenAI and its page", "always"),
)
_ENOUGH = 3
"""Days of the same all day long: what is not told by then never is."""
INTERVALS = (2 * MINUTE, 10 * MINUTE, 60 * MINUTE)


@dataclass(frozen=True, slots=True)
class Blocked:
    """A week behind a block."""

    weeks: float
    notices: int
    tried: frozenset[str]
    unnamed: frozenset[str]
    """Manners on whose day the icon's reasons did not say, in the end, that it is the way from here."""


def week(target: str, manner: str, site: str, days: int, seed: object) -> Blocked:
    """A week in which a network blocks: all day since the first start, in working hours after sleep, or by a VPN."""
    begins, ends, name = _SITES[site]
    spans = [(d * DAY + begins, d * DAY + ends) for d in range(8)][0 if site == "always" else 1 :][:days]
    home = HOME if name else ""
    daily = [(at, where) for start, end in spans for at, where in ((start, name), (end, home))]
    moves = ((0.0, name),) if site == "always" else ((0.0, home), *daily)
    manners = [_MANNERS[manner][d % len(_MANNERS[manner])] for d in range(days)]
    spells = [
        Spell(start, end, Kind.BLOCK, probe, heard)
        for (start, end), heard in zip(spans, manners, strict=True)
        for probe in _TARGETS[target]
    ]
    if site.startswith("at work"):
        spells += [Spell(at - 20 * MINUTE, at, Kind.SLEEP) for span in spans for at in span]
    world = World(spells, editions((), seed), seed, Habits(networks=moves))
    score, named = Score(), [False] * days
    for seen in Client(world, PROGRAM, seed).live(spans[-1][1]):
        score.count(seen)
        for n, (start, end) in enumerate(spans):
            if start <= seen.t < end:
                named[n] = names_own_cause(seen.verdict, _PRODUCT[target])
    unnamed = (heard.value for heard, was in zip(manners, named, strict=True) if not was)
    return Blocked(days / 7.0, score.notices, frozenset(heard.value for heard in manners), frozenset(unnamed))


def drops(interval: float, days: int, seed: object) -> int:
    """Notices in some days of a Wi-Fi that goes for 10 min three times a day."""
    rng = chance(seed, "drops")
    starts = [d * DAY + n * 8 * HOUR + rng.uniform(0.0, 7 * HOUR) for d in range(days) for n in range(3)]
    moves = tuple(move for at in starts for move in ((at, ""), (at + 10 * MINUTE, HOME)))
    manners = (Heard.TIMEOUT, Heard.NO_NAME, Heard.FORBIDDEN)
    spells = [Spell(at, at + 10 * MINUTE, Kind.OFFLINE, heard=rng.choice(manners)) for at in starts]
    world = World(spells, editions((), seed), seed, Habits(networks=moves))
    return Score().keep(Client(world, asking_every(interval), seed).live(days * DAY)).notices


def jobs(size: Size, seed: int) -> Iterator[Job]:
    """Every target by every manner at every site, and the drops."""
    for target, site in _CASES:
        for manner in _MANNERS:
            key = ("block", f"{target}, {site}: {manner}", PROGRAM.name)
            yield from repeat_job(
                key, partial(week, target, manner, site, _days(size, manner, site)), 1, seed, 1
            )
    for interval in INTERVALS:
        number = max(1, round(size.weeks / 20))
        yield from repeat_job(
            ("drops", f"{interval:g}", PROGRAM.name), partial(drops, interval, size.days), number, seed, 1
        )


def _days(size: Size, manner: str, site: str) -> int:
    return min(size.days, _ENOUGH) if site == "always" and len(_MANNERS[manner]) == 1 else size.days


def rows(results: Results) -> list[Row]:
    """What was told, which must be nothing, and whether the cause was named."""
    found = []
    for target, site in _CASES:
        each = {m: results["block", f"{target}, {site}: {m}", PROGRAM.name] for m in _MANNERS}
        lived = [w for weeks in each.values() for w in weeks]
        loud = [m for m, weeks in each.items() if any(w.notices for w in weeks)]
        mute = sorted({manner for w in lived for manner in w.unnamed})
        tried = len({manner for w in lived for manner in w.tried})
        of = f"a network that blocks {target}, {site}"
        note = "resets, hanging, seven other manners a day each"
        told = f"; told: {', '.join(loud)}" if loud else ""
        found += [
            Row(f"{of}: told", rate(sum(w.notices for w in lived), sum(w.weeks for w in lived)), "a week", 0.0, 2, note + told),
            Row(
                f"{of}: cause named", share(tried - len(mute), tried), f"share of {tried} manners", 1.0, 2,
                f"not named: {', '.join(mute)}" if mute else "", at_least=True,
            ),
        ]  # fmt: skip
    for interval in INTERVALS:
        heard = results["drops", f"{interval:g}", PROGRAM.name]
        what = f"Wi-Fi drops for 10 min three times a day, page every {interval / 60:g} min: told"
        note = "a drop is seen by the neutral hosts; probes hear time-outs, no name, or no route"
        found.append(Row(what, rate(sum(heard), len(heard)), "a week", 0.0, 2, note))
    return found
