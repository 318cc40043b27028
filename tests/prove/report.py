"""The report, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite
from statistics import median_high

from tests.prove import films
from tests.prove.budgets import budgets
from tests.prove.compared import ablations, replayed
from tests.prove.jobs import Results, Size
from tests.prove.rows import markdown, number, plain, side_by_side
from tests.prove.subject import PROGRAM

_NOTES = """\
Through the real judge and rhythm on a virtual clock. A figure's own value decides its mark; “within chance” says that
its interval reaches over the budget. An answer's own time, 10 s at most, is not in the delays. “Three in a row” is the
same judge with other limits: a failure is worth 1 of 3, one answer takes all away, no span is asked. A false start is
trouble told in weeks without any; a second product that joins it is one more notification, not one more start. Weeks
are those the computer is awake."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the report stands on."""

    history: str
    size: Size
    seed: int


def written(results: Results, source: Source) -> str:
    """The report in Markdown."""
    size = source.size
    basis = (
        f"{size.weeks:g} client-weeks of noise, {size.trials} outages of each kind, "
        f"replay of {source.history}, seed {source.seed}."
    )
    parts = (
        basis,
        _NOTES,
        markdown(budgets(results)),
        "Beside the program without one of its parts:",
        side_by_side(ablations(results)),
        f"Replay of {source.history} (what a probe could see of them is assumed):",
        side_by_side(replayed(results)),
        "Eight outages as a probe without a key could have seen them (medians, from the true start):",
        _films(results),
    )
    return "\n\n".join(parts) + "\n"


_SHOWN = ("told", "lead", "starts", "notices", "cleared")


def _films(results: Results) -> str:
    head = "| | | told after, s | lead over the page, s | starts | notifications | end told after the page's, s |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    for film in films.FILMS:
        cells = [number(value, 0) for value in _medians(results, film).values()]
        lines.append(f"| {film.day} | {film.what} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _medians(results: Results, film: films.Film) -> dict[str, float]:
    shown = results["film", film.day, PROGRAM.name]
    return {name: float(median_high([getattr(s, name) for s in shown])) for name in _SHOWN}


def as_json(results: Results, source: Source) -> str:
    """The same figures for programs."""
    document = {
        "history": source.history,
        "weeks": source.size.weeks,
        "seed": source.seed,
        "budgets": [plain(row) for row in budgets(results)],
        "ablations": {name: [plain(row) for row in rows] for name, rows in ablations(results).items()},
        "replay": {name: [plain(row) for row in rows] for name, rows in replayed(results).items()},
        "films": {
            film.day: {name: v if isfinite(v) else None for name, v in _medians(results, film).items()}
            for film in films.FILMS
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
