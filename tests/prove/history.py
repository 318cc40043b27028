"""Past incidents of a status page, as postings on the world's clock, whatever form they are kept in."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from math import exp, log
from pathlib import Path
from typing import Any

from tests.prove.chance import chance
from tests.prove.noise import DAY, MINUTE
from tests.prove.pages import MEMBERS, Posting
from trayapp.model import Incident, Stage, State
from trayapp.sources.incidents import read_incidents
from trayapp.sources.table import group_by_id

RECORDED = Path("../shared/data/history/incident-stages-2021-2024.csv")
"""365 incidents of OpenAI; where it is absent a history of the same statistics is made up."""
_LEVELS = {
    "0": State.OPERATIONAL,
    "1": State.DEGRADED,
    "2": State.PARTIAL,
    "3": State.MAJOR,
    "4": State.MAINTENANCE,
}
_STAGES = (Stage.INVESTIGATING, Stage.IDENTIFIED, Stage.MONITORING, Stage.RESOLVED)
_COLUMNS = {"ChatGPT": "ChatGPT", "API": "APIs", "Labs": "Labs", "Playground": "Labs"}


def history(path: Path | None) -> tuple[list[Posting], str]:
    """Postings, oldest first, the first a day from the world's beginning; and where they come from.

    Raises OSError, ValueError or KeyError for a file that is no history.
    """
    if path is None and not RECORDED.is_file():
        return made_up(365, "history"), "365 incidents made up with the statistics of 2021 to 2024"
    source = path or RECORDED
    dated = _from_json(source) if source.suffix == ".json" else _from_table(source)
    if not dated:
        raise ValueError("no incident that ended")
    return _from_zero(dated), f"{len(dated)} incidents of {source.name}"


def made_up(number: int, seed: object) -> list[Posting]:
    """A history with the rate, impacts, products and lengths of the recorded one."""
    rng = chance(seed, "made up")
    found: list[Posting] = []
    at = DAY
    for n in range(number):
        at += rng.expovariate(1.0 / (3.55 * DAY))
        length = MINUTE * min(1500.0, exp(rng.gauss(log(77.0), 1.1)))
        impact = rng.choices(list(_LEVELS.values())[:4], (52, 141, 125, 46))[0]
        products = rng.choices(
            (("APIs",), ("ChatGPT",), ("APIs", "ChatGPT"), (), ("Labs",)), (178, 89, 56, 30, 12)
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
    offset = DAY - ordered[0].begins
    return [replace(p, posts=tuple((t + offset, s) for t, s in p.posts)) for p in ordered]


def _from_table(path: Path) -> list[Posting]:
    """The published data set of incidents' stages: a column a stage, a column a service."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["provider"] == "openai"]
    return [_of_row(row) for row in rows]


def _of_row(row: dict[str, str]) -> Posting:
    told = [(row[f"{s.value}_timestamp"], s) for s in _STAGES if row[f"{s.value}_timestamp"]]
    posts = sorted(
        ((_seconds(when), s) for when, s in told), key=lambda post: (post[0], _STAGES.index(post[1]))
    )
    products = tuple(dict.fromkeys(group for column, group in _COLUMNS.items() if row[column] == "1"))
    impact = _LEVELS.get(row["incident_impact_level"], State.DEGRADED)
    return Posting(row["incident_id"], row["Incident_Title"], products, impact, tuple(posts))


def _from_json(path: Path) -> list[Posting]:
    """`incidents.json` of any Statuspage-compatible page, through the program's own reader."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return [p for i in read_incidents(((document, "incidents"),), "") if (p := _of_incident(i)) is not None]


def _of_incident(incident: Incident) -> Posting | None:
    posts = sorted((u.at.timestamp(), u.stage) for u in incident.updates if u.at is not None)
    if not posts or incident.open:
        return None
    groups = (group_by_id(i) for i in incident.components)
    products = tuple(dict.fromkeys(g for g in groups if g in MEMBERS))
    return Posting(incident.id, incident.name, products, incident.impact, tuple(posts))


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def chunks(postings: Sequence[Posting], size: int) -> list[list[Posting]]:
    """The history cut where nothing is open, into stretches of about so many incidents, each from the beginning."""
    found: list[list[Posting]] = [[]]
    quiet_from = 0.0
    for posting in postings:
        if len(found[-1]) >= size and posting.begins > quiet_from + DAY:
            found.append([])
        found[-1].append(posting)
        quiet_from = max(quiet_from, posting.ends)
    return [_from_zero(chunk) for chunk in found]
