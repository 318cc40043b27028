"""The assumed crowd is what it is said to be, and the rule that it meets is the real one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from math import inf
from typing import Any

import pytest

from tests.core.crowd.counts import crowd_count
from tools.prove import engine
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
    outages,
    rows,
    weeks,
)
from tools.prove.groups import GROUPS
from tools.prove.jobs import Size
from trayapp.core.crowd.votes import CrowdMemory
from trayapp.model import Limits, PollPlan, Round, RoundTerms
from trayapp.model.crowd import CrowdReport, CrowdSource


def test_the_assumed_rates_come_out() -> None:
    """Over twenty weeks, with their swings."""
    rng = chance("rates")
    for source, an_hour in CALM.items():
        people = sum(_counts(an_hour, {}, 20 * WEEK_BINS, rng))
        assert people == pytest.approx(an_hour * 24 * 140, rel=0.2), source


def test_a_large_outage_brings_many_and_the_same_seed_the_same() -> None:
    """Within its two hours, after the first families'."""
    found = outages("large", 3, 3)
    assert found == outages("large", 3, 3)
    assert len(found) == 3
    assert all(0 < one.some <= one.many < 120 for one in found)


@pytest.mark.long
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


def first_results(group: str, number: int) -> list[Any]:
    """What the first pieces of a group's work bring."""
    (jobs_of,) = [each.jobs for each in GROUPS if each.name == group]
    return [job.work() for job in islice(jobs_of(Size.of(2.0), 5), number)]


@pytest.mark.long
@pytest.mark.parametrize(("group", "number"), [("weeks", 1), ("unposted", 2), ("posted", 2)])
def test_a_silent_crowd_moves_no_figure_of_the_other_tables(
    monkeypatch: pytest.MonkeyPatch, group: str, number: int
) -> None:
    """The same lives with three sources on, which are asked and report nobody, to the last second and notification."""
    off, asked = first_results(group, number), 0
    calm = dict.fromkeys(CALM, 0)

    def switched_on(limits: Limits) -> Limits:
        return replace(limits, crowd=tuple(CALM))

    def plan(schedule: Any, memory: Any, terms: RoundTerms) -> PollPlan:
        nonlocal asked
        known = replace(memory, crowd=memory.crowd or CrowdMemory())
        found = original["plan"](schedule, known, replace(terms, limits=switched_on(terms.limits)))
        asked += found.crowd
        return found  # type: ignore[no-any-return]  # the original one's

    def step(memory: Any, round_: Round, limits: Limits) -> Any:
        counts = tuple(crowd_count(source, n, round_.moment.wall) for source, n in calm.items())
        known = replace(memory, crowd=memory.crowd or CrowdMemory())
        return original["step"](known, replace(round_, crowd=CrowdReport(counts)), switched_on(limits))

    def book(schedule: Any, memory: Any, round_: Round, limits: Limits, *more: Any) -> Any:
        return original["booked"](schedule, memory, round_, switched_on(limits), *more)

    original: dict[str, Callable[..., Any]] = {}
    for name, wrapped in (("plan", plan), ("step", step), ("booked", book)):
        original[name] = getattr(engine, name)
        monkeypatch.setattr(engine, name, wrapped)
    assert first_results(group, number) == off
    assert asked > 0
