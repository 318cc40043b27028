"""What OpenAI's page said and what this computer saw of each product: over a day, a week and three months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from trayapp.core.history.time_grid import Grid, Witnessed, lengths, worst_of_each
from trayapp.core.wording.labels import state_words
from trayapp.i18n.translator import Speech, mark
from trayapp.model import Observation, State, Witness
from trayapp.model.details_page import Strip, Strips, Table

DRAWN_FOR = timedelta(days=91)
"""How far back observations are of use."""

_SPANS = (
    (mark("The last 24 hours"), timedelta(minutes=15), 96, 4),
    (mark("The last 7 days"), timedelta(hours=1), 168, 7),
    (mark("The last 90 days"), timedelta(days=1), 90, 3),
)
"""Title, length of a cell, number of cells, parts between ticks."""

_WITNESSES = {Witness.PAGE: mark("OpenAI's page"), Witness.HERE: mark("This computer")}
_NO_WORD = mark("Could not look")
_GAP = mark("Not looked")
_ORDER = (*(state for state in State if state is not State.OFFLINE), None)
_Lengths = Mapping[State | None, float]


def strips(speech: Speech, seen: Witnessed, products: Sequence[str], now: datetime) -> tuple[Strips, ...]:
    """One plot a span, with a strip for each product and witness that was heard at all."""
    return tuple(_plot(speech, seen, products, span, now) for span in _SPANS)


def _plot(
    speech: Speech,
    seen: Witnessed,
    products: Sequence[str],
    span: tuple[str, timedelta, int, int],
    now: datetime,
) -> Strips:
    title, cell, count, parts = span
    grid = Grid.until(now, cell, count)
    drawn = [(speech.name(name), tuple(_strips(speech, seen, name, grid))) for name in products]
    groups = [(name, found) for name, found in drawn if found]
    ticks = [grid.tick(number, parts) for number in range(parts + 1)]
    return Strips(
        title=speech.say(title),
        groups=tuple((name, tuple(strip for strip, _ in found)) for name, found in groups),
        ticks=tuple(speech.clock(at) if cell < timedelta(hours=1) else speech.day(at) for at in ticks),
        numbers=_numbers(
            speech, speech.say(title), [(name, *one) for name, found in groups for one in found]
        ),
    )


def _strips(speech: Speech, seen: Witnessed, product: str, grid: Grid) -> Iterator[tuple[Strip, _Lengths]]:
    for witness, label in _WITNESSES.items():
        observed: Iterable[Observation] = seen.get((witness, product), ())
        if not observed:
            continue
        found = {**lengths(grid, observed)}
        # To the reader of a strip the two are one: it was looked, and nothing came of it.
        found[State.UNKNOWN] = found.get(State.UNKNOWN, 0.0) + found.pop(State.OFFLINE, 0.0)
        told = [
            f"{_word(speech, state)} {speech.duration(found[state])}" for state in _ORDER if found.get(state)
        ]
        summary = speech.say(
            "{service}, {witness}: {what}",
            service=speech.name(product),
            witness=speech.say(label),
            what=", ".join(told),
        )
        yield Strip(speech.say(label), summary, worst_of_each(grid, observed)), found


def _numbers(speech: Speech, title: str, rows: Sequence[tuple[str, Strip, _Lengths]]) -> Table:
    shown = [state for state in _ORDER if any(found.get(state) for _, _, found in rows)]
    return Table(
        caption=title,
        head=(speech.say("Product"), speech.say("Who"), *(_word(speech, state) for state in shown)),
        rows=tuple(
            (name, strip.label, *(speech.duration(found[s]) if found.get(s) else "–" for s in shown))
            for name, strip, found in rows
        ),
    )


def _word(speech: Speech, state: State | None) -> str:
    if state is None:
        return speech.say(_GAP)
    return speech.say(_NO_WORD) if state is State.UNKNOWN else state_words(speech, state)
