"""Lives in which the computer is on and the page cannot be read for hours: an office that blocks it, a proxy that is down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.core.films import MISS
from tests.core.life import Life
from tests.core.lives.world import CHATGPT_FAILS, at, down
from tests.core.pages import DEGRADED, MAJOR, page, wall
from tests.core.scenes import translator_of
from trayapp.core.wording.notifications import build_notification
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import PageReading, Stage, Update


def blocked_day() -> Life:
    """The page is read until 09:30, and not from then on."""
    day = Life().until("09:30")
    day.page = MISS
    return day


def test_an_outage_that_ended_meanwhile_has_its_own_length() -> None:
    """It was seen from 09:12 on and resolved at 09:57; nobody could read that until 18:00."""
    day = Life().until("09:10")
    day.page = page(down(began="09:10"), ChatGPT=MAJOR)
    day.until("09:30")
    day.page = MISS
    day.until("18:00")
    day.page, day.past = page(), (down(began="09:10", ended="09:57"),)
    day.until("18:30")
    assert day.heard[1:] == ["18:10 ChatGPT is back after 45 min"]
    assert "It ended while the status page could not be read." in day.bodies[1]


def test_what_came_and_went_meanwhile_is_told_in_one_line() -> None:
    """The checks from this computer were answered all the time."""
    day = blocked_day().until("18:00")
    day.page, day.past = page(), (down(began="14:00", ended="14:30"),)
    day.until("18:30")
    assert day.heard == ["18:12 While the status page could not be read"]
    assert day.bodies == ["ChatGPT down 14:00–14:30 (30 min)."]


def test_what_the_checks_told_meanwhile_is_not_told_again() -> None:
    """ChatGPT failed from here too, and was back."""
    day = Life(network="home", signed=True).until("09:30")
    day.page = MISS
    day.until("14:00")
    day.answers = CHATGPT_FAILS
    day.until("14:30")
    day.answers = {}
    day.until("18:00")
    assert len(day.heard) == 2
    day.page, day.past = page(), (down(began="14:00", ended="14:30"),)
    day.until("18:30")
    assert len(day.heard) == 2


def test_what_the_checks_have_seen_for_hours_did_not_begin_with_its_post() -> None:
    """They failed from 14:00 on; the page, readable again at 18:00, has an incident of 15:00."""
    day = Life(network="home", signed=True).until("09:30")
    day.page = MISS
    day.until("14:00")
    day.answers = CHATGPT_FAILS
    day.until("18:00")
    day.page = page(down(began="15:00"), ChatGPT=MAJOR)
    day.until("18:30")
    day.page, day.answers = page(), {}
    day.until("19:30")
    assert day.heard[-1] == "18:36 ChatGPT is back after 4 h 28 min"


def test_a_few_minutes_without_a_reading_are_no_absence() -> None:
    """Nothing is known to have been missed in so short a time."""
    day = Life().until("09:30")
    day.page = MISS
    day.for_seconds(150)
    day.page = page()
    day.past = (down(began="09:32", ended="09:34"),)
    day.until("10:30")
    assert day.heard == []


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_it_is_said_in_each_language(language: str) -> None:
    """In other words than an absence of the computer."""
    day = blocked_day().until("18:00")
    day.page, day.past = page(), (down(began="14:00", ended="14:30"),)
    day.until("18:30")
    (one,) = day.notices
    assert day.verdict is not None
    title = build_notification(translator_of(language), one, day.verdict).title
    words = {"en": "could not be read", "tr": "okunamazken", "id": "tidak dapat dibaca"}
    assert words[language] in title


def test_what_the_checks_go_on_to_see_does_not_end_with_its_post() -> None:
    """OpenAI closed its incident at 15:00; from here ChatGPT was back at 18:40, and was told to fail before the post."""
    day = Life(network="home", signed=True).until("09:30")
    day.page = MISS
    day.until("14:00")
    day.answers = CHATGPT_FAILS
    day.until("18:00")
    day.page, day.past = page(), (down(began="14:30", ended="15:00"),)
    day.until("18:40")
    day.answers = {}
    day.until("19:30")
    assert [line.split(" ", 1)[1] for line in day.heard] == [
        "ChatGPT: possible outage",
        "ChatGPT is back after 4 h 38 min",
    ]


@pytest.mark.parametrize("away", ["asleep", "no readable page"])
def test_an_incident_that_joined_and_ended_long_ago_does_not_date_the_end(away: str) -> None:
    """The one that was told is monitored since 17:30; another of the same day was over at 11:00."""
    told = down(began="09:10", parts=("ChatGPT/Chats",))
    joined = down("ChatGPT fails too", began="10:00", number=2, parts=("ChatGPT/Chats",))
    day = Life().until("09:10")
    day.page = page(told, ChatGPT=MAJOR)
    day.until("10:00")
    day.page = page(told, joined, ChatGPT=MAJOR)
    day.until("10:30")
    watched = replace(
        told,
        stage=Stage.MONITORING,
        updates=(
            Update("p2", Stage.MONITORING, "monitoring", "", wall(at("17:30"))),
            Update("p1", Stage.INVESTIGATING, "investigating", "", wall(at("09:10"))),
        ),
    )
    now, day.past = page(watched), (down("ChatGPT fails too", began="10:00", ended="11:00", number=2),)
    if away == "asleep":
        day.page = now
        day.sleep_until("18:00")
    else:
        day.page = MISS
        day.until("18:00")
        day.page = now
    day.until("18:30")
    assert day.heard[-1].endswith("ChatGPT is back after 8 h 18 min")


def test_what_the_checks_told_in_the_morning_hides_no_outage_of_the_afternoon() -> None:
    """Only what was told in the hour before an incident's post is the same trouble."""
    day = Life(network="home", signed=True).until("09:30")
    day.page = MISS
    day.until("10:00")
    day.answers = CHATGPT_FAILS
    day.until("10:15")
    day.answers = {}
    day.until("18:00")
    day.page = page()
    day.past = (down(began="10:00", ended="10:15"), down(began="14:00", ended="15:30", number=2))
    day.until("18:30")
    assert day.bodies[-1] == "ChatGPT down 14:00–15:30 (1 h 30 min)."


INTERRUPTIONS: dict[str, Callable[[Life], Life]] = {
    "none": lambda day: day,
    "asleep": lambda day: day.sleep_until("12:30"),
    "switched off": lambda day: day.restart(off_until="12:30"),
    "restarted": lambda day: day.restart(),
    "twice": lambda day: day.sleep_until("12:30").until("13:00").restart(off_until="13:30"),
}
"""What happens at noon to a computer that has not read the page since 09:30."""
interrupted = pytest.mark.parametrize("interruption", INTERRUPTIONS)


def interrupted_outage(interruption: str, reading: PageReading) -> Life:
    """An outage is told at 09:12; from 09:30 to 18:00 nobody can read the page."""
    day = Life().until("09:10")
    day.page = reading
    day.until("09:30")
    day.page = MISS
    return INTERRUPTIONS[interruption](day.until("12:00")).until("18:00")


@interrupted
@pytest.mark.parametrize(("began", "ended"), [("10:00", "10:30"), ("11:45", "12:15"), ("14:00", "14:30")])
def test_a_nap_or_a_restart_hides_nothing_of_hours_without_a_page(
    interruption: str, began: str, ended: str
) -> None:
    """What counts is when the page was last read."""
    day = INTERRUPTIONS[interruption](blocked_day().until("12:00")).until("18:00")
    day.page, day.past = page(), (down(began=began, ended=ended),)
    day.until("18:30")
    assert day.bodies == [f"ChatGPT down {began}–{ended} (30 min)."]
    assert [line.partition(" ")[2] for line in day.heard] == ["While the status page could not be read"]


@interrupted
def test_an_end_before_a_nap_has_its_own_length(interruption: str) -> None:
    """It was told at 09:12 and resolved at 09:57."""
    day = interrupted_outage(interruption, page(down(began="09:10"), ChatGPT=MAJOR))
    day.page, day.past = page(), (down(began="09:10", ended="09:57"),)
    day.until("18:30")
    assert [line.partition(" ")[2] for line in day.heard[1:]] == ["ChatGPT is back after 45 min"]
    assert "It ended while the status page could not be read." in day.bodies[1]


@interrupted
def test_an_end_that_no_post_dates_lies_after_the_last_reading(interruption: str) -> None:
    """Not after the nap: it may have ended long before."""
    day = interrupted_outage(interruption, page(ChatGPT=MAJOR))
    day.page = page()
    day.until("18:30")
    assert [line.partition(" ")[2] for line in day.heard[1:]] == ["ChatGPT is back"]
    assert day.bodies[1].startswith("It ended between 09:29 and 18:0")


def test_an_end_lies_after_what_was_told_by_an_old_copy() -> None:
    """A cache stored the copy five minutes before it was read and told."""
    day = Life().until("09:10")
    day.page = replace(page(ChatGPT=MAJOR), age=300.0)
    while not day.heard:
        day.for_seconds(10)
    told_at = day.now.wall
    day.page = MISS
    day.until("18:00")
    day.page = page()
    day.until("18:30")
    assert day.notices[-1].ended_after is not None
    assert (told_at - day.notices[-1].ended_after).total_seconds() <= 10.0


@interrupted
def test_two_outages_of_hours_without_a_page_are_two(interruption: str) -> None:
    """The first ended at 10:00, the second began at 11:00."""
    day = interrupted_outage(interruption, page(down(began="09:10"), ChatGPT=MAJOR))
    day.page = page(down(began="11:00", number=2), ChatGPT=MAJOR)
    day.past = (down(began="09:10", ended="10:00"),)
    day.until("18:30")
    day.page = page()
    day.until("19:00")
    assert [line.partition(" ")[2] for line in day.heard[1:3]] == [
        "ChatGPT is back after 48 min",
        "ChatGPT is down",
    ]
    assert "Major outage since 11:00." in day.bodies[2]
    assert len(day.heard) == 4


@interrupted
def test_what_the_checks_told_is_not_confirmed_by_an_outage_that_was_over_before(interruption: str) -> None:
    """OpenAI's ended at 10:30; from here ChatGPT has failed since 14:00, and OpenAI says nothing of that."""
    day = Life(network="home", signed=True).until("09:30")
    day.page = MISS
    INTERRUPTIONS[interruption](day.until("12:00")).until("14:00")
    day.answers = CHATGPT_FAILS
    day.until("18:00")
    day.page, day.past = page(), (down(began="10:00", ended="10:30"),)
    day.until("18:30")
    assert [line.partition(" ")[2] for line in day.heard] == [
        "ChatGPT: possible outage",
        "While the status page could not be read",
    ]
    assert day.bodies[1] == "ChatGPT down 10:00–10:30 (30 min)."
    assert day.icons[-1].endswith("partial_outage hollow")


@pytest.mark.parametrize("back", ["15:03", "15:20", "16:00"])
def test_what_was_better_just_before_the_program_ended_is_not_dated_by_that(back: str) -> None:
    """One answer had come, and the page was fine; the others came when the program ran again."""
    day = Life(network="home", signed=True).until("14:00")
    day.answers = CHATGPT_FAILS
    day.until("15:00")
    day.answers = {}
    day.for_seconds(60).restart(off_until=back).until("16:30")
    assert [line.partition(" ")[2] for line in day.heard] == [
        "ChatGPT: possible outage",
        "ChatGPT answers again",
    ]
    assert day.bodies[1].startswith(f"It ended between 15:00 and {back}. ")


@pytest.mark.parametrize(
    ("began", "back", "length"), [("12:01", "12:05", "2 min"), ("12:03", "12:40", "35 min")]
)
def test_what_the_checks_saw_begin_after_a_nap_does_not_end_with_what_the_page_changed_in_it(
    began: str, back: str, length: str
) -> None:
    """Search was slow until the nap, the page said so, and its list of past incidents cannot be read."""
    day = Life(network="home", signed=True).until("09:10")
    day.page = page(down("Slow answers", DEGRADED, began="09:05", parts=("ChatGPT/Search",)))
    day.until("10:00")
    day.page, day.past = page(), None
    day.sleep_until("12:00").until(began)
    day.answers = CHATGPT_FAILS
    day.until(back)
    day.answers = {}
    day.until("13:30")
    assert [line.partition(" ")[2] for line in day.heard] == [
        "ChatGPT: possible outage",
        f"ChatGPT is back after {length}",
    ]


def test_an_end_that_the_checks_saw_after_a_nap_has_its_length() -> None:
    """The nap at noon was over long before it began, and nobody was away when it ended."""
    day = Life(network="home", signed=True).until("09:30")
    day.page = MISS
    day.until("12:00").sleep_until("12:30").until("14:00")
    day.answers = CHATGPT_FAILS
    day.until("15:00")
    day.answers = {}
    day.until("15:30")
    assert [line.partition(" ")[2] for line in day.heard] == [
        "ChatGPT: possible outage",
        "ChatGPT is back after 1 h",
    ]


def test_what_the_checks_told_after_a_nap_did_not_end_before_it_was_told() -> None:
    """The page was last read at 09:30; a nap at noon; the checks told at 14:00, and saw it until the next nap."""
    day = Life(network="home", signed=True).until("09:30")
    day.page = MISS
    day.until("12:00").sleep_until("12:30").until("14:00")
    day.answers = CHATGPT_FAILS
    day.until("15:00")
    day.answers = {}
    day.sleep_until("16:00").until("16:30")
    assert [line.partition(" ")[2] for line in day.heard] == [
        "ChatGPT: possible outage",
        "ChatGPT answers again",
    ]
    assert day.bodies[1].startswith("It ended between 14:02 and 16:0")
