"""When the probes are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.core.days import (
    QUIET,
    Day,
    asked_of,
    fails,
    gaps,
    lives,
    pages,
    rolling,
    with_probe,
)
from tests.core.films import LIMITS, MISS, probe
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, page
from trayapp.core.schedule import _probe_pause
from trayapp.model import Line, Outcome, Page


def test_probes_begin_at_a_random_phase() -> None:
    """With dice that roll 0.2, a probe is first asked after the other 80 % of its interval."""
    day = Day(replace(LIMITS, page_interval=3600.0), rolling(0.2))
    day.next()
    plan = day.plan()
    assert plan.wait == pytest.approx(0.8 * 150.0)
    assert plan.probes == ("API", "ChatGPT")


def test_until_the_end_can_be_told_the_page_is_asked_every_minute() -> None:
    """A probe that failed once is waited for, and the page is watched meanwhile."""
    day = with_probe()
    day.reading = page(APIs=MAJOR)
    day.until(400)
    day.answers = fails
    asked_of(day, "API", day.second + 100)
    day.answers, day.reading = lives, page()
    day.until(day.second + 130)
    assert not day.memory.evidence["API"].clean
    assert day.plan().why in {"trouble", "probes due: API"}
    assert set(gaps(pages(day, day.second + 240))) == {60.0}


def test_an_end_that_only_waits_for_a_pause_hurries_nobody() -> None:
    """What is over is looked at as on a calm day, however long a person wants silence."""
    day = with_probe()
    day.reading = page(APIs=MAJOR)
    day.until(400)
    kept = replace(day.memory.kept, paused_until=datetime.max.replace(tzinfo=UTC))
    day.memory, day.reading = replace(day.memory, kept=kept), page()
    day.until(1000)
    asked = day.until(4000)
    assert set(gaps([a.second for a in asked if a.plan.page])) == {120.0}
    assert min(gaps([a.second for a in asked if a.plan.probes])) > 140.0


def test_a_name_that_vanished_hurries_nobody() -> None:
    """What the page no longer has is not read quicker."""
    day = Day(replace(QUIET, follow=("ChatGPT", "Gone")))
    assert day.waits(3) == [0.0, 120.0, 120.0]


def test_after_coming_back_the_probes_are_asked() -> None:
    """What was due while offline is due now."""
    day = Day(LIMITS)
    day.until(400)
    day.reading, day.line = MISS, Line.OFFLINE
    day.until(3000)
    assert day.memory.line is Line.OFFLINE
    day.reading, day.line = page(), None
    while day.memory.line is Line.OFFLINE:
        day.next()
    assert set(day.plan().probes) == {"API", "ChatGPT", "Login"}
    assert day.plan().wait == 0.0


def test_probes_are_asked_at_their_own_interval() -> None:
    """API and ChatGPT every 150 s, Login every 300 s."""
    day = Day(LIMITS)
    asked = day.until(3600)
    for name, interval in (("API", 150.0), ("ChatGPT", 150.0), ("Login", 300.0)):
        assert set(gaps([a.second for a in asked if name in a.plan.probes])) == {interval}


def test_a_calm_day_stays_within_its_requests() -> None:
    """Two requests a look at the page, two more an hour, and the probes: at most 3,000."""
    asked = Day(LIMITS, rolling(0.1, 0.9, 0.4, 0.6, 0.2, 0.8)).until(86_400)
    count = sum(2 * a.plan.page + a.plan.native + a.plan.incidents + len(a.plan.probes) for a in asked)
    assert 2000 < count <= 3100


def test_after_a_failure_the_probe_is_asked_nine_times_every_22_s() -> None:
    """The burst, and then every 40 s while the score lasts, and then as ever."""
    day = with_probe()
    day.answers = fails
    failed = asked_of(day, "API", 226)
    day.answers = lives
    pauses = gaps([*failed, *asked_of(day, "API", 1200)])
    assert pauses == [22.0] * 9 + [40.0, 150.0, 150.0, 150.0, 150.0]


def test_each_failure_arms_the_burst_again() -> None:
    """Nine quick looks follow the last failure."""
    day = with_probe()
    day.answers = fails
    failed = asked_of(day, "API", 250)
    assert gaps(failed) == [22.0]
    day.answers = lives
    pauses = gaps([failed[-1], *asked_of(day, "API", 1500)])
    assert pauses[:9] == [22.0] * 9
    assert 40.0 in pauses
    assert 22.0 not in pauses[9:]


def test_an_answer_that_says_nothing_uses_up_the_burst_too() -> None:
    """One failure and then 429 for ever is nine quick looks, not a quick look every 22 s for ever."""
    day = with_probe()
    day.answers = fails
    asked_of(day, "API", 226)
    day.answers = lambda name: probe(name, Outcome.NEUTRAL, 429)
    assert gaps(asked_of(day, "API", 3600)).count(22.0) <= 9


def test_trouble_at_the_edge_is_not_met_with_quick_looks_for_ever() -> None:
    """While scores are frozen the burst runs out all the same."""
    day = with_probe()
    day.answers = fails
    asked_of(day, "API", 226)
    day.line = Line.EDGE
    assert gaps(asked_of(day, "API", 3600)).count(22.0) <= 9


def test_quick_looks_after_the_burst_come_from_a_bucket() -> None:
    """With an empty bucket a lingering suspicion is looked at as on a calm day."""
    day = with_probe()
    day.answers = fails
    day.until(300)
    assert day.memory.evidence["API"].burst
    day.answers = lives
    day.until(500)
    assert day.memory.evidence["API"].score > 0.0
    day.schedule = replace(day.schedule, tokens=0.0)
    assert _probe_pause(day.schedule, day.memory, LIMITS.probes[0], day.now, day.limits) == 150.0
    day.schedule = replace(day.schedule, tokens=1.0)
    assert _probe_pause(day.schedule, day.memory, LIMITS.probes[0], day.now, day.limits) == 40.0


def test_the_bucket_is_refilled_by_twenty_an_hour_up_to_forty() -> None:
    """A client has forty quick looks, and a day does not save up more."""
    day = with_probe()
    assert day.schedule.tokens == 40.0
    day.schedule = replace(day.schedule, tokens=0.0, tokens_at=day.now.awake)
    before = day.second
    day.until(before + 3600)
    assert day.schedule.tokens == pytest.approx((day.second - before) * 20.0 / 3600.0)
    day.until(before + 4 * 3600)
    assert day.schedule.tokens == 40.0


def test_a_quick_look_after_the_burst_takes_one_from_the_bucket() -> None:
    """While suspicion lasts."""
    day = with_probe()
    day.answers = fails
    day.until(300)
    day.answers = lives
    day.until(560)
    assert day.memory.evidence["API"].score > 0.0
    assert day.schedule.tokens < 40.0


@pytest.mark.parametrize("reading", [page(APIs=PARTIAL), page(APIs=MAJOR)])
def test_the_probes_of_a_product_that_is_down_are_asked_every_minute(reading: Page) -> None:
    """To know soon when it is back."""
    day = with_probe()
    day.reading = reading
    asked_of(day, "API", 400)
    assert set(gaps(asked_of(day, "API", 1600))) == {60.0}


def test_the_probes_of_a_degraded_product_are_asked_as_ever() -> None:
    """Degraded is not down."""
    day = with_probe()
    day.reading = page(APIs=DEGRADED)
    asked_of(day, "API", 400)
    assert set(gaps(asked_of(day, "API", 1600))) == {150.0}


def test_the_probes_of_a_product_that_was_told_are_asked_every_minute_until_it_is_over() -> None:
    """Suspected, told and not yet cleared."""
    day = with_probe()
    day.answers = fails
    asked_of(day, "API", 600)
    assert day.memory.evidence["API"].alarm
    assert set(gaps(asked_of(day, "API", 1600))) == {60.0}
    day.answers = lives
    asked_of(day, "API", 2600)
    assert min(gaps(asked_of(day, "API", 4000))) > 140.0


def test_suspicion_hurries_the_page_too() -> None:
    """A page that may post soon is asked every minute."""
    day = with_probe()
    day.answers = fails
    day.until(400)
    assert set(gaps(pages(day, 1600))) == {60.0}


def test_the_probes_of_another_product_are_not_hurried() -> None:
    """ChatGPT's trouble is no reason to ask the API."""
    day = with_probe()
    day.reading = page(ChatGPT=MAJOR)
    asked_of(day, "API", 400)
    assert set(gaps(asked_of(day, "API", 1600))) == {150.0}


def test_a_probe_that_is_asked_to_wait_waits() -> None:
    """Retry-After of a health endpoint counts as the page's does, capped at an hour."""
    for asked_for, pause in ((20.0, 150.0), (600.0, 600.0), (86_400.0, 3600.0)):
        day = with_probe()
        day.answers = lambda name, wait=asked_for: probe(name, Outcome.NEUTRAL, 429, retry_after=wait)  # type: ignore[misc]
        asked = asked_of(day, "API", 230)
        assert gaps([*asked, *asked_of(day, "API", 5000)])[0] == pause


def test_a_probe_asked_more_often_than_a_minute_is_not_slowed_by_trouble() -> None:
    """An interval of 20 s stays 20 s when the product is down."""
    quick = replace(LIMITS, probes=(replace(LIMITS.probes[0], interval=20.0),))
    day = Day(quick)
    day.reading = page(APIs=MAJOR)
    assert set(gaps(asked_of(day, "API", 600))) == {20.0}
