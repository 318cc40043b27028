"""Readings of a status page of our own: `page(ChatGPT=State.MAJOR)` is one in which one of ChatGPT's components is down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from trayapp.model import (
    Component,
    Incident,
    PageReading,
    Stage,
    State,
    Update,
    worst_state,
)

BEGAN = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
PARTS = {
    "ChatGPT": ("Chats", "Login", "Voice mode", "Search"),
    "APIs": ("Answers API", "Login", "Images", "Batch"),
    "Codex": ("Codex Web", "Codex API", "Terminal", "Editors"),
}
"""The components of the films' page, four a product; two of them are called Login."""
WORDS = {
    State.OPERATIONAL: "operational",
    State.MAINTENANCE: "under_maintenance",
    State.DEGRADED: "degraded_performance",
    State.PARTIAL: "partial_outage",
    State.MAJOR: "major_outage",
}
OPERATIONAL, MAINTENANCE, DEGRADED, PARTIAL, MAJOR = WORDS


def wall(second: float) -> datetime:
    """What the clock on the wall shows so many seconds into a film."""
    return BEGAN + timedelta(seconds=second)


CORE = tuple(f"{group}/{names[0]}" for group, names in PARTS.items())
"""Without its first component a product stands still."""


def component(
    name: str, group: str | None, state: State = OPERATIONAL, *, word: str | None = None
) -> Component:
    """A component; its id tells two of one name apart."""
    part = f"{group}/{name}"
    return Component(part, name, state, WORDS[state] if word is None else word, group, core=part in CORE)


def page(
    *incidents: Incident,
    updated: float | None = None,
    indicator: State | Literal["as it is"] | None = "as it is",
    fresh_for: float | None = None,
    past_read: bool = True,
    **hurt: State,
) -> PageReading:
    """A whole reading. Of each product that is named, the first component has the state; all else is operational.

    The indicator is as bad as the worst of components and open incidents, unless it is given.
    """
    components = tuple(
        component(name, group, hurt.get(group, OPERATIONAL) if name == names[0] else OPERATIONAL)
        for group, names in PARTS.items()
        for name in names
    )
    if indicator == "as it is":
        open_now = [i.impact for i in incidents if i.is_open and i.stage is not Stage.SCHEDULED]
        indicator = worst_state([*(c.state for c in components), *open_now])
    return PageReading(
        url="https://status.test",
        name="Status",
        updated_at=None if updated is None else wall(updated),
        indicator=indicator,
        indicator_word="" if indicator is None else str(indicator),
        components=components,
        whole=True,
        incidents=incidents,
        fresh_for=fresh_for,
        past_read=past_read,
    )


def with_states(reading: PageReading, **states: State) -> PageReading:
    """The reading with other states of components, by component id with `_` for `/` and blank."""
    return replace(
        reading,
        components=tuple(
            replace(c, state=s, word=WORDS[s]) if (s := states.get(_key(c))) is not None else c
            for c in reading.components
        ),
    )


def _key(part: Component) -> str:
    return part.id.replace("/", "_").replace(" ", "_")


def part(reading: PageReading, *names: str) -> PageReading:
    """The reading as a summary that lists only components of these names, as incident.io's does."""
    return replace(reading, whole=False, components=tuple(c for c in reading.components if c.name in names))


def incident(
    name: str = "Answers fail",
    impact: State = MAJOR,
    stage: Stage = Stage.INVESTIGATING,
    *,
    number: int = 1,
    parts: tuple[str, ...] = (),
    began: float | None = None,
    ended: float | None = None,
    posts: int = 1,
) -> Incident:
    """An incident. `parts`: ids of the components it names; without them its name tells whom it concerns."""
    return Incident(
        id=f"incident{number}",
        name=name,
        stage=stage,
        stage_word=str(stage),
        impact=impact,
        impact_word=str(impact),
        started_at=None if began is None else wall(began),
        resolved_at=None if ended is None else wall(ended),
        components=parts,
        updates=tuple(
            Update(f"post{number}.{n}", stage, str(stage), "We look into it.", None)
            for n in range(posts, 0, -1)
        ),
    )
