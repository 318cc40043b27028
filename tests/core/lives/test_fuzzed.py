"""Lives that the fuzzer found (`make fuzz`), each taken apart to what it needs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from tests.core.films import LIMITS, PROBES
from tests.core.life import Life
from tests.core.lives.world import ALL_FAIL, FAILURE
from tests.core.pages import MAJOR, PARTIAL, incident, page
from trayapp.model import Cause, Level, Line, Miss, Native, Outcome, Stage


def test_a_probe_that_is_asked_no_more_raises_no_alarm_after_a_restart() -> None:
    """Its trouble was told; nothing that the others answer would ever end its alarm."""
    day = Life(limits=replace(LIMITS, level=Level.PROBLEMS), network="home").until("09:30")
    day.answers = {"Login": Outcome.ODD}
    day.until("10:00")
    assert day.memory.evidence["Login"].alarm
    day.answers, day.limits = {}, replace(day.limits, probes=PROBES[:1])
    day.restart()
    day.until("10:30")
    assert set(day.memory.evidence) == {"API"}
    assert day.icons[-1] == "10:00 operational"


def test_a_page_that_asks_for_an_hour_is_not_left_alone_while_a_probe_fails_that_proves_nothing() -> None:
    """Cloudflare's edge fails from here, and the page with it; no probe was ever answered on this network."""
    day = Life(network="train", answers=ALL_FAIL, line=Line.EDGE)
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
    day.page, day.native = Miss(Cause.STATUS), Native({}, {}, {"ChatGPT/Search": PARTIAL})
    day.until("09:14")
    assert not [line for line in day.heard if "ChatGPT" in line]
    assert not [icon for icon in day.icons if "outage" in icon]
