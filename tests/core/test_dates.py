"""Since when and at what time: each thing told bears its own dates and its own incidents."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.core.films import (
    LIMITS,
    MISS,
    START,
    Played,
    alive,
    every,
    failing,
    look,
    memory_after_pause,
    memory_after_restart,
    outage,
    play,
)
from tests.core.pages import DEGRADED, MAJOR, OPERATIONAL, PARTIAL, incident, page, wall
from trayapp.app.languages import load_translator
from trayapp.core.details_page.page import Details, build_details_page
from trayapp.core.tray_view.view import build_view
from trayapp.core.wording.headline import status_sentence
from trayapp.core.wording.notifications import build_notification
from trayapp.model import (
    Cause,
    Hush,
    Level,
    Round,
    SentNotification,
    Stage,
    Transition,
    TransitionKind,
    ladder_rank,
)


def the_end(film: Played) -> Transition:
    """The only end."""
    (end,) = (t for t in film.notices if t.change is TransitionKind.END)
    return end


def test_trouble_that_was_never_told_dates_no_later_one() -> None:
    """A degraded hour in the morning is not when the evening's outage began."""
    blip = [look(120, page(ChatGPT=DEGRADED)), look(240, page()), look(300, page())]
    film = play([look(0, page()), *blip, *outage(7200, 7500)])
    assert [t.since for t in film.notices] == [wall(7200), wall(7200)]


def test_an_incident_that_was_never_told_is_none_of_a_later_outage() -> None:
    """What the end names is what the start told, and what joined it."""
    mild = incident("Slow answers", DEGRADED, number=1, parts=("ChatGPT/Chats",))
    bad = incident("No answers", MAJOR, number=2, parts=("ChatGPT/Chats",))
    film = play([look(0, page()), look(120, page(mild)), look(240, page()), *outage(7200, 7500, page(bad))])
    assert [t.incidents for t in film.notices] == [("incident2",), ("incident2",)]


def test_an_incident_of_another_product_does_not_date_this_ones_trouble() -> None:
    """Nor does one whose impact is none; where nobody looked before, its own post dates it."""
    other = incident("Codex is slow", DEGRADED, number=1, parts=("Codex/Codex Web",), began=10)
    note = incident("A note", OPERATIONAL, number=2, parts=("ChatGPT/Chats",), began=20)
    own = incident("No answers", MAJOR, number=3, parts=("ChatGPT/Chats",), began=100)
    film = play([look(t, page(other, note, own)) for t in (120, 140)])
    product = film.last.find_product("ChatGPT")
    assert product is not None
    assert product.since == wall(100)


def test_who_looks_dates_a_trouble_by_the_first_reading_of_it() -> None:
    """A post may be dated long before it was published: until then the page said that all was well."""
    own = incident("No answers", MAJOR, parts=("ChatGPT/Chats",), began=-3000)
    film = play([look(0, page()), *(look(t, page(own)) for t in (120, 140))])
    assert (film.last.since, film.notices[0].since) == (wall(120), wall(120))


def test_a_worse_state_holds_since_it_was_seen() -> None:
    """The books know when each state came; a person is told when the one that is named began."""
    posted = incident("Few answers", PARTIAL, parts=("ChatGPT/Chats",), began=60)
    bad = [look(120, page(posted, ChatGPT=PARTIAL)), look(240, page(posted, ChatGPT=MAJOR))]
    film = play([look(0, page()), *bad])
    reached = film.memory.saved.products["ChatGPT"].reached
    assert (reached[ladder_rank(PARTIAL)], reached[ladder_rank(MAJOR)]) == (wall(120), wall(240))
    assert film.last.since == wall(240)


@pytest.mark.parametrize("first", ["page", "probes"])
def test_a_trouble_has_one_since_wherever_it_is_told(first: str) -> None:
    """Degraded or suspected at 09:02, down at 10:00: icon, menu, page, sentence and notice all say down since 10:00."""
    mild = (
        [look(120, page(ChatGPT=DEGRADED)), look(140, page(ChatGPT=DEGRADED))]
        if first == "page"
        else [look(t, page(), failing("ChatGPT")) for t in (120, 142, 164, 186, 225)]
    )
    limits = replace(LIMITS, level=Level.PROBLEMS)
    film = play([*START, *mild, *(look(t, page(ChatGPT=MAJOR)) for t in (3600, 3620))], limits)
    english, now = replace(load_translator("en"), to_local=lambda at: at), film.last.at
    shown = build_view(film.last, film.memory.saved, english, now)
    told = build_notification(english, film.notices[-1], film.last)
    texts = [
        shown.tooltip.split(" · checked")[0],
        next(line.text for line in shown.menu if line.key == "state"),
        build_details_page(english, Details(film.last, now)).headline,
        status_sentence(english, film.last).split(". ")[0],
        told.body,
    ]
    assert {tuple(re.findall(r"since (\d\d:\d\d)", text)) for text in texts} == {("10:00",)}, texts
    assert film.last.since == wall(3600)


def test_a_suspicion_begins_with_its_first_failure_and_is_told_now() -> None:
    """Not when the page last became fine."""
    film = play([look(0, page(APIs=DEGRADED)), look(60, page()), *every(60, 120, 3000, page(), alive("API"))])
    film = play([look(t, page(), failing("API")) for t in (3000, 3022, 3105)], memory=film.memory)
    (start,) = film.notices
    assert (start.since, start.at) == (wall(3000), wall(3105))


def test_an_end_while_away_is_dated_by_what_was_told() -> None:
    """Not by another incident that ended, and by none whose end has no date."""
    told = incident("No answers", MAJOR, number=1, parts=("ChatGPT/Chats",))
    before = play([look(0, page()), look(120, page(told)), look(140, page(told))])
    over = replace(incident(number=1, stage=Stage.RESOLVED, ended=1000), components=told.components)
    other = incident("Slow uploads", PARTIAL, Stage.RESOLVED, number=2, parts=("ChatGPT/Search",), ended=1500)
    film = play([look(t, page(over, other)) for t in (2000, 2060)], memory=memory_after_restart(before))
    assert the_end(film).at == wall(1000)
    undated = replace(over, resolved_at=None)
    film = play([look(t, page(undated)) for t in (2000, 2060)], memory=memory_after_restart(before))
    assert the_end(film).at == wall(2000)


def test_an_end_of_this_very_moment_is_believed() -> None:
    """Only a date that lies ahead is not."""
    told = incident("No answers", MAJOR, parts=("ChatGPT/Chats",))
    before = play([look(0, page()), look(120, page(told)), look(140, page(told))])
    over = replace(told, stage=Stage.RESOLVED, resolved_at=wall(2060))
    film = play([look(t, page(over)) for t in (2000, 2060)], memory=memory_after_restart(before))
    assert the_end(film).at == wall(2060)


def test_trouble_that_was_seen_before_a_restart_did_not_begin_while_away() -> None:
    """Read once before and twice after: it is told as seen."""
    before = play([look(0, page()), look(120, page(ChatGPT=MAJOR))])
    film = play([look(t, page(ChatGPT=MAJOR)) for t in (150, 170)], memory=memory_after_restart(before))
    assert [(t.change, t.away) for t in film.notices] == [(TransitionKind.START, False)]


def test_the_end_of_what_nobody_confirmed_is_not_confirmed() -> None:
    """It was this computer's word alone, from its start to its end."""
    suspected = [look(t, page(), failing("API")) for t in (150, 172, 255)]
    film = play([*START, *suspected, *every(60, 300, 1200, page(), alive("API"))])
    assert [(t.change, t.confirmed) for t in film.notices] == [
        (TransitionKind.START, False),
        (TransitionKind.END, False),
    ]
    kept = play([*START, *suspected]).memory.saved.products["APIs"]
    assert (kept.confirmed, kept.told_at) == (False, wall(255))


def test_what_was_read_before_it_grew_too_old_is_not_told_when_a_pause_ends() -> None:
    """Nobody knows whether it still holds."""
    before = play([look(0, page())])
    film = play([look(t, page(ChatGPT=MAJOR)) for t in (120, 140)], memory=memory_after_pause(before, 3600))
    film = play([look(t, MISS) for t in (1800, 3660)], memory=film.memory)
    assert film.told == ()


def test_a_pause_holds_back_even_a_major_outage_in_quiet_hours() -> None:
    """Quiet hours let it pass, the pause does not."""
    limits = replace(LIMITS, hush=Hush.ALL_BUT_MAJOR)
    film = play(
        [look(t, page(ChatGPT=MAJOR)) for t in (120, 140)],
        limits,
        memory_after_pause(play([look(0, page())]), 3600),
    )
    assert film.told == ()


def test_while_unstable_a_worsening_that_is_no_major_outage_is_not_told() -> None:
    """Silence until half an hour of calm."""
    limits = replace(LIMITS, level=Level.PROBLEMS)

    def degraded_rounds(since: float) -> list[Round]:
        return outage(since, since + 120, page(ChatGPT=DEGRADED))

    rounds = [look(0, page()), *degraded_rounds(60), *degraded_rounds(360), look(660, page(ChatGPT=DEGRADED))]
    rounds += [look(680, page(ChatGPT=DEGRADED)), *(look(t, page(ChatGPT=PARTIAL)) for t in (740, 760))]
    film = play(rounds, limits)
    assert [t.change for t in film.notices][-2:] == [TransitionKind.END, TransitionKind.UNSTABLE]


def test_what_one_cause_did_to_several_is_the_worst_the_first_and_all_of_it() -> None:
    """The merged notice takes the worst states, the earliest beginning, every incident, and arrives if one must."""
    both = incident("Few answers", PARTIAL, number=1, parts=("ChatGPT/Chats", "APIs/Images"), began=100)
    more = incident("No batches", PARTIAL, number=2, parts=("APIs/Batch",), began=50)
    rounds = [
        look(110, page(APIs=MAJOR)),
        *(look(t, page(both, more, APIs=MAJOR, ChatGPT=PARTIAL)) for t in (120, 140)),
    ]
    (told,) = play([look(0, page()), *rounds]).notices
    assert (told.products, told.before, told.after) == (("ChatGPT", "APIs"), OPERATIONAL, MAJOR)
    assert (told.since, told.incidents, told.must_arrive) == (wall(110), ("incident1", "incident2"), True)
    assert [t.since for t in told.members] == [wall(120), wall(110)]


def test_a_merged_worsening_names_the_worst_that_was_told_before() -> None:
    """Even if that was of the second product."""
    both = incident("Few answers", MAJOR, parts=("ChatGPT/Chats", "APIs/Images"))
    before = play([look(0, page(APIs=PARTIAL))])
    film = play([look(t, page(both, ChatGPT=MAJOR, APIs=MAJOR)) for t in (120, 140)], memory=before.memory)
    assert [(t.products, t.before) for t in film.notices] == [(("ChatGPT", "APIs"), PARTIAL)]


def test_an_older_copy_after_a_miss_shows_that_the_page_answers() -> None:
    """By its `Age` it left the page before the last one that was read: it says nothing new, and is no miss."""
    old = replace(page(ChatGPT=MAJOR), age=60.0)
    film = play([look(0, page()), look(20, MISS), look(40, old)])
    assert (film.last.page.last_miss, film.memory.page_misses) == (None, 0)
    assert (film.last.state, film.last.page.read_at) == (OPERATIONAL, wall(0))
    film = play([look(60, MISS)], memory=film.memory)
    assert film.last.page.last_miss is not None
    assert film.last.page.last_miss.cause is Cause.TIMEOUT


def test_what_the_books_hold_of_yesterday_is_forgotten_and_of_today_survives_an_end() -> None:
    """Changes and posts of a day count for the cap, through an end; after a day they go."""
    limits = replace(LIMITS, level=Level.EVERYTHING)
    bad = [incident("No answers", MAJOR, parts=("ChatGPT/Chats",), posts=n) for n in (1, 2)]
    rounds = [look(0, page()), look(120, page(bad[0])), look(140, page(bad[0])), look(200, page(bad[1]))]
    film = play([*rounds, look(300, page()), look(360, page())], limits)
    kept = film.memory.saved.products["ChatGPT"]
    assert kept.notified == (
        SentNotification(wall(140), MAJOR),
        SentNotification(wall(360), MAJOR, start=False),
    )
    assert (kept.posts, kept.reached[0]) == ((wall(200),), wall(300))
    film = play([look(90_000, page())], limits, film.memory)
    kept = film.memory.saved.products["ChatGPT"]
    assert (kept.notified, kept.posts) == ((), ())


@pytest.mark.parametrize("by", [-7200.0, 500.0])
def test_a_clock_that_is_set_during_a_trouble_changes_no_length(by: float) -> None:
    """What was dated by it moves with it; one that ran on by more than ten minutes was paused, and is a sleep."""
    told = play([look(0, page()), *(look(t, page(ChatGPT=MAJOR)) for t in (120, 140))])
    still = [look(t, page(ChatGPT=MAJOR), clock_set=by) for t in (300, 400)]
    back = [look(t, page(), clock_set=by) for t in (720, 780)]
    end = the_end(play([*still, *back], memory=told.memory))
    assert end.since == wall(120 + by)
    assert end.at == wall(720 + by)


def test_no_length_is_negative() -> None:
    """An end that the page dates before the start that was told is of that moment."""
    told = incident("No answers", MAJOR, parts=("ChatGPT/Chats",))
    before = play([look(0, page()), look(120, page(told)), look(140, page(told))])
    over = replace(told, stage=Stage.RESOLVED, resolved_at=wall(60))
    film = play([look(t, page(over)) for t in (2000, 2060)], memory=memory_after_restart(before))
    assert (the_end(film).since, the_end(film).at) == (wall(120), wall(120))
