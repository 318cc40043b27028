"""What one round leaves to the next: nothing that is over, and all that still holds."""

from __future__ import annotations

from tests.core.films import MISS, alive, every, failing, look, memory_after_restart, play
from tests.core.pages import DEGRADED, MAJOR, page, wall
from trayapp.core.state.memory import Evidence
from trayapp.model import ConnectionState, Outcome, ProductVerdict, TransitionKind, Verdict

SUSPECTED = [look(0, page(), alive("API")), *(look(t, page(), failing("API")) for t in (150, 172, 255))]


def apis(verdict: Verdict) -> ProductVerdict:
    """The APIs in it."""
    found = verdict.find_product("APIs")
    assert found is not None
    return found


def test_an_end_forgets_the_failures() -> None:
    """The next failure is a first one."""
    answers = every(50, 300, 951, page(), alive("API"))
    film = play([*SUSPECTED, *answers, look(1000, page(), failing("API"))])
    assert [(s, c) for s, c, _ in film.heard] == [(255, TransitionKind.START), (950, TransitionKind.END)]
    assert film.memory.evidence["API"].failure_weight == 1.0
    assert not apis(film.last).checking


def test_a_good_reading_ends_misses() -> None:
    """They do not count on."""
    film = play([look(0, page()), look(200, MISS), look(220, MISS), look(260, page())])
    assert (film.memory.page_misses, film.memory.page_miss) == (0, None)


def test_the_minute_after_coming_back_ends_with_its_last_second() -> None:
    """A failure 60 s after the line's return counts, one a second earlier does not."""
    back = [look(0, page(), alive("API")), look(100, MISS, (), ConnectionState.OFFLINE), look(200, page())]
    for second, weight in ((259, 0.0), (260, 1.0)):
        film = play([*back, look(second, None, failing("API"))])
        assert film.memory.evidence.get("API", Evidence()).failure_weight == weight


def test_while_scores_are_frozen_every_result_is_shown_and_each_answer_counts() -> None:
    """One probe's failure does not hide what the next one got."""
    film = play([*SUSPECTED, look(300, MISS, (*failing("ChatGPT"), *alive("API")), ConnectionState.OFFLINE)])
    assert [r.outcome for r in film.last.probes] == [Outcome.ALIVE, Outcome.FAILURE]
    assert film.memory.evidence["API"].answers_in_row == 1


def test_the_page_s_worse_word_shows_beside_a_suspicion() -> None:
    """One product's failing probes are a partial outage; the page says it is a major one."""
    film = play([*SUSPECTED, look(270, page(APIs=MAJOR))])
    assert (apis(film.last).state, apis(film.last).confirmed) == (MAJOR, True)


def test_trouble_at_the_edge_is_no_checking_and_is_dated_by_the_round_that_saw_it() -> None:
    """It has nothing to do with what the page said an hour ago."""
    fine = [look(0, page(APIs=DEGRADED)), look(60, page()), look(90, page())]
    film = play([*fine, look(120, page(), failing("API"), ConnectionState.EDGE)])
    shown = apis(film.last)
    assert (shown.state, shown.confirmed, shown.checking) == (DEGRADED, False, False)
    assert shown.since == wall(120)


def test_what_was_settled_after_a_restart_is_not_away_any_more() -> None:
    """A small trouble that ended while away says nothing of a suspicion that begins and ends under our eyes."""
    before = play([look(0, page(), alive("API")), look(60, page(APIs=DEGRADED))])
    failures = [look(t, page(), failing("API")) for t in (1150, 1172, 1255)]
    film = play(
        [look(1000, page(), alive("API")), *failures, *every(60, 1300, 2200, page(), alive("API"))],
        memory=memory_after_restart(before),
    )
    assert [(t.change, t.away) for t in film.notices] == [
        (TransitionKind.START, False),
        (TransitionKind.END, False),
    ]


def test_what_was_told_as_begun_while_away_is_not_told_so_again() -> None:
    """Its end comes under our eyes."""
    before = play([look(0, page())])
    began = [look(t, page(APIs=MAJOR)) for t in (1000, 1020)]
    film = play([*began, *every(60, 1800, 2000, page())], memory=memory_after_restart(before))
    assert [(t.change, t.away) for t in film.notices] == [
        (TransitionKind.START, True),
        (TransitionKind.END, False),
    ]


def test_one_product_s_end_and_another_s_start_are_two_notices() -> None:
    """They come in one round, and the page has posted about neither."""
    down = [look(t, page(ChatGPT=MAJOR)) for t in (120, 140)]
    turned = [look(t, page(APIs=MAJOR)) for t in (300, 360)]
    film = play([look(0, page()), *down, *turned])
    assert film.heard[1:] == [(360, TransitionKind.END, ("ChatGPT",)), (360, TransitionKind.START, ("APIs",))]
