"""Lives by what a person wants to be told: levels, what is followed, pauses, and the wish to be told when it is back."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from tests.core.films import LIMITS
from tests.core.life import Life
from tests.core.lives.world import CHATGPT_FAILS, at_level, down
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, page, with_states
from trayapp.model import Action, Level, QuietHours, Stage

NIGHT = QuietHours(time(23), time(7))


@pytest.mark.long
@pytest.mark.parametrize(
    ("level", "count"),
    [(Level.OUTAGES, 2), (Level.PROBLEMS, 4), (Level.EVERYTHING, 8), (Level.NOTHING, 0)],
)
def test_a_day_at_each_level(level: Level, count: int) -> None:
    """A degraded morning with two posts, an outage in the afternoon with two more."""
    day = Life(limits=at_level(level)).until("09:10")
    for posts in (1, 2, 3):
        day.page = page(
            down("Slow answers in ChatGPT", DEGRADED, began="09:10", posts=posts), ChatGPT=DEGRADED
        )
        day.for_seconds(1200)
    day.page = page()
    day.until("13:00")
    for posts in (1, 2, 3):
        day.page = page(down(began="13:00", number=2, posts=posts), ChatGPT=MAJOR)
        day.for_seconds(1200)
    day.page = page()
    day.until("15:00")
    assert len(day.heard) == count
    assert [icon.partition(" ")[2] for icon in day.icons] == [
        "operational",
        "degraded",
        "operational",
        "major_outage",
        "operational",
    ]


def test_posts_do_not_eat_up_the_starts_of_a_day() -> None:
    """Six posts of something slow, then a partial outage: it is told, with its end."""
    day = Life(limits=at_level(Level.EVERYTHING)).until("09:10")
    for posts in range(1, 9):
        day.page = page(
            down("Slow uploads in ChatGPT", DEGRADED, began="09:10", posts=posts), ChatGPT=DEGRADED
        )
        day.for_seconds(1800)
    slow = down("Slow uploads in ChatGPT", DEGRADED, began="09:10", posts=8)
    day.page = page(slow, down("ChatGPT partly down", PARTIAL, began="13:10", number=2), ChatGPT=PARTIAL)
    day.until("15:00")
    day.page = page(slow, ChatGPT=DEGRADED)
    day.until("15:10")
    assert [line for line in day.heard if line >= "13:10"] == [
        "13:10 Worse: ChatGPT: Chats is now partly down",
        "15:01 ChatGPT is no longer partly down after 1 h 50 min",
    ]


def test_who_follows_the_login_alone_hears_of_the_login_alone() -> None:
    """Two components are called so; ChatGPT's is meant."""
    day = Life(limits=replace(LIMITS, follow=("ChatGPT/Login",), probes=())).until("09:10")
    day.page = with_states(page(indicator=MAJOR), APIs_Login=MAJOR, ChatGPT_Chats=MAJOR)
    day.until("10:00")
    day.page = with_states(page(indicator=MAJOR), ChatGPT_Login=MAJOR)
    day.until("11:00")
    day.page = page()
    day.until("11:10")
    assert day.heard == ["10:02 ChatGPT/Login is down", "11:01 ChatGPT/Login is back after 58 min"]
    assert day.icons == ["09:00 operational", "10:02 major_outage", "11:00 operational"]


def test_a_product_that_vanishes_from_the_page_in_an_outage_is_closed_within_the_hour() -> None:
    """It was renamed: grey, one quiet line, and the page is asked as on a calm day again."""
    day = Life().until("09:10")
    day.page = page(ChatGPT=MAJOR)
    day.until("09:30")
    renamed = tuple(replace(c, group="GPT") if c.group == "ChatGPT" else c for c in page().components)
    day.page = replace(page(), components=renamed)
    day.until("14:00")
    calm = [second for second, plan in day.plans if plan.page and second > 3 * 3600.0]
    day.page = page()
    day.until("14:20")
    assert day.heard == ["09:12 ChatGPT is down", "10:30 ChatGPT: not known any more"]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "09:30 unknown", "14:00 operational"]
    assert len(calm) <= 70


def test_what_is_ticked_in_a_pause_during_a_suspicion_is_told_when_it_is_back() -> None:
    """The icon showed it, though nothing was told; the tick goes with the end."""
    day = Life(network="home").do(Action.PAUSE, "on").until("09:30")
    day.answers = CHATGPT_FAILS
    day.until("09:40")
    day.do(Action.TELL_WHEN_BACK)
    day.until("10:00")
    day.answers = {}
    day.until("10:20")
    assert day.heard == ["10:02 ChatGPT is back after 28 min"]
    assert not day.memory.saved.tell_when_back


@pytest.mark.long
def test_a_pause_and_quiet_hours_and_a_tick_together_let_the_end_through_and_nothing_else() -> None:
    """A night that is quiet and paused, with an outage that was ticked and another that was not."""
    day = Life(quiet_hours=NIGHT).until("22:00")
    day.do(Action.PAUSE, "tomorrow").until("23:30")
    day.page = page(down(began="23:30"), ChatGPT=MAJOR)
    day.until("23:40")
    day.do(Action.TELL_WHEN_BACK)
    day.until("01:00")
    day.page = page()
    day.until("02:00")
    day.page = page(down("APIs are down", began="02:00", day=1, number=2), APIs=MAJOR)
    day.until("04:00")
    day.page = page()
    day.until("08:00")
    assert day.heard == ["15 01:01 ChatGPT is back after 1 h 28 min"]
    assert not day.memory.saved.tell_when_back


def test_an_easing_is_told_to_who_asked_and_the_tick_stays_until_all_is_over() -> None:
    """Down, then degraded, then fine, in a pause without end."""
    day = Life().until("09:10")
    day.page = page(ChatGPT=MAJOR)
    day.until("09:20")
    day.do(Action.PAUSE, "on").do(Action.TELL_WHEN_BACK).until("10:00")
    day.page = page(ChatGPT=DEGRADED)
    day.until("11:00")
    assert day.memory.saved.tell_when_back == ("ChatGPT",)
    day.page = page()
    day.until("11:10")
    assert day.heard == [
        "09:12 ChatGPT is down",
        "10:01 ChatGPT is no longer down after 48 min; still degraded",
        "11:01 ChatGPT is back after 1 h 49 min",
    ]
    assert not day.memory.saved.tell_when_back


@pytest.mark.long
def test_a_month_of_nothing_brings_no_flood_when_a_level_is_chosen() -> None:
    """An outage each night, and the lid closed over each."""
    day = Life(limits=replace(at_level(Level.NOTHING), probes=())).until("21:00")
    for night in range(30):
        day.past = (
            down(
                f"ChatGPT is down, night {night}", began="23:00", ended="23:40", day=night, number=night + 10
            ),
        )
        day.sleep_for(timedelta(hours=9)).for_seconds(1200.0)
        day.sleep_for(timedelta(hours=14, minutes=39, seconds=52))
    day.change(at_level(Level.OUTAGES))
    day.until("23:00")
    assert day.heard == []
    assert len(day.memory.missed_transitions) <= 8


def test_an_outage_that_runs_when_a_level_is_chosen_is_not_told_as_new_and_has_its_end() -> None:
    """The person sees it on the icon while choosing."""
    day = Life(limits=at_level(Level.NOTHING)).until("09:10")
    day.page = page(ChatGPT=MAJOR)
    day.until("09:30")
    day.change(at_level(Level.OUTAGES))
    day.until("10:00")
    day.page = page()
    day.until("10:10")
    assert day.heard == ["10:01 ChatGPT is back after 48 min"]


@pytest.mark.long
def test_an_outage_in_a_pause_that_still_runs_is_told_when_the_pause_ends() -> None:
    """An hour's pause, an outage of two hours."""
    day = Life().until("09:00").do(Action.PAUSE, "1h")
    day.until("09:20")
    day.page = page(down(began="09:20", day=1), ChatGPT=MAJOR)
    day.until("11:20")
    day.page = page()
    day.until("11:30")
    assert day.heard == ["15 10:00 ChatGPT is down", "15 11:21 ChatGPT is back after 1 h 58 min"]


def test_a_level_that_is_lowered_in_an_outage_keeps_its_end() -> None:
    """Told at the level of problems; the person then wants outages only."""
    day = Life(limits=at_level(Level.PROBLEMS)).until("09:10")
    day.page = page(down("Slow", DEGRADED, Stage.IDENTIFIED, began="09:10"), ChatGPT=DEGRADED)
    day.until("09:30")
    day.change(at_level(Level.OUTAGES))
    day.until("10:00")
    day.page = page()
    day.until("10:10")
    assert day.heard == [
        "09:12 ChatGPT, APIs and Codex are having problems",
        "10:01 ChatGPT, APIs and Codex are back after 48 min",
    ]
