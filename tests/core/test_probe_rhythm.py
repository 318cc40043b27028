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
from tests.core.films import LIMITS, MISS, PROBE_INTERVAL, probe
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, page
from trayapp.core.polling.probes import probe_pause
from trayapp.model import ConnectionState, Outcome, PageReading, RoundTerms
from trayapp.model.defaults import PAGE_INTERVAL, PAGE_INTERVAL_IN_TROUBLE


def test_probes_begin_at_a_random_phase() -> None:
    """With dice that roll 0.2, a probe is first asked after the other 80 % of its interval."""
    day = Day(replace(LIMITS, page_interval=3600.0), rolling(0.2))
    day.next()
    plan = day.plan()
    assert plan.wait == pytest.approx(0.8 * PROBE_INTERVAL)
    assert plan.probes == ("API", "ChatGPT")


def test_until_the_end_can_be_told_the_page_is_asked_every_minute() -> None:
    """The answers are counted, and the page is watched meanwhile."""
    day = with_probe()
    day.answers = fails
    day.until(600)
    day.answers = lives
    day.until(700)
    assert not day.memory.evidence["API"].is_clean
    assert set(gaps(pages(day, 820))) == {PAGE_INTERVAL_IN_TROUBLE}


def test_an_end_that_only_waits_for_a_pause_hurries_nobody() -> None:
    """What is over is looked at as on a calm day, however long a person wants silence."""
    day = with_probe()
    day.reading = page(APIs=MAJOR)
    day.until(400)
    kept = replace(day.memory.saved, paused_until=datetime.max.replace(tzinfo=UTC))
    day.memory, day.reading = replace(day.memory, saved=kept), page()
    day.until(1000)
    asked = day.until(4000)
    assert set(gaps([a.second for a in asked if a.plan.page])) == {PAGE_INTERVAL}
    assert min(gaps([a.second for a in asked if a.plan.probes])) > 140.0


def test_a_name_that_vanished_hurries_nobody() -> None:
    """What the page no longer has is not read quicker."""
    day = Day(replace(QUIET, follow=("ChatGPT", "Gone")))
    assert day.waits(3) == [0.0, PAGE_INTERVAL, PAGE_INTERVAL]


def test_offline_no_probe_is_hurried() -> None:
    """What failed before the connection went is asked as ever until it is back."""
    day = with_probe()
    day.answers = fails
    day.until(300)
    assert day.memory.evidence["API"].burst_left
    day.reading, day.line = MISS, ConnectionState.OFFLINE
    day.until(500)
    assert set(gaps(asked_of(day, "API", 3000))) == {PROBE_INTERVAL}


def test_a_probe_s_answer_shows_that_the_connection_is_back() -> None:
    """The page need not be asked first."""
    day = with_probe()
    day.reading, day.line, day.answers = MISS, ConnectionState.OFFLINE, fails
    day.until(1000)
    before = day.memory.connection
    assert before is ConnectionState.OFFLINE
    day.line, day.answers = None, lives
    while not day.next().plan.probes:
        pass
    assert day.memory.connection is ConnectionState.GOOD


def test_the_first_failure_of_a_probe_asks_the_others_at_once() -> None:
    """Once, so that one cause is one notice."""
    day = Day(LIMITS)
    day.until(80)
    day.answers = lambda name: (fails if name == "API" else lives)(name)
    while "API" not in day.next().plan.probes:
        pass
    assert (day.plan().wait, day.plan().probes) == (0.0, ("Login",))
    day.next()
    assert asked_of(day, "Login", 400) == []


def test_probes_that_all_fail_are_asked_once_and_not_in_turn_for_ever() -> None:
    """The first failure of the second probe is no reason to ask the first one again."""
    day = Day(LIMITS)
    day.until(160)
    day.answers = fails
    assert [(a.second, a.plan.probes) for a in day.until(280) if a.plan.probes] == [
        (225.0, ("API", "ChatGPT")),
        (225.0, ("Login",)),
        (249.0, ("API", "ChatGPT", "Login")),
        (273.0, ("API", "ChatGPT", "Login")),
    ]


def test_a_failing_probe_asks_for_the_page_in_its_own_round() -> None:
    """Unless it was read in the 20 s before: a reading is the best proof of the connection."""
    day = with_probe()
    day.answers = fails
    while not (plan := day.next().plan).probes:
        pass
    assert (plan.page, plan.page_if_failing) == (False, True)
    asked = day.until(500)
    read = [a.second for a in asked if a.plan.page]
    failed = [a for a in asked if a.plan.probes]
    assert len(failed) > 5
    for each in failed:
        before = max((second for second in read if second < each.second), default=PAGE_INTERVAL)
        assert each.plan.page is (each.second - before >= 20.0)


def test_probes_are_asked_at_their_own_interval() -> None:
    """API and ChatGPT every 150 s, Login every 300 s."""
    day = Day(LIMITS)
    asked = day.until(3600)
    for name, interval in ((spec.name, spec.interval) for spec in LIMITS.probes):
        assert set(gaps([a.second for a in asked if name in a.plan.probes])) == {interval}


@pytest.mark.long
def test_a_calm_day_stays_within_its_requests() -> None:
    """Two requests a look at the page, two more an hour, and the probes: at most 3,000."""
    asked = Day(LIMITS, rolling(0.1, 0.9, 0.4, 0.6, 0.2, 0.8)).until(86_400)
    count = sum(2 * a.plan.page + a.plan.native + a.plan.incidents + len(a.plan.probes) for a in asked)
    assert 2000 < count <= 3100


def test_after_a_failure_the_probe_is_asked_nine_times_every_24_s() -> None:
    """The burst, and then every 40 s while the score lasts, and then as ever."""
    day = with_probe()
    day.answers = fails
    failed = asked_of(day, "API", 226)
    day.answers = lives
    pauses = gaps([*failed, *asked_of(day, "API", 1200)])
    assert pauses[:9] == [24.0] * 9
    assert 35.0 <= pauses[9] <= 40.0, "up to 5 s early, with a poll of the page"
    assert pauses[10:] == [PROBE_INTERVAL] * 4


def test_each_failure_arms_the_burst_again() -> None:
    """Nine quick looks follow the last failure."""
    day = with_probe()
    day.answers = fails
    failed = asked_of(day, "API", 250)
    assert gaps(failed) == [24.0]
    day.answers = lives
    pauses = gaps([failed[-1], *asked_of(day, "API", 1500)])
    assert pauses[:9] == [24.0] * 9
    assert 40.0 in pauses
    assert 24.0 not in pauses[9:]


def test_an_answer_that_says_nothing_uses_up_the_burst_too() -> None:
    """One failure and then 429 for ever is nine quick looks, not a quick look every 24 s for ever."""
    day = with_probe()
    day.answers = fails
    asked_of(day, "API", 226)
    day.answers = lambda name: probe(name, Outcome.NEUTRAL, 429)
    assert gaps(asked_of(day, "API", 3600)).count(24.0) <= 9


def test_trouble_at_the_edge_is_not_met_with_quick_looks_for_ever() -> None:
    """While scores are frozen the burst runs out all the same."""
    day = with_probe()
    day.answers = fails
    asked_of(day, "API", 226)
    day.line = ConnectionState.EDGE
    assert gaps(asked_of(day, "API", 3600)).count(24.0) <= 9


def test_quick_looks_after_the_burst_come_from_a_bucket() -> None:
    """With an empty bucket a lingering suspicion is looked at as on a calm day."""
    day = with_probe()
    day.answers = fails
    day.until(300)
    assert day.memory.evidence["API"].burst_left
    day.answers = lives
    day.until(520)
    assert day.memory.evidence["API"].score > 0.0
    day.schedule = replace(day.schedule, tokens=0.0)
    assert (
        probe_pause(day.schedule, day.memory, LIMITS.probes[0], RoundTerms(day.now, day.limits))
        == PROBE_INTERVAL
    )
    day.schedule = replace(day.schedule, tokens=1.0)
    assert probe_pause(day.schedule, day.memory, LIMITS.probes[0], RoundTerms(day.now, day.limits)) == 40.0


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


@pytest.mark.parametrize("reading", [page(APIs=DEGRADED), page(APIs=PARTIAL), page(APIs=MAJOR)])
def test_the_probes_of_trouble_that_they_do_not_see_are_asked_as_ever(reading: PageReading) -> None:
    """The page's word ends it, and they have nothing to say."""
    day = with_probe()
    day.reading = reading
    asked_of(day, "API", 400)
    assert set(gaps(asked_of(day, "API", 1600))) == {PROBE_INTERVAL}


def test_the_probe_of_a_posted_outage_that_it_saw_is_asked_every_40_s() -> None:
    """To know soon when it is back."""
    day = with_probe()
    day.reading, day.answers = page(APIs=MAJOR), fails
    asked_of(day, "API", 600)
    assert set(gaps(asked_of(day, "API", 1600))) == {40.0}


def test_the_probe_of_a_suspected_outage_is_asked_every_40_s_until_it_is_over() -> None:
    """And every 100 s after two hours."""
    day = with_probe()
    day.answers = fails
    asked_of(day, "API", 600)
    assert day.memory.evidence["API"].has_alarm
    assert set(gaps(asked_of(day, "API", 7200))) == {40.0}
    day.until(7700)
    assert set(gaps(asked_of(day, "API", 9000))) == {100.0}
    day.answers = lives
    day.until(10_000)
    assert min(gaps(asked_of(day, "API", 12_000))) > 140.0


def test_the_probe_of_a_new_outage_is_asked_every_40_s_beside_one_that_lasts() -> None:
    """Two hours of ChatGPT's trouble make the API's no older."""
    day = with_probe()
    day.reading = page(ChatGPT=MAJOR)
    day.until(9000)
    day.answers = fails
    day.until(9600)
    assert day.memory.evidence["API"].has_alarm
    assert set(gaps(asked_of(day, "API", 10_600))) == {40.0}


def test_suspicion_hurries_the_page_too() -> None:
    """Each failure asks for the page: it may post soon."""
    day = with_probe()
    day.answers = fails
    day.until(400)
    assert set(gaps(pages(day, 1600))) == {40.0}


def test_the_probes_of_another_product_are_not_hurried() -> None:
    """ChatGPT's trouble is no reason to ask the API."""
    day = with_probe()
    day.reading = page(ChatGPT=MAJOR)
    asked_of(day, "API", 400)
    assert set(gaps(asked_of(day, "API", 1600))) == {PROBE_INTERVAL}


def test_a_probe_that_is_asked_to_wait_waits() -> None:
    """Retry-After of a health endpoint counts as the page's does, capped at an hour."""
    for asked_for, pause in ((20.0, PROBE_INTERVAL), (600.0, 600.0), (86_400.0, 3600.0)):
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
