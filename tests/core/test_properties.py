"""What holds of every film: no start is lost, no end is said twice, nothing is said offline, order does not count."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.films import LIMITS, look, play
from tests.core.generated import films, held_major, readings
from tests.core.pages import MAJOR, page
from trayapp.core.alerts.thresholds import THRESHOLD
from trayapp.core.judge import judge_round
from trayapp.core.state.memory import Memory
from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.model import (
    Level,
    Limits,
    PageReading,
    Round,
    SavedMemory,
    State,
    Transition,
    TransitionKind,
    Verdict,
    ladder_rank,
)

EXAMPLES = settings(max_examples=120, derandomize=True, deadline=None)
GAPS = st.lists(st.integers(20, 300), min_size=1, max_size=6)
LEVELS = st.sampled_from([replace(LIMITS, level=level) for level in Level])


def since_the_last_end(told: list[Transition], name: str) -> list[Transition]:
    """What was told of a product after its last end."""
    of_it = [t for t in told if name in t.products]
    ends = [n for n, t in enumerate(of_it) if t.change is TransitionKind.END]
    return of_it[ends[-1] + 1 :] if ends else of_it


@pytest.mark.long
@EXAMPLES
@given(films(), GAPS)
def test_no_order_of_misses_and_rounds_loses_a_start(film: list[Round], gaps: list[int]) -> None:
    """A major outage read twice, 20 s apart and a minute after any disturbance, has been told."""
    played = play([*film, *held_major(film[-1], gaps)])
    assert played.memory.saved.products["ChatGPT"].told is MAJOR
    told = since_the_last_end(played.notices, "ChatGPT")
    assert MAJOR in {t.after for t in told}


@pytest.mark.long
@EXAMPLES
@given(films(readings()), LEVELS)
def test_every_start_has_at_most_one_end(film: list[Round], limits: Limits) -> None:
    """An end belongs to something told, and is said once."""
    open_: set[str] = set()
    for _, transition in play(film, limits).told:
        if transition.change is TransitionKind.END:
            assert set(transition.products) <= open_
            open_ -= set(transition.products)
        else:
            open_ |= set(transition.products)


@pytest.mark.long
@EXAMPLES
@given(films(readings()), LEVELS)
def test_nothing_is_told_offline_nor_in_the_minute_after(film: list[Round], limits: Limits) -> None:
    """Neither while the line is away nor within 60 s awake of its return."""
    memory, away_until = Memory(), 0.0
    was_away = False
    for round_ in film:
        memory, _, told = judge_round(memory, round_, limits)
        away = memory.connection in NO_INTERNET
        if was_away and not away:
            away_until = round_.moment.awake + limits.grace
        if away or round_.moment.awake < away_until:
            assert [t for t in told if not t.silent] == []
        was_away = away


class Crash(Enum):
    """Where in a round the program dies."""

    BEFORE_SAVE = auto()
    BEFORE_SHOW = auto()
    BEFORE_DONE = auto()


@dataclass
class Life:
    """A program that keeps its memory and its intents first, shows then, and notes at last that it has shown."""

    limits: Limits = LIMITS
    memory: Memory = field(default_factory=Memory)
    saved: SavedMemory = field(default_factory=SavedMemory)
    intents: list[Transition] = field(default_factory=list)
    judged: list[Transition] = field(default_factory=list)
    """What was kept as told."""
    shown: list[Transition] = field(default_factory=list)

    def round(self, round_: Round, crash: Crash | None = None) -> None:
        """One round, which the program may not survive."""
        self.memory, _, told = judge_round(self.memory, round_, self.limits)
        if crash is Crash.BEFORE_SAVE:
            return self.start()
        notices = [t for t in told if not t.silent]
        self.saved = self.memory.saved
        self.intents = [t for t in notices if t.must_arrive]
        self.judged += notices
        if crash is Crash.BEFORE_SHOW:
            return self.start()
        self.shown += notices
        if crash is Crash.BEFORE_DONE:
            return self.start()
        self.intents = []
        return None

    def start(self) -> None:
        """Start again with what was kept: intents that were not carried out are."""
        self.memory = Memory(saved=self.saved)
        self.shown += self.intents
        self.intents = []


@pytest.mark.long
@EXAMPLES
@given(films(), GAPS, st.data())
def test_a_crash_tells_a_major_start_once_or_twice_and_all_else_at_most_once(
    film: list[Round], gaps: list[int], data: st.DataObject
) -> None:
    """Wherever the program dies, once or several times, no start of a major outage is lost."""
    rounds = [*film, *held_major(film[-1], gaps)]
    places = st.integers(1, len(rounds) - 1)
    crashes = data.draw(st.dictionaries(places, st.sampled_from(Crash), max_size=3))
    life = Life()
    for n, round_ in enumerate(rounds):
        life.round(round_, crashes.get(n))
    for at in held_major(rounds[-1], [25]):
        life.round(at)
    for transition in life.judged:
        times = life.shown.count(transition)
        assert times in (1, 2) if transition.must_arrive else times <= 1
    assert life.memory.saved.products["ChatGPT"].told is MAJOR
    assert any(t.must_arrive for t in since_the_last_end(life.shown, "ChatGPT"))


@pytest.mark.long
@EXAMPLES
@given(GAPS, st.integers(0, 3), st.sampled_from(Crash))
def test_a_crash_in_a_major_outage_makes_one_start_of_it(gaps: list[int], place: int, crash: Crash) -> None:
    """The start that is told twice is the same notice twice, and never two starts."""
    rounds = held_major(look(0), [*gaps, 20, 20])
    life = Life()
    life.round(look(0, page()))
    for n, round_ in enumerate(rounds):
        life.round(round_, crash if n == place else None)
    assert len(life.judged) == 1
    assert life.shown.count(life.judged[0]) in (1, 2)


@pytest.mark.long
@EXAMPLES
@given(films(readings(), most=8), LEVELS, st.integers())
def test_the_answer_does_not_depend_on_the_order_of_components_or_incidents(
    film: list[Round], limits: Limits, seed: int
) -> None:
    """The same page with its lists in another order shows and tells the same."""
    dice = Random(seed)  # noqa: S311 - an order is no secret
    played, other = play(film, limits), play([shuffle_page(r, dice) for r in film], limits)
    assert [verdict_without_order(v) for v in played.shown] == [verdict_without_order(v) for v in other.shown]
    assert played.told == other.told


def shuffle_page(round_: Round, dice: Random) -> Round:
    """The round with its page's components and incidents in another order."""
    if not isinstance(round_.page, PageReading):
        return round_
    components, incidents = list(round_.page.components), list(round_.page.incidents)
    dice.shuffle(components)
    dice.shuffle(incidents)
    return replace(
        round_, page=replace(round_.page, components=tuple(components), incidents=tuple(incidents))
    )


def verdict_without_order(verdict: Verdict) -> tuple[Verdict, frozenset[object]]:
    """A verdict, its reasons as a set."""
    return replace(verdict, reasons=()), frozenset(verdict.reasons)


@pytest.mark.long
@EXAMPLES
@given(films(readings(), most=15), LEVELS)
def test_a_step_is_deterministic_and_changes_nothing_it_was_given(film: list[Round], limits: Limits) -> None:
    """The same memory and round give the same, and are afterwards what they were."""
    memory = Memory()
    for round_ in film:
        before, given_ = deepcopy(memory), deepcopy(round_)
        first, second = judge_round(memory, round_, limits), judge_round(memory, round_, limits)
        assert first == second
        assert (memory, round_) == (before, given_)
        memory = first[0]


@pytest.mark.long
@EXAMPLES
@given(films(readings(), most=15), LEVELS)
def test_no_film_alarms_by_answers_that_say_nothing(film: list[Round], limits: Limits) -> None:
    """Whatever the page does, a film without probes suspects nothing: all that shows is the page's word."""
    played = play([replace(r, probes=()) for r in film], limits)
    assert all(v.confirmed and not v.checking for v in played.shown)


@pytest.mark.long
@EXAMPLES
@given(films(readings(), most=25), LEVELS)
def test_what_is_told_is_what_shows(film: list[Round], limits: Limits) -> None:
    """Who is told of trouble sees it on the icon in the same round, and who is told of an end sees what is left."""
    memory = Memory()
    for round_ in film:
        watched = {name for name, word in memory.readings.items() if word.fix_applied}
        memory, verdict, told = judge_round(memory, round_, limits)
        shown = {p.name: p.state for p in verdict.products}
        for one in (each for t in told for part in t.parts or (t,) for each in part.members or (part,)):
            states = [shown[name] for name in one.products]
            if one.change in {TransitionKind.END, TransitionKind.EASED}:
                # A fix that is watched is an end though the page is still yellow, and the icon is until the reading
                # after the one that takes the incident from the page; what is not known is no trouble.
                mended = one.watching or not watched.isdisjoint(one.products)
                left = State.DEGRADED if mended and one.after is State.OPERATIONAL else one.after
                assert all(s is State.UNKNOWN or ladder_rank(s) <= ladder_rank(left) for s in states), one
            elif one.change in {TransitionKind.START, TransitionKind.WORSE, TransitionKind.UNSTABLE}:
                assert (
                    min(map(ladder_rank, states))
                    >= ladder_rank(one.after)
                    >= ladder_rank(THRESHOLD[limits.level])
                )
