"""What looks teach: which statuses an endpoint usually gives, and how often the line itself fails."""

from __future__ import annotations

import pytest

from tests.core.films import (
    LIMITS,
    START,
    after,
    alive,
    apis,
    every,
    failing,
    look,
    odd,
    play,
    sequence,
    signed_errors,
)
from tests.core.pages import MAJOR, OPERATIONAL, page
from trayapp.core.state import probe_habits
from trayapp.core.state.memory import Memory
from trayapp.model import Outcome, Round, SavedMemory, SavedProbe, TransitionKind


def test_a_status_never_given_before_is_half_a_failure() -> None:
    """Four odd answers weigh as two failures: checking; six over the span: a possible outage."""
    film = after(every(22, 150, 150 + 66, page(), odd("API")))
    assert not apis(film).checking
    assert film.memory.evidence["API"].score == pytest.approx(3 * LIMITS.odd_step)
    film = play([look(216, page(), odd("API"))], memory=film.memory)
    assert apis(film).checking
    film = play([look(t, page(), odd("API")) for t in (238, 260)], memory=film.memory)
    assert film.heard == [(260, TransitionKind.START, ("APIs",))]


def test_the_very_first_answer_of_an_endpoint_is_its_usual_one() -> None:
    """An endpoint that answers 404 from the first poll on answers as it always does."""
    film = play(sequence([look(0, page(), odd("API"))], every(150, 150, 7200, page(), odd("API"))))
    assert (apis(film).state, film.told) == (OPERATIONAL, ())
    assert film.memory.saved.probes["API"].usual == (404,)


def test_a_usual_status_is_no_pass_for_another() -> None:
    """An endpoint that always answers 404 is suspected when it answers 418."""
    film = play(sequence([look(0, page(), odd("API"))], every(22, 150, 300, page(), odd("API", status=418))))
    assert [change for _, change, _ in film.heard] == [TransitionKind.START]


def test_an_odd_answer_while_the_page_is_in_trouble_teaches_nothing() -> None:
    """What an endpoint answers in an outage is not what it always answers."""
    film = play([look(0, page(APIs=MAJOR), odd("API"))])
    assert film.memory.saved.probes["API"] == SavedProbe()


@pytest.mark.long
def test_a_status_that_has_come_for_more_than_a_day_is_usual() -> None:
    """An endpoint that moved for good answers 404 from then on: the false suspicion ends by itself."""
    film = play(
        sequence(
            [look(0, page(), alive("API"))],
            every(100, 150, 26 * 3600, page(), odd("API")),
        )
    )
    assert 404 in film.memory.saved.probes["API"].usual
    assert apis(film).state is OPERATIONAL
    assert [change for _, change, _ in film.heard] == [TransitionKind.START, TransitionKind.END]


@pytest.mark.long
def test_a_status_given_in_two_outages_is_not_usual() -> None:
    """Odd answers that came on Monday and again on Wednesday, with life between, do not become life."""
    film = play(
        sequence(
            [look(0, page(), alive("API"))],
            [look(150, page(), odd("API"))],
            every(150, 300, 48 * 3600, page(), alive("API")),
            every(22, 48 * 3600, 48 * 3600 + 1000, page(), odd("API")),
        )
    )
    assert film.memory.saved.probes["API"].usual == ()
    assert [change for _, change, _ in film.heard] == [TransitionKind.START]


def on_a_line_that_fails(failures: float) -> float:
    """Seconds over which failures must lie on a line with so many failures in 1,000 looks."""
    return span({"API": SavedProbe(looks=1000.0, failures=failures)})


def span(kept: dict[str, SavedProbe]) -> float:
    """Seconds over which failures must lie where the probes have seen so much."""
    return probe_habits.alarm_span(probe_habits.connection_failure_rate(kept, LIMITS.probes), LIMITS)


def test_a_bad_line_stretches_the_span() -> None:
    """Each percent of failures beyond the first adds 60 s, to 315 s at most."""
    assert [on_a_line_that_fails(n) for n in (0, 10, 20, 30, 45, 500)] == [
        105.0,
        105.0,
        pytest.approx(165.0),
        pytest.approx(225.0),
        315.0,
        315.0,
    ]


def test_a_young_line_is_taken_for_a_good_one() -> None:
    """Three failures in the first ten looks say too little of a line."""
    assert span({"API": SavedProbe(looks=10.0, failures=3.0)}) == 105.0


def test_a_probe_that_is_no_longer_set_up_says_nothing_of_the_line() -> None:
    """Whatever failed once, only what is asked now counts."""
    assert span({"Gone": SavedProbe(looks=1000.0, failures=500.0)}) == 105.0


def on_a_bad_line(*rounds: list[Round]) -> list[float]:
    """When something was told on a line that fails 3 % of the time."""
    memory = Memory(saved=SavedMemory(probes={"API": SavedProbe(looks=1000.0, failures=30.0)}))
    return [second for second, _, _ in play(sequence(START, *rounds), memory=memory).heard]


def test_on_a_bad_line_a_second_probe_must_agree() -> None:
    """With 3 % of failures the alarm comes after 225 s, and not after 105 s, where two probes fail."""
    assert on_a_bad_line(every(22, 150, 600, page(), failing("ChatGPT", "Login"))) == [150 + 22 * 11]


def test_on_a_bad_line_one_probe_must_fail_for_long() -> None:
    """By itself it must fail over 315 s."""
    assert on_a_bad_line(every(22, 150, 600, page(), failing("API"))) == [150 + 22 * 15]


@pytest.mark.parametrize(("answered", "told"), [(6, False), (5, True), (0, True)])
def test_on_a_bad_line_one_probe_must_fail_nearly_always(answered: int, *, told: bool) -> None:
    """At least four of five polls: every fifth answered is just enough, and one more is not."""
    rounds = [
        look(150 + 22 * n, page(), (alive if 4 <= n < 4 + answered else failing)("API")) for n in range(30)
    ]
    first = on_a_bad_line(rounds[:25])
    assert bool(first) is told


def test_what_openai_signs_no_line_has_made() -> None:
    """A bad line delays no server error."""
    assert on_a_bad_line(every(22, 150, 600, page(), signed_errors("API"))) == [260]


def test_only_the_first_failure_after_calm_counts_for_the_line() -> None:
    """The looks that follow a failure are asked because of it and say nothing of how often the line fails."""
    film = after(every(22, 150, 600, page(), failing("API")))
    assert film.memory.saved.probes["API"].failures == pytest.approx(1.0)
    assert film.memory.saved.probes["API"].looks == pytest.approx(2.0, abs=0.001)


def test_a_lines_failures_fade_within_weeks() -> None:
    """Looks of weeks ago count next to nothing."""
    kept = SavedProbe(looks=1000.0, failures=30.0)
    for _ in range(4 * 7 * 24):
        kept = probe_habits.update_failure_rate(kept, Outcome.ALIVE, 3600.0)
    assert kept.failures < 1.0
