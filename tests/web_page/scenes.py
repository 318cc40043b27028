"""What the details page shows in tests and pictures: ten states of a page of our own, each with its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from math import sin

from tests.core import scenes
from tests.web_page.crowd_scenes import LEARNING, with_falling, with_people
from trayapp.core.details_page.page import Details
from trayapp.model import (
    Cause,
    ConnectionState,
    Incident,
    Miss,
    Observation,
    ObservationSource,
    Outcome,
    PageStatus,
    ProbeResult,
    Reason,
    ReasonKind,
    SeenIncident,
    Stage,
    State,
    Transition,
    TransitionKind,
    Update,
    Verdict,
)
from trayapp.model.other_sources import OTHER_SOURCE_URLS

NOW = scenes.NOW
PRODUCTS = ("ChatGPT", "APIs", "Codex")
PROBES = {"API": "APIs", "ChatGPT": "ChatGPT", "Login": "ChatGPT"}
PROGRAM = "openai-status-tray 0.1"
PAGE_URL = "https://status.example"


def may_open(url: str) -> bool:
    """The hosts of these scenes."""
    return url.startswith((PAGE_URL, "https://help.openai.com")) or url in OTHER_SOURCE_URLS


Trouble = tuple[datetime, datetime, State]
"""From, to, how bad; of ChatGPT."""


def build_observations(
    days: float,
    *,
    every: float,
    troubles: Sequence[Trouble] = (),
    gaps: Sequence[tuple[datetime, datetime]] = (),
) -> Iterator[Observation]:
    """Looks of so many days until now, so many seconds apart."""
    at = NOW - timedelta(days=days)
    while at < NOW:
        if not any(begin <= at < end for begin, end in gaps):
            yield from _look(at, every, troubles)
        at += timedelta(seconds=every)


def _look(at: datetime, every: float, troubles: Sequence[Trouble]) -> Iterator[Observation]:
    hit = next((state for begin, end, state in troubles if begin <= at < end), State.OPERATIONAL)
    # This computer is a little ahead of the page, as a probe is.
    soon = at + timedelta(minutes=12)
    seen = next((state for begin, end, state in troubles if begin <= soon < end), State.OPERATIONAL)
    for product in PRODUCTS:
        yield Observation(
            ObservationSource.PAGE, product, at, every, hit if product == "ChatGPT" else State.OPERATIONAL
        )
    for product in ("ChatGPT", "APIs"):
        bad = product == "ChatGPT" and seen in {State.PARTIAL, State.MAJOR}
        yield Observation(
            ObservationSource.OWN_PROBES, product, at, every, State.PARTIAL if bad else State.OPERATIONAL
        )
    hours = at.timestamp() / 3600
    for number, (probe, product) in enumerate(PROBES.items()):
        bad = product == "ChatGPT" and seen in {State.PARTIAL, State.MAJOR}
        elapsed = int(140 + 90 * number + 40 * sin(hours / 3 + number) + 25 * sin(hours * 11 + number))
        state = State.DEGRADED if bad else State.OPERATIONAL
        yield Observation(ObservationSource.PROBE, probe, at, every, state, None if bad else elapsed)


OPEN = replace(
    scenes.INCIDENT,
    id="harbour1",
    name="Answers in ChatGPT are slow to arrive or do not arrive at all",
    stage=Stage.IDENTIFIED,
    stage_word="identified",
    started_at=NOW - timedelta(minutes=34),
    updated_at=NOW - timedelta(minutes=8),
    url=f"{PAGE_URL}/incidents/harbour1",
    updates=(
        Update(
            "u2",
            Stage.IDENTIFIED,
            "identified",
            "We have found the cause in one of our regions and are moving traffic away from it. Answers may still "
            "be slow or fail for some of you while this is under way.",
            NOW - timedelta(minutes=8),
        ),
        Update(
            "u1",
            Stage.INVESTIGATING,
            "investigating",
            "We see **raised error rates** in conversations and are looking into it.",
            NOW - timedelta(minutes=34),
        ),
    ),
)
MENDED = replace(
    OPEN,
    stage=Stage.MONITORING,
    stage_word="monitoring",
    updated_at=NOW - timedelta(minutes=3),
    updates=(
        Update(
            "u3",
            Stage.MONITORING,
            "monitoring",
            "A fix is in place and error rates are falling. We keep watching.",
            NOW - timedelta(minutes=3),
        ),
        *OPEN.updates,
    ),
)


def past_incident(number: int, minutes: int, days_ago: float) -> SeenIncident:
    """An incident that is over; every third was noticed here first."""
    began = NOW - timedelta(days=days_ago)
    over = began + timedelta(minutes=minutes)
    names = ("Slow answers", "Sign-in fails for some", "Raised error rates in the API", "File uploads fail")
    incident = replace(
        scenes.INCIDENT,
        id=f"past{number}",
        name=names[number % len(names)],
        stage=Stage.RESOLVED,
        stage_word="resolved",
        started_at=began,
        updated_at=over,
        resolved_at=over,
        products=(PRODUCTS[number % 3],),
        updates=(Update("a", Stage.INVESTIGATING, "investigating", "We are looking.", began),),
    )
    suspected = began - timedelta(minutes=11) if number % 3 == 0 else None
    return SeenIncident(
        incident, first_seen=began + timedelta(minutes=2 * (number % 3)), suspected_at=suspected
    )


PAST = tuple(past_incident(n, 18 + (n * 37) % 190, 3.2 + n * 4.1) for n in range(24))

_ALIVE = (
    ProbeResult("API", "APIs", Outcome.ALIVE, status=401, elapsed_ms=148),
    ProbeResult("ChatGPT", "ChatGPT", Outcome.ALIVE, status=200, elapsed_ms=236),
    ProbeResult("Login", "ChatGPT", Outcome.ALIVE, status=403, elapsed_ms=301),
)
_FAILING = (
    _ALIVE[0],
    ProbeResult("ChatGPT", "ChatGPT", Outcome.FAILURE, Cause.TIMEOUT),
    ProbeResult("Login", "ChatGPT", Outcome.FAILURE, Cause.STATUS, status=503, elapsed_ms=912),
)
READ = PageStatus(url=PAGE_URL, readable=True, read_at=NOW)

CALM = replace(scenes.CALM, probes=_ALIVE, page=READ)
SUSPECTED = replace(scenes.SUSPECTED, probes=_FAILING, page=READ, others=())
MAJOR = replace(
    scenes.DOWN,
    since=OPEN.started_at,
    products=(
        replace(scenes.DOWN.products[0], since=OPEN.started_at),
        *scenes.DOWN.products[1:],
    ),
    incidents=(OPEN,),
    connection=ConnectionState.GOOD,
    probes=_FAILING,
    page=READ,
    reasons=(
        Reason(ReasonKind.PAGE_SAYS, subject="ChatGPT", state=State.MAJOR),
        Reason(ReasonKind.INCIDENT, subject="harbour1"),
        Reason(ReasonKind.PROBES_FAILED, subject="ChatGPT", count=9, total=11, since=OPEN.started_at),
    ),
)
RECOVERING = replace(
    MAJOR,
    products=(replace(MAJOR.products[0], recovering=True), *MAJOR.products[1:]),
    incidents=(MENDED,),
    probes=_ALIVE,
    reasons=(
        Reason(ReasonKind.PAGE_SAYS, subject="ChatGPT", state=State.MAJOR),
        Reason(ReasonKind.INCIDENT, subject="harbour1"),
        Reason(ReasonKind.PROBES_FINE, subject="ChatGPT", count=2, total=2),
    ),
)
_ANSWERS = NOW - timedelta(minutes=6)
ANSWERING = replace(
    MAJOR,
    products=(replace(MAJOR.products[0], answers_since=_ANSWERS), *MAJOR.products[1:]),
    probes=_ALIVE,
    reasons=(*MAJOR.reasons[:2], Reason(ReasonKind.ANSWERS_AGAIN, subject="ChatGPT", since=_ANSWERS)),
)
OFFLINE = replace(
    scenes.OFFLINE,
    page=PageStatus(url=PAGE_URL, last_miss=Miss(Cause.UNREACHABLE), read_at=scenes.BEGAN),
    reasons=(Reason(ReasonKind.OFFLINE),),
    probes=tuple(
        replace(p, outcome=Outcome.FAILURE, cause=Cause.UNREACHABLE, status=None, elapsed_ms=None)
        for p in _ALIVE
    ),
)

_NIGHT = ((NOW - timedelta(hours=11), NOW - timedelta(hours=4)),)
_RUNNING: Trouble = (NOW - timedelta(minutes=34), NOW, State.MAJOR)
_EARLIER: tuple[Trouble, ...] = (
    (NOW - timedelta(days=3.2), NOW - timedelta(days=3.1), State.DEGRADED),
    (NOW - timedelta(hours=15), NOW - timedelta(hours=14), State.PARTIAL),
)


def _alone(*days_ago: float) -> tuple[Transition, ...]:
    """Possible outages of ChatGPT that were told so long ago, lasted 26 min, and nobody posted."""
    starts = [
        Transition(
            TransitionKind.START, ("ChatGPT",), State.OPERATIONAL, State.PARTIAL, at, at, confirmed=False
        )
        for at in (NOW - timedelta(days=ago) for ago in days_ago)
    ]
    ends = [
        replace(
            t,
            change=TransitionKind.END,
            before=t.after,
            after=t.before,
            at=t.at + timedelta(minutes=26),
            since=t.at,
        )
        for t in starts
    ]
    return tuple(sorted((*starts, *ends), key=lambda t: t.at))


def _seen_incident(incident: Incident) -> SeenIncident:
    return SeenIncident(
        incident, first_seen=NOW - timedelta(minutes=33), suspected_at=NOW - timedelta(minutes=46)
    )


def _details(verdict: Verdict, *troubles: Trouble, seen: tuple[SeenIncident, ...] = PAST) -> Details:
    return Details(
        verdict,
        NOW,
        seen=seen,
        observations=tuple(build_observations(2, every=120, troubles=(*_EARLIER, *troubles), gaps=_NIGHT)),
        transitions=_alone(61.3, 23.7, 1.4),
        page_url=PAGE_URL,
        may_open=may_open,
        program=PROGRAM,
        is_live=True,
    )


def year() -> Details:
    """What is known after a year: the newest two days look by look, the rest as thinned."""
    troubles = [
        (
            began,
            began + timedelta(minutes=40 + 60 * (n % 5)),
            (State.DEGRADED, State.PARTIAL, State.MAJOR)[n % 3],
        )
        for n in range(100)
        for began in (NOW - timedelta(days=0.4 + n * 3.6),)
    ]
    gaps = [(NOW - timedelta(days=n * 7 + 2), NOW - timedelta(days=n * 7 + 1.4)) for n in range(52)]
    hourly = [
        each
        for each in build_observations(91, every=3600, troubles=troubles, gaps=gaps)
        if each.at < NOW - timedelta(days=8)
    ]
    fine = [
        each
        for each in build_observations(8, every=300, troubles=troubles, gaps=gaps)
        if each.at < NOW - timedelta(days=2)
    ]
    newest = build_observations(2, every=120, troubles=troubles, gaps=gaps)
    seen = tuple(past_incident(n, 12 + (n * 53) % 400, 1 + n * 1.8) for n in range(200))
    told = _alone(*(0.5 + 1.8 * n for n in range(200)))
    return replace(
        _details(MAJOR, seen=(_seen_incident(OPEN), *seen)),
        observations=(*hourly, *fine, *newest),
        transitions=told,
    )


@cache
def all_scenes() -> Mapping[str, Details]:
    """By name; made once for all who ask, for a year of history takes a while."""
    return {
        "calm": _details(CALM),
        "suspected": _details(SUSPECTED, (NOW - timedelta(minutes=4), NOW, State.PARTIAL)),
        "major": _details(MAJOR, _RUNNING, seen=(_seen_incident(OPEN), *PAST)),
        "answering": _details(ANSWERING, _RUNNING, seen=(_seen_incident(OPEN), *PAST)),
        "recovering": _details(RECOVERING, _RUNNING, seen=(_seen_incident(MENDED), *PAST)),
        "offline": _details(OFFLINE),
        "year": year(),
        "people": _details(with_people(CALM)),
        "falling": _details(with_falling(MAJOR), _RUNNING, seen=(_seen_incident(OPEN), *PAST)),
        "learning": _details(replace(CALM, crowd=LEARNING)),
    }


NEVER = datetime(1970, 1, 1, tzinfo=UTC)
