"""Lives with clocks that are set, stand still or jump, and with pages out of a cache."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.core.films import MISS
from tests.core.life import Life
from tests.core.lives.world import CHATGPT_FAILS, FAILURE, down
from tests.core.pages import DEGRADED, MAJOR, OPERATIONAL, PARTIAL, page
from trayapp.model import Action, Cause, Miss, QuietHours, Stage

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("hours", [-2, -26, 24 * 8])
def test_a_clock_that_is_set_in_an_outage_leaves_its_length_as_it_was(hours: int) -> None:
    """Told at 09:12, the clock set at 10:00, over half an hour later: 1 h 19 min."""
    day = Life().until("09:10")
    day.page = page(ChatGPT=MAJOR)
    day.until("10:00")
    day.set_clock(timedelta(hours=hours)).for_seconds(1800)
    day.page = page()
    day.for_seconds(600)
    assert [line.rpartition(":")[2][3:] for line in day.heard] == [
        "ChatGPT is down",
        "ChatGPT is back after 1 h 19 min",
    ]
    assert [icon.rpartition(" ")[2] for icon in day.icons] == ["operational", "major_outage", "operational"]


@pytest.mark.parametrize("days", [9000, -9000])
def test_a_clock_that_is_wrong_by_years_tells_no_false_length(days: int) -> None:
    """The battery of the clock is empty, or somebody tries things out."""
    day = Life().until("09:10")
    day.page = page(ChatGPT=MAJOR)
    day.until("10:00")
    day.set_clock(timedelta(days=days)).for_seconds(600)
    day.page = page()
    day.for_seconds(600)
    day.set_clock(timedelta(days=-days)).for_seconds(600)
    assert [line[line.index("ChatGPT") :] for line in day.heard] == [
        "ChatGPT is down",
        "ChatGPT is back after 59 min",
    ]
    assert [icon.rpartition(" ")[2] for icon in day.icons] == ["operational", "major_outage", "operational"]


def test_a_clock_that_is_set_in_a_suspicion_neither_ends_nor_prolongs_it() -> None:
    """Only the probes do."""
    day = Life(network="home").until("09:30")
    day.answers = CHATGPT_FAILS
    day.until("10:00")
    day.set_clock(timedelta(hours=-2)).for_seconds(1800)
    day.answers = {}
    day.for_seconds(1200)
    assert [line[6:] for line in day.heard] == ["ChatGPT: possible outage", "ChatGPT is back after 58 min"]


def test_a_pause_of_an_hour_stays_an_hour_when_the_clock_is_set_back() -> None:
    """By a day."""
    day = Life().until("09:10")
    day.do(Action.PAUSE, "1h")
    day.until("09:20").set_clock(timedelta(days=-1)).for_seconds(600)
    day.page = page(ChatGPT=MAJOR)
    day.for_seconds(7200)
    assert day.heard == ["13 10:10 ChatGPT is down"]


def test_a_restart_with_a_clock_that_was_set_back_tells_nothing_twice() -> None:
    """The new program starts before the old one ended."""
    day = Life().until("09:10")
    day.page = page(down(began="09:10"), ChatGPT=MAJOR)
    day.until("10:00")
    day.set_clock(timedelta(hours=-5)).restart().for_seconds(1800)
    day.page = page()
    day.for_seconds(600)
    assert [line[6:].split(" after")[0] for line in day.heard] == ["ChatGPT is down", "ChatGPT is back"]
    assert "-" not in day.heard[-1]


def test_a_virtual_machine_that_was_paused_is_not_green_with_last_nights_page() -> None:
    """Only its clock on the wall ran on; the first polls fail."""
    day = Life().until("09:10")
    day.page = MISS
    day.freeze_until("18:00").until("18:05")
    before = list(day.icons)
    day.page = page()
    day.until("19:00")
    assert day.heard == []
    assert before == ["09:00 operational", "18:00 unknown"]
    assert day.icons == ["09:00 operational", "18:00 unknown", "18:06 operational"]


def test_an_outage_during_the_pause_of_a_virtual_machine_is_told_like_one_of_a_sleep() -> None:
    """It came and went meanwhile."""
    day = Life().until("09:10")
    day.past = (down(began="14:00", ended="14:30"),)
    day.freeze_until("18:00").until("19:00")
    assert day.heard == ["18:02 While you were away: ChatGPT down 14:00–14:30"]


@pytest.mark.long
def test_the_night_in_which_summer_time_begins_is_quiet_until_seven() -> None:
    """29 March in Berlin: 02:00 is 03:00; quiet from eleven to seven on that clock."""
    day = Life(
        quiet_hours=QuietHours(time(23), time(7)),
        local=lambda at: at.astimezone(BERLIN),
    ).until("20:00")
    day.sleep_for(timedelta(days=14)).until("23:30")
    day.page = page(APIs=PARTIAL)
    day.until("08:00")
    day.page = page()
    day.until("08:10")
    assert day.heard == [
        "29 07:00 APIs: Answers API is partly down",
        "29 08:01 APIs: Answers API is back after 7 h 30 min",
    ]


@pytest.mark.long
def test_the_night_in_which_summer_time_begins_makes_an_outage_no_longer() -> None:
    """From 01:30 to 03:30 on the wall is one hour."""
    day = Life(local=lambda at: at.astimezone(BERLIN)).until("20:00")
    day.sleep_for(timedelta(days=14)).until("01:30")
    day.page = page(ChatGPT=MAJOR)
    day.until("03:30")
    day.page = page()
    day.until("03:40")
    assert day.heard == ["29 01:30 ChatGPT is down", "29 03:31 ChatGPT is back after 1 h"]


def test_a_page_copy_that_is_days_old_is_not_believed() -> None:
    """A cache before a dead server says so by its Age: grey, never green."""
    day = Life().until("09:10")
    day.page = replace(page(), age=3 * 86_400.0)
    day.until("10:00")
    assert (day.heard, day.icons) == ([], ["09:00 operational", "09:20 unknown"])


def test_one_cached_copy_read_twice_is_one_reading() -> None:
    """A copy with an outage in it starts nothing by itself, however often it is read."""
    day = Life().until("09:10")
    day.page = replace(page(ChatGPT=MAJOR), copy="made at 09:10", age=1.0)
    day.until("09:25")
    day.page = page()
    day.until("09:40")
    assert day.heard == []
    assert day.icons == [
        "09:00 operational",
        "09:12 major_outage",
        "09:21 unknown",
        "09:25 operational",
    ], "what is read first after minutes without a reading is shown as it is"


def test_a_summary_before_its_list_of_components_makes_no_outage_of_all() -> None:
    """The indicator is red for 15 s before the component is: caches of their own."""
    day = Life().until("09:10")
    day.page = page(indicator=MAJOR)
    while day.icons == ["09:00 operational"]:
        day.for_seconds(1)
    day.for_seconds(15)
    day.page = page(ChatGPT=MAJOR)
    day.until("09:40")
    day.page = page(indicator=OPERATIONAL)
    day.until("09:50")
    assert day.heard == ["09:12 ChatGPT is down", "09:41 ChatGPT is back after 28 min"]


def test_a_list_of_past_incidents_that_is_behind_brings_no_ended_one_back() -> None:
    """`summary.json` alone says what is open; the other file still calls it open for three minutes."""
    posted = down(began="09:10", parts=("ChatGPT/Chats",))
    day = Life().until("09:10")
    day.page = page(posted, ChatGPT=MAJOR)
    day.until("10:00")
    day.page, day.past = page(), (replace(posted, stage=Stage.RESOLVED),)
    day.until("10:03")
    day.past = (down(began="09:10", ended="10:00", parts=("ChatGPT/Chats",)),)
    day.until("10:20")
    assert day.heard == ["09:12 ChatGPT is down", "10:01 ChatGPT is back after 48 min"]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "10:00 operational"]


def test_an_incident_that_nothing_explains_is_yellow_for_all_until_the_page_says_whom() -> None:
    """The indicator alone is minor: it counts for all that are followed."""
    day = Life().until("09:10")
    day.page = page(indicator=DEGRADED)
    day.until("09:30")
    said = day.sentence
    day.page = page()
    day.until("09:40")
    assert (day.heard, day.icons) == ([], ["09:00 operational", "09:12 degraded", "09:30 operational"])
    assert (
        said
        == "OpenAI reports degraded performance of ChatGPT, APIs and Codex since 09:12. ChatGPT: the last 2 checks from this computer were fine. APIs: the last check from this computer was fine."
    )


def test_one_answer_that_asks_to_wait_an_hour_is_waited_for_ten_minutes() -> None:
    """An outage that begins meanwhile is told within those."""
    day = Life().until("09:10")
    day.page = Miss(Cause.STATUS, 503, retry_after=3600.0)
    while not isinstance(day.memory.page_miss, Miss):
        day.for_seconds(1)
    day.page = page(ChatGPT=MAJOR)
    day.until("11:00")
    assert day.heard == ["09:22 ChatGPT is down"]


def test_two_answers_in_a_row_that_ask_to_wait_an_hour_get_it() -> None:
    """Unless a probe fails, which is then worth a question."""
    day = Life().until("09:10")
    day.page = Miss(Cause.STATUS, 503, retry_after=3600.0)
    day.until("09:25")
    day.page = page(ChatGPT=MAJOR)
    day.until("11:00")
    assert day.heard == ["10:22 ChatGPT is down"]
    day = Life(network="home").until("09:10")
    day.page = Miss(Cause.STATUS, 503, retry_after=3600.0)
    day.until("09:25")
    day.page, day.answers = page(ChatGPT=MAJOR), {"ChatGPT": FAILURE}
    day.until("11:00")
    assert day.heard == ["09:32 ChatGPT is down"]
