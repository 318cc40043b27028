"""OpenAI's recorded incidents, from `tests/data/history`: facts only (its README says which years and what is unknown)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "data" / "history"


@dataclass(frozen=True, slots=True)
class Post:
    """One post: when it was made, how far the incident was, and the time that the post gives itself."""

    at: datetime
    stage: str | None
    """None: not known."""
    shown: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """One incident, as far as it is known."""

    id: str
    impact: str | None
    components: tuple[str, ...] | None
    """Ids, until 2024 names of services; None: not known."""
    posts: tuple[Post, ...]

    @property
    def began(self) -> datetime:
        """When it was first posted."""
        return self.posts[0].at

    @property
    def ended(self) -> datetime:
        """When the page took it for over."""
        return self.posts[-1].at

    @property
    def back_dated(self) -> bool:
        """Whether a post says that it was made at another time."""
        return any(post.shown != post.at for post in self.posts)

    @property
    def new_page(self) -> bool:
        """Whether it is of 2026, when the page had moved to incident.io."""
        return self.began.year >= 2026


@cache
def incidents() -> tuple[Recorded, ...]:
    """All that are recorded, oldest first."""
    lines = (HERE / "incidents.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_incident(json.loads(line)) for line in lines)


@cache
def components() -> tuple[tuple[str, str], ...]:
    """Ids and names of the page's components, as of August 2026."""
    rows = json.loads((HERE / "components.json").read_text(encoding="utf-8"))
    return tuple((number, name) for number, name in rows)


def _incident(fact: dict[str, object]) -> Recorded:
    named, posts = fact["components"], fact["posts"]
    assert isinstance(posts, list)
    return Recorded(
        id=str(fact["id"]),
        impact=None if fact["impact"] is None else str(fact["impact"]),
        components=tuple(map(str, named)) if isinstance(named, list) else None,
        posts=tuple(_post(*post) for post in posts),
    )


def _post(at: str, stage: str | None, shown: str = "") -> Post:
    made = datetime.fromisoformat(at)
    return Post(made, stage, datetime.fromisoformat(shown) if shown else made)
