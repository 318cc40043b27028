"""Whether "half of past incidents" is true: the estimate, tried forward on the incidents that then came.

Each incident is asked about with nothing but those that had ended by then; the range as it would be shown must hold
45 to 60 % of what followed, for all together and for each kind of product and impact that was asked about often enough.
`python -m tools.prove.calibration` prints the table and fails where it does not.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sqrt

from tests.recorded import Recorded, incidents
from trayapp.core.history.estimate import MIN_ALIKE, estimate_remaining, incident_seconds, monitoring_seconds
from trayapp.model import Incident, Stage, State, Update

LOW, HIGH = 0.45, 0.60
ELAPSED = (0, 30, 60)
"""Minutes after the first post."""
ENOUGH = 30
"""Fewer answers about a kind prove nothing of it."""
_WARM_UP = 60
"""The prior was made of the older incidents: they are asked about only once it is no longer used."""
_CHANCE = 1.96
"""Standard deviations within which 95 % of chance lies."""
_IMPACTS = {
    "none": State.OPERATIONAL,
    "minor": State.DEGRADED,
    "major": State.PARTIAL,
    "critical": State.MAJOR,
    "maintenance": State.MAINTENANCE,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    held: int
    asked: int
    silent: int
    """How often nothing was said."""
    incidents: int = 0
    """Of how many it was asked, for a kind; one is asked about several times."""

    @property
    def share(self) -> float:
        """Of the ranges that were given, how many held what came."""
        return self.held / self.asked if self.asked else 0.0

    @property
    def within(self) -> bool:
        """Whether "half" is true."""
        return LOW <= self.share <= HIGH

    @property
    def honest(self) -> bool:
        """Whether it is, or for a kind of fewer incidents than one needs, whether chance alone could have made it not."""
        if self.within or not 0 < self.incidents < MIN_ALIKE:
            return self.within
        edge = HIGH if self.share > HIGH else LOW
        return abs(self.share - edge) <= _CHANCE * sqrt(edge * (1.0 - edge) / self.incidents)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking about one incident at one time."""

    incident: Incident
    held: bool | None
    """None: nothing was said."""


def table() -> list[Row]:
    """The forward test on both histories, then kind by kind."""
    old = [past for fact in incidents() if not fact.new_page and (past := _of(fact))]
    new = [past for fact in incidents() if fact.new_page and (past := _of(fact))]
    whole = {t: forward(old, t, _WARM_UP) for t in ELAPSED}
    fixed = {t: forward(old, t, _WARM_UP, monitored=True) for t in (0, 30)}
    return [
        *(_row(f"2021-2024, {t} min", answers) for t, answers in whole.items()),
        *(_row(f"2026, {t} min", forward(new, t, 0)) for t in ELAPSED),
        *(_row(f"monitored for {t} min", answers) for t, answers in fixed.items()),
        *_kinds("", [a for answers in whole.values() for a in answers]),
        *_kinds(", monitored", [a for answers in fixed.values() for a in answers]),
    ]


def forward(
    history: Sequence[Incident], minutes: int, start: int, *, monitored: bool = False
) -> list[Answer]:
    """Whether the range at so many minutes held what remained, of each incident in the order of time."""
    found = []
    asked = [i for i in sorted(history, key=_began) if not monitored or monitoring_seconds(i) is not None]
    for incident in asked[start:]:
        posted = next((u.at for u in incident.updates if u.at), None) if monitored else None
        now = (posted or _began(incident)) + timedelta(minutes=minutes)
        ended = incident.resolved_at
        if ended is None or ended <= now:
            continue
        stage = Stage.MONITORING if monitored else Stage.INVESTIGATING
        past = [i for i in history if i.resolved_at is not None and i.resolved_at <= now]
        said = estimate_remaining(replace(incident, stage=stage, resolved_at=None), past, (), now)
        left = (ended - now).total_seconds()
        found.append(Answer(incident, said.low <= left <= said.high if said else None))
    return found


def _row(what: str, answers: Sequence[Answer], *, of_a_kind: bool = False) -> Row:
    held = [a.held for a in answers if a.held is not None]
    number = len({a.incident.id for a in answers if a.held is not None}) if of_a_kind else 0
    return Row(what, sum(held), len(held), len(answers) - len(held), number)


def _kinds(stage: str, answers: Sequence[Answer]) -> Iterator[Row]:
    """A row for each product and impact; an incident of two products is of two kinds."""
    kinds = Counter(
        (name, a.incident.impact) for a in answers if a.held is not None for name in a.incident.products
    )
    for product, impact in sorted(kinds, key=lambda kind: (kind[0], list(State).index(kind[1]))):
        if kinds[product, impact] >= ENOUGH:
            own = [a for a in answers if product in a.incident.products and a.incident.impact is impact]
            word = next(word for word, state in _IMPACTS.items() if state is impact)
            yield _row(f"{product}, {word}{stage}", own, of_a_kind=True)


def _began(incident: Incident) -> datetime:
    assert incident.started_at is not None
    return incident.started_at


def _of(fact: Recorded) -> Incident | None:
    """An outage that ended after it began. Of an impact or components that are not known it is of no kind."""
    fixed = next((post.at for post in fact.posts if post.stage == "monitoring"), None)
    incident = Incident(
        id=fact.id,
        name="",
        stage=Stage.RESOLVED,
        stage_word="",
        impact=_IMPACTS[fact.impact or "minor"],
        impact_word=fact.impact or "",
        started_at=fact.began,
        resolved_at=fact.ended,
        products=fact.components or () if fact.impact is not None and not fact.new_page else (),
        updates=(Update("", Stage.MONITORING, "", "", fixed),) if fixed is not None else (),
    )
    return incident if incident_seconds(incident) and incident.impact is not State.MAINTENANCE else None


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """The table in text; a miss is called one."""
    yield f"Half of what followed lay in the range (must be {LOW:.0%} to {HIGH:.0%}):"
    for row in rows:
        word = "holds" if row.within else "within chance" if row.honest else "MISS"
        number = f" ({row.incidents} incidents)" if row.incidents else ""
        yield f"  {row.what:<28}{row.share:6.1%}  {row.held:4} of {row.asked:4}  silent {row.silent:3}  {word}{number}"


def main() -> int:
    """Print it; 1 where "half" is not true."""
    rows = table()
    sys.stdout.write("\n".join(lines(rows)) + "\n")
    return 0 if all(row.honest for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
