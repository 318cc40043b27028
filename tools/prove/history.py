"""Past incidents of a status page, as postings on the world's clock, whatever form they are kept in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import exp, inf, isfinite, log
from pathlib import Path
from typing import Any

from tests.recorded import Recorded, incidents
from tools.prove.chance import chance
from tools.prove.engine import SHIPPED
from tools.prove.noise import DAY, MINUTE, WEEK
from tools.prove.pages import MEMBERS, Posting
from trayapp.model import Incident, Stage, State, ladder_rank
from trayapp.sources.incidents import read_incidents
from trayapp.sources.product_components import group_by_id

_LEVELS = {
    "none": State.OPERATIONAL,
    "minor": State.DEGRADED,
    "major": State.PARTIAL,
    "critical": State.MAJOR,
    "maintenance": State.MAINTENANCE,
}
_STAGES = (Stage.INVESTIGATING, Stage.IDENTIFIED, Stage.MONITORING, Stage.RESOLVED)
_SERVICES = {"API": "APIs", "ChatGPT": "ChatGPT", "Labs": "Ads Platform", "Playground": "Ads Platform"}
"""Until 2024 the page named services; what nobody follows stands for those that are gone."""
_IMPACTS_KNOWN = (("none", 12), ("minor", 75), ("major", 12), ("critical", 3))
"""Of the 102 incidents of 2026 whose impact is known; the others' is drawn like theirs."""
_PRODUCTS_DRAWN: tuple[tuple[tuple[str, ...], int], ...] = (
    (("APIs",), 35), (("ChatGPT",), 35), (("Codex",), 10), (("APIs", "ChatGPT"), 12), ((), 8)
)  # fmt: skip
_ONE_COMPONENT = 0.25
"""The share of incidents of unknown components that are taken to touch a single one."""
NAMED = 0.7
"""The share of incidents whose title or posts name a product: 119 of 171 major and critical ones of 2021 to 2024."""
_FOLLOWED = frozenset(SHIPPED.follow)
_A_MONDAY = 4 * DAY
"""In 1970, UTC."""
_LONG_QUIET = 30 * DAY
ASSUMED = (
    "until 2024: an impact hurts one, two or all components of today's product that stands for the service named; "
    "2026: the components of 166 of 170 and the impact of 68 are drawn, a quarter touch one component alone; "
    "components are green once a fix is watched"
)


def history(path: Path | None) -> tuple[list[Posting], str]:
    """Postings, oldest first, the first a day from the world's beginning; and where they come from.

    Raises OSError, ValueError or KeyError for a file that is no history.
    """
    if path is None:
        found, name = (
            [_of_fact(fact) for fact in incidents() if fact.began <= fact.ended],
            "tests/data/history",
        )
    else:
        found, name = _from_json(path), path.name
    if not found:
        raise ValueError("no incident that ended")
    return _from_zero(found), f"{len(found)} incidents of {name}"


def weeks() -> list[list[Posting]]:
    """The recorded weeks with an outage of a followed product, at their real hours; Monday 00:00 is a day from zero."""
    found: dict[int, list[Posting]] = {}
    for posting in (_of_fact(fact) for fact in incidents() if fact.began <= fact.ended):
        found.setdefault(int((posting.begins - _A_MONDAY) // WEEK), []).append(_give_title(posting))
    return [
        [
            _move_posting(p, DAY - _A_MONDAY - number * WEEK)
            for p in sorted(week, key=lambda p: (p.begins, p.id))
        ]
        for number, week in sorted(found.items())
        if any(ladder_rank(p.impact) >= ladder_rank(State.PARTIAL) and _concerns_anybody(p) for p in week)
    ]


def _give_title(posting: Posting) -> Posting:
    """The incident with a title as OpenAI gives it: most say what is hurt."""
    says = posting.groups and chance(posting.id, "named").random() < NAMED
    return replace(posting, name=f"Elevated errors for {' and '.join(posting.groups)}") if says else posting


def _concerns_anybody(posting: Posting) -> bool:
    return not posting.groups or not _FOLLOWED.isdisjoint(posting.groups)


def make_up_history(number: int, seed: object) -> list[Posting]:
    """A history with the rate, impacts, products and lengths of the recorded one."""
    rng = chance(seed, "made up")
    found: list[Posting] = []
    at = DAY
    for n in range(number):
        at += rng.expovariate(1.0 / (3.55 * DAY))
        length = MINUTE * min(1500.0, exp(rng.gauss(log(77.0), 1.1)))
        impact = rng.choices(list(_LEVELS.values())[:4], (52, 141, 125, 46))[0]
        products = rng.choices(
            (("APIs",), ("ChatGPT",), ("APIs", "ChatGPT"), (), ("Ads Platform",)), (178, 89, 56, 30, 12)
        )[0]
        shares = sorted((rng.random(), rng.random()))
        times = (at, at + shares[0] * length, at + shares[1] * length, at + length)
        found.append(
            Posting(
                f"made-up-{n}",
                "Elevated error rates",
                products,
                impact,
                tuple(zip(times, _STAGES, strict=True)),
            )
        )
    return found


def _from_zero(dated: Iterable[Posting]) -> list[Posting]:
    ordered = sorted(dated, key=lambda p: (p.begins, p.id))
    return [_move_posting(p, DAY - ordered[0].begins) for p in ordered]


def _move_posting(posting: Posting, by: float) -> Posting:
    return replace(posting, posts=tuple((t + by, s) for t, s in posting.posts))


def _of_fact(fact: Recorded) -> Posting:
    """A recorded incident on today's page. What is not known of it is drawn, by its id: the same for everybody."""
    rng = chance(fact.id, "unknown")
    drawn = rng.choices([word for word, _ in _IMPACTS_KNOWN], [n for _, n in _IMPACTS_KNOWN])[0]
    products = rng.choices([p for p, _ in _PRODUCTS_DRAWN], [n for _, n in _PRODUCTS_DRAWN])[0]
    alone = rng.random() < _ONE_COMPONENT
    parts: tuple[str, ...] = ()
    if fact.components is None and alone and products:
        parts = (rng.choice(MEMBERS[products[0]]),)
    elif fact.components is not None and fact.new_page:
        parts, products = fact.components, ()
    elif fact.components is not None:
        products = tuple(dict.fromkeys(_SERVICES[name] for name in fact.components))
    posts = sorted(((post.at.timestamp(), post.stage) for post in fact.posts), key=lambda post: post[0])
    return Posting(
        fact.id,
        "Elevated error rates",
        products,
        _LEVELS[fact.impact or drawn],
        tuple((at, Stage(stage or "investigating")) for at, stage in posts),
        parts,
        fact.back_dated,
    )


def _from_json(path: Path) -> list[Posting]:
    """`incidents.json` of any Statuspage-compatible page, through the program's own reader."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return [p for i in read_incidents(((document, "incidents"),), "") if (p := _of_incident(i)) is not None]


def _of_incident(incident: Incident) -> Posting | None:
    posts = sorted((u.at.timestamp(), u.stage) for u in incident.updates if u.at is not None)
    if not posts or incident.is_open:
        return None
    groups = [group for i in incident.components if (group := group_by_id(i))]
    products = tuple(dict.fromkeys(g for g in groups if g in MEMBERS))
    return Posting(incident.id, incident.name, products, incident.impact, tuple(posts))


def chunks(postings: Sequence[Posting], size: int) -> list[list[Posting]]:
    """The history cut where nothing is open, into stretches of about so many incidents, each from the beginning."""
    found: list[list[Posting]] = [[]]
    quiet_from = inf
    for posting in postings:
        if posting.begins > quiet_from + (DAY if len(found[-1]) >= size else _LONG_QUIET):
            found.append([])
        found[-1].append(posting)
        quiet_from = max(quiet_from, posting.ends) if isfinite(quiet_from) else posting.ends
    return [_from_zero(chunk) for chunk in found]
