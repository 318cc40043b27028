"""Words and draws what other people report, for the details page. Loaded only if somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from trayapp.core.crowd.record import QUARTER, QUARTERS
from trayapp.core.history.time_grid import TimeGrid
from trayapp.i18n.translator import Translator, mark
from trayapp.model import Look, State
from trayapp.model.crowd import CrowdCurve, CrowdSource, CrowdVerdict, CrowdWord
from trayapp.model.details_page import Curve, Curves, Paragraphs, Section, Table

SOURCE_NAMES = {
    CrowdSource.GITHUB: "GitHub: openai/codex",
    CrowdSource.HACKER_NEWS: "Hacker News",
    CrowdSource.MASTODON: "Mastodon",
    CrowdSource.DOWNDETECTOR: "Downdetector",
    CrowdSource.TRENDS: "Google Trends",
}
"""Proper names, the same in every language."""
_LOOKS = {
    CrowdWord.NONE: Look(State.OPERATIONAL),
    CrowdWord.SOME: Look(State.DEGRADED, hollow=True),
    CrowdWord.MANY: Look(State.DEGRADED, hollow=True),
    CrowdWord.NOT_KNOWN: Look(State.UNKNOWN),
}
_CALM = mark("Other people: no more reports than usual")
_UNREAD = mark("Other people: too few places could be read to tell")
_LEARNING = mark("Other people: still learning how many reports are usual, for three days")
_PARTS = 4
_CELLS_PER_ROW = 4
_SCALES = (2, 4, 10, 20, 40, 100, 200, 400, 1000, 2000, 4000, 10_000)


def people_points(speech: Translator, said: CrowdVerdict, now: datetime) -> Iterator[tuple[Look, str]]:
    """Yields what other people report, as evidence beside the others."""
    yield _LOOKS[said.word], _people_text(speech, said, now)
    if said.trend is not None and said.trend.rank is not None:
        yield (
            Look(State.DEGRADED, hollow=True),
            speech.say(
                "Google Trends: among the {count} most searched in {country}",
                count=said.trend.of,
                country=said.trend.country,
            ),
        )


def _people_text(speech: Translator, said: CrowdVerdict, now: datetime) -> str:
    if not said.is_unusual:
        unknown = _LEARNING if said.learning else _UNREAD
        return speech.say(_CALM if said.word is CrowdWord.NONE else unknown)
    places = speech.join_list([SOURCE_NAMES[source] for source in said.sources])
    if said.falling_since is not None:
        time = speech.time_text(said.falling_since, now)
        return speech.say(
            "Other people: unusually many reports, falling since {time} ({places})", time=time, places=places
        )
    time = speech.time_text(said.since or now, now)
    return speech.say(
        "Other people: unusually many reports since {time} ({places})", time=time, places=places
    )


def people_sections(speech: Translator, said: CrowdVerdict, now: datetime) -> Iterator[Section]:
    """Yields the section with a small plot of the last day; none before anything could be counted."""
    grid = TimeGrid.create_until(now, QUARTER, QUARTERS)
    drawn = {source: _cells_on_grid(grid, curve) for source, curve in said.curves.items()}
    drawn = {source: cells for source, cells in drawn.items() if any(c is not None for c in cells)}
    if not drawn:
        return
    top = _scale_top(max(c for cells in drawn.values() for c in cells if c is not None))
    title = speech.say("People who reported problems within 20 minutes, the last 24 hours")
    curves = Curves(
        title=title,
        curves=tuple(
            Curve(SOURCE_NAMES[source], _curve_summary(speech, source, cells), cells, ())
            for source, cells in drawn.items()
        ),
        top=top,
        scale_labels=(str(top), str(top // 2)),
        ticks=tuple(speech.clock_time(grid.tick_time(number, _PARTS)) for number in range(_PARTS + 1)),
        numbers=Table(
            caption=speech.say("{what}, by the hour", what=title),
            header=(speech.say("From"), *(SOURCE_NAMES[source] for source in drawn)),
            rows=tuple(
                (
                    speech.clock_time(grid.start + QUARTER * at),
                    *(_hour_text(cells[at : at + _CELLS_PER_ROW]) for cells in drawn.values()),
                )
                for at in range(0, QUARTERS, _CELLS_PER_ROW)
            ),
        ),
    )
    said_how = speech.say("Only numbers are counted; they start no alarm and end none.")
    yield Section("people", speech.say("What other people report"), (Paragraphs((said_how,)), curves))


def _cells_on_grid(grid: TimeGrid, curve: CrowdCurve) -> tuple[int | None, ...]:
    """Returns a curve's numbers at the grid's quarters."""
    first = curve.newest - QUARTER * (len(curve.people) - 1)
    shift = round((grid.start - first) / QUARTER)
    known = dict(enumerate(curve.people))
    return tuple(known.get(number + shift) for number in range(grid.count))


def _curve_summary(speech: Translator, source: CrowdSource, cells: tuple[int | None, ...]) -> str:
    most = max((c for c in cells if c is not None), default=0)
    return speech.say("{service}: {count} at most", service=SOURCE_NAMES[source], count=most)


def _hour_text(cells: tuple[int | None, ...]) -> str:
    known = [c for c in cells if c is not None]
    return str(max(known)) if known else "–"


def _scale_top(highest: int) -> int:
    return next((scale for scale in _SCALES if scale >= highest), highest)
