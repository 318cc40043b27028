"""Lives of who was away: the lid closed, the computer off, or no internet, while something happened."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.core.films import LIMITS, MISS
from tests.core.life import Life
from tests.core.lives.world import CHATGPT_FAILS, FAILURE, at_level, down
from tests.core.pages import DEGRADED, MAJOR, page
from trayapp.model import ConnectionState, Level


def test_who_wakes_in_an_outage_is_told_once_and_since_when() -> None:
    """OpenAI posted it at noon; the lid is opened at two."""
    day = Life().until("09:30")
    day.page = page(down(began="12:00"), ChatGPT=MAJOR)
    day.sleep_until("14:00").until("16:00")
    assert day.heard == ["14:01 ChatGPT is down"]
    assert day.bodies == [
        "OpenAI: Chats: Major outage since 12:00. “ChatGPT is down” (Investigating). It began while you were away. You will be told when it is back."
    ]
    assert day.icons == ["09:00 operational", "14:00 major_outage"]


def test_who_wakes_in_an_outage_that_nobody_posted_is_told_by_server_errors() -> None:
    """What OpenAI itself signed needs no earlier answer on this network."""
    day = Life(signed=True).until("09:30")
    day.answers = CHATGPT_FAILS
    day.sleep_until("14:00").until("14:30")
    assert day.heard == ["14:04 ChatGPT: possible outage"]
    assert day.icons == ["09:00 operational", "14:03 operational hollow", "14:04 partial_outage hollow"]


def test_who_wakes_in_an_outage_is_told_by_time_outs_on_a_network_that_is_known() -> None:
    """At home ChatGPT has answered this morning already, so that silence from there counts."""
    day = Life(network="home").until("09:30")
    day.answers = CHATGPT_FAILS
    day.sleep_until("14:00").until("14:30")
    assert day.heard == ["14:04 ChatGPT: possible outage"]
    assert day.icons == ["09:00 operational", "14:03 operational hollow", "14:04 partial_outage hollow"]


def test_what_came_and_went_while_asleep_is_one_line_with_its_times() -> None:
    """The icon never was red for this person."""
    day = Life().until("09:30")
    day.past = (down(began="14:00", ended="14:30"),)
    day.sleep_until("18:00").until("19:00")
    assert day.heard == ["18:02 While you were away: ChatGPT down 14:00–14:30"]
    assert day.bodies == ["ChatGPT down 14:00–14:30 (30 min)."]
    assert day.icons == ["09:00 operational"]


def test_it_is_told_though_the_first_look_after_waking_fails() -> None:
    """The Wi-Fi is not up yet; the list of past incidents is asked for until it was read."""
    day = Life().until("09:30")
    day.past = (down(began="14:00", ended="14:30"),)
    day.page, day.line = MISS, ConnectionState.OFFLINE
    day.sleep_until("18:00").until("18:02")
    day.page, day.line = page(), None
    day.until("19:00")
    assert day.heard == ["18:04 While you were away: ChatGPT down 14:00–14:30"]
    assert day.icons == ["09:00 operational", "18:00 offline", "18:02 operational"]


@pytest.mark.parametrize("away", ["asleep", "switched off"])
def test_an_outage_that_ended_while_away_has_its_own_length_and_not_that_of_the_absence(away: str) -> None:
    """It was seen from 09:12 on and resolved at 09:57: 45 min, though nobody looked for nine hours."""
    day = Life().until("09:10")
    day.page = page(down(began="09:10"), ChatGPT=MAJOR)
    day.until("09:20")
    day.page, day.past = page(), (down(began="09:10", ended="09:57"),)
    if away == "asleep":
        day.sleep_until("18:00")
    else:
        day.restart(off_until="18:00")
    day.until("19:00")
    assert day.heard == ["09:12 ChatGPT is down", "18:01 ChatGPT is back after 45 min"]
    assert day.bodies[1:] == [
        "OpenAI's page shows no trouble any more. It ended while you were away. The last 2 checks from this computer were fine. Still stuck? Reload the page or sign in again."
    ]


def test_three_hours_without_internet_make_an_outage_no_longer() -> None:
    """On the train, awake: told before it, over after 47 min, and another one came and went."""
    day = Life().until("09:10")
    day.page = page(down(began="09:10"), ChatGPT=MAJOR)
    day.until("09:20")
    day.page, day.line, day.answers = (
        MISS,
        ConnectionState.OFFLINE,
        dict.fromkeys(("API", "ChatGPT", "Login"), FAILURE),
    )
    day.until("12:20")
    day.page, day.line, day.answers = page(), None, {}
    day.past = (
        down(began="09:10", ended="09:57"),
        down("APIs are down", began="11:00", ended="11:30", number=2),
    )
    day.until("13:00")
    assert day.heard == ["09:12 ChatGPT is down", "12:21 While you were away"]
    assert day.bodies[1:] == ["ChatGPT down 09:12–09:57 (45 min). APIs down 11:00–11:30 (30 min)."]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "09:20 offline", "12:20 operational"]


def test_a_restart_in_the_middle_of_an_outage_is_silent() -> None:
    """What was told before is told no second time, and its end counts from its beginning."""
    day = Life().until("09:10")
    day.page = page(down(began="09:10"), ChatGPT=MAJOR)
    day.until("09:30").restart().until("10:00")
    day.page = page()
    day.until("10:10")
    assert day.heard == ["09:12 ChatGPT is down", "10:02 ChatGPT is back after 49 min"]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "10:01 operational"]


def test_the_end_of_an_outage_is_told_though_it_ended_before_a_first_look_that_failed() -> None:
    """A restart, and the page cannot be read for ten minutes."""
    day = Life().until("09:10")
    day.page = page(down(began="09:10"), ChatGPT=MAJOR)
    day.until("09:30")
    day.page, day.past = MISS, (down(began="09:10", ended="11:00"),)
    day.restart(off_until="12:00").until("12:10")
    day.page = page()
    day.until("13:00")
    assert day.heard == ["09:12 ChatGPT is down", "12:14 ChatGPT is back after 1 h 48 min"]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "12:00 unknown", "12:13 operational"]


def test_the_first_start_ever_in_an_outage_is_silent_and_its_end_is_told() -> None:
    """A person who installs the program because ChatGPT is down sees it already."""
    day = Life(page=page(down(began="08:30"), ChatGPT=MAJOR)).until("10:00")
    assert day.heard == []
    day.page = page()
    day.until("10:10")
    assert day.heard == ["10:02 ChatGPT is back after 1 h 31 min"]
    assert day.icons == ["09:00 major_outage", "10:01 operational"]


@pytest.mark.long
def test_a_suspicion_of_yesterday_ends_without_a_length() -> None:
    """Told in the evening, fine in the morning: nobody saw when it ended, and no hour of the night is made up."""
    day = Life(network="home").until("21:50")
    day.answers = {"API": FAILURE}
    day.until("22:05")
    day.answers = {}
    day.sleep_until("07:02").until("08:00")
    assert day.heard == ["21:54 APIs: possible outage", "15 07:07 APIs answer again"]
    assert day.bodies[1:] == [
        "It ended between 14 Mar, 22:05 and 07:02. OpenAI never posted it. The last check from this computer was fine. Still stuck? Reload the page or sign in again."
    ]
    assert day.icons == [
        "09:00 operational",
        "21:52 operational hollow",
        "21:54 partial_outage hollow",
        "15 07:07 operational",
    ]


@pytest.mark.long
def test_a_suspicion_of_yesterday_that_openai_posted_meanwhile_is_not_said_to_be_unposted() -> None:
    """The page's list of what is over has it."""
    day = Life(network="home").until("21:50")
    day.answers = {"ChatGPT": FAILURE}
    day.until("22:05")
    day.answers, day.past = {}, (down(began="22:10", ended="23:00"),)
    day.sleep_until("07:02").until("08:00")
    assert day.heard == ["21:54 ChatGPT: possible outage", "15 07:07 ChatGPT is back after 1 h 7 min"]
    assert day.bodies[1:] == [
        "OpenAI's page shows no trouble any more. It ended while you were away. The last 2 checks from this computer were fine. Still stuck? Reload the page or sign in again."
    ]


@pytest.mark.long
def test_a_minor_evening_and_a_calm_morning_leave_the_page_asked_as_ever() -> None:
    """The page's own date falls back by months when its last incident ends: nothing is decided by it."""
    calm = replace(page(updated=-60 * 86_400.0), past_read=False)
    day = Life(page=calm).until("21:00")
    day.page = page(
        down("Slow answers", DEGRADED, began="21:00", parts=("ChatGPT/Chats",)), updated=12 * 3600.0
    )
    day.until("22:00")
    day.page = calm
    day.sleep_until("07:00")
    slept = len(day.plans)
    day.until("09:00")
    asked = [second for second, plan in day.plans[slept:] if plan.page]
    assert max(b - a for a, b in pairwise(asked)) <= 132
    day.page = page(down(began="09:00", day=1, number=2), ChatGPT=MAJOR)
    day.until("10:00")
    assert day.heard == ["15 09:00 ChatGPT is down"]
    assert day.icons == [
        "09:00 operational",
        "21:02 degraded",
        "15 07:00 operational",
        "15 09:00 major_outage",
    ]


@pytest.mark.long
@pytest.mark.parametrize("level", [Level.PROBLEMS, Level.EVERYTHING])
def test_degraded_over_night_is_told_to_who_wants_to_know_and_once(level: Level) -> None:
    """It is there in the evening and still there in the morning."""
    day = Life(limits=at_level(level)).until("21:00")
    day.page = page(ChatGPT=DEGRADED)
    day.until("22:00").sleep_until("07:00").until("08:00")
    day.page = page()
    day.until("08:10")
    assert day.heard == [
        "21:02 ChatGPT: Chats is having problems",
        "15 08:01 ChatGPT: Chats is back after 10 h 58 min",
    ]


def test_a_nap_of_five_minutes_changes_nothing() -> None:
    """What was read before it still stands."""
    day = Life(limits=replace(LIMITS)).until("09:10")
    day.sleep_until("09:15").until("09:30")
    assert (day.heard, day.icons) == ([], ["09:00 operational"])
