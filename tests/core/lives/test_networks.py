"""Lives on networks that are not the world: an employer's, a hotel's, a tunnel's, one that drops."""

from __future__ import annotations

import pytest

from tests.core.films import MISS
from tests.core.life import Life
from tests.core.lives.world import ALL_FAIL, down
from tests.core.pages import MAJOR, page
from trayapp.model import Cause, ConnectionState, Miss, NativeReading, Outcome


@pytest.mark.long
def test_an_employer_who_blocks_openai_makes_no_outage() -> None:
    """A working day there and the evening at home: nothing is told, the icon says what it does not know."""
    day = Life(network="home").until("08:00")
    day.network, day.answers = "office", ALL_FAIL
    day.sleep_until("09:00").until("17:00")
    office = day.sentence
    day.network, day.answers = "home", {}
    day.sleep_until("18:00").until("20:00")
    assert day.heard == []
    assert day.icons == ["09:00 operational", "15 09:05 operational hollow", "15 18:00 operational"]
    assert (
        office
        == "ChatGPT and APIs: cannot be reached here. Codex fine. ChatGPT cannot be reached from here, and never was on this network: it may be your network or them. APIs cannot be reached from here, and never was on this network: it may be your network or them."
    )


@pytest.mark.long
def test_a_blocked_network_from_the_first_start_on_is_said_and_never_told() -> None:
    """A week in a country that drops OpenAI's names: hollow, silent, asked no more than on a calm day."""
    day = Life(network="home", answers=ALL_FAIL).for_seconds(7 * 86_400.0)
    asked = sum(len(plan.probes) for _, plan in day.plans)
    assert day.heard == []
    assert day.icons == ["09:00 operational", "09:02 operational hollow"]
    assert asked / 7 <= 1700


def test_what_openai_posts_is_told_on_a_network_that_blocks_it() -> None:
    """The page can be read there, and its word needs no probe."""
    day = Life(network="office", answers=ALL_FAIL).until("10:00")
    day.page = page(down(began="10:00"), ChatGPT=MAJOR)
    day.until("10:30")
    day.page = page()
    day.until("10:40")
    assert day.heard == ["10:01 ChatGPT is down", "10:32 ChatGPT is back after 30 min"]
    assert day.icons == [
        "09:00 operational",
        "09:02 operational hollow",
        "10:01 major_outage",
        "10:31 operational hollow",
    ]


def test_what_is_posted_for_nobody_confirms_no_product_that_a_network_blocks() -> None:
    """It is Codex's, as the feed says 2 s later; the page's indicator is red at once."""
    day = Life(network="office", answers=ALL_FAIL).until("10:00")
    day.page = page(down("Elevated error rates", began="10:00"), Codex=MAJOR)
    day.native = NativeReading({}, {"incident1": ("Codex/Codex Web",)})
    day.until("10:30")
    assert day.heard == ["10:01 Codex is down"]


def test_a_tunnel_that_comes_up_at_noon_does_not_inherit_the_mornings_answers() -> None:
    """The VPN drops OpenAI: another network, on which it never answered."""
    day = Life(network="home").until("12:00")
    day.network, day.answers = "vpn", ALL_FAIL
    day.until("13:00")
    day.network, day.answers = "home", {}
    day.until("14:00")
    assert day.heard == []
    assert day.icons == ["09:00 operational", "12:05 operational hollow", "13:05 operational"]


def test_a_hotels_portal_is_no_outage_and_signing_in_ends_it() -> None:
    """The portal answers in everybody's place."""
    day = Life(network="home").until("09:30")
    day.network, day.page, day.line = "hotel", Miss(Cause.HTML), ConnectionState.PORTAL
    day.answers = dict.fromkeys(("API", "ChatGPT", "Login"), Outcome.LOCAL)
    day.sleep_until("20:00").until("20:10")
    before = day.sentence
    day.page, day.line, day.answers = page(), None, {}
    day.until("20:30")
    assert day.heard == []
    assert day.icons == ["09:00 operational", "20:00 offline", "20:10 operational"]
    assert (
        before
        == "Your network asks you to sign in since 20:00. Could not read OpenAI's page since 09:30: a web page came instead of data. Nothing can be said about OpenAI from here."
    )


def test_an_outage_behind_the_portal_is_told_after_signing_in() -> None:
    """Not in the minute after it, in which everything is still coming up."""
    day = Life(network="home").until("09:30")
    day.network, day.page, day.line = "hotel", Miss(Cause.HTML), ConnectionState.PORTAL
    day.answers = dict.fromkeys(("API", "ChatGPT", "Login"), Outcome.LOCAL)
    day.sleep_until("20:00").until("20:10")
    day.page, day.line, day.answers = page(down(began="19:00"), ChatGPT=MAJOR), None, {}
    day.until("20:30")
    assert day.heard == ["20:11 ChatGPT is down"]
    assert day.icons == ["09:00 operational", "20:00 offline", "20:10 major_outage"]


@pytest.mark.parametrize("times", [("10:00", "13:00", "16:00")])
def test_wifi_that_drops_three_times_a_day_tells_nothing(times: tuple[str, ...]) -> None:
    """Ten minutes each."""
    day = Life(network="home")
    for time in times:
        day.until(time)
        day.page, day.line, day.answers = MISS, ConnectionState.OFFLINE, ALL_FAIL
        day.for_seconds(600)
        day.page, day.line, day.answers = page(), None, {}
    day.until("18:00")
    assert day.heard == []
    assert day.icons == [
        "09:00 operational",
        "10:02 offline",
        "10:11 operational",
        "13:01 offline",
        "13:11 operational",
        "16:01 offline",
        "16:11 operational",
    ]


def test_a_posted_outage_is_told_on_a_line_that_drops_every_few_minutes() -> None:
    """Twenty seconds without internet in every four minutes: the train."""
    day = Life(network="train").until("09:10")
    good = page(down(began="09:10"), ChatGPT=MAJOR)
    for _ in range(15):
        day.page, day.line = good, None
        day.for_seconds(220)
        day.page, day.line = MISS, ConnectionState.OFFLINE
        day.for_seconds(20)
    assert day.heard == ["09:12 ChatGPT is down"]


@pytest.mark.long
@pytest.mark.parametrize("later", range(0, 150, 15))
def test_who_comes_back_into_an_outage_reads_the_page_within_a_minute(later: int) -> None:
    """The pauses of a page that does not answer do not grow while it is our own connection that is gone."""
    day = Life().until("10:00")
    day.page, day.line, day.answers = MISS, ConnectionState.OFFLINE, ALL_FAIL
    day.until("13:00").for_seconds(later)
    day.page, day.line = page(), None
    polled = len(day.plans)
    day.for_seconds(75)
    assert any(plan.page for _, plan in day.plans[polled:])
