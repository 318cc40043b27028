"""What came and went while nobody looked, the computer asleep or the program not running, in one line afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trayapp.core import concern
from trayapp.core.memory import Memory
from trayapp.model import Change, State, Transition, rank, worst


def missed(
    memory: Memory, since: datetime, until: datetime, follow: tuple[str, ...], least: State
) -> tuple[Transition, ...]:
    """The page's past incidents, at least so bad, that began and ended in between; those that nobody can place are left out."""
    if memory.page is None:
        return ()
    return tuple(
        Transition(
            change=Change.AWAY,
            products=concerned,
            before=incident.impact,
            after=State.OPERATIONAL,
            at=ended,
            since=began,
            incidents=(incident.id,),
            thread=incident.id,
            away=True,
        )
        for incident in memory.page.incidents
        if (began := incident.started_at) is not None
        and (ended := incident.resolved_at) is not None
        and since < began <= ended <= until
        and rank(incident.impact) >= rank(least)
        and (concerned := concern.placed(incident, memory.page, follow))
    )


def summary(told: tuple[Transition, ...]) -> tuple[Transition, ...]:
    """The same, with what happened meanwhile as one; a major outage that goes on is told by itself."""
    parts = [t for t in told if t.away and not t.silent and not t.must_arrive]
    if len(parts) < 2:
        return told
    return (_one(parts), *(t for t in told if t not in parts))


def _one(parts: list[Transition]) -> Transition:
    # What goes on comes first, and its own end is to replace this notice.
    ordered = sorted(parts, key=lambda t: (t.after is State.OPERATIONAL, t.since or t.at))
    return replace(
        ordered[0],
        change=Change.AWAY,
        products=tuple(dict.fromkeys(name for t in ordered for name in t.products)),
        before=worst(t.before for t in ordered),
        after=worst(t.after for t in ordered),
        at=max(t.at for t in ordered),
        since=min((t.since for t in ordered if t.since is not None), default=None),
        incidents=tuple(dict.fromkeys(i for t in ordered for i in t.incidents)),
        confirmed=all(t.confirmed for t in ordered),
        parts=tuple(ordered),
    )
