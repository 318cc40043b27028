"""Lives in which the page's indicator is worse than all it lists, and the native feed alone knows whom it concerns."""

from __future__ import annotations

import pytest

from tests.core.films import MISS
from tests.core.life import Life
from tests.core.lives.world import down
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, page, part, with_states
from trayapp.model import NativeReading, PageReading, State, TransitionKind

LISTED = ("Chats", "Login", "Answers API", "Codex API")
"""Those components of which none is hurt: the page lists a part of its components, as the real one does."""


def listing(indicator: State, beside: str) -> PageReading:
    """A page that is as bad as `indicator` says, with something milder on it that does not explain that."""
    match beside:
        case "a milder component":
            reading = with_states(page(indicator=indicator), Codex_Codex_Web=MAJOR, APIs_Answers_API=DEGRADED)
        case "a milder incident":
            milder = down("Slow answers in the API", DEGRADED, began="08:00", parts=("APIs/Answers API",))
            reading = with_states(page(milder, indicator=indicator), Codex_Codex_Web=MAJOR)
        case _:
            reading = with_states(page(indicator=indicator), Codex_Codex_Web=MAJOR)
    return part(reading, *LISTED)


@pytest.mark.parametrize("beside", ["nothing", "a milder component", "a milder incident"])
@pytest.mark.parametrize("indicator", [PARTIAL, MAJOR])
@pytest.mark.parametrize("feed", ["answers", "fails from 09:40 on"])
def test_it_is_of_the_product_that_the_feed_names_for_as_long_as_it_lasts(
    beside: str, indicator: State, feed: str
) -> None:
    """Whatever else is hurt a little, and though the feed then fails for hours."""
    day = Life(network="home").until("09:30")
    day.page = listing(indicator, beside)
    day.native = NativeReading({}, {}, {"Codex/Codex Web": indicator})
    day.until("09:40")
    if feed != "answers":
        day.native = MISS
    day.until("13:00")
    day.page, day.native = page(), NativeReading({}, {})
    day.until("13:30")
    told = [line.partition(" ")[2] for line in day.heard]
    assert [line for line in told if "ChatGPT" in line or "APIs" in line] == [], told
    assert len(told) == 2
    assert told[0].startswith("Codex")
    assert told[1].endswith("after 3 h 28 min")


@pytest.mark.parametrize("beside", ["nothing", "a milder component", "a milder incident"])
def test_without_a_feed_it_counts_for_all(beside: str) -> None:
    """Nobody says whom it concerns."""
    day = Life(network="home").until("09:30")
    day.page, day.native = listing(PARTIAL, beside), MISS
    day.until("10:30")
    assert {name for one in day.notices for name in one.products} == set(day.limits.follow), day.heard
    assert {one.change for one in day.notices} == {TransitionKind.START}


def test_an_indicator_that_became_milder_is_not_kept_up_by_what_the_feed_said_before() -> None:
    """Partly down until 10:30, degraded after that; the feed fails from 10:00 on."""
    day = Life(network="home").until("09:30")
    day.page = listing(PARTIAL, "nothing")
    day.native = NativeReading({}, {}, {"Codex/Codex Web": PARTIAL})
    day.until("10:00")
    day.native = MISS
    day.until("10:30")
    day.page = listing(DEGRADED, "nothing")
    day.until("11:00")
    assert [line.partition(" ")[2] for line in day.heard][1:] == [
        "Codex is no longer partly down after 58 min; still degraded"
    ]
