"""The details page, as a list of sections: its order and words, without any markup.

Not among the names of `trayapp.model`, so that an idle program does without: most days nobody opens the page, and these
weigh 0.2 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trayapp.model.states import Look, State


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Paragraphs."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list; each point may carry a look."""

    points: tuple[tuple[Look | None, str], ...]


@dataclass(frozen=True, slots=True)
class PostEntry:
    """One update of an incident, quoted."""

    stage: str
    time_text: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class PostList:
    """An incident's storyline, newest first."""

    posts: tuple[PostEntry, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers in words; the first cell of a row names it."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """One witness's word on one product over time."""

    label: str
    summary: str
    """The same for who cannot see it."""
    cells: tuple[State | None, ...]
    """The worst of each, oldest first; None is a gap."""


@dataclass(frozen=True, slots=True)
class Strips:
    """Strips over the same time, grouped by product."""

    title: str
    groups: tuple[tuple[str, tuple[Strip, ...]], ...]
    ticks: tuple[str, ...]
    """Evenly spaced, from the first cell's beginning to the last one's end."""
    numbers: Table


@dataclass(frozen=True, slots=True)
class Curve:
    """How fast one probe was answered."""

    label: str
    summary: str
    values: tuple[int | None, ...]
    """Milliseconds in the middle of each cell, oldest first; None where there was no answer."""
    failed_cells: tuple[int, ...]
    """Numbers of the cells in which a look failed."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves over the same time on the same scale."""

    title: str
    curves: tuple[Curve, ...]
    top_ms: int
    """Milliseconds at the upper edge."""
    scale_labels: tuple[str, str]
    """What the upper edge and its half are called."""
    ticks: tuple[str, ...]
    numbers: Table


@dataclass(frozen=True, slots=True)
class LinkList:
    """Places to go, as (text, address)."""

    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CopyableText:
    """A text to take along."""

    text: str
    button_text: str
    done_text: str
    """What the button says once it is copied."""


Block = Paragraphs | BulletList | PostList | Table | Strips | Curves | LinkList | CopyableText


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """The details page in words: all that it shows, in order."""

    language: str
    """A BCP 47 tag."""
    title: str
    look: Look
    headline: str
    introduction: str
    checked_text: str
    products: BulletList
    sections: tuple[Section, ...]
    legend: BulletList
    show_numbers: str
    """What opens a plot's table."""
    legend_heading: str
    skip_link_text: str
    """What leads a keyboard past the heading."""
    footer: tuple[str, ...]
    reload_seconds: int = 0
    """Seconds after which it is worth asking again; 0: it does not change."""
