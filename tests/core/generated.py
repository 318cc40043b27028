"""Generated rounds and films, for properties."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.core.films import MISS, PROBES, look, probe
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, WORDS, incident, page
from trayapp.model import (
    LADDER,
    ConnectionState,
    Incident,
    Miss,
    Outcome,
    PageReading,
    ProbeResult,
    Round,
    Stage,
)

_STATES = st.sampled_from(LADDER)
_TITLES = st.sampled_from(["ChatGPT is down", "Elevated errors", "Errors in the Codex API", "Login fails"])


@st.composite
def incidents(draw: st.DrawFn, number: int) -> Incident:
    """An incident of any weight, at any stage, that names components, a product, or nobody."""
    parts = st.lists(st.sampled_from([c.id for c in page().components]), max_size=3, unique=True)
    return incident(
        draw(_TITLES),
        draw(_STATES),
        draw(st.sampled_from(list(Stage))),
        number=number,
        parts=tuple(draw(parts)),
        began=draw(st.none() | st.integers(-3600, 3600)),
        posts=draw(st.integers(0, 3)),
    )


@st.composite
def readings(draw: st.DrawFn) -> PageReading:
    """A reading of any page: whole or in part, with any states and up to three incidents."""
    base = page(indicator=draw(st.none() | _STATES), updated=draw(st.none() | st.integers(-3600, 3600)))
    states = draw(st.lists(_STATES, min_size=len(base.components), max_size=len(base.components)))
    components = tuple(
        replace(c, state=s, word=WORDS[s]) for c, s in zip(base.components, states, strict=True)
    )
    return replace(
        base,
        whole=draw(st.booleans()),
        components=components[draw(st.integers(0, 4)) :],
        incidents=tuple(draw(incidents(number)) for number in range(draw(st.integers(0, 3)))),
    )


_PLAIN = st.sampled_from(
    [page(), page(), page(ChatGPT=MAJOR), page(ChatGPT=PARTIAL), page(ChatGPT=DEGRADED), page(APIs=MAJOR)]
)
_OUTCOMES = st.sampled_from([Outcome.ALIVE, Outcome.FAILURE, Outcome.FAILURE, Outcome.ODD, Outcome.NEUTRAL])


@st.composite
def _answers(draw: st.DrawFn) -> tuple[ProbeResult, ...]:
    names = draw(st.sets(st.sampled_from([spec.name for spec in PROBES])))
    return tuple(probe(name, draw(_OUTCOMES)) for name in sorted(names))


@st.composite
def films(
    draw: st.DrawFn,
    pages: st.SearchStrategy[PageReading] = _PLAIN,
    *,
    most: int = 40,
    away: bool = True,
) -> list[Round]:
    """A calm first look and rounds in any order: readings, misses, failing probes, offline spells and sleep."""
    found, second, asleep = [look(0, page())], 0.0, 0.0
    for _ in range(draw(st.integers(0, most))):
        second += draw(st.integers(5, 400))
        asleep += draw(st.sampled_from([0.0, 0.0, 0.0, 0.0, 0.0, 3600.0])) if away else 0.0
        reading: PageReading | Miss | None = draw(pages | st.sampled_from([MISS, None]))
        lines = (
            [None, None, None, ConnectionState.OFFLINE, ConnectionState.PORTAL, ConnectionState.EDGE]
            if away
            else [None]
        )
        line = draw(st.sampled_from(lines))
        found.append(look(second, reading, draw(_answers()), line, asleep=asleep))
    return found


def held_major(after: Round, gaps: list[int]) -> list[Round]:
    """ChatGPT's major outage after a round, read for a minute in case that disturbed it, and then again and again."""
    base = look(0).moment
    second = after.moment.awake - base.awake + 70
    asleep = after.moment.boot - base.boot - (after.moment.awake - base.awake)
    found = []
    for gap in (0, 61, *gaps):
        second += gap
        found.append(look(second, page(ChatGPT=MAJOR), asleep=asleep))
    return found
