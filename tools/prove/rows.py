"""Rows of the report: a figure, its budget where it has one, whether it keeps it, and what it takes for granted."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from tools.prove.figures import Figure


@dataclass(frozen=True, slots=True)
class Row:
    """One figure."""

    what: str
    figure: Figure
    unit: str
    """s, or what it is a share or rate of."""
    budget: float | None = None
    """At most so much; None where none is set."""
    digits: int = 0
    assumed: str = ""
    """What of the world is assumed and not known."""
    at_least: bool = False
    """The budget is what it must reach."""

    @property
    def mark(self) -> str:
        """PASS or MISS by the figure itself, whatever its interval; empty without a budget."""
        if self.budget is None:
            return ""
        return "PASS" if self.figure.of and self._keeps(self.figure.value) else "MISS"

    @property
    def sure(self) -> bool:
        """Whether the whole interval lies on the mark's side of the budget."""
        if not self.budget or (self.at_least and self.budget == 1.0):
            return True  # none set, or none allowed, which no number of weeks makes sure
        worst, best = self.figure.high, self.figure.low
        if self.at_least:
            worst, best = best, worst
        return self._keeps(worst) if self.mark == "PASS" else not self._keeps(best)

    def _keeps(self, value: float) -> bool:
        assert self.budget is not None
        return value >= self.budget if self.at_least else value <= self.budget


def number(value: float, digits: int) -> str:
    """A number for people; what never came is "never"."""
    return f"{value:.{digits}f}" if isfinite(value) else "never"


def spell_row(row: Row) -> str:
    """A figure with its interval."""
    figure = row.figure
    low, high = number(figure.low, row.digits), number(figure.high, row.digits)
    return f"{number(figure.value, row.digits)} ({low} – {high})"


def markdown(rows: list[Row]) -> str:
    """Rows with budgets as a table."""
    lines = ["| what | measured (95 %) | budget | | assumed |", "|---|---|---|---|---|"]
    for row in rows:
        mark = row.mark + ("" if row.sure else ", within chance")
        budget = "" if row.budget is None else number(row.budget, row.digits)
        budget = f"≥ {budget}" if row.at_least and budget else budget
        lines.append(f"| {row.what}, {row.unit} | {spell_row(row)} | {budget} | {mark} | {row.assumed} |")
    return "\n".join(lines)


def side_by_side(columns: dict[str, list[Row]]) -> str:
    """The same rows of several subjects as a table, a column a subject; an absent row is a dash."""
    found = {name: {f"{r.what}, {r.unit}": spell_row(r) for r in rows} for name, rows in columns.items()}
    whats = list(dict.fromkeys(what for cells in found.values() for what in cells))
    head = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    return "\n".join(
        [*head, *(f"| {w} | {' | '.join(cells.get(w, '–') for cells in found.values())} |" for w in whats)]
    )


def plain(row: Row) -> dict[str, object]:
    """A row for JSON; what is not finite is null."""
    values = {k: v if isfinite(v) else None for k, v in (
        ("value", row.figure.value), ("low", row.figure.low), ("high", row.figure.high)
    )}  # fmt: skip
    return {
        "what": row.what, "unit": row.unit, **values, "of": row.figure.of, "budget": row.budget, "mark": row.mark,
        "at_least": row.at_least, "assumed": row.assumed,
    }  # fmt: skip
