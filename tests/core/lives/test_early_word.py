"""Lives of an early word (law 12): it answers again from here, and OpenAI has not said that it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from tests.core.life import Life
from tests.core.lives.world import ALL_FAIL, CHATGPT_FAILS, FAILURE, at_level, down
from tests.core.pages import MAJOR, OPERATIONAL, PARTIAL, page
from trayapp.model import Action, Level, QuietHours, Stage

DOWN = page(down(began="09:40"), ChatGPT=MAJOR)
WORD = "answers again from here since 10:30; OpenAI has not said it is over"


def seen_and_posted(day: Life | None = None) -> Life:
    """ChatGPT fails from 09:30, OpenAI posts it at 09:40, it answers again from 10:30 on and the post stays."""
    day = (day or Life(network="home")).until("09:30")
    day.answers = CHATGPT_FAILS
    day.until("09:40")
    day.page = DOWN
    day.until("10:30")
    return day


def answers_again(day: Life, until: str = "11:00") -> Life:
    """From 10:30 on."""
    day.answers = {}
    return day.until(until)


def test_who_asked_is_told_at_once_and_is_told_the_end_too() -> None:
    """Four answers after a full outage; the end comes when OpenAI's page takes it back."""
    day = answers_again(seen_and_posted().do(Action.TELL_WHEN_BACK))
    assert day.heard[2:] == ["10:32 ChatGPT answers again from here"]
    assert day.bodies[2] == f"ChatGPT: {WORD}. You will be told when it is back."
    day.page = page()
    day.until("12:00")
    assert day.heard[3:] == ["11:01 ChatGPT is back after 1 h 30 min"]
    assert day.icons[-2:] == ["09:40 major_outage", "11:00 operational"]


def test_who_did_not_ask_sees_it_and_hears_nothing() -> None:
    """In tooltip, menu and sentence; the icon stays what OpenAI says."""
    day = answers_again(seen_and_posted())
    assert day.heard[2:] == []
    assert day.verdict is not None
    assert (day.verdict.state, day.verdict.confirmed, day.verdict.checking) == (MAJOR, True, False)
    assert day.sentence.endswith(f"ChatGPT: {WORD}.")
    shown = day.view
    said = "ChatGPT down since 09:40, answers again from here since 10:30"
    assert (shown.title, shown.tooltip.partition(" · ")[0]) == (said, said)
    line = next(line for line in shown.menu if line.key == "product:ChatGPT")
    assert line.text == "Chats (ChatGPT): Major outage, answers again from here since 10:30"


def test_who_asks_after_that_is_told_the_end_alone() -> None:
    """The menu they ticked it in said the rest already."""
    day = answers_again(seen_and_posted()).do(Action.TELL_WHEN_BACK).until("11:30")
    assert day.heard[2:] == []
    day.page = page()
    assert day.until("12:00").heard[2:] == ["11:31 ChatGPT is back after 2 h"]


def test_what_fails_again_takes_it_back_and_what_answers_then_is_told_anew() -> None:
    """Each word stands on failures and answers of its own."""
    day = answers_again(seen_and_posted().do(Action.TELL_WHEN_BACK))
    day.answers = CHATGPT_FAILS
    day.until("11:20")
    assert "answers again" not in day.sentence
    day.answers = {}
    day.until("12:00")
    assert day.heard[2:] == [
        "10:32 ChatGPT answers again from here",
        "11:22 ChatGPT answers again from here",
    ]
    assert "answers again from here since 11:20" in day.sentence


def test_one_answer_that_is_lost_takes_nothing_back() -> None:
    """Lines lose one in a hundred."""
    day = answers_again(seen_and_posted().do(Action.TELL_WHEN_BACK), "10:40")
    day.answers = {"ChatGPT": FAILURE}
    day.for_seconds(45)
    day.answers = {}
    day.until("11:00")
    assert day.heard[2:] == ["10:32 ChatGPT answers again from here"]
    assert "since 10:30" in day.sentence


@pytest.mark.parametrize("stage", [Stage.INVESTIGATING, Stage.IDENTIFIED])
def test_an_outage_that_this_computer_did_not_see_has_no_early_word(stage: Stage) -> None:
    """Its checks were fine all the time: they say nothing about what is broken."""
    day = Life(network="home").until("09:40")
    day.page = page(down(began="09:40", stage=stage), ChatGPT=MAJOR)
    day.until("10:00").do(Action.TELL_WHEN_BACK).until("14:00")
    assert day.heard == ["09:40 ChatGPT is down"]
    assert "answers again" not in day.sentence


def test_what_was_over_before_it_was_posted_has_no_early_word() -> None:
    """Another trouble, hours later."""
    day = Life(network="home").until("09:30")
    day.answers = CHATGPT_FAILS
    day.until("09:50")
    day.answers = {}
    day.until("13:00")
    day.page = page(down(began="13:00"), ChatGPT=MAJOR)
    day.until("13:10").do(Action.TELL_WHEN_BACK).until("15:00")
    assert day.heard[2:] == ["13:01 ChatGPT is down"]
    assert "answers again" not in day.sentence


def test_openais_word_of_a_fix_goes_before_ours() -> None:
    """Its end is told as that, and then nothing of what answers from here."""
    day = seen_and_posted().do(Action.TELL_WHEN_BACK)
    day.page = page(down(began="09:40", stage=Stage.MONITORING), indicator=MAJOR, ChatGPT=OPERATIONAL)
    answers_again(day, "12:00")
    assert [title for title in day.heard[2:] if "answer" in title] == []
    assert day.bodies[2].startswith("OpenAI: fix applied, watching.")
    assert "answers again" not in day.sentence


@pytest.mark.long
def test_it_passes_a_pause_quiet_hours_and_the_level_nothing() -> None:
    """As the end does that was asked for."""
    paused = seen_and_posted().do(Action.TELL_WHEN_BACK).do(Action.PAUSE, "on")
    quiet = seen_and_posted(Life(network="home", quiet_hours=QuietHours(time(10, 25), time(23))))
    silent = seen_and_posted(Life(network="home", limits=at_level(Level.NOTHING)))
    for day in (paused, quiet.do(Action.TELL_WHEN_BACK), silent.do(Action.TELL_WHEN_BACK)):
        assert answers_again(day).heard[-1] == "10:32 ChatGPT answers again from here"


def test_a_restart_says_it_on_and_tells_nothing_twice() -> None:
    """A minute after it was told, and an hour."""
    day = answers_again(seen_and_posted().do(Action.TELL_WHEN_BACK), "10:34").restart().until("11:30")
    assert day.heard[2:] == ["10:32 ChatGPT answers again from here"]
    assert day.sentence.endswith(f"ChatGPT: {WORD}.")


@pytest.mark.parametrize(("hours", "since"), [(-2, "08:30"), (2, "10:30")])
def test_a_clock_that_is_set_back_moves_its_time_and_none_tells_it_twice(hours: int, since: str) -> None:
    """The word is of the same answers. Set forward it is taken for a machine that was paused."""
    day = answers_again(seen_and_posted().do(Action.TELL_WHEN_BACK), "10:40")
    day.set_clock(timedelta(hours=hours)).for_seconds(1800)
    assert day.heard[2:] == ["10:32 ChatGPT answers again from here"]
    assert f"answers again from here since {since}" in day.sentence


def test_two_products_of_one_cause_have_one_word() -> None:
    """It names both, and each with its own time."""
    day = Life(network="home").until("09:30")
    day.answers = ALL_FAIL
    day.until("09:40")
    both = replace(down(began="09:40"), components=())
    day.page = page(both, ChatGPT=MAJOR, APIs=MAJOR)
    day.until("10:30").do(Action.TELL_WHEN_BACK)
    told = len(day.heard)
    answers_again(day)
    assert day.heard[told:] == ["10:32 ChatGPT and APIs answer again from here"]
    assert day.bodies[told].count(WORD) == 2


def test_an_easing_goes_before_it() -> None:
    """Both were failing, which made it a major outage of ours; what OpenAI says of it is a partial one."""
    day = Life(network="home").until("09:30")
    day.answers = ALL_FAIL
    day.until("09:40")
    day.page = page(down(impact=PARTIAL, began="09:40"), ChatGPT=PARTIAL)
    day.until("10:30").do(Action.TELL_WHEN_BACK)
    told = len(day.heard)
    answers_again(day)
    assert day.heard[told:] == [
        "10:32 ChatGPT is no longer down after 58 min; still partly down",
        "10:32 APIs are back after 58 min",
        "10:33 ChatGPT answers again from here",
    ]
