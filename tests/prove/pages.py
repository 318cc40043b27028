"""Status pages as values: what the readers would have made of them, over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from tests.prove.chance import chance
from tests.prove.clock import EPOCH, wall
from trayapp.model import (
    OVER,
    Component,
    Incident,
    Native,
    Page,
    Stage,
    State,
    Update,
    worst,
)

URL = "https://status.openai.com/"
MEMBERS = {
    "ChatGPT": ("Conversations", "Login", "Search", "Voice mode", "File uploads"),
    "APIs": ("Responses", "Chat Completions", "Embeddings", "Files", "Batch"),
    "Codex": ("Codex Web", "CLI", "VS Code extension"),
    "Labs": ("Playground", "Labs"),
}
_WORDS = {
    State.OPERATIONAL: "operational",
    State.MAINTENANCE: "under_maintenance",
    State.DEGRADED: "degraded_performance",
    State.PARTIAL: "partial_outage",
    State.MAJOR: "major_outage",
}
_IMPACTS = {
    State.OPERATIONAL: "none",
    State.MAINTENANCE: "maintenance",
    State.DEGRADED: "minor",
    State.PARTIAL: "major",
    State.MAJOR: "critical",
}
_ID = {(group, name): f"{group}/{name}" for group, names in MEMBERS.items() for name in names}
NATIVE = Native(groups={i: group for (group, _), i in _ID.items()}, concerns={})
"""The feed of groups, which adds nothing here."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An incident as its posts tell it. Times are the world's, in seconds."""

    id: str
    name: str
    products: tuple[str, ...]
    """Groups it names; none if it names no component."""
    impact: State
    posts: tuple[tuple[float, Stage], ...]
    """Oldest first."""

    @property
    def begins(self) -> float:
        """When it is first posted."""
        return self.posts[0][0]

    @property
    def ends(self) -> float:
        """When the page takes it for over."""
        return self.posts[-1][0]

    def hit(self) -> tuple[str, ...]:
        """Ids of its components: all of a product in a critical one, the first two or one in others."""
        most = {State.MAJOR: None, State.PARTIAL: 2}.get(self.impact, 1)
        return tuple(_ID[group, name] for group in self.products for name in MEMBERS[group][:most])


@dataclass(frozen=True, slots=True)
class Version:
    """One edition of the page, and until when some caches still give the one before."""

    at: float
    settled: float
    page: Page


def editions(postings: Iterable[Posting], seed: object) -> tuple[Version, ...]:
    """Every edition of the page, the first long calm. Two caches disagree for 10 to 60 s after each change."""
    listed = tuple(postings)
    rng = chance(seed, "caches")
    found = [Version(float("-inf"), float("-inf"), _page(-86400.0 * 60, ()))]
    for at in sorted({at for posting in listed for at, _ in posting.posts}):
        current = tuple(p for p in listed if p.begins <= at < p.ends)
        found.append(Version(at, at + rng.uniform(10.0, 60.0), _page(at, current)))
    return tuple(found)


def _page(at: float, current: tuple[Posting, ...]) -> Page:
    incidents = tuple(_incident(posting, at) for posting in current)
    states = dict.fromkeys(_ID.values(), State.OPERATIONAL)
    for posting, incident in zip(current, incidents, strict=True):
        # As OpenAI does it: once a fix is being watched the components are green again, the incident stays open.
        if incident.stage is not Stage.MONITORING:
            states |= {i: worst([states[i], posting.impact]) for i in posting.hit()}
    indicator = worst(i.impact for i in incidents)
    return Page(
        url=URL,
        name="OpenAI",
        updated_at=EPOCH + timedelta(seconds=at),
        indicator=indicator,
        indicator_word=_IMPACTS[indicator],
        components=tuple(
            Component(i, name, states[i], _WORDS[states[i]], group) for (group, name), i in _ID.items()
        ),
        whole=True,
        incidents=incidents,
    )


def _incident(posting: Posting, at: float) -> Incident:
    made = [(t, stage) for t, stage in posting.posts if t <= at]
    newest, stage = made[-1]
    return Incident(
        id=posting.id,
        name=posting.name,
        stage=stage,
        stage_word=stage.value,
        impact=posting.impact,
        impact_word=_IMPACTS[posting.impact],
        started_at=wall(posting.begins),
        updated_at=wall(newest),
        resolved_at=wall(newest) if stage in OVER else None,
        components=posting.hit(),
        updates=tuple(Update(f"{posting.id}-{n}", s, s.value, "", wall(t)) for n, (t, s) in enumerate(made))[
            ::-1
        ],
        url=f"{URL}incidents/{posting.id}",
    )
