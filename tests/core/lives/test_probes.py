"""Lives of what only this computer sees: suspicions, Cloudflare's edge, a page that is down too."""

from __future__ import annotations

from datetime import time

import pytest

from tests.core.life import Life
from tests.core.lives.world import ALL_FAIL, CHATGPT_FAILS, FAILURE, down
from tests.core.pages import MAJOR, page
from trayapp.model import Cause, ConnectionState, Miss, Outcome, QuietHours


@pytest.mark.long
def test_an_alarm_that_learns_nothing_for_an_hour_is_closed() -> None:
    """Told at home; then the office's filter answers in OpenAI's place."""
    day = Life(network="home").until("09:30")
    day.answers = {"API": FAILURE}
    day.until("09:40")
    day.answers = {"API": Outcome.LOCAL}
    day.until("18:00")
    assert day.heard == ["09:34 APIs: possible outage", "10:39 APIs: not known any more"]
    assert day.bodies[1:] == [
        "For an hour nothing could be learnt about it from here. The icon goes by OpenAI's page."
    ]
    assert day.icons == [
        "09:00 operational",
        "09:32 operational hollow",
        "09:34 partial_outage hollow",
        "10:39 operational",
    ]


@pytest.mark.long
def test_an_alarm_that_is_only_asked_to_slow_down_is_closed_too() -> None:
    """429 says nothing, neither that it answers nor that it fails."""
    day = Life(network="home").until("09:30")
    day.answers = {"API": FAILURE}
    day.until("09:40")
    day.answers = {"API": Outcome.NEUTRAL}
    day.until("18:00")
    assert day.heard == ["09:34 APIs: possible outage", "10:39 APIs: not known any more"]
    assert day.icons == [
        "09:00 operational",
        "09:32 operational hollow",
        "09:34 partial_outage hollow",
        "10:39 operational",
    ]


def test_an_alarm_of_a_quiet_night_that_learnt_nothing_for_an_hour_is_not_told_in_the_morning() -> None:
    """It failed at half past four; then the network answered in OpenAI's place until quiet hours were over."""
    day = Life(network="home", quiet_hours=QuietHours(time(9), time(12))).until("09:30")
    day.answers = {"API": FAILURE}
    day.until("09:40")
    day.answers = {"API": Outcome.LOCAL}
    day.until("14:00")
    assert day.heard == []
    assert day.icons[-2:] == ["09:34 partial_outage hollow", "10:39 operational"]


def test_trouble_at_the_edge_goes_on_when_the_alarms_beside_it_have_lapsed() -> None:
    """The edge alone is as bad as what was told: nothing is told anew, and its end is that of the edge's trouble."""
    day = Life(network="home", signed=True).until("09:30")
    day.answers = {"API": FAILURE}
    day.until("09:50")
    day.answers, day.line = ALL_FAIL, ConnectionState.EDGE
    day.until("12:00")
    told = [line.partition(" ")[2] for line in day.heard]
    assert told == ["APIs: possible outage", "ChatGPT: trouble at Cloudflare's edge"]
    day.answers, day.line = {}, ConnectionState.NOT_CHECKED
    day.until("13:00")
    assert [line.partition(" ")[2] for line in day.heard[2:]] == [
        "ChatGPT is back after 2 h 10 min",
        "APIs are back after 2 h 28 min",
    ]


@pytest.mark.long
def test_429_alone_is_no_trouble() -> None:
    """A day of nothing else from every endpoint."""
    day = Life(answers=dict.fromkeys(("API", "ChatGPT", "Login"), Outcome.NEUTRAL)).until("21:00")
    assert (day.heard, day.icons) == ([], ["09:00 operational"])


def test_trouble_at_cloudflares_edge_is_told_once_after_ten_minutes_and_has_an_end() -> None:
    """The icon holds from the first check on; the length is that of the trouble, not of the notification."""
    day = Life(network="home").until("09:30")
    day.answers, day.line = ALL_FAIL, ConnectionState.EDGE
    day.until("09:50")
    day.answers, day.line = {}, None
    day.until("10:30")
    assert day.heard == [
        "09:42 ChatGPT and APIs: trouble at Cloudflare's edge",
        "09:52 ChatGPT and APIs are back after 20 min",
    ]
    assert day.bodies == [
        "Cloudflare does not answer from here, other hosts do: trouble at its edge near you. You will be told when it is back.",
        "Cloudflare answers from here again. Still stuck? Reload the page or sign in again.",
    ]
    assert day.icons == [
        "09:00 operational",
        "09:32 degraded hollow",
        "09:42 partial_outage hollow",
        "09:52 operational",
    ]


def test_trouble_at_the_edge_that_ran_at_waking_ends_with_its_length_where_only_one_product_is_left() -> None:
    """The page said from its first reading on that all was well: that is no end."""
    day = Life(network="home").until("09:30")
    day.answers, day.line = ALL_FAIL, ConnectionState.EDGE
    day.sleep_until("11:00").until("11:30")
    day.answers = {**CHATGPT_FAILS, "API": Outcome.LOCAL}
    day.until("12:00")
    assert day.heard == [
        "11:10 ChatGPT and APIs: trouble at Cloudflare's edge",
        "11:31 ChatGPT is no longer partly down after 31 min",
        "11:31 APIs are back after 31 min",
    ]


def test_short_trouble_at_the_edge_is_shown_and_not_told() -> None:
    """Five minutes."""
    day = Life(network="home").until("09:30")
    day.answers, day.line = ALL_FAIL, ConnectionState.EDGE
    day.until("09:37")
    day.answers, day.line = {}, None
    day.until("10:30")
    assert (day.heard, day.icons) == ([], ["09:00 operational", "09:32 degraded hollow", "09:37 operational"])


def test_cloudflare_down_in_all_the_world_is_told_as_cloudflares_with_the_page_unreadable() -> None:
    """OpenAI's page is then behind the same wall; when it answers again, it ends."""
    day = Life(network="home").until("09:30")
    day.answers, day.line, day.page = ALL_FAIL, ConnectionState.EDGE, Miss(Cause.STATUS, 502)
    day.until("10:30")
    day.answers, day.line, day.page = {}, None, page()
    day.until("11:00")
    assert day.heard == [
        "09:42 ChatGPT and APIs: trouble at Cloudflare's edge",
        "10:32 ChatGPT and APIs are back after 1 h",
    ]
    assert day.bodies == [
        "Cloudflare does not answer from here, other hosts do: trouble at its edge near you. You will be told when it is back.",
        "Cloudflare answers from here again. Still stuck? Reload the page or sign in again.",
    ]
    assert day.icons == [
        "09:00 operational",
        "09:32 degraded hollow",
        "09:42 partial_outage hollow",
        "10:32 unknown",
        "10:41 operational",
    ]


def test_the_page_down_too_leaves_the_word_to_the_probes() -> None:
    """Only they told the start: their answers are enough for the end."""
    day = Life(network="home").until("09:30")
    day.answers = {"API": FAILURE}
    day.until("09:40")
    day.page = Miss(Cause.STATUS, 503)
    day.until("10:30")
    day.answers = {}
    day.until("10:45")
    day.page = page()
    day.until("11:15")
    assert day.heard == ["09:34 APIs: possible outage", "10:32 APIs are back after 58 min"]
    assert day.bodies[1:] == [
        "OpenAI never posted it. The last check from this computer was fine. Still stuck? Reload the page or sign in again."
    ]
    assert day.icons == [
        "09:00 operational",
        "09:32 operational hollow",
        "09:34 partial_outage hollow",
        "10:32 unknown",
        "10:50 operational",
    ]


def test_home_again_an_unposted_outage_of_chatgpt_goes_on_where_it_was() -> None:
    """Told at home; an hour at a cafe that blocks it; home again, it still fails, and ends at last."""
    day = Life(network="home").until("09:30")
    day.answers = CHATGPT_FAILS
    day.until("10:00")
    day.network = "cafe"
    day.sleep_until("10:05").until("11:00")
    day.network = "home"
    day.sleep_until("11:05").until("12:00")
    day.answers = {}
    day.until("12:30")
    assert day.heard == ["09:34 ChatGPT: possible outage", "12:05 ChatGPT is back after 2 h 27 min"]
    assert day.icons == [
        "09:00 operational",
        "09:32 operational hollow",
        "09:34 partial_outage hollow",
        "12:05 operational",
    ]


@pytest.mark.long
def test_a_restart_within_an_unposted_half_outage_ends_nothing() -> None:
    """Half of the answers fail; the new program asks for as many answers in a row as the old one did."""
    for seed in range(6):
        day = Life(network="home", seed=seed).until("09:30")
        day.answers = {"ChatGPT": 0.5}
        day.until("11:00")
        day.restart().until("11:30")
        assert [line[6:] for line in day.heard] == ["ChatGPT: possible outage"]
        assert day.icons[-1].endswith("partial_outage hollow")


def test_an_outage_that_openai_has_posted_stays_solid_while_checks_fail() -> None:
    """It was confirmed before they began to."""
    day = Life(network="home").until("09:10")
    day.page = page(down(began="09:10", parts=("ChatGPT/Chats",)), ChatGPT=MAJOR)
    day.until("09:20")
    day.answers = CHATGPT_FAILS
    day.until("10:00")
    day.page, day.answers = page(), {}
    day.until("10:30")
    assert day.heard == ["09:12 ChatGPT is down", "10:02 ChatGPT is back after 48 min"]
    assert day.icons == [
        "09:00 operational",
        "09:12 major_outage",
        "10:00 partial_outage hollow",
        "10:02 operational",
    ]


def test_one_products_shaky_check_leaves_anothers_posted_red_solid() -> None:
    """Every third check of the API fails while ChatGPT is posted as down."""
    day = Life(network="home").until("09:10")
    day.page = page(down(began="09:10", parts=("ChatGPT/Chats",)), ChatGPT=MAJOR)
    day.until("09:20")
    day.answers = {"API": 0.3}
    day.until("10:00")
    assert [icon for icon in day.icons if "major" in icon] == ["09:12 major_outage"]
    assert not [icon for icon in day.icons if "major" in icon and "hollow" in icon]


def test_an_outage_that_openai_posts_after_the_alarm_is_one_outage() -> None:
    """Possible, then confirmed and worse, then over: three notifications, and the length is from the first failure."""
    day = Life(network="home").until("09:30")
    day.answers = CHATGPT_FAILS
    day.until("09:50")
    day.page = page(down(began="09:45", parts=("ChatGPT/Chats",)), ChatGPT=MAJOR)
    day.until("10:30")
    day.answers = {}
    day.until("10:40")
    day.page = page()
    day.until("10:50")
    assert day.heard == [
        "09:34 ChatGPT: possible outage",
        "09:50 Worse: ChatGPT is now down",
        "10:41 ChatGPT is back after 1 h 8 min",
    ]
    assert day.icons == [
        "09:00 operational",
        "09:32 operational hollow",
        "09:34 partial_outage hollow",
        "09:50 major_outage",
        "10:40 operational",
    ]


def test_the_alarm_of_two_products_is_a_major_outage_and_one_notification() -> None:
    """One cause is found at one time, because the first failure asks the others at once."""
    day = Life(network="home", signed=True).until("09:30")
    day.answers = ALL_FAIL
    day.until("10:00")
    day.answers = {}
    day.until("10:30")
    assert day.heard == [
        "09:34 ChatGPT and APIs: possible outage",
        "10:02 ChatGPT and APIs are back after 28 min",
    ]
    assert day.icons == [
        "09:00 operational",
        "09:32 operational hollow",
        "09:34 major_outage hollow",
        "10:02 operational",
    ]
