"""The report, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from tools.prove import calibration, films, groups, years
from tools.prove.compared import ablations
from tools.prove.jobs import Results, Size
from tools.prove.rows import markdown, plain, side_by_side

_NOTES = """\
Through the real judge and rhythm on a virtual clock. A figure's own value decides its mark; “within chance” says that
its interval reaches over the budget. An answer's own time, 10 s at most, is not in the delays. “Three in a row” is the
same judge with other limits: a failure is worth 1 of 3, one answer takes all away, no span is asked. A false start is
trouble told in weeks without any; a second product that joins it is one more notification, not one more start. Weeks
are those the computer is awake. The page is as OpenAI's: 25 of its 34 components in `summary.json`, others each hour;
`updated_at` falls back when the last incident ends; incidents name no component but in the native feed, which brings
nothing 2 % of the time; `incidents.json` is up to 3 min behind."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the report stands on."""

    history: str
    size: Size
    seed: int
    only: Sequence[str] = groups.NAMES


def write_report(results: Results, source: Source) -> str:
    """The report in Markdown."""
    size, only = source.size, source.only
    basis = (
        f"{size.weeks:g} client-weeks of noise, {size.trials} outages of each kind, "
        f"replay of {source.history}, seed {source.seed}."
    )
    parts = [basis, _NOTES, markdown(groups.rows(results, only))]
    if groups.COMPARED in only:
        parts += ["Beside the program without one of its parts:", side_by_side(ablations(results))]
    if groups.YEARS in only:
        parts += [
            f"Replay of {source.history} (what a probe could see of them is assumed):",
            side_by_side(years.compare_with_probes(results)),
        ]
    if groups.FILMS in only:
        parts += [
            "Eight outages as a probe without a key could have seen them (medians, from the true start):",
            films.table(results),
        ]
    if groups.ESTIMATE in only:
        held = "\n".join(("```", *calibration.lines(calibration.table()), "```"))
        parts += ["How long it takes, foretold and held against what followed:", held]
    return "\n\n".join(parts) + "\n"


def as_json(results: Results, source: Source) -> str:
    """The same figures for programs."""
    only = source.only
    document: dict[str, object] = {
        "history": source.history,
        "weeks": source.size.weeks,
        "seed": source.seed,
        "budgets": [plain(row) for row in groups.rows(results, only)],
    }
    if groups.COMPARED in only:
        document["ablations"] = {
            name: [plain(r) for r in found] for name, found in ablations(results).items()
        }
    if groups.YEARS in only:
        document["replay"] = {
            n: [plain(r) for r in found] for n, found in years.compare_with_probes(results).items()
        }
    if groups.FILMS in only:
        document["films"] = {
            film.day: {n: v if isfinite(v) else None for n, v in films.medians(results, film).items()}
            for film in films.FILMS
        }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
