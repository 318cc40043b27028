"""It is over when the page said so twice, 60 s apart, and every probe that alarmed was answered often enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS, MISS, START, Played, alive, every, failing, look, odd, play, sequence
from tests.core.pages import DEGRADED, MAINTENANCE, MAJOR, OPERATIONAL, PARTIAL, incident, page, wall
from trayapp.core.state.memory import Evidence
from trayapp.core.state.probe_evidence import answers_to_end
from trayapp.model import Round, Stage, State, TransitionKind

DOWN = [look(0, page()), *(look(t, page(ChatGPT=MAJOR)) for t in (120, 140))]
SUSPECTED = sequence(
    [look(0, page(), alive("API", "ChatGPT", "Login"))], every(22, 150, 300, page(), failing("API"))
)
"""The APIs' probe fails from 150 s to 282 s, and the page says nothing; told at 260 s."""


def ends(*rounds: list[Round]) -> list[float]:
    """When an end was told."""
    return [second for second, change, _ in play(sequence(*rounds)).heard if change is TransitionKind.END]


def after_suspicion(rounds: list[Round]) -> Played:
    """What comes of these rounds after an outage that only the APIs' probe saw."""
    return play(rounds, memory=play(SUSPECTED).memory)


def test_operational_twice_60_s_apart_is_the_end() -> None:
    """The second reading tells, with when it was first seen to be over and how long it lasted."""
    film = play([*DOWN, look(600, page()), look(660, page())])
    assert film.heard == [(140, TransitionKind.START, ("ChatGPT",)), (660, TransitionKind.END, ("ChatGPT",))]
    end = film.notices[1]
    assert (end.before, end.after, end.at, end.since) == (MAJOR, OPERATIONAL, wall(600), wall(120))
    assert not end.must_arrive


def test_operational_twice_within_60_s_is_not_the_end() -> None:
    """59 s apart may be one slip."""
    assert ends(DOWN, [look(600, page()), look(659, page())]) == []


def test_the_icon_is_green_before_the_end_is_told() -> None:
    """It believes two readings 20 s apart."""
    film = play([*DOWN, look(600, page()), look(619, page()), look(620, page())])
    assert [v.state for v in film.shown[-3:]] == [MAJOR, MAJOR, OPERATIONAL]
    assert [change for _, change, _ in film.heard] == [TransitionKind.START]


def test_trouble_between_two_good_readings_begins_the_wait_anew() -> None:
    """Operational, down, operational is operational once."""
    rounds = [look(600, page()), look(630, page(ChatGPT=MAJOR)), look(660, page()), look(719, page())]
    assert ends(DOWN, rounds) == []
    assert ends(DOWN, rounds, [look(720, page())]) == [720]


def test_milder_trouble_between_them_does_not() -> None:
    """What was told is over, and what is left is said with it."""
    film = play([*DOWN, look(600, page()), look(630, page(ChatGPT=DEGRADED)), look(660, page())])
    assert film.heard[1:] == [(660, TransitionKind.END, ("ChatGPT",))]
    assert film.notices[1].after is DEGRADED


@pytest.mark.parametrize(
    ("left", "change"),
    [
        (PARTIAL, TransitionKind.EASED),
        (DEGRADED, TransitionKind.END),
        (MAINTENANCE, TransitionKind.END),
        (OPERATIONAL, TransitionKind.END),
    ],
)
def test_an_end_belongs_to_what_was_told(left: State, change: TransitionKind) -> None:
    """No longer down is over; what is left and worth telling is told with it, and has an end of its own."""
    film = play([*DOWN, *every(60, 600, 900, page(ChatGPT=left))])
    assert film.heard[1:] == [(660, change, ("ChatGPT",))]
    end = film.notices[1]
    assert (end.before, end.after, end.at, end.since) == (MAJOR, left, wall(600), wall(120))
    later = play([look(t, page()) for t in (1200, 1260)], memory=film.memory)
    assert [c for _, c, _ in later.heard] == ([TransitionKind.END] if change is TransitionKind.EASED else [])


def test_what_gets_worse_after_an_end_is_a_new_start() -> None:
    """Down, then degraded, then down again are two troubles for the person."""
    again = [look(t, page(ChatGPT=MAJOR)) for t in (1200, 1220)]
    film = play([*DOWN, *every(60, 600, 900, page(ChatGPT=DEGRADED)), *again])
    assert [(c, t) for t, c, _ in film.heard[1:]] == [(TransitionKind.END, 660), (TransitionKind.START, 1220)]
    assert film.notices[-1].since == wall(1200)


def test_misses_between_two_good_readings_do_not_begin_the_wait_anew() -> None:
    """A miss says nothing."""
    assert ends(DOWN, [look(600, page()), look(630, MISS), look(660, page())]) == [660]


def test_a_miss_tells_no_end() -> None:
    """The second reading must be a reading."""
    assert ends(DOWN, [look(600, page()), look(660, MISS)]) == []


def test_a_reading_of_one_cached_copy_is_no_second_one() -> None:
    """The copy that came 60 s later is 60 s old."""
    assert ends(DOWN, [look(600, page()), look(660, replace(page(), age=60.0))]) == []


WATCHED = page(incident("ChatGPT is down", MAJOR, Stage.MONITORING))
"""The components are operational, the incident is still open and the indicator still bad."""


def test_a_fix_that_is_watched_is_the_end() -> None:
    """The icon stays yellow and the incident in the menu until it is resolved, which tells nothing more."""
    film = play([*DOWN, *every(60, 600, 1800, WATCHED)])
    assert film.heard[1:] == [(660, TransitionKind.END, ("ChatGPT",))]
    assert (film.notices[1].watching, film.notices[1].after) == (True, OPERATIONAL)
    assert (film.last.state, film.last.products[0].recovering) == (DEGRADED, True)
    assert [i.id for i in film.last.incidents] == ["incident1"]
    solved = page(incident("ChatGPT is down", MAJOR, Stage.RESOLVED))
    done = play([look(1800, solved), look(1860, solved)], memory=film.memory)
    assert (done.heard, done.last.state) == ([], OPERATIONAL)


def test_a_fix_that_is_watched_with_an_indicator_of_none_is_green() -> None:
    """Nothing of the page is yellow then."""
    film = play([*DOWN, *every(60, 600, 800, replace(WATCHED, indicator=OPERATIONAL))])
    assert (film.heard[-1][1], film.last.state) == (TransitionKind.END, OPERATIONAL)


def test_a_fix_that_is_watched_is_no_end_while_a_component_is_hurt() -> None:
    """Components speak."""
    hurt = page(incident("ChatGPT is down", MAJOR, Stage.MONITORING), ChatGPT=MAJOR)
    assert ends(DOWN, every(60, 600, 1200, hurt)) == []


def test_a_fix_that_is_watched_is_no_end_while_a_probe_fails() -> None:
    """With the first round in which it is answered the end is told."""
    failed = [look(600, WATCHED, failing("ChatGPT")), *every(60, 660, 800, WATCHED)]
    assert ends(START, DOWN[1:], failed) == []
    assert ends(START, DOWN[1:], failed, [look(800, WATCHED, alive("ChatGPT"))]) == [800]


def test_an_incident_that_is_investigated_again_is_not_over() -> None:
    """From monitoring back to investigating begins it anew."""
    back = page(incident("ChatGPT is down", MAJOR, Stage.INVESTIGATING))
    film = play([*DOWN, *every(60, 600, 800, WATCHED), *every(20, 1000, 1050, back)])
    assert [(c, t) for t, c, _ in film.heard[1:]] == [(TransitionKind.END, 660), (TransitionKind.START, 1020)]
    assert film.notices[-1].again


def test_a_start_has_exactly_one_end() -> None:
    """Calm that goes on tells nothing more."""
    assert ends(DOWN, every(60, 600, 7200, page())) == [660]


def test_no_end_without_a_start() -> None:
    """What was never told is not said to be over."""
    film = play([look(0, page()), look(120, page(ChatGPT=MAJOR)), *every(60, 130, 1000, page())])
    assert film.told == ()


def test_where_probes_never_failed_the_page_alone_clears() -> None:
    """No answers are waited for."""
    rounds = [look(t, page(), alive("API", "ChatGPT", "Login")) for t in (600, 660)]
    assert ends(DOWN, rounds) == [660]


@pytest.mark.parametrize("pause", [40, 60, 100])
def test_a_suspected_outage_is_over_after_answers_enough(pause: int) -> None:
    """The page was fine all along. Seven failures in seven polls: 7 / 11 of (7 + 4), and the eighth answer is the end."""
    film = after_suspicion(every(pause, 304, 1300, page(), alive("API")))
    assert [(second, change) for second, change, _ in film.heard] == [(304 + 7 * pause, TransitionKind.END)]
    assert film.memory.evidence["API"].is_clean
    assert film.last.products[1].state is OPERATIONAL


def test_answers_less_than_40_s_apart_are_one() -> None:
    """Polled every 20 s, every second answer counts: eight of them take 280 s."""
    film = after_suspicion(every(20, 304, 1300, page(), alive("API")))
    assert [second for second, _, _ in film.heard] == [304 + 7 * 40]


@pytest.mark.parametrize(
    ("failed", "looks", "answers"),
    [(3, 3, 14), (7, 7, 8), (40, 40, 4), (200, 200, 4), (20, 40, 13), (10, 40, 24), (1, 40, 24), (0, 0, 4)],
)
def test_the_rarer_the_failures_the_more_answers_it_takes(failed: int, looks: int, answers: int) -> None:
    """As many as leave a chance of 0.0005 at most that they are luck, but never fewer than 4 or more than 24."""
    seen = Evidence(failures=failed, polls_at_failure=looks)
    assert answers_to_end(seen, LIMITS) == answers
    chance = (1 - failed / (looks + 4)) ** answers
    assert chance <= 0.0005 or answers in {4, 24}


def test_a_failure_begins_the_count_of_answers_anew() -> None:
    """Seven answers, a failure: eight failures in fifteen polls now ask for fourteen answers."""
    rounds = sequence(every(60, 304, 304 + 420, page(), alive("API")), [look(724, page(), failing("API"))])
    film = after_suspicion([*rounds, *every(60, 784, 784 + 13 * 60, page(), alive("API"))])
    assert film.heard == []
    assert film.last.products[1].state is PARTIAL
    (end,) = play([look(784 + 13 * 60, page(), alive("API"))], memory=film.memory).notices
    assert (end.change, end.at) == (TransitionKind.END, wall(784))


def test_an_odd_answer_begins_the_count_anew_too() -> None:
    """What is half a failure is no answer."""
    film = after_suspicion(
        sequence(
            every(60, 304, 304 + 420, page(), alive("API")),
            [look(724, page(), odd("API"))],
            [look(784, page(), alive("API"))],
        )
    )
    assert film.heard == []


def test_from_the_third_answer_on_it_is_said_to_answer() -> None:
    """Not yet often enough to call it over."""
    film = after_suspicion([look(304 + 40 * n, page(), alive("API")) for n in range(4)])
    said = [shown.find_product("APIs") for shown in film.shown]
    assert [p is not None and p.answering for p in said] == [False, False, True, True]


def test_answers_do_not_clear_while_the_page_says_trouble() -> None:
    """The page has the last word on the end."""
    film = after_suspicion(every(60, 304, 3000, page(APIs=PARTIAL), alive("API")))
    assert [change for _, change, _ in film.heard] == []
    assert film.last.state is PARTIAL


def test_the_end_of_what_the_page_never_posted_is_dated_by_the_probes() -> None:
    """An outage that only this computer saw ended when its probe came back, and not before it began."""
    end = after_suspicion(every(60, 304, 1300, page(), alive("API"))).notices[0]
    assert end.since == wall(150)
    assert wall(282) <= end.at <= wall(964)


def test_the_end_of_a_confirmed_outage_is_not_dated_before_the_probes_came_back() -> None:
    """Where the page says it is fine while probes still fail, the later of both is when it was over."""
    film = play(
        sequence(
            [look(0, page(), alive("API"))],
            every(60, 120, 600, page(APIs=MAJOR), failing("API")),
            every(60, 600, 1200, page(), failing("API")),
            every(60, 1200, 2400, page(), alive("API")),
        )
    )
    assert [change for _, change, _ in film.heard] == [
        TransitionKind.START,
        TransitionKind.EASED,
        TransitionKind.END,
    ]
    eased, end = film.notices[1:]
    assert (eased.before, eased.after, eased.at) == (MAJOR, PARTIAL, wall(600))
    assert end.at == wall(1200)


def test_where_only_probes_told_it_they_end_it_behind_an_unreadable_page() -> None:
    """They are enough by themselves; the page never said anything of it."""
    film = after_suspicion(every(60, 304, 3000, MISS, alive("API")))
    assert film.heard == [(304 + 7 * 60, TransitionKind.END, ("APIs",))]
    assert not film.notices[0].confirmed


def test_an_unreadable_page_does_not_end_what_it_has_confirmed() -> None:
    """Probes that are fine again are not the page's word."""
    posted = play([look(304, page(APIs=PARTIAL), failing("API"))], memory=play(SUSPECTED).memory)
    assert play(every(60, 364, 3000, MISS, alive("API")), memory=posted.memory).heard == []


def test_a_single_failure_does_not_delay_an_end_that_the_page_posts() -> None:
    """One failure is noise, and no alarm that must be taken back."""
    film = play(
        sequence(
            START,
            [*DOWN[1:], look(400, page(ChatGPT=MAJOR), failing("ChatGPT"))],
            every(60, 600, 1800, page(), alive("ChatGPT")),
        )
    )
    assert [second for second, change, _ in film.heard if change is TransitionKind.END] == [660]


def test_clearing_forgets_the_probes_of_that_product_alone() -> None:
    """The scores of the product that is over are 0; another's stay."""
    film = after_suspicion(
        [
            look(304 + 60 * n, page(), (*alive("API"), *(failing("ChatGPT") if n > 5 else ())))
            for n in range(8)
        ]
    )
    assert film.memory.evidence["API"].is_clean
    assert not film.memory.evidence["ChatGPT"].is_clean


def test_several_products_that_are_back_together_are_told_together() -> None:
    """One end names them all."""
    bad = page(ChatGPT=MAJOR, Codex=PARTIAL)
    film = play([look(0, page()), look(120, bad), look(140, bad), look(600, page()), look(660, page())])
    assert film.heard[-1] == (660, TransitionKind.END, ("ChatGPT", "Codex"))


BOTH = sequence(START, every(24, 150, 300, page(), failing("API", "ChatGPT")))
"""Two products fail from 150 s to 294 s, and the page says nothing: one start."""


def one_answers_first(after: int) -> list[tuple[float, tuple[str, ...]]]:
    """The ends when ChatGPT's probe goes on failing for so many more polls than the API's."""
    rounds = [
        look(304 + 40 * n, page(), (*alive("API"), *(alive if n >= after else failing)("ChatGPT")))
        for n in range(25)
    ]
    return [(second, products) for second, _, products in play(rounds, memory=play(BOTH).memory).heard]


@pytest.mark.parametrize(("later", "end"), [(1, 584), (2, 624), (3, 664)])
def test_an_end_waits_a_little_for_that_of_another_product(later: int, end: float) -> None:
    """One whose answers count already: one cause has one end."""
    assert one_answers_first(later) == [(end, ("ChatGPT", "APIs"))]


def test_an_end_does_not_wait_for_a_product_that_fails_on() -> None:
    """Nobody knows how long that takes."""
    assert one_answers_first(8) == [(584, ("APIs",)), (624 + 4 * 40, ("ChatGPT",))]


def test_a_product_that_is_back_earlier_is_told_by_itself() -> None:
    """Its end does not wait for the others'."""
    bad = page(ChatGPT=MAJOR, Codex=PARTIAL)
    film = play(
        sequence(
            [look(0, page()), look(120, bad), look(140, bad)],
            [look(t, page(Codex=PARTIAL)) for t in (600, 660)],
            [look(t, page()) for t in (720, 780)],
        )
    )
    assert film.heard[1:] == [(660, TransitionKind.END, ("ChatGPT",)), (780, TransitionKind.END, ("Codex",))]


def test_an_outage_that_changes_hands_from_probes_to_page_has_one_end() -> None:
    """Suspected, posted, resolved: one start, one end."""
    film = play(
        sequence(
            SUSPECTED,
            every(60, 304, 900, page(APIs=PARTIAL), failing("API")),
            every(60, 900, 3000, page(), alive("API")),
        )
    )
    assert [change for _, change, _ in film.heard] == [TransitionKind.START, TransitionKind.END]


def test_a_product_never_known_has_no_end() -> None:
    """A name the page does not have is unknown and told of never."""
    film = play([look(t, page()) for t in (0, 60, 120)])
    assert film.last.find_product("Gone") is None
    assert State.UNKNOWN not in {p.state for p in film.last.products}
