"""The prover's world is like the real one where that decides: the page's habits, restarts, blocks, networks."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.recorded import components, incidents
from tools.prove import outage
from tools.prove.blocks import week
from tools.prove.chance import chance
from tools.prove.client import Client
from tools.prove.figures import Figure
from tools.prove.groups import GROUPS, NAMES, plan
from tools.prove.heard import Heard, result
from tools.prove.history import history
from tools.prove.jobs import Size
from tools.prove.noise import HOUR, MINUTE
from tools.prove.pages import CORE, LAG_OF_LISTS, MEMBERS, Posting, editions
from tools.prove.rows import Row
from tools.prove.shapes import SHAPES
from tools.prove.site import feed, reading
from tools.prove.subject import PROGRAM
from tools.prove.world import FEED_MISSED, HOME, Habits, Kind, Spell, World
from trayapp.model import Outcome, Stage, State
from trayapp.model.defaults import PROBES

POSTED = Posting(
    "p",
    "Elevated error rates",
    ("APIs",),
    State.MAJOR,
    ((HOUR, Stage.INVESTIGATING), (2 * HOUR, Stage.MONITORING), (3 * HOUR, Stage.RESOLVED)),
)
CALM, OPEN, WATCHED, OVER = editions((POSTED,), 1)


def test_the_page_s_own_date_falls_back_when_its_last_incident_ends() -> None:
    """It is the newest post of what is open; without one it is months old."""
    dates = [reading(edition).updated_at for edition in (CALM, OPEN, WATCHED, OVER)]
    assert all(date is not None for date in dates)
    assert dates[0] == dates[3] < dates[1] < dates[2]  # type: ignore[operator]


def test_a_summary_lists_25_of_34_components_and_others_the_next_hour() -> None:
    """Where the whole list came too, all 34 are known."""
    assert len(components()) == sum(map(len, MEMBERS.values())) == 34
    one, other = (reading(CALM, whole=False, turn=turn) for turn in (1, 2))
    assert len(one.components) == len(other.components) == 25
    assert {c.id for c in one.components} != {c.id for c in other.components}
    assert not one.whole
    assert reading(CALM).whole
    assert len(reading(CALM).components) == 34


def test_only_the_feed_says_whom_an_incident_touches() -> None:
    """The page's incident names no component; its components are marked until a fix is watched."""
    (incident,) = reading(OPEN).incidents
    assert incident.components == ()
    assert set(feed(OPEN).concerns["p"]) == set(MEMBERS["APIs"])
    assert {c.id for c in reading(OPEN).components if c.state is State.MAJOR} == set(MEMBERS["APIs"])
    assert {c.state for c in reading(WATCHED).components} == {State.OPERATIONAL}


def test_the_list_of_past_incidents_is_behind_by_up_to_three_minutes() -> None:
    """It shows an edition later than the summary does, never sooner; then it knows the incident's end."""
    for edition in (OPEN, WATCHED, OVER):
        assert edition.at <= edition.listed <= edition.at + LAG_OF_LISTS
    assert [i.is_open for i in reading(OVER, past=OVER).incidents] == [False]


def test_one_look_at_the_feed_in_fifty_brings_nothing() -> None:
    """By itself, whatever else answers."""
    world = World((), editions((), 1), 1)
    missed = sum(world.native(float(n)) is None for n in range(10_000))
    assert missed / 10_000 == pytest.approx(FEED_MISSED, abs=0.005)


def test_a_cache_that_keeps_its_copy_shows_what_was_true_when_it_was_made() -> None:
    """Calm at most so many seconds after an outage is posted, never longer."""
    world = World((), (CALM, OPEN), 1, Habits(copies=60.0))
    read = [(t, world.page(HOUR + t)[1]) for t in range(0, 120, 3)]
    assert {edition for t, edition in read if t < 30} == {CALM, OPEN}
    assert {edition for t, edition in read if t >= 60} == {OPEN}


@pytest.mark.parametrize(
    ("hurt", "state"),
    [
        ({}, State.OPERATIONAL),
        ({"lesser": State.MAJOR}, State.PARTIAL),
        ({"core": State.MAJOR}, State.MAJOR),
        ({"core": State.PARTIAL}, State.PARTIAL),
        ({"lesser": State.DEGRADED}, State.DEGRADED),
        ({"half": State.DEGRADED}, State.PARTIAL),
        ({"half": State.MAJOR}, State.MAJOR),
    ],
)
def test_a_product_s_true_state_follows_from_its_components(hurt: dict[str, State], state: State) -> None:
    """One lesser component makes it partial; half of them or a core one make it major."""
    lesser = [number for number in MEMBERS["ChatGPT"] if number not in CORE["ChatGPT"]]
    which = {"lesser": lesser[:1], "core": list(CORE["ChatGPT"][:1]), "half": lesser[:8]}
    postings = [
        Posting(
            f"p{n}",
            "Errors",
            (),
            impact,
            ((HOUR, Stage.INVESTIGATING), (2 * HOUR, Stage.RESOLVED)),
            (number,),
        )
        for part, impact in hurt.items()
        for n, number in enumerate(which[part])
    ]
    assert editions(postings, 1)[-2 if postings else -1].state("ChatGPT") is state


def test_an_incident_that_names_nobody_lies_on_all_until_a_fix_is_watched() -> None:
    """Then it is degraded at most."""
    nobody = editions((replace(POSTED, products=()),), 1)
    assert [e.state("Codex") for e in nobody] == [
        State.OPERATIONAL, State.MAJOR, State.DEGRADED, State.OPERATIONAL
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heard", "outcome"),
    [
        (Heard.BAD_GATEWAY, Outcome.FAILURE),
        (Heard.TIMEOUT, Outcome.FAILURE),
        (Heard.RESET, Outcome.FAILURE),
        (Heard.NOWHERE, Outcome.LOCAL),
        (Heard.FORBIDDEN, Outcome.LOCAL),
        (Heard.PROXY_REFUSES, Outcome.LOCAL),
        (Heard.PROXY_SAYS_403, Outcome.LOCAL),
        (Heard.PROXY_SAYS_502, Outcome.LOCAL),
        (Heard.PROXY_GONE, Outcome.LOCAL),
        (Heard.INSPECTOR, Outcome.LOCAL),
    ],
)
def test_what_a_block_sounds_like(heard: Heard, outcome: Outcome) -> None:
    """Only a hang and a reset look like OpenAI's own trouble."""
    assert result(PROBES[0], heard).outcome is outcome


def test_a_restart_keeps_what_the_store_keeps_and_nothing_else() -> None:
    """What was told is known; what the probes heard is not."""
    stop = Spell(2 * HOUR, 2 * HOUR + 20.0, Kind.STOPPED)
    world = World([*outage.spells_of(outage.FULL_API, HOUR, 5 * HOUR), stop], editions((), 1), 1)
    client = Client(world, PROGRAM, 1)
    list(client.live(2 * HOUR - 1.0))
    before = client.memory
    after = next(seen for seen in client.live(3 * HOUR) if seen.t > 2 * HOUR)
    assert after.t >= stop.end
    assert (
        before.saved.products["APIs"].told
        is client.memory.saved.products["APIs"].told
        is not State.OPERATIONAL
    )


def test_a_computer_that_wakes_looks_at_everything_at_once() -> None:
    """Ten seconds after waking, the page and all probes."""
    sleep = Spell(HOUR, 9 * HOUR, Kind.SLEEP)
    client = Client(World([sleep], editions((), 1), 1), PROGRAM, 1, skips=False)
    first = next(seen for seen in client.live(10 * HOUR) if seen.t > HOUR)
    assert first.t == pytest.approx(9 * HOUR + 10.0)
    assert first.edition is not None
    assert first.requests[0] >= 2 + len(PROBES)


def test_networks_come_and_go_with_the_clock() -> None:
    """At home where nothing else is said."""
    world = World((), editions((), 1), 1, Habits(networks=((10.0, "office"), (20.0, HOME))))
    assert [world.network(t) for t in (0.0, 10.0, 19.0, 25.0)] == [HOME, "office", "office", HOME]


@pytest.mark.long
def test_a_proxy_that_refuses_is_no_trouble_of_openai_s() -> None:
    """A day behind each of seven manners of this network's own tells nothing."""
    blocked = week("all of OpenAI", "seven others, one a day", "always", 1, 1)
    assert blocked.notices == 0


def test_each_group_can_be_proven_by_itself() -> None:
    """Its work is the part of the whole that bears its names; a piece that two groups want is done once."""
    size = Size(weeks=0.1, trials=1, courses=1, shows=1, days=1)
    whole = plan(size, [POSTED], 1)
    assert {job.key for group in NAMES for job in plan(size, [POSTED], 1, (group,))} == {
        job.key for job in whole
    }
    assert len({(job.key, repr(job.work)) for job in whole}) == len(whole)
    assert len({group.name for group in GROUPS}) == len(GROUPS)


@pytest.mark.parametrize(("value", "mark"), [(1.0, "PASS"), (0.99, "MISS")])
def test_what_must_be_reached_is_a_miss_below_it(value: float, mark: str) -> None:
    """Shares that must be whole."""
    assert Row("told", Figure(value, value, 1.0, 10), "share", 1.0, at_least=True).mark == mark


def test_the_recorded_years_are_there_in_facts_alone() -> None:
    """So many of each time, oldest first within each, each with an end; nothing in it is prose."""
    facts = incidents()
    assert [sum(f.new_page is new for f in facts) for new in (False, True)] == [365, 170]
    assert all(a.began <= b.began for a, b in pairwise(facts))
    assert all(f.posts[-1].stage == "resolved" for f in facts)
    assert sum(f.ended <= f.began for f in facts) == 40
    assert all(" " not in word for f in facts for word in (f.id, *(f.components or ())))
    postings, name = history(None)
    assert name == f"{len(postings)} incidents of tests/data/history"


def test_the_shapes_are_what_they_are_called() -> None:
    """As many troubles of a followed product as a person should hear of, each longer than a look takes."""
    for shape in SHAPES:
        versions = editions(shape.make(chance("shape", shape.name)), 1)
        down = [[e.state(p) in (State.PARTIAL, State.MAJOR) for e in versions] for p in PROGRAM.limits.follow]
        assert sum(b and not a for states in down for a, b in pairwise(states)) == shape.troubles
        assert all(math.isinf(a.at) or b.at - a.at >= 5 * MINUTE for a, b in pairwise(versions))
