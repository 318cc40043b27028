"""Probes raise suspicion, step by step, and never lower the page's word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import (
    LIMITS,
    MISS,
    START,
    after,
    alive,
    apis,
    every,
    failing,
    look,
    play,
    probe,
    sequence,
    signed_errors,
)
from tests.core.pages import DEGRADED, MAINTENANCE, MAJOR, OPERATIONAL, PARTIAL, page, wall
from trayapp.model import Outcome, Reason, ReasonKind, TransitionKind


def test_one_failure_shows_nothing() -> None:
    """A single failure is noise."""
    film = after([look(150, None, failing("API"))])
    assert (apis(film).state, apis(film).checking) == (OPERATIONAL, False)


def test_two_failures_are_checking_and_tell_nothing() -> None:
    """The icon turns hollow, the state stays, and nobody is disturbed."""
    film = after([look(t, None, failing("API")) for t in (150, 172)])
    assert (apis(film).state, apis(film).confirmed, apis(film).checking) == (OPERATIONAL, True, True)
    assert film.last.checking
    assert film.told == ()
    assert (
        Reason(ReasonKind.PROBES_FAILED, subject="APIs", count=2, total=2, since=wall(150))
        in film.last.reasons
    )
    assert Reason(ReasonKind.NOT_POSTED, subject="APIs") in film.last.reasons


def test_failures_over_105_s_are_a_possible_outage() -> None:
    """Score 9 with three failures or more over 105 s or more is told, unconfirmed, for that product alone."""
    film = after(every(22, 150, 150 + 111, page(), failing("API")))
    assert (apis(film).state, apis(film).confirmed, apis(film).checking) == (PARTIAL, False, False)
    assert film.heard == [(260, TransitionKind.START, ("APIs",))]
    start = film.notices[0]
    assert (start.after, start.confirmed, start.since, start.thread) == (
        PARTIAL,
        False,
        wall(150),
        "suspected APIs",
    )
    assert not start.must_arrive
    assert apis(film).since == wall(150)


def test_failures_over_less_than_105_s_are_not_enough() -> None:
    """Five failures within 104 s are a glitch so far."""
    film = after([look(t, None, failing("API")) for t in (150, 176, 202, 228, 254)])
    assert film.told == ()
    assert apis(film).checking


def test_two_failures_far_apart_are_not_enough() -> None:
    """The third failure is needed, however long the span."""
    assert after([look(t, page(), failing("API")) for t in (150, 260)]).told == ()
    assert after([look(t, page(), failing("API")) for t in (150, 200, 260)]).heard != []


@pytest.mark.parametrize(("last", "told"), [(320, True), (321, False)])
def test_two_failures_must_be_of_the_last_two_minutes(last: float, *, told: bool) -> None:
    """Three failures of which the last two lie further apart are a line that stumbles now and then."""
    film = after([look(t, page(), failing("API")) for t in (150, 200, last)])
    assert bool(film.heard) is told


def test_without_an_answer_only_a_page_that_was_just_read_proves_the_line() -> None:
    """A reading of more than 2 min ago proves nothing; with the next one the alarm is raised."""
    film = after(every(22, 150, 400, None, failing("API")))
    assert film.told == ()
    assert play([look(400, page(), failing("API"))], memory=film.memory).heard == [
        (400, TransitionKind.START, ("APIs",))
    ]


def test_a_miss_of_the_page_takes_back_what_its_last_reading_proved() -> None:
    """The page was read 60 s ago, and does not answer now either: it may be the line."""
    film = after(every(22, 150, 240, page(), failing("API")), [look(260, MISS, failing("API"))])
    assert film.told == ()


def test_the_page_is_waited_for_five_minutes_at_most() -> None:
    """Probes that go on failing behind a page that cannot be read are told all the same."""
    film = after(every(22, 150, 700, MISS, failing("API")))
    assert film.heard == [(150 + 110 + 308, TransitionKind.START, ("APIs",))]


def test_signed_failures_need_no_page() -> None:
    """A server error that OpenAI signed is its own word, and proves the line by itself."""
    film = after(every(22, 150, 300, MISS, signed_errors("API")))
    assert film.heard == [(260, TransitionKind.START, ("APIs",))]


def test_two_signed_failures_of_three_do_not_spare_the_proof() -> None:
    """The third came without an answer: the page must show that the line is good."""
    rounds = [look(t, None, signed_errors("API")) for t in (150, 200)]
    film = after(rounds, [look(260, None, failing("API"))])
    assert film.told == ()


def test_a_service_that_fails_half_of_the_time_is_found() -> None:
    """Answers between the failures take little from the score."""
    rounds = [look(150 + 22 * n, page(), (failing if n % 2 == 0 else alive)("API")) for n in range(12)]
    assert after(rounds).heard == [(150 + 22 * 6, TransitionKind.START, ("APIs",))]


def test_a_service_that_fails_one_time_in_four_is_found() -> None:
    """Three answers between two failures do not hide them."""
    rounds = [look(150 + 24 * n, page(), (failing if n % 4 == 0 else alive)("API")) for n in range(40)]
    assert [change for _, change, _ in after(rounds).heard] == [TransitionKind.START]


def test_an_answer_alone_never_raises_an_alarm() -> None:
    """The span is reached between failures: only the next failure tells."""
    film = after([look(t, None, failing("API")) for t in (150, 160, 170)], [look(255, page(), alive("API"))])
    assert film.told == ()
    assert play([look(277, page(), failing("API"))], memory=film.memory).heard != []


def test_ten_answers_after_one_failure_forget_it() -> None:
    """A score that is back at 0 starts afresh: old failures do not add up with new ones."""
    film = after([look(150, page(), failing("API"))], every(22, 172, 172 + 220, None, alive("API")))
    assert film.memory.evidence["API"].is_clean


def test_the_score_is_clipped() -> None:
    """However long it fails, the score stays at 11."""
    film = after(every(22, 150, 3000, page(), failing("API")))
    assert film.memory.evidence["API"].score == LIMITS.score_max


def test_a_product_is_suspected_by_its_worst_probe() -> None:
    """Login failing alone makes ChatGPT suspected, whatever ChatGPT's own probe says."""
    film = after(every(22, 150, 300, page(), (*alive("ChatGPT"), *failing("Login"))))
    assert [products for _, _, products in film.heard] == [("ChatGPT",)]
    assert film.last.state is PARTIAL


def test_two_probes_of_one_product_are_a_partial_outage() -> None:
    """Two alarms of one product are one product's trouble."""
    film = after(every(22, 150, 300, page(), failing("ChatGPT", "Login")))
    assert film.last.state is PARTIAL


def test_probes_of_two_products_are_a_major_outage() -> None:
    """Two products failing at once are told as one major outage, unconfirmed."""
    film = after(every(22, 150, 300, page(), failing("API", "ChatGPT")))
    assert film.heard == [(260, TransitionKind.START, ("ChatGPT", "APIs"))]
    start = film.notices[0]
    assert (start.after, start.confirmed, start.must_arrive) == (MAJOR, False, True)


def test_a_second_product_that_joins_makes_both_major() -> None:
    """The first product's trouble has become worse by that, and it is one notice."""
    film = after(
        every(22, 150, 300, page(), failing("API")), every(22, 304, 500, page(), failing("API", "ChatGPT"))
    )
    assert [(change, set(products)) for _, change, products in film.heard] == [
        (TransitionKind.START, {"APIs"}),
        (TransitionKind.START, {"APIs", "ChatGPT"}),
    ]
    assert film.last.state is MAJOR


def test_one_word_of_the_page_that_agrees_confirms_at_once() -> None:
    """The first reading that says trouble confirms what was suspected, and is no second start."""
    film = after(every(22, 150, 300, page(), failing("API")), [look(304, page(APIs=PARTIAL))])
    assert (apis(film).state, apis(film).confirmed) == (PARTIAL, True)
    assert film.heard == [(260, TransitionKind.START, ("APIs",))]
    assert film.memory.saved.products["APIs"].confirmed


def test_a_worse_word_of_the_page_needs_no_second_reading_where_probes_agree() -> None:
    """Suspected, and then major by the page: told with the first reading."""
    film = after(every(22, 150, 300, page(), failing("API")), [look(304, page(APIs=MAJOR))])
    assert film.heard == [(260, TransitionKind.START, ("APIs",)), (304, TransitionKind.WORSE, ("APIs",))]
    assert film.notices[-1].confirmed


def test_probes_that_are_fine_do_not_lower_the_page() -> None:
    """The page's trouble stands, and the reasons say that the probes are fine."""
    film = play([look(0, page(APIs=MAJOR), alive("API", "ChatGPT", "Login"))])
    assert apis(film).state is MAJOR
    assert Reason(ReasonKind.PROBES_FINE, subject="APIs", count=1, total=1) in film.last.reasons


def test_probes_of_which_one_says_nothing_are_not_called_fine() -> None:
    """Only if every probe of the product showed life is that a reason."""
    film = play([look(0, page(ChatGPT=MAJOR), (*alive("ChatGPT"), probe("Login", Outcome.NEUTRAL, 429)))])
    assert all(reason.kind is not ReasonKind.PROBES_FINE for reason in film.last.reasons)


def test_a_component_under_maintenance_explains_no_failures() -> None:
    """Nothing says when it began and when it should be over."""
    film = play(
        sequence([look(0, page(APIs=MAINTENANCE), alive("API"))], every(22, 150, 300, page(), failing("API")))
    )
    assert (apis(film).state, apis(film).confirmed) == (PARTIAL, False)


def test_a_degraded_page_confirms_what_probes_suspect() -> None:
    """The worst of both is shown, confirmed by the page's word of trouble."""
    film = after(every(22, 150, 300, page(), failing("API")), [look(304, page(APIs=DEGRADED))])
    assert (apis(film).state, apis(film).confirmed) == (PARTIAL, True)


@pytest.mark.long
@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.ALIVE, 200),
        (Outcome.ALIVE, 401),
        (Outcome.ALIVE, 403),
        (Outcome.NEUTRAL, 429),
        (Outcome.LOCAL, 407),
        (Outcome.LOCAL, None),
    ],
)
def test_answers_that_are_no_failures_never_alarm(outcome: Outcome, status: int | None) -> None:
    """200, 401, 403, 429 and one's own trouble raise nothing, however long they last."""
    film = after(every(22, 150, 4000, page(), (probe("API", outcome, status),)))
    assert (apis(film).state, apis(film).checking, film.told) == (OPERATIONAL, False, ())


def test_ones_own_trouble_is_a_reason() -> None:
    """A name look-up, a certificate or a proxy that fails for OpenAI alone is said, and is no outage."""
    film = after([look(150, None, (probe("API", Outcome.LOCAL, 407),))])
    assert Reason(ReasonKind.LOCAL_CAUSE, subject="APIs", status=407) in film.last.reasons
    assert film.last.state is OPERATIONAL


def test_429_neither_raises_nor_lowers_a_score() -> None:
    """It says nothing, in the middle of failures too."""
    neutral = (probe("API", Outcome.NEUTRAL, 429),)
    before = after([look(150, None, failing("API"))])
    film = play([look(172, None, neutral)], memory=before.memory)
    assert film.memory.evidence["API"].score == before.memory.evidence["API"].score


def test_probes_speak_for_a_followed_component_of_their_product() -> None:
    """Who follows one component of the APIs is told what the APIs' probe suspects."""
    limits = replace(LIMITS, follow=("Batch",))
    film = play(sequence(START, every(22, 150, 300, page(), failing("API"))), limits)
    assert [products for _, _, products in film.heard] == [("Batch",)]


def test_a_result_of_a_probe_that_is_no_longer_set_up_speaks_for_nobody() -> None:
    """An answer that was under way when the probes were changed alarms nobody and teaches nothing."""
    limits = replace(LIMITS, probes=())
    film = play(sequence(START, every(22, 150, 600, page(), failing("API"))), limits)
    assert (film.last.state, film.told, film.last.probes) == (OPERATIONAL, (), ())
    assert film.memory.saved.probes == {}


def test_suspicion_before_the_page_was_ever_read_is_told() -> None:
    """With the page unreadable from the start, an alarm of the probes is news and not a first look."""
    film = play([look(0, MISS, alive("API")), *every(22, 22, 300, MISS, signed_errors("API"))])
    assert film.heard == [(132, TransitionKind.START, ("APIs",))]


def test_the_newest_result_of_each_probe_is_shown() -> None:
    """The verdict carries them in the order of the set-up."""
    film = after([look(150, None, failing("API"))])
    assert [(r.name, r.outcome) for r in film.last.probes] == [
        ("API", Outcome.FAILURE),
        ("ChatGPT", Outcome.ALIVE),
        ("Login", Outcome.ALIVE),
    ]
