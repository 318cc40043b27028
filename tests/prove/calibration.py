"""Whether "half of past incidents" is true: the estimate, tried forward on the incidents that then came.

Each incident is asked about with nothing but those that had ended by then; the range as it would be shown must hold
45 to 60 % of what followed. `python -m tests.prove.calibration` prints the table and fails where it does not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.recorded import Recorded, incidents
from trayapp.core.estimate import NEWEST, residual
from trayapp.core.prior import MONITORING, TOTAL

LOW, HIGH = 0.45, 0.60
ELAPSED = (0, 30, 60)
"""Minutes after the first post."""
_WARM_UP = 60
"""The prior was made of the older incidents: they are asked about only once it is no longer used."""


@dataclass(frozen=True, slots=True)
class Past:
    """One incident that ended, in seconds since 1970."""

    began: float
    ended: float
    fixed: float | None = None
    """When a fix was first monitored."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    held: int
    asked: int
    silent: int
    """How often nothing was said."""

    @property
    def share(self) -> float:
        """Of the ranges that were given, how many held what came."""
        return self.held / self.asked if self.asked else 0.0

    @property
    def honest(self) -> bool:
        """Whether "half" is true."""
        return LOW <= self.share <= HIGH


def table() -> list[Row]:
    """The forward test on both histories."""
    old = [past for fact in incidents() if not fact.new_page and (past := _of(fact))]
    new = [past for fact in incidents() if fact.new_page and (past := _of(fact))]
    rows = [forward(f"2021-2024, {t} min", _whole(old), t, TOTAL, _WARM_UP) for t in ELAPSED]
    rows += [forward(f"2026, {t} min", _whole(new), t, TOTAL, 0) for t in ELAPSED]
    return [
        *rows,
        *(forward(f"monitored for {t} min", _fixed(old), t, MONITORING, _WARM_UP) for t in (0, 30)),
    ]


def forward(
    what: str, spans: Sequence[tuple[float, float]], minutes: int, prior: Sequence[int], start: int
) -> Row:
    """How often the range at so many minutes held what remained; spans are (from, to) in the order of time."""
    held = asked = silent = 0
    for number, (began, ended) in enumerate(spans[start:], start):
        now = began + minutes * 60.0
        if ended <= now:
            continue
        lengths = [to - begin for begin, to in spans[:number] if to <= now][-NEWEST:]
        said = residual(lengths, now - began, prior)
        if said is None:
            silent += 1
            continue
        asked += 1
        held += said.low <= ended - now <= said.high
    return Row(what, held, asked, silent)


def _whole(history: Iterable[Past]) -> list[tuple[float, float]]:
    return sorted((p.began, p.ended) for p in history)


def _fixed(history: Iterable[Past]) -> list[tuple[float, float]]:
    return sorted((p.fixed, p.ended) for p in history if p.fixed is not None and p.fixed < p.ended)


def _of(fact: Recorded) -> Past | None:
    """An incident that ended after it began."""
    if fact.ended <= fact.began:
        return None
    fixed = next((post.at.timestamp() for post in fact.posts if post.stage == "monitoring"), None)
    return Past(fact.began.timestamp(), fact.ended.timestamp(), fixed)


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """The table in text; a miss is called one."""
    yield f"Half of what followed lay in the range (must be {LOW:.0%} to {HIGH:.0%}):"
    for row in rows:
        word = "holds" if row.honest else "MISS"
        yield f"  {row.what:<24}{row.share:6.1%}  {row.held:4} of {row.asked:4}  silent {row.silent:3}  {word}"


def main() -> int:
    """Print it; 1 where "half" is not true."""
    rows = table()
    sys.stdout.write("\n".join(lines(rows)) + "\n")
    return 0 if all(row.honest for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
