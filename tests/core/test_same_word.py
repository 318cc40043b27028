"""Worse is shown at once, better when it was read twice, 20 s apart; so is a start told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS, look, outage, play, sequence
from tests.core.pages import DEGRADED, MAINTENANCE, MAJOR, OPERATIONAL, PARTIAL, page, wall
from trayapp.model import Level, State, TransitionKind

PROBLEMS = replace(LIMITS, level=Level.PROBLEMS)


def test_a_worse_word_shows_with_its_first_reading() -> None:
    """In the round that brought it, and it is not told yet."""
    film = play([look(0, page()), look(120, page(ChatGPT=MAJOR))])
    assert (film.last.state, film.last.confirmed) == (MAJOR, True)
    assert film.told == ()


@pytest.mark.parametrize(("second", "shown"), [(139, MAJOR), (140, DEGRADED)])
def test_a_better_word_shows_when_read_twice_20_s_apart(second: float, shown: State) -> None:
    """One cache of many that lags behind does not make the icon flicker."""
    film = play([look(0, page(ChatGPT=MAJOR)), *(look(t, page(ChatGPT=DEGRADED)) for t in (120, second))])
    assert [v.state for v in film.shown[1:]] == [MAJOR, shown]


def test_a_better_word_that_waits_is_not_quoted_beside_what_shows() -> None:
    """The page is quoted for what shows, and not as saying that this is operational."""
    film = play([look(0, page(ChatGPT=MAJOR)), look(120, page())])
    chatgpt = film.last.products[0]
    assert (chatgpt.state, chatgpt.page_state, chatgpt.parts) == (MAJOR, None, ())


def test_the_first_reading_after_an_absence_shows_as_it_is() -> None:
    """Nobody knows what was read in between."""
    film = play([look(0, page(ChatGPT=MAJOR)), look(60, page(), asleep=3600)])
    assert film.last.state is OPERATIONAL


def test_a_word_read_twice_20_s_apart_is_told_once() -> None:
    """The second reading tells, the third does not."""
    film = play([look(t, page(ChatGPT=MAJOR) if t else page()) for t in (0, 120, 140, 160, 220)])
    assert film.heard == [(140, TransitionKind.START, ("ChatGPT",))]


def test_a_second_reading_after_less_than_20_s_tells_nothing() -> None:
    """Two readings 19 s apart may come from the same cache."""
    film = play([look(0, page()), look(120, page(ChatGPT=MAJOR)), look(139, page(ChatGPT=MAJOR))])
    assert film.told == ()


def test_a_degraded_word_seen_once_is_not_told() -> None:
    """A word that the next reading takes back was an editor's slip."""
    film = play([look(0, page()), look(120, page(ChatGPT=DEGRADED)), look(140, page())], PROBLEMS)
    assert film.shown[1].state is DEGRADED
    assert film.told == ()


def test_a_word_that_comes_and_goes_is_new_each_time() -> None:
    """Major, operational, major are two first readings and not one word twice."""
    film = play([look(t, page(ChatGPT=MAJOR) if t % 40 else page()) for t in range(0, 400, 20)])
    assert film.told == ()


def test_a_word_that_gets_worse_in_between_is_told_as_what_was_read_twice() -> None:
    """Degraded, then major: degraded at least was read twice; major is told when it was."""
    film = play(
        [
            look(0, page()),
            look(120, page(ChatGPT=DEGRADED)),
            look(140, page(ChatGPT=MAJOR)),
            look(160, page(ChatGPT=MAJOR)),
        ],
        PROBLEMS,
    )
    assert film.heard == [
        (140, TransitionKind.START, ("ChatGPT",)),
        (160, TransitionKind.WORSE, ("ChatGPT",)),
    ]
    assert [t.after for t in film.notices] == [DEGRADED, MAJOR]


def test_partial_outage_that_becomes_a_major_one_is_told_as_worse() -> None:
    """One trouble that worsens has one start, one worsening and one end, all of one thread."""
    film = play(
        sequence(
            [look(0, page())],
            [look(t, page(ChatGPT=PARTIAL)) for t in (120, 140)],
            [look(t, page(ChatGPT=MAJOR)) for t in (200, 220)],
            [look(t, page()) for t in (280, 340)],
        )
    )
    assert [t.change for t in film.notices] == [
        TransitionKind.START,
        TransitionKind.WORSE,
        TransitionKind.END,
    ]
    assert [(t.before, t.after) for t in film.notices] == [
        (OPERATIONAL, PARTIAL),
        (PARTIAL, MAJOR),
        (MAJOR, OPERATIONAL),
    ]
    assert len({t.thread for t in film.notices}) == 1
    assert [t.must_arrive for t in film.notices] == [False, True, False]


def test_trouble_that_eases_and_is_worse_again_is_told_as_that() -> None:
    """Major, then partial, then major again is one trouble."""
    film = play(
        [look(0, page()), look(120, page(ChatGPT=MAJOR)), look(140, page(ChatGPT=MAJOR))]
        + [look(t, page(ChatGPT=PARTIAL)) for t in (200, 260)]
        + [look(t, page(ChatGPT=MAJOR)) for t in (320, 380)]
    )
    assert [(t, change) for t, change, _ in film.heard] == [
        (140, TransitionKind.START),
        (260, TransitionKind.EASED),
        (380, TransitionKind.WORSE),
    ]
    assert [t.since for t in film.notices] == [wall(120), wall(120), wall(320)]


def test_dates_that_fall_back_change_nothing() -> None:
    """The real page's date falls back by months when its last incident ends."""
    down = [look(t, page(ChatGPT=MAJOR, updated=t)) for t in (0, 120)]
    film = play([*down, *(look(t, page(updated=-86_400)) for t in (240, 260))])
    assert film.last.state is OPERATIONAL


def test_a_copy_from_a_cache_is_as_old_as_it_says() -> None:
    """Two readings of one cached copy are one."""
    bad = page(ChatGPT=MAJOR)
    film = play([look(0, page()), look(120, bad), look(140, replace(bad, age=20.0)), look(160, bad)])
    assert film.heard == [(160, TransitionKind.START, ("ChatGPT",))]


def test_a_copy_that_is_older_than_the_last_reading_is_passed_over() -> None:
    """A slower cache knows nothing that is not known better."""
    old = replace(page(), age=300.0)
    rounds = [look(120 + 20 * n, page(ChatGPT=MAJOR) if n % 2 == 0 else old) for n in range(30)]
    film = play([look(0, page()), *rounds])
    assert film.heard == [(160, TransitionKind.START, ("ChatGPT",))]
    assert {v.state for v in film.shown[1:]} == {MAJOR}


def test_two_caches_that_disagree_cause_no_flapping() -> None:
    """Where neither says how old it is, the worse word shows until the better one was read twice in a row."""
    film = play(
        [look(0, page())]
        + [look(120 + 20 * n, page(ChatGPT=MAJOR) if n % 2 == 0 else page()) for n in range(30)]
    )
    assert film.heard == []
    assert {v.state for v in film.shown[1:]} == {MAJOR}


def test_statuses_may_go_to_and_fro() -> None:
    """Each worse word shows at once, and each better one when the next reading is not worse than it."""
    states = [OPERATIONAL, MAJOR, DEGRADED, MAJOR, PARTIAL, DEGRADED, MAINTENANCE, OPERATIONAL, OPERATIONAL]
    shown = [OPERATIONAL, MAJOR, MAJOR, MAJOR, MAJOR, PARTIAL, DEGRADED, MAINTENANCE, OPERATIONAL]
    film = play([look(60 * n, page(ChatGPT=state)) for n, state in enumerate(states)])
    assert [v.state for v in film.shown] == shown


def test_one_cause_that_hits_several_products_is_told_once() -> None:
    """Products that get into trouble together make one transition that names them in the person's order."""
    film = play([look(0, page()), *outage(120, 600, page(Codex=PARTIAL, ChatGPT=MAJOR, APIs=PARTIAL))])
    assert film.heard == [
        (140, TransitionKind.START, ("ChatGPT", "APIs", "Codex")),
        (660, TransitionKind.END, ("ChatGPT", "APIs", "Codex")),
    ]
    start = film.notices[0]
    assert (start.after, start.must_arrive) == (MAJOR, True)


def test_a_product_that_joins_later_is_told_by_itself() -> None:
    """Who is hit after the start is new to the person."""
    film = play(
        [look(0, page())]
        + [look(t, page(ChatGPT=PARTIAL)) for t in (120, 140)]
        + [look(t, page(ChatGPT=PARTIAL, APIs=PARTIAL)) for t in (200, 220)]
    )
    assert film.heard == [(140, TransitionKind.START, ("ChatGPT",)), (220, TransitionKind.START, ("APIs",))]


def test_a_start_beside_a_worsening_of_one_cause_is_one_start() -> None:
    """One product worsens while another is hit for the first time: one notice, and it is a start."""
    film = play(
        [look(0, page())]
        + [look(t, page(ChatGPT=PARTIAL)) for t in (120, 140)]
        + [look(t, page(ChatGPT=MAJOR, APIs=PARTIAL)) for t in (200, 220)]
    )
    assert film.heard == [
        (140, TransitionKind.START, ("ChatGPT",)),
        (220, TransitionKind.START, ("ChatGPT", "APIs")),
    ]
    # It is dated by what it says: that ChatGPT is down, and not that it was partly down before.
    assert film.notices[1].since == wall(200)
