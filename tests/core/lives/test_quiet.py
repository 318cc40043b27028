"""Lives of who wants to be left alone: quiet hours, flapping, and the count of a day."""

from __future__ import annotations

from datetime import time

import pytest

from tests.core.life import Life
from tests.core.lives.world import ALL_FAIL, CHATGPT_FAILS, down
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, page, with_states
from trayapp.model import QuietHours

NIGHT = QuietHours(time(23), time(7))


@pytest.mark.long
def test_one_small_component_wakes_nobody() -> None:
    """Half an hour of Images alone at two in the morning, which the page calls critical."""
    day = Life(quiet_hours=NIGHT).until("02:00")
    day.page = with_states(
        page(down("Images fail", began="02:00", day=1, parts=("APIs/Images",)), indicator=MAJOR),
        APIs_Images=MAJOR,
    )
    day.until("02:30")
    day.page = page()
    day.until("09:00")
    assert day.heard == []
    assert day.icons == ["09:00 operational", "15 02:02 partial_outage", "15 02:30 operational"]


@pytest.mark.long
def test_a_posted_major_outage_passes_quiet_hours_and_its_end_waits_for_the_morning() -> None:
    """It is confirmed, so it wakes; that it is over may wait."""
    day = Life(quiet_hours=NIGHT).until("02:00")
    day.page = page(down(began="02:00", day=1), ChatGPT=MAJOR)
    day.until("04:00")
    day.page = page()
    day.until("09:00")
    assert day.heard == ["15 02:02 ChatGPT is down", "15 07:00 ChatGPT is back after 1 h 58 min"]


@pytest.mark.long
def test_an_unposted_major_outage_passes_quiet_hours_when_it_has_lasted_half_an_hour() -> None:
    """What only this computer sees wakes nobody at once."""
    day = Life(network="home", quiet_hours=NIGHT).until("02:00")
    day.answers = ALL_FAIL
    day.until("04:00")
    day.answers = {}
    day.until("09:00")
    assert day.heard == [
        "15 02:32 ChatGPT and APIs: possible outage",
        "15 07:00 ChatGPT and APIs are back after 1 h 58 min",
    ]
    assert day.icons == [
        "09:00 operational",
        "15 02:02 operational hollow",
        "15 02:04 major_outage hollow",
        "15 04:02 operational",
    ]


@pytest.mark.long
def test_an_unposted_outage_of_one_product_waits_for_the_morning() -> None:
    """A possible partial outage that ends at four is not told at seven."""
    day = Life(network="home", quiet_hours=NIGHT).until("02:00")
    day.answers = CHATGPT_FAILS
    day.until("04:00")
    day.answers = {}
    day.until("09:00")
    assert day.heard == []


@pytest.mark.long
def test_two_major_outages_of_one_night_are_both_told() -> None:
    """The end of the first is held back until the morning: the second is no part of it."""
    day = Life(quiet_hours=NIGHT).until("23:10")
    day.page = page(down(began="23:10"), ChatGPT=MAJOR)
    day.until("23:40")
    day.page = page()
    day.until("02:00")
    day.page = page(down("ChatGPT does not load", began="02:00", day=1, number=2), ChatGPT=MAJOR)
    day.until("04:00")
    day.page = page()
    day.until("09:00")
    assert day.heard == [
        "23:12 ChatGPT is down",
        "15 02:03 ChatGPT is down",
        "15 07:00 ChatGPT is back after 1 h 59 min",
    ]
    assert day.bodies == [
        "OpenAI: Chats: Major outage since 23:12. “ChatGPT is down” (Investigating). You will be told when it is back.",
        "OpenAI: Chats: Major outage since 02:01. “ChatGPT does not load” (Investigating). You will be told when it is back.",
        "OpenAI's page shows no trouble any more. The last 2 checks from this computer were fine. Still stuck? Reload the page or sign in again.",
    ]


@pytest.mark.long
def test_a_partial_outage_at_night_is_told_in_the_morning_if_it_still_holds() -> None:
    """From four to nine."""
    day = Life(quiet_hours=NIGHT).until("04:00")
    day.page = page(ChatGPT=PARTIAL)
    day.until("09:00")
    day.page = page()
    day.until("09:10")
    assert day.heard == [
        "15 07:00 ChatGPT: Chats is partly down",
        "15 09:02 ChatGPT: Chats is back after 4 h 59 min",
    ]


def test_a_major_outage_that_comes_and_goes_for_two_hours_is_six_notifications() -> None:
    """Every five minutes: two whole ones, then unstable, then silence until half an hour of calm."""
    day = Life().until("09:10")
    for _ in range(24):
        day.page = page(ChatGPT=MAJOR)
        day.for_seconds(150)
        day.page = page()
        day.for_seconds(150)
    day.until("13:00")
    assert day.heard == [
        "09:12 ChatGPT is down",
        "09:14 ChatGPT is back after 1 min",
        "09:16 ChatGPT is down",
        "09:18 ChatGPT is back after 1 min",
        "09:21 ChatGPT is unstable",
        "11:39 ChatGPT is back after 1 h 47 min",
    ]


@pytest.mark.long
def test_nine_major_outages_of_a_day_are_each_told_with_their_ends() -> None:
    """For twelve hours, with forty minutes of calm between: each is an outage, and passes the count of a day."""
    day = Life().until("09:10")
    for _ in range(9):
        day.page = page(ChatGPT=MAJOR)
        day.for_seconds(2400)
        day.page = page()
        day.for_seconds(2400)
    assert len(day.heard) == 18
    assert [line[6:] for line in day.heard[::2]] == ["ChatGPT is down"] * 9


@pytest.mark.long
def test_partial_outages_of_a_day_are_six_notifications_and_each_start_has_its_end() -> None:
    """With forty minutes of calm between."""
    day = Life().until("09:10")
    for _ in range(9):
        day.page = page(ChatGPT=PARTIAL)
        day.for_seconds(2400)
        day.page = page()
        day.for_seconds(2400)
    assert day.heard == [
        "09:12 ChatGPT: Chats is partly down",
        "09:51 ChatGPT: Chats is back after 38 min",
        "10:31 ChatGPT: Chats is partly down",
        "11:11 ChatGPT: Chats is back after 39 min",
        "11:52 ChatGPT: Chats is partly down",
        "12:32 ChatGPT: Chats is back after 39 min",
    ]


@pytest.mark.long
@pytest.mark.parametrize("probes", [ALL_FAIL, CHATGPT_FAILS])
def test_checks_that_fail_for_a_minute_now_and_then_tell_nothing(probes: dict[str, object]) -> None:
    """Ten times a day."""
    day = Life(network="home")
    for _ in range(10):
        day.for_seconds(3000)
        day.answers = probes  # type: ignore[assignment]  # outcomes by name
        day.for_seconds(60)
        day.answers = {}
    assert day.heard == []
    assert day.icons[-1].endswith("operational")


@pytest.mark.long
def test_degraded_that_lasts_for_a_week_is_silent_at_the_level_of_outages() -> None:
    """The icon is yellow, and the page is not hurried for it."""
    day = Life().until("09:10")
    day.page = page(down("Slow answers", DEGRADED, began="09:10", parts=("ChatGPT/Chats",)), ChatGPT=DEGRADED)
    day.for_seconds(7 * 86_400.0)
    assert (day.heard, day.icons) == ([], ["09:00 operational", "09:12 degraded"])


@pytest.mark.long
def test_a_told_trouble_of_a_week_asks_ever_less() -> None:
    """4,500 requests a day at most, the list of components included; it is told once."""
    day = Life(network="home").until("09:10")
    day.page = page(down(began="09:10", parts=("ChatGPT/Chats",)), ChatGPT=MAJOR)
    day.answers = CHATGPT_FAILS
    day.for_seconds(7 * 86_400.0)
    requests = sum(
        plan.page * (1 + plan.components) + plan.incidents + plan.native + len(plan.probes)
        for _, plan in day.plans
    )
    assert day.heard == ["09:12 ChatGPT is down"]
    assert requests / 7 <= 4500
