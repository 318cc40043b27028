"""Draws for each product what the page said and this computer saw, over a day, a week and three months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from trayapp.core.history.time_grid import ObservationsBySource, TimeGrid, seconds_by_state, worst_by_cell
from trayapp.core.wording.labels import state_label
from trayapp.i18n.translator import Translator, mark
from trayapp.model import Observation, ObservationSource, State
from trayapp.model.details_page import Strip, Strips, Table

DRAWN_SPAN = timedelta(days=91)
"""How far back observations are read to draw the strips."""

_SPANS = (
    (mark("The last 24 hours"), timedelta(minutes=15), 96, 4),
    (mark("The last 7 days"), timedelta(hours=1), 168, 7),
    (mark("The last 90 days"), timedelta(days=1), 90, 3),
)
"""Title, length of a cell, number of cells, number of parts between ticks."""

_WITNESSES = {
    ObservationSource.PAGE: mark("OpenAI's page"),
    ObservationSource.OWN_PROBES: mark("This computer"),
}
_NO_READING = mark("Could not check")
_GAP = mark("Not checked")
_ORDER = (*(state for state in State if state is not State.OFFLINE), None)
_Lengths = Mapping[State | None, float]


def build_strips(
    speech: Translator, seen: ObservationsBySource, products: Sequence[str], now: datetime
) -> tuple[Strips, ...]:
    """Builds one plot per span, with a strip for each product and source that has observations."""
    return tuple(_plot_span(speech, seen, products, span, now) for span in _SPANS)


def _plot_span(
    speech: Translator,
    seen: ObservationsBySource,
    products: Sequence[str],
    span: tuple[str, timedelta, int, int],
    now: datetime,
) -> Strips:
    title, cell, count, parts = span
    grid = TimeGrid.create_until(now, cell, count)
    drawn = [(speech.clean_name(name), tuple(_product_strips(speech, seen, name, grid))) for name in products]
    groups = [(name, found) for name, found in drawn if found]
    ticks = [grid.tick_time(number, parts) for number in range(parts + 1)]
    return Strips(
        title=speech.say(title),
        groups=tuple((name, tuple(strip for strip, _ in found)) for name, found in groups),
        ticks=tuple(
            speech.clock_time(at) if cell < timedelta(hours=1) else speech.day_text(at) for at in ticks
        ),
        numbers=_numbers_table(
            speech, speech.say(title), [(name, *one) for name, found in groups for one in found]
        ),
    )


def _product_strips(
    speech: Translator, seen: ObservationsBySource, product: str, grid: TimeGrid
) -> Iterator[tuple[Strip, _Lengths]]:
    for witness, label in _WITNESSES.items():
        observed: Iterable[Observation] = seen.get((witness, product), ())
        if not observed:
            continue
        found = {**seconds_by_state(grid, observed)}
        # A strip shows unknown and offline as one: the program polled and learnt nothing.
        found[State.UNKNOWN] = found.get(State.UNKNOWN, 0.0) + found.pop(State.OFFLINE, 0.0)
        told = [
            f"{_cell_label(speech, state)} {speech.duration_text(found[state])}"
            for state in _ORDER
            if found.get(state)
        ]
        summary = speech.say(
            "{service}, {witness}: {what}",
            service=speech.clean_name(product),
            witness=speech.say(label),
            what=", ".join(told),
        )
        yield Strip(speech.say(label), summary, worst_by_cell(grid, observed)), found


def _numbers_table(speech: Translator, title: str, rows: Sequence[tuple[str, Strip, _Lengths]]) -> Table:
    shown = [state for state in _ORDER if any(found.get(state) for _, _, found in rows)]
    return Table(
        caption=title,
        header=(speech.say("Product"), speech.say("Who"), *(_cell_label(speech, state) for state in shown)),
        rows=tuple(
            (name, strip.label, *(speech.duration_text(found[s]) if found.get(s) else "–" for s in shown))
            for name, strip, found in rows
        ),
    )


def _cell_label(speech: Translator, state: State | None) -> str:
    if state is None:
        return speech.say(_GAP)
    return speech.say(_NO_READING) if state is State.UNKNOWN else state_label(speech, state)
