"""Lives that the fuzzer found (`make fuzz`), each taken apart to what it needs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from tests.core.films import LIMITS, PROBES
from tests.core.life import Life
from tests.core.lives.world import ALL_FAIL, FAILURE, down
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, incident, page, part, with_states
from trayapp.model import Cause, ConnectionState, Level, Miss, NativeReading, Outcome, Stage


def test_a_probe_that_is_asked_no_more_raises_no_alarm_after_a_restart() -> None:
    """Its trouble was told; nothing that the others answer would ever end its alarm."""
    day = Life(limits=replace(LIMITS, level=Level.PROBLEMS), network="home").until("09:30")
    day.answers = {"Login": Outcome.ODD}
    day.until("10:00")
    assert day.memory.evidence["Login"].has_alarm
    day.answers, day.limits = {}, replace(day.limits, probes=PROBES[:1])
    day.restart()
    day.until("10:30")
    assert set(day.memory.evidence) == {"API"}
    assert day.icons[-1] == "10:00 operational"


def test_a_page_that_asks_for_an_hour_is_not_left_alone_while_a_probe_fails_that_proves_nothing() -> None:
    """Cloudflare's edge fails from here, and the page with it; no probe was ever answered on this network."""
    day = Life(network="train", answers=ALL_FAIL, line=ConnectionState.EDGE)
    day.page = Miss(Cause.STATUS, status=503, retry_after=3600.0)
    day.until("15:00")
    asked = [second for second, plan in day.plans if plan.page]
    assert max(later - sooner for sooner, later in pairwise(asked)) <= 905.0


def test_what_the_native_feed_says_alone_is_not_told_of_a_product_that_cannot_be_reached() -> None:
    """The page cannot be read meanwhile, and its last reading was fine: the icon shows no trouble of ChatGPT either."""
    day = Life(network="office", answers={"Login": FAILURE})
    other = incident("Codex fails", MAJOR, Stage.MONITORING, parts=("Codex/Codex Web",), began=-900)
    day.page = page(other)
    day.until("09:05")
    day.page, day.native = Miss(Cause.STATUS), NativeReading({}, {}, {"ChatGPT/Search": PARTIAL})
    day.until("09:14")
    assert not [line for line in day.heard if "ChatGPT" in line]
    assert not [icon for icon in day.icons if "outage" in icon]


def test_who_is_followed_in_the_middle_of_a_suspicion_is_told_of_its_end_alone() -> None:
    """A change of what is followed starts nothing, whether the page or only this computer saw the trouble."""
    day = Life(limits=replace(LIMITS, follow=("ChatGPT",)), network="home", signed=True).until("09:30")
    day.answers = {"API": FAILURE}
    day.until("09:45")
    day.change(replace(day.limits, follow=("ChatGPT", "Images")))
    day.until("10:00")
    assert day.icons[-1] == "09:45 partial_outage hollow"
    day.answers = {}
    day.until("10:30")
    assert day.heard == ["10:04 Images is back after 29 min"]


def test_what_became_worse_while_nobody_looked_did_not_begin_before_it_was_seen_to_be_better() -> None:
    """The only post is old: it was written hours before anything was down."""
    day = Life(limits=replace(LIMITS, level=Level.PROBLEMS)).until("09:30")
    posted = down(
        "ChatGPT has trouble", DEGRADED, Stage.MONITORING, began="09:10", parts=("ChatGPT/Voice mode",)
    )
    day.page = page(posted)
    day.until("10:30")
    day.page = page(posted, ChatGPT=DEGRADED)
    day.until("11:00")
    day.page = page(posted, ChatGPT=MAJOR)
    day.sleep_until("13:00").until("13:30")
    day.page = page()
    day.until("14:00")
    assert day.heard == [
        "10:31 ChatGPT: Chats and Voice mode are having problems",
        "13:02 Worse: ChatGPT is now down",
        "13:31 ChatGPT is back after 3 h",
    ]
    assert "Major outage since 11:00." in day.bodies[1]


def test_an_indicator_that_only_the_native_feed_explains_is_of_that_product_alone_for_as_long_as_it_lasts() -> (
    None
):
    """The page lists a part of its components, none of them hurt, and no incident."""
    day = Life(network="home").until("09:30")
    hurt = {"Codex_Codex_Web": MAJOR}
    day.page = part(with_states(page(indicator=MAJOR), **hurt), "Chats", "Login", "Answers API", "Codex API")
    day.native = NativeReading({}, {}, {"Codex/Codex Web": MAJOR})
    day.until("13:00")
    assert not [line for line in day.heard if "ChatGPT" in line or "APIs" in line], day.heard
    assert day.heard == ["09:31 Codex is down"]
