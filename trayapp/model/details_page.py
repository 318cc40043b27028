"""Holds the details page as a list of sections: their order and their words, without any markup.

`trayapp.model` does not export these types, so that an idle program need not load them: most days nobody opens the
page, and they take 0.2 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trayapp.model.states import Look, State


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Paragraphs of text."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list of points; each may have an icon's look beside it."""

    points: tuple[tuple[Look | None, str], ...]


@dataclass(frozen=True, slots=True)
class PostEntry:
    """One update of an incident, as quoted text."""

    stage: str
    time_text: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class PostList:
    """The updates of an incident, newest first."""

    posts: tuple[PostEntry, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures as text; the first cell of a row is its heading."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The states of one product over time, according to one source."""

    label: str
    summary: str
    """The same as text, for screen readers."""
    cells: tuple[State | None, ...]
    """The worst state in each cell of time, oldest first; None is a gap."""


@dataclass(frozen=True, slots=True)
class Strips:
    """Strips over the same span of time, grouped by product."""

    title: str
    groups: tuple[tuple[str, tuple[Strip, ...]], ...]
    ticks: tuple[str, ...]
    """Labels at even distances, from the start of the first cell to the end of the last."""
    numbers: Table


@dataclass(frozen=True, slots=True)
class Curve:
    """The answer times of one probe, or the people who reported trouble in one place."""

    label: str
    summary: str
    values: tuple[int | None, ...]
    """The median in milliseconds, or the number of people, of each cell, oldest first; None where there was no answer."""
    failed_cells: tuple[int, ...]
    """Indexes of the cells in which a request failed."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves over the same span of time and on the same scale."""

    title: str
    curves: tuple[Curve, ...]
    top: int
    """The value of the upper edge."""
    scale_labels: tuple[str, str]
    """The labels of the upper edge and of half of it."""
    ticks: tuple[str, ...]
    numbers: Table


@dataclass(frozen=True, slots=True)
class LinkList:
    """Links, as (text, address)."""

    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CopyableText:
    """A text that a button copies to the clipboard."""

    text: str
    button_text: str
    done_text: str
    """The button's label after the text was copied."""


Block = Paragraphs | BulletList | PostList | Table | Strips | Curves | LinkList | CopyableText


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """All texts of the details page, in their order."""

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
    """The label that opens the table of a plot."""
    legend_heading: str
    skip_link_text: str
    """The text of the link by which keyboard users skip the heading."""
    footer: tuple[str, ...]
    reload_seconds: int = 0
    """Seconds after which an open page loads itself again; 0 if it never changes."""
