"""Green needs the page's own recent word, and a miss says nothing about OpenAI."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.core.films import LIMITS, MISS, alive, every, failing, look, play, sequence
from tests.core.pages import (
    DEGRADED,
    MAINTENANCE,
    MAJOR,
    OPERATIONAL,
    PARTIAL,
    component,
    incident,
    page,
    wall,
)
from trayapp.core.state.verdict import render_waking
from trayapp.model import Cause, ConnectionState, Miss, Reason, ReasonKind, State, TransitionKind


def test_a_good_reading_of_a_calm_page_is_green() -> None:
    """One reading in which all is well shows operational at once, and tells nothing."""
    film = play([look(0, page())])
    assert (film.last.state, film.last.confirmed, film.last.checking) == (OPERATIONAL, True, False)
    assert film.told == ()
    assert film.last.page.readable
    assert film.last.page.url == "https://status.test"


def test_before_the_first_reading_nothing_is_known() -> None:
    """A program that could not read the page since its start shows unknown, with the reason."""
    film = play([look(0, MISS)])
    assert film.last.state is State.UNKNOWN
    assert film.last.since is None
    assert Reason(ReasonKind.PAGE_UNREADABLE, cause=Cause.TIMEOUT) in film.last.reasons
    assert {p.state for p in film.last.products} == {State.UNKNOWN}


def test_a_page_never_asked_is_said_to_be_unread() -> None:
    """Before the page was looked at for the first time the reason is that, and no failure."""
    film = play([look(0, None, alive("API"))])
    assert film.last.state is State.UNKNOWN
    assert film.last.reasons == (Reason(ReasonKind.NEVER_READ),)


def test_green_lasts_ten_minutes_of_misses_and_no_longer() -> None:
    """At 600 s the last reading still counts, after that the state is unknown since that reading."""
    still = play(sequence([look(0, page())], every(120, 120, 601, MISS)))
    assert still.last.state is OPERATIONAL
    grey = play([look(601, MISS)], memory=still.memory)
    assert grey.last.state is State.UNKNOWN
    assert grey.last.since == wall(0)
    assert not grey.last.page.readable
    assert Reason(ReasonKind.PAGE_UNREADABLE, cause=Cause.TIMEOUT, since=wall(0)) in grey.last.reasons


def test_a_copy_that_lay_in_a_cache_for_more_than_ten_minutes_shows_nothing() -> None:
    """A reading is as old as its `Age` says."""
    film = play([look(0, replace(page(), age=601.0))])
    assert (film.last.state, film.last.page.readable) == (State.UNKNOWN, False)
    assert Reason(ReasonKind.OLD_COPY, since=wall(-601)) in film.last.reasons
    assert play([look(0, replace(page(), age=599.0))]).last.state is OPERATIONAL


def test_a_page_asked_rarely_is_believed_for_three_intervals() -> None:
    """With an interval of an hour the reading counts for three hours."""
    hourly = replace(LIMITS, page_interval=3600.0)
    film = play([look(0, page()), look(10_800, MISS)], hourly)
    assert film.last.state is OPERATIONAL
    assert play([look(10_801, MISS)], hourly, film.memory).last.state is State.UNKNOWN


def test_a_short_sleep_does_not_age_the_page() -> None:
    """Five minutes asleep leave a reading recent."""
    film = play([look(0, page()), look(30, MISS, asleep=300)])
    assert film.last.state is OPERATIONAL


def test_what_was_read_before_a_long_sleep_is_not_recent_after_it() -> None:
    """A laptop that slept through the night and cannot read the page on waking shows grey, not last night's green."""
    film = play([look(0, page()), look(30, MISS, asleep=8 * 3600)])
    assert film.last.state is State.UNKNOWN
    assert film.last.since == wall(0)


def test_waking_shows_grey_and_checking() -> None:
    """From waking until a round has ended, nothing that was known is shown as known."""
    verdict = render_waking(play([look(0, page(ChatGPT=MAJOR))]).last)
    assert (verdict.state, verdict.checking, verdict.since) == (State.UNKNOWN, True, None)
    assert {(p.state, p.checking, p.since) for p in verdict.products} == {(State.UNKNOWN, True, None)}


def test_a_stale_page_shows_no_incidents_of_a_product() -> None:
    """What the page last said of a product is not shown when it is too old to go by."""
    film = play([look(0, page(ChatGPT=MAJOR)), look(601, MISS)])
    chatgpt = film.last.find_product("ChatGPT")
    assert chatgpt is not None
    assert (chatgpt.state, chatgpt.since, chatgpt.incidents) == (State.UNKNOWN, None, ())
    assert all(reason.kind is ReasonKind.PAGE_UNREADABLE for reason in film.last.reasons)


def test_a_miss_between_two_good_rounds_is_silent() -> None:
    """Good, miss, good changes nothing that is shown and tells nothing."""
    film = play([look(0, page()), look(120, MISS), look(240, page())])
    assert {v.state for v in film.shown} == {OPERATIONAL}
    assert film.told == ()


def test_a_miss_leaves_trouble_as_it_was() -> None:
    """A product that was down stays down on the icon while the page cannot be read for a moment."""
    film = play([look(0, page()), look(120, page(ChatGPT=MAJOR)), look(140, MISS)])
    assert film.last.state is MAJOR
    assert film.heard == []


def test_good_unreadable_major_is_told() -> None:
    """However long nothing could be read between good and major, the start is told."""
    film = play(
        sequence(
            [look(0, page())],
            every(120, 120, 3600, MISS),
            [look(3600, page(ChatGPT=MAJOR)), look(3620, page(ChatGPT=MAJOR))],
        )
    )
    assert film.heard == [(3620, TransitionKind.START, ("ChatGPT",))]
    assert film.notices[0].before is OPERATIONAL


def test_misses_between_the_two_readings_of_a_word_do_not_make_it_new() -> None:
    """Major, miss, major 20 s or more apart is the same word twice."""
    film = play(
        [look(0, page()), look(120, page(ChatGPT=MAJOR)), look(140, MISS), look(200, page(ChatGPT=MAJOR))]
    )
    assert film.heard == [(200, TransitionKind.START, ("ChatGPT",))]


def test_all_five_states_of_the_ladder_are_shown_as_the_page_says_them() -> None:
    """Each state of one component out of four is the product's state."""
    for state in (OPERATIONAL, MAINTENANCE, DEGRADED, PARTIAL, MAJOR):
        assert play([look(0, page(ChatGPT=state))]).last.state is state


def test_nothing_followed_is_nothing_known() -> None:
    """Without any product there is nothing to be green about."""
    assert play([look(0, page())], replace(LIMITS, follow=())).last.state is State.UNKNOWN


def test_the_state_is_dated_when_it_changed() -> None:
    """A product is in its state since the round that first read it, and since nothing while it never changed."""
    film = play([look(0, page()), look(120, page(Codex=DEGRADED)), look(240, page(Codex=DEGRADED))])
    assert film.shown[0].since is None
    assert film.last.since == wall(120)
    back = play([look(360, page()), look(380, page())], memory=film.memory)
    codex = back.last.find_product("Codex")
    assert codex is not None
    assert codex.since == wall(360)


def test_trouble_that_was_read_as_it_began_is_dated_by_that_reading() -> None:
    """We were looking, whenever the page says that it began."""
    bad = page(incident("ChatGPT is down", began=300), ChatGPT=MAJOR)
    film = play([look(0, page()), look(480, page()), look(600, bad)])
    assert film.last.since == wall(600)


def test_trouble_that_began_while_nobody_looked_is_dated_as_its_incident_dates_it() -> None:
    """Before the first reading of all, and during a sleep."""
    bad = page(incident("ChatGPT is down", began=300), ChatGPT=MAJOR)
    assert play([look(600, bad)]).last.since == wall(300)
    film = play([look(0, page()), look(10, bad, asleep=3600)])
    assert film.last.since == wall(300)


def test_an_incident_dated_in_the_future_dates_nothing() -> None:
    """A page whose clock is ahead does not make trouble begin after it was seen."""
    film = play([look(0, page()), look(600, page(incident("ChatGPT is down", began=900), ChatGPT=MAJOR))])
    assert film.last.since == wall(600)


def test_the_page_products_that_are_not_followed_are_shown_beside() -> None:
    """Other groups have their own state and do not change the icon."""
    film = play([look(0, page(Codex=MAJOR))], replace(LIMITS, follow=("ChatGPT",)))
    assert film.last.state is OPERATIONAL
    assert [(p.name, p.state) for p in film.last.others] == [("APIs", OPERATIONAL), ("Codex", MAJOR)]
    assert film.last.find_product("Codex") == film.last.others[1]
    assert film.told == ()


def test_a_word_grows_too_old_without_a_miss() -> None:
    """A round that asked nobody is enough to show it."""
    film = play([look(0, page()), look(600), look(601)])
    assert [v.state for v in film.shown] == [OPERATIONAL, OPERATIONAL, State.UNKNOWN]


def test_a_component_without_group_can_be_followed_by_its_name() -> None:
    """A page without groups is followed by components."""
    bare = replace(page(), components=(component("Chats", None, DEGRADED), component("Images", None)))
    film = play([look(0, bare)], replace(LIMITS, follow=("Chats", "images")))
    assert [(p.name, p.state) for p in film.last.products] == [("Chats", DEGRADED), ("images", OPERATIONAL)]


def test_the_reading_is_dated() -> None:
    """The verdict says when the page was last read, and why the last look failed."""
    film = play([look(0, page()), look(120, Miss(Cause.STATUS, 503))])
    assert film.last.page.read_at == wall(0)
    assert film.last.page.last_miss == Miss(Cause.STATUS, 503)
    assert film.last.at - wall(0) == timedelta(seconds=120)


def test_a_stale_page_with_failing_probes_is_a_possible_outage() -> None:
    """Where the page cannot be read, an alarm of the probes is shown, unconfirmed."""
    film = play(
        sequence(
            [look(0, page(), alive("API"))],
            every(60, 60, 800, MISS, failing("API")),
        )
    )
    apis = film.last.find_product("APIs")
    assert apis is not None
    assert (apis.state, apis.confirmed) == (PARTIAL, False)
    assert film.last.connection is ConnectionState.GOOD
