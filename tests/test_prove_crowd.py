"""The assumed crowd is what it is said to be, and the rule that it meets is the real one."""

from __future__ import annotations

from math import inf

import pytest

from tools.prove.chance import chance
from tools.prove.crowd import (
    CALM,
    DAY_BINS,
    KINDS,
    OUTAGES,
    WEEK_BINS,
    Delay,
    Troubles,
    Wrong,
    _counts,
    jobs,
    outage,
    rows,
    weeks,
)
from tools.prove.jobs import Size
from trayapp.model.crowd import CrowdSource


def test_the_assumed_rates_come_out() -> None:
    """Over twenty weeks, with their swings."""
    rng = chance("rates")
    for source, an_hour in CALM.items():
        people = sum(_counts(an_hour, {}, 20 * WEEK_BINS, rng))
        assert people == pytest.approx(an_hour * 24 * 140, rel=0.2), source


def test_a_large_outage_brings_many_and_the_same_seed_the_same() -> None:
    """Within its two hours, after the first families'."""
    found = outage("large", 3)
    assert found == outage("large", 3)
    assert 0 < found.some <= found.many < 120


def test_weeks_of_plain_noise_have_no_false_many() -> None:
    """Two of them; bursts in every source at once, now and then, have. Were they usual, they would not."""
    assert weeks(Troubles(), 2, 1).many == 0
    stormy = weeks(Troubles(shared=4.0), 2, 1)
    assert stormy.many > 0
    assert stormy.some >= stormy.many
    assert 0.0 < stormy.minutes <= 14 * 24 * 60


def test_240_weeks_go_with_200_of_noise() -> None:
    """Of each kind, in pieces."""
    found = list(jobs(Size.of(200.0), 1))
    for kind in KINDS:
        pieces = [job for job in found if job.key == ("crowd", kind, "")]
        assert sum(job.work.args[1] for job in pieces) == 240  # type: ignore[attr-defined]  # a partial
    assert {job.key[1] for job in found} == {*KINDS, *OUTAGES}


def test_the_rows_say_what_is_assumed() -> None:
    """The three budgets, each with its assumption."""
    wrong = {("crowd", kind, ""): [Wrong(8.0, 3, 1, 40.0)] for kind in KINDS}
    delays = {("crowd", size, ""): [Delay(20.0, 31.0), Delay(22.0, inf)] for size in OUTAGES}
    held = [row for row in rows(wrong | delays) if row.budget is not None]
    assert [(row.budget, row.mark) for row in held] == [(0.0, "MISS"), (0.21, "PASS"), (30.0, "MISS")]
    assert all("assumed" in row.assumed for row in held)


def test_an_outage_s_people_are_those_of_every_source() -> None:
    """Each that is calm in peace is loud then."""
    assert all(set(sizes) == set(CALM) for sizes in OUTAGES.values())
    assert set(CALM) < set(CrowdSource)
    assert DAY_BINS * 7 == WEEK_BINS
