"""It is over when the page said so twice, 60 s apart, and every probe that failed has been alive for long enough."""

from __future__ import annotations

from tests.core.films import MISS, Played, alive, every, failing, look, odd, play, sequence
from tests.core.pages import DEGRADED, MAINTENANCE, MAJOR, OPERATIONAL, PARTIAL, incident, page, wall
from trayapp.model import Change, Round, Stage, State

DOWN = [look(0, page()), *(look(t, page(ChatGPT=MAJOR)) for t in (120, 140))]
SUSPECTED = sequence(
    [look(0, page(), alive("API", "ChatGPT", "Login"))], every(22, 150, 300, page(), failing("API"))
)
"""The APIs' probe fails from 150 s to 282 s, and the page says nothing; told at 260 s."""


def ends(*rounds: list[Round]) -> list[float]:
    """When an end was told."""
    return [second for second, change, _ in play(sequence(*rounds)).heard if change is Change.END]


def after_suspicion(rounds: list[Round]) -> Played:
    """What comes of these rounds after an outage that only the APIs' probe saw."""
    return play(rounds, memory=play(SUSPECTED).memory)


def test_operational_twice_60_s_apart_is_the_end() -> None:
    """The second reading tells, with when it was first seen to be over and how long it lasted."""
    film = play([*DOWN, look(600, page()), look(660, page())])
    assert film.heard == [(140, Change.START, ("ChatGPT",)), (660, Change.END, ("ChatGPT",))]
    end = film.notices[1]
    assert (end.before, end.after, end.at, end.since) == (MAJOR, OPERATIONAL, wall(600), wall(120))
    assert not end.must_arrive


def test_operational_twice_within_60_s_is_not_the_end() -> None:
    """59 s apart may be one slip."""
    assert ends(DOWN, [look(600, page()), look(659, page())]) == []


def test_the_icon_is_green_before_the_end_is_told() -> None:
    """The icon believes the first reading."""
    film = play([*DOWN, look(600, page())])
    assert film.last.state is OPERATIONAL


def test_trouble_between_two_good_readings_begins_the_wait_anew() -> None:
    """Operational, degraded, operational is operational once."""
    rounds = [look(600, page()), look(630, page(ChatGPT=DEGRADED)), look(660, page()), look(719, page())]
    assert ends(DOWN, rounds) == []
    assert ends(DOWN, rounds, [look(720, page())]) == [720]


def test_misses_between_two_good_readings_do_not_begin_the_wait_anew() -> None:
    """A miss says nothing."""
    assert ends(DOWN, [look(600, page()), look(630, MISS), look(660, page())]) == [660]


def test_a_miss_tells_no_end() -> None:
    """The second reading must be a reading."""
    assert ends(DOWN, [look(600, page()), look(660, MISS)]) == []


def test_maintenance_is_not_the_end_of_an_outage() -> None:
    """Only operational is."""
    assert ends(DOWN, every(60, 600, 1200, page(ChatGPT=MAINTENANCE))) == []


def test_monitoring_is_not_resolved() -> None:
    """While the incident is monitored the trouble stays, however green the components."""
    watched = page(incident("ChatGPT is down", MAJOR, Stage.MONITORING))
    film = play([*DOWN, *every(60, 600, 1800, watched)])
    assert [change for _, change, _ in film.heard] == [Change.START]
    assert film.last.products[0].recovering
    solved = page(incident("ChatGPT is down", MAJOR, Stage.RESOLVED))
    done = play([look(1800, solved), look(1860, solved)], memory=film.memory)
    assert [change for _, change, _ in done.heard] == [Change.END]


def test_a_start_has_exactly_one_end() -> None:
    """Calm that goes on tells nothing more."""
    assert ends(DOWN, every(60, 600, 7200, page())) == [660]


def test_no_end_without_a_start() -> None:
    """What was never told is not said to be over."""
    film = play([look(0, page()), look(120, page(ChatGPT=MAJOR)), *every(60, 130, 1000, page())])
    assert film.told == ()


def test_where_probes_never_failed_the_page_alone_clears() -> None:
    """No twelve looks are waited for."""
    rounds = [look(t, page(), alive("API", "ChatGPT", "Login")) for t in (600, 660)]
    assert ends(DOWN, rounds) == [660]


def test_a_suspected_outage_is_over_after_twelve_answers_over_ten_minutes() -> None:
    """The page was fine all along: the twelfth answer, no sooner than ten minutes after the first, is the end."""
    film = after_suspicion(every(60, 304, 1300, page(), alive("API")))
    assert [(second, change) for second, change, _ in film.heard] == [(304 + 11 * 60, Change.END)]
    assert film.memory.evidence["API"].clean
    assert film.last.products[1].state is OPERATIONAL


def test_twelve_answers_within_ten_minutes_are_not_enough() -> None:
    """The span counts as well as the number."""
    assert after_suspicion(every(30, 304, 304 + 599, page(), alive("API"))).heard == []
    assert after_suspicion(every(30, 304, 304 + 601, page(), alive("API"))).heard != []


def test_eleven_answers_over_ten_minutes_are_not_enough() -> None:
    """The number counts as well as the span."""
    assert after_suspicion(every(100, 304, 304 + 11 * 100, page(), alive("API"))).heard == []


def test_a_failure_begins_the_count_of_answers_anew() -> None:
    """Eleven answers, a failure, eleven answers are not twelve."""
    film = after_suspicion(
        sequence(
            every(60, 304, 304 + 660, page(), alive("API")),
            [look(964, page(), failing("API"))],
            every(60, 1024, 1024 + 660, page(), alive("API")),
        )
    )
    assert film.heard == []
    assert film.last.products[1].state is PARTIAL


def test_an_odd_answer_begins_the_count_anew_too() -> None:
    """What is half a failure is no answer."""
    film = after_suspicion(
        sequence(
            every(60, 304, 304 + 660, page(), alive("API")),
            [look(964, page(), odd("API"))],
            [look(1024, page(), alive("API"))],
        )
    )
    assert film.heard == []


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
    assert [change for _, change, _ in film.heard] == [Change.START, Change.END]
    assert film.notices[1].at >= wall(1140)


def test_an_unreadable_page_ends_nothing() -> None:
    """Probes that are fine again are not the page's word."""
    film = after_suspicion(every(60, 304, 3000, MISS, alive("API")))
    assert film.heard == []


def test_a_single_failure_before_the_end_delays_it_until_it_is_forgotten() -> None:
    """A probe that failed during the outage must be alive for long enough or back at 0."""
    film = play(
        sequence(
            [*DOWN, look(400, page(ChatGPT=MAJOR), failing("ChatGPT"))],
            every(60, 600, 1800, page(), alive("ChatGPT")),
        )
    )
    assert [second for second, change, _ in film.heard if change is Change.END] == [600 + 9 * 60]


def test_clearing_forgets_the_probes_of_that_product_alone() -> None:
    """The scores of the product that is over are 0; another's stay."""
    film = after_suspicion(
        [
            look(304 + 60 * n, page(), (*alive("API"), *(failing("ChatGPT") if n > 8 else ())))
            for n in range(12)
        ]
    )
    assert film.memory.evidence["API"].clean
    assert not film.memory.evidence["ChatGPT"].clean


def test_several_products_that_are_back_together_are_told_together() -> None:
    """One end names them all."""
    bad = page(ChatGPT=MAJOR, Codex=PARTIAL)
    film = play([look(0, page()), look(120, bad), look(140, bad), look(600, page()), look(660, page())])
    assert film.heard[-1] == (660, Change.END, ("ChatGPT", "Codex"))


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
    assert film.heard[1:] == [(660, Change.END, ("ChatGPT",)), (780, Change.END, ("Codex",))]


def test_an_outage_that_changes_hands_from_probes_to_page_has_one_end() -> None:
    """Suspected, posted, resolved: one start, one end."""
    film = play(
        sequence(
            SUSPECTED,
            every(60, 304, 900, page(APIs=PARTIAL), failing("API")),
            every(60, 900, 3000, page(), alive("API")),
        )
    )
    assert [change for _, change, _ in film.heard] == [Change.START, Change.END]


def test_a_product_never_known_has_no_end() -> None:
    """A name the page does not have is unknown and told of never."""
    film = play([look(t, page()) for t in (0, 60, 120)])
    assert film.last.product("Gone") is None
    assert State.UNKNOWN not in {p.state for p in film.last.products}
