"""The icon believes the page at once; a notification waits for the same word twice, 20 s apart."""

from __future__ import annotations

from dataclasses import replace

from tests.core.films import LIMITS, look, outage, play, sequence
from tests.core.pages import DEGRADED, MAINTENANCE, MAJOR, OPERATIONAL, PARTIAL, page
from trayapp.model import Change, Level, Reason, Why

PROBLEMS = replace(LIMITS, level=Level.PROBLEMS)


def test_the_icon_changes_with_the_first_reading() -> None:
    """A new word shows in the round that brought it, and is not told yet."""
    film = play([look(0, page()), look(120, page(ChatGPT=MAJOR))])
    assert (film.last.state, film.last.confirmed) == (MAJOR, True)
    assert film.told == ()


def test_a_word_read_twice_20_s_apart_is_told_once() -> None:
    """The second reading tells, the third does not."""
    film = play([look(t, page(ChatGPT=MAJOR) if t else page()) for t in (0, 120, 140, 160, 220)])
    assert film.heard == [(140, Change.START, ("ChatGPT",))]


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
    assert film.heard == [(140, Change.START, ("ChatGPT",)), (160, Change.WORSE, ("ChatGPT",))]
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
    assert [t.change for t in film.notices] == [Change.START, Change.WORSE, Change.END]
    assert [(t.before, t.after) for t in film.notices] == [
        (OPERATIONAL, PARTIAL),
        (PARTIAL, MAJOR),
        (MAJOR, OPERATIONAL),
    ]
    assert len({t.thread for t in film.notices}) == 1
    assert [t.must_arrive for t in film.notices] == [False, True, False]


def test_trouble_that_eases_is_not_told_until_it_is_over() -> None:
    """Major, then partial, then major again is one start."""
    film = play(
        [look(0, page()), look(120, page(ChatGPT=MAJOR)), look(140, page(ChatGPT=MAJOR))]
        + [look(t, page(ChatGPT=PARTIAL)) for t in (200, 260)]
        + [look(t, page(ChatGPT=MAJOR)) for t in (320, 380)]
    )
    assert film.heard == [(140, Change.START, ("ChatGPT",))]


def test_an_older_page_within_two_minutes_is_passed_over() -> None:
    """A slower cache changes nothing that is shown, and is named as the reason."""
    film = play([look(0, page(ChatGPT=MAJOR, updated=-60)), look(120, page(updated=-600))])
    assert film.last.state is MAJOR
    assert Reason(Why.SLOWER_CACHE) in film.last.reasons


def test_an_older_page_is_believed_after_two_minutes() -> None:
    """What stays older for longer than caches differ is the page's own word."""
    film = play([look(0, page(ChatGPT=MAJOR, updated=-60)), look(121, page(updated=-600))])
    assert film.last.state is OPERATIONAL
    assert Reason(Why.SLOWER_CACHE) not in film.last.reasons


def test_two_caches_that_disagree_cause_no_flapping() -> None:
    """Readings from a newer and an older cache in turn are one trouble with one start."""
    film = play(
        [look(0, page(updated=-900))]
        + [
            look(120 + 20 * n, page(ChatGPT=MAJOR, updated=60) if n % 2 == 0 else page(updated=-900))
            for n in range(30)
        ]
    )
    assert film.heard == [(160, Change.START, ("ChatGPT",))]
    assert {v.state for v in film.shown[1:]} == {MAJOR}


def test_a_page_that_gives_no_date_is_believed() -> None:
    """Without `updated_at` there is no telling a slower cache."""
    film = play([look(0, page(ChatGPT=MAJOR, updated=-60)), look(20, page())])
    assert film.last.state is OPERATIONAL


def test_a_page_passed_over_is_no_second_reading() -> None:
    """The word is told when a reading that counts brings it again."""
    film = play(
        [
            look(0, page(updated=-900)),
            look(120, page(ChatGPT=MAJOR, updated=100)),
            look(140, page(ChatGPT=MAJOR, updated=50)),
            look(160, page(ChatGPT=MAJOR, updated=100)),
        ]
    )
    assert film.heard == [(160, Change.START, ("ChatGPT",))]


def test_statuses_that_go_backwards_are_taken_as_they_come() -> None:
    """Operational, trouble, operational, trouble on one page is shown as it is said."""
    states = [OPERATIONAL, MAJOR, DEGRADED, MAJOR, OPERATIONAL, MAINTENANCE]
    film = play([look(60 * n, page(ChatGPT=state)) for n, state in enumerate(states)])
    assert [v.state for v in film.shown] == states


def test_one_cause_that_hits_several_products_is_told_once() -> None:
    """Products that get into trouble together make one transition that names them in the person's order."""
    film = play([look(0, page()), *outage(120, 600, page(Codex=PARTIAL, ChatGPT=MAJOR, APIs=PARTIAL))])
    assert film.heard == [
        (140, Change.START, ("ChatGPT", "APIs", "Codex")),
        (660, Change.END, ("ChatGPT", "APIs", "Codex")),
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
    assert film.heard == [(140, Change.START, ("ChatGPT",)), (220, Change.START, ("APIs",))]


def test_a_start_beside_a_worsening_of_one_cause_is_one_start() -> None:
    """One product worsens while another is hit for the first time: one notice, and it is a start."""
    film = play(
        [look(0, page())]
        + [look(t, page(ChatGPT=PARTIAL)) for t in (120, 140)]
        + [look(t, page(ChatGPT=MAJOR, APIs=PARTIAL)) for t in (200, 220)]
    )
    assert film.heard == [(140, Change.START, ("ChatGPT",)), (220, Change.START, ("ChatGPT", "APIs"))]
    assert film.notices[1].since == film.notices[0].since
