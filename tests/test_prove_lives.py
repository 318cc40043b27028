"""The prover's weeks of a person's life: days that can be lived, outages at their real hours, and nothing hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from math import inf

import pytest

from tests.core.pages import BEGAN
from tests.recorded import incidents
from tools.prove import history
from tools.prove.chance import chance
from tools.prove.lives import Lived, is_held_back, join_unseen, life, measure_delay, rows
from tools.prove.noise import DAY, HOUR, MINUTE, WEEK
from tools.prove.pages import Posting
from tools.prove.person import Person, Span, person
from tools.prove.score import Told
from tools.prove.subject import PROGRAM
from tools.prove.troubles import Trouble
from tools.prove.world import PAGE, Kind
from trayapp.model import Stage, State, Transition, TransitionKind

_PEOPLE = tuple(person(9 * DAY, ("days", n)) for n in range(12))
_FINE = Lived(
    weeks=1.0, looked=(100.0,), returned=(90.0,), false=0, office=0, offline=0, told=1, twice=0, lost=0,
    held_back=0, dated=(True,), meanwhile=(True,), unasked=0, pause=130.0,
)  # fmt: skip


@pytest.mark.parametrize("who", _PEOPLE[:6])
def test_nobody_falls_asleep_while_asleep(who: Person) -> None:
    """A lid is opened before it is closed again, and a restart comes while it is open."""
    closed = sorted((s.start, s.end) for s in who.spells if s.kind in {Kind.SLEEP, Kind.STOPPED})
    assert all(end < start for (_, end), (start, _) in pairwise(closed))
    assert sum(end - start > 5 * HOUR for start, end in closed) >= 8


@pytest.mark.parametrize("who", _PEOPLE[:6])
def test_an_office_is_a_network_of_its_own_that_blocks_all_three_hosts(who: Person) -> None:
    """From before the lid is opened there until after it is closed; the train is between."""
    for start, end in who.office:
        assert sum(s.kind is Kind.BLOCK and (s.start, s.end) == (start, end) for s in who.spells) in {3, 4}
        assert 7 * HOUR < end - start < 9.5 * HOUR
        assert [name for at, name in who.networks if start - HOUR < at <= start + MINUTE][-1:] == ["office"]


def test_a_page_that_is_blocked_hides_like_a_closed_lid() -> None:
    """A quarter of offices block it too."""
    blocked = [who for who in _PEOPLE if any(s.probe == PAGE for s in who.spells)]
    assert 0 < len(blocked) < len(_PEOPLE)
    for who in blocked:
        away = who.away()
        assert all(end < start for (_, end), (start, _) in pairwise(away))
        assert all(any(a <= start and end <= b for a, b in away) for start, end in who.office)


def test_a_recorded_week_keeps_weekday_and_hour() -> None:
    """Monday at midnight, UTC, is a day from the world's beginning."""
    began = {fact.id: fact.began for fact in incidents()}
    for week in history.weeks():
        for posting in week:
            at = began[posting.id]
            seconds = at.weekday() * DAY + at.hour * HOUR + at.minute * MINUTE + at.second
            assert (posting.begins - DAY) % WEEK == pytest.approx(seconds)


@pytest.mark.long
def test_a_life_tells_an_outage_once_and_loses_nothing() -> None:
    """On a Saturday morning at home or wherever that person's clocks then are."""
    at = DAY + 5 * DAY + 9 * HOUR
    stages = (at, Stage.INVESTIGATING), (at + 9 * HOUR, Stage.RESOLVED)
    posting = Posting("p", "Elevated errors for ChatGPT", ("ChatGPT",), State.PARTIAL, stages)
    # Without what a probe sees: this one is the page's alone.
    seed = next(n for n in range(99) if chance(n, "p", "sight").random() > 0.1)
    lived = life([posting], seed)
    assert (lived.told, lived.twice, lived.lost, lived.unasked) == (1, 0, 0, 0)
    assert lived.dated == (True,)
    assert max((*lived.looked, *lived.returned)) <= 265.0


@pytest.mark.parametrize(
    ("away", "told", "delay"),
    [
        ([], 1100.0, (True, 100.0)),
        ([], None, (True, inf)),
        ([(900.0, 2000.0)], 2100.0, (False, 100.0)),
        ([(1100.0, 1200.0)], 1300.0, (False, 100.0)),
        ([(1250.0, 9000.0)], None, None),
        ([(100.0, 900.0)], 1050.0, (False, 50.0)),
        ([(1500.0, 1600.0)], 900.0, (True, 0.0)),
    ],
    ids=["at once", "never", "back in it", "torn", "away for nearly all of it", "just back", "seen before"],
)
def test_a_delay_counts_from_when_the_page_could_be_read_for_five_minutes(
    away: list[tuple[float, float]], told: float | None, delay: tuple[bool, float] | None
) -> None:
    """An outage from 1000 s to 5000 s."""
    trouble = Trouble("ChatGPT", 1000.0, 5000.0, 5000.0, 1000.0, plain=True)
    assert measure_delay(trouble, told, away) == delay


@pytest.mark.parametrize(
    ("hours", "product", "is_held"),
    [
        (range(6), "APIs", True),
        (range(5), "APIs", False),
        (range(6), "ChatGPT", False),
        (range(-19, -13), "APIs", False),
    ],
    ids=["six", "five", "of another product", "a day before"],
)
def test_an_outage_is_held_back_by_six_notifications_in_a_day(
    hours: Iterable[int], product: str, *, is_held: bool
) -> None:
    """From 6:00 to 7:00; law 8 counts back from the moment at which it could be told."""
    trouble = Trouble("APIs", 6 * HOUR, 7 * HOUR, 7 * HOUR, 6 * HOUR, plain=True)
    end = Transition(TransitionKind.END, (product,), State.MAJOR, State.OPERATIONAL, BEGAN, None)
    sent = [Told(hour * HOUR, (product,), end) for hour in hours]
    assert is_held_back(trouble, sent) is is_held


@pytest.mark.parametrize(
    ("away", "spans"),
    [
        ([], [(1000.0, 2000.0), (3000.0, 4000.0)]),
        ([(1900.0, 3100.0)], [(1000.0, 4000.0)]),
        ([(1900.0, 2500.0)], [(1000.0, 2000.0), (3000.0, 4000.0)]),
    ],
    ids=["seen to ease", "asleep over it", "seen to come again"],
)
def test_what_an_incident_brings_again_unseen_is_one_outage(away: list[Span], spans: list[Span]) -> None:
    """Nobody could read that it had eased."""
    first = Trouble("APIs", 1000.0, 2000.0, 5000.0, 1000.0, plain=True)
    again = replace(first, first=3000.0, last=4000.0)
    assert [(t.first, t.last) for t in join_unseen([first, again], away)] == spans


@pytest.mark.parametrize(
    ("fault", "row"),
    [
        (replace(_FINE, lost=1), "lost"),
        (replace(_FINE, twice=1), "told twice"),
        (replace(_FINE, false=1, office=1), "in the office"),
        (replace(_FINE, dated=(False,)), "since and length"),
        (replace(_FINE, meanwhile=(False,)), "came and went"),
        (replace(_FINE, unasked=1), "unasked for longer"),
        (replace(_FINE, looked=(400.0,)), "later than 6 min"),
    ],
)
def test_each_fault_is_a_miss_of_its_own_row(fault: Lived, row: str) -> None:
    """And of no other than those that say the same."""
    key = ("lives", "person", PROGRAM.name)
    assert {r.mark for r in rows({key: [_FINE]})} == {"PASS", ""}
    missed = [r.what for r in rows({key: [fault]}) if r.mark == "MISS"]
    assert any(row in what for what in missed)
