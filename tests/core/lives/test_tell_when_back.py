"""Lives with "Tell me when it is back": it goes by what the icon shows when it is ticked (law 11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS
from tests.core.life import Life
from tests.core.lives.world import at_level, down
from tests.core.pages import MAJOR, page
from trayapp.model import AboutMe, Action, Level, Stage

SECONDS = tuple(range(0, 300, 37))
"""Ticks between any two rounds, of the page, of the feed or of a probe."""


def fixed_outage(*, level: Level = Level.OUTAGES) -> Life:
    """An outage whose fix is watched, and is told as its end where outages are told."""
    day = Life(limits=at_level(level)).until("09:10")
    day.page = page(down(began="09:10"), ChatGPT=MAJOR)
    day.until("10:00")
    day.page = page(down(began="09:10", stage=Stage.MONITORING, posts=2))
    return day.until("10:10")


@pytest.mark.parametrize("level", [Level.OUTAGES, Level.NOTHING])
@pytest.mark.parametrize("second", SECONDS)
def test_what_is_ticked_while_a_fix_is_watched_is_told_when_the_icon_is_green(
    second: int, level: Level
) -> None:
    """That a fix was applied, the icon said before."""
    day = fixed_outage(level=level)
    told = len(day.heard)
    day.for_seconds(second).do(Action.TELL_WHEN_BACK).until("10:40")
    assert day.heard[told:] == []
    assert day.memory.saved.tell_when_back == ("ChatGPT",)
    day.page = page()
    day.until("10:50")
    assert [line.partition(" ")[2] for line in day.heard[told:]] == ["ChatGPT is back after 1 h 28 min"]
    assert not day.memory.saved.tell_when_back


@pytest.mark.parametrize("second", SECONDS)
def test_what_is_ticked_while_only_others_have_it_is_told_when_the_icon_is_green(second: int) -> None:
    """Whatever is asked first after that, page or probe."""
    day = Life(limits=replace(LIMITS, me=AboutMe(plan=("Plus",)))).until("10:00")
    day.page = page(
        down("ChatGPT fails for Enterprise users", began="10:00", parts=("ChatGPT/Chats",)), ChatGPT=MAJOR
    )
    day.until("10:10").for_seconds(second).do(Action.TELL_WHEN_BACK).until("10:40")
    assert day.heard == []
    day.page = page()
    day.until("10:50")
    assert [line.partition(" ")[2].rpartition(" after ")[0] for line in day.heard] == ["ChatGPT is back"]
    assert not day.memory.saved.tell_when_back


@pytest.mark.parametrize("second", SECONDS[::4])
def test_a_fix_that_failed_is_told_as_ever_after_a_tick(second: int) -> None:
    """The icon never was green in between; and that a fix is then applied is the end, as it always is."""
    day = fixed_outage()
    day.for_seconds(second).do(Action.TELL_WHEN_BACK).until("10:20")
    day.page = page(down(began="09:10", posts=3), ChatGPT=MAJOR)
    day.until("10:50")
    day.page = page(down(began="09:10", stage=Stage.MONITORING, posts=4))
    day.until("11:00")
    assert [line.partition(" ")[2] for line in day.heard[2:]] == [
        "Worse: ChatGPT is now down",
        "ChatGPT is back after 1 h 38 min",
    ]
