"""The figures of one probe's evidence, each at its very edge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS, alive, every, failing, look, moment, odd, play, probe, sequence
from tests.core.pages import page, wall
from trayapp.core.alerts.eligibility import recent_times
from trayapp.core.state import probe_evidence, probe_habits
from trayapp.core.state.memory import Evidence
from trayapp.model import Outcome, Reason, ReasonKind, SavedProbe, TransitionKind

CALM = look(0, page(), alive("API"))


def test_all_looks_since_the_first_failure_are_counted() -> None:
    """Three of four checks failed, says the reason."""
    rounds = [look(150, None, failing("API")), look(172, None, alive("API"))]
    film = play([CALM, *rounds, *every(22, 194, 230, page(), failing("API"))])
    assert (
        Reason(ReasonKind.PROBES_FAILED, subject="APIs", count=3, total=4, since=wall(150))
        in film.last.reasons
    )


def test_a_score_of_just_enough_is_enough() -> None:
    """The alarm is at the limit, not beyond it."""
    limits = replace(LIMITS, alarm_score=2 * LIMITS.failure_step, alarm_failures=2)
    film = play([CALM, look(150, page(), failing("API")), look(255, page(), failing("API"))], limits)
    assert film.memory.evidence["API"].has_alarm


def test_a_span_of_just_105_s_is_enough() -> None:
    """The third failure comes 105 s after the first."""
    film = play([CALM, *(look(t, page(), failing("API")) for t in (150, 200, 255))])
    assert film.heard == [(255, TransitionKind.START, ("APIs",))]


def test_a_score_of_one_failure_is_enough_to_check() -> None:
    """Where one failure is to show, its score does."""
    limits = replace(LIMITS, checking_failures=1)
    film = play([CALM, look(150, None, failing("API"))], limits)
    assert film.last.checking


def test_a_probe_is_back_with_its_first_answer_after_the_last_failure() -> None:
    """Neither an answer before a failure nor a later one dates its return; four failures in five looks: 13 answers."""
    rounds = [look(t, page(), failing("API")) for t in (150, 172, 255)]
    rounds += [look(300, page(), alive("API")), look(400, page(), failing("API"))]
    film = play([CALM, *rounds, *every(50, 450, 1001, page(), alive("API"))])
    assert [c for _, c, _ in film.heard] == [TransitionKind.START]
    found = film.memory.evidence["API"]
    assert (found.answers_in_row, found.first_answer_at) == (12, wall(450))
    film = play([look(1050, page(), alive("API"))], memory=film.memory)
    assert [(t.change, t.at) for t in film.notices] == [(TransitionKind.END, wall(450))]


@pytest.mark.parametrize(("pause", "halved"), [(599, 0), (600, 1), (1800, 3)])
def test_a_score_halves_for_each_ten_minutes_in_which_nothing_was_learnt(pause: int, halved: int) -> None:
    """The page was read meanwhile, the probe said nothing."""
    failed, again = look(150, page(), failing("API")), look(150 + pause, page(), failing("API"))
    film = play([CALM, failed, *every(100, 200, 150 + pause, page()), again])
    left = LIMITS.failure_step * 0.5**halved
    assert film.memory.evidence["API"].score == pytest.approx(left + LIMITS.failure_step)


def test_older_looks_fade_with_a_week() -> None:
    """After half a week, half of them count."""
    kept = probe_habits.update_failure_rate(
        SavedProbe(looks=100.0, failures=10.0), Outcome.FAILURE, probe_habits.WEEK_SECONDS / 2
    )
    assert [kept.looks, kept.failures] == pytest.approx([51.0, 6.0])


def test_a_failure_with_a_status_is_never_usual() -> None:
    """503 for days on end is still a failure."""
    result = probe("API", Outcome.FAILURE, 503)
    kept = SavedProbe(looks=5.0)
    assert probe_habits.learn_usual_status(kept, result, Outcome.FAILURE, wall(0)) == kept


def test_a_status_that_has_come_for_a_day_is_usual_and_no_longer_odd() -> None:
    """From the first second of the second day on."""
    (result,) = odd("API")
    kept = probe_habits.learn_usual_status(SavedProbe(looks=5.0), result, Outcome.ODD, wall(0))
    kept = probe_habits.learn_usual_status(
        kept, result, Outcome.ODD, wall(probe_habits.USUAL_STATUS_AFTER - 1)
    )
    assert (kept.usual, kept.odd) == ((), {"404": wall(0)})
    kept = probe_habits.learn_usual_status(kept, result, Outcome.ODD, wall(probe_habits.USUAL_STATUS_AFTER))
    assert (kept.usual, kept.odd) == ((404,), {})


def test_a_look_that_says_nothing_uses_up_one_of_the_burst() -> None:
    """One, and none where none is left."""
    assert probe_evidence.use_up_burst(Evidence(burst_left=9)).burst_left == 8
    assert probe_evidence.use_up_burst(Evidence()) == Evidence()


def test_what_was_told_just_an_hour_ago_was_not_told_within_the_hour() -> None:
    """The window is open at its far end."""
    assert recent_times((wall(0), wall(1)), wall(3600), 3600.0) == (wall(1),)
    assert moment(3600).wall == wall(3600)


def test_the_count_begins_anew_over_the_films_of_two_suspicions() -> None:
    """What the first left behind does not date the second."""
    first = [look(t, page(), failing("API")) for t in (150, 172, 255)]
    film = play(sequence([CALM], first, every(60, 300, 1200, page(), alive("API"))))
    assert film.heard[-1][1] is TransitionKind.END
    again = [look(t, page(), failing("API")) for t in (5000, 5022, 5105)]
    film = play([look(4990, page(), alive("API")), *again], memory=film.memory)
    (start,) = film.notices
    assert (start.since, start.at) == (wall(5000), wall(5105))
