"""Lives in which other people report trouble: what the program shows of it, and what it never does because of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import groupby, pairwise

import pytest

from tests.core.crowd.counts import CALM, GITHUB, MASTODON, NEWS, keep_asking
from tests.core.films import LIMITS, MISS
from tests.core.life import Life
from tests.core.lives.world import ALL_FAIL, CHATGPT_FAILS, down
from tests.core.pages import BEGAN, DEGRADED, MAINTENANCE, MAJOR, page
from trayapp.core.crowd.votes import CrowdMemory
from trayapp.core.details_page.crowd_worth import Worth, rate_spells
from trayapp.model import (
    Action,
    ConnectionState,
    Level,
    Limits,
    Look,
    Reason,
    ReasonKind,
    SeenIncident,
    State,
)
from trayapp.model.crowd import CrowdSource, CrowdWord

CROWD = replace(LIMITS, crowd=("github", "hacker_news", "mastodon"))
CROWD_TOLD = replace(CROWD, crowd_notify=True)
DAYS = timedelta(days=5)
TAUGHT = keep_asking(CrowdMemory(), BEGAN - DAYS, DAYS, CALM)
MANY: Mapping[CrowdSource, int] = {GITHUB: 12, NEWS: 3, MASTODON: 5}
FEWER: Mapping[CrowdSource, int] = {GITHUB: 4, NEWS: 1, MASTODON: 2}
ONE_FAMILY: Mapping[CrowdSource, int] = {GITHUB: 12, NEWS: 3, MASTODON: 0}
PEOPLE = "people report problems with ChatGPT"


def life_with_crowd(limits: Limits = CROWD) -> Life:
    """A life whose program has learnt for five days what is usual; people are calm."""
    life = Life(limits)
    life.memory = replace(life.memory, crowd=TAUGHT)
    life.people = CALM
    return life


def kinds(life: Life) -> dict[str, ReasonKind]:
    """What is said of other people, by product."""
    assert life.verdict is not None
    return {r.subject: r.kind for r in life.verdict.reasons if r.kind.startswith(("people", "reports"))}


def test_many_reports_make_a_calm_look_hollow_and_say_so_in_one_line() -> None:
    """Nothing pops up; half an hour after the last unusual count it is over."""
    day = life_with_crowd().until("09:40")
    assert day.icons == ["09:00 operational"]
    day.people = MANY
    day.until("10:30")
    view = day.view
    assert view.look == Look(State.OPERATIONAL, hollow=True)
    assert [line.text for line in view.menu if line.key == "people"] == [
        "People report problems with ChatGPT; OpenAI has posted nothing, and the checks from this computer are fine"
    ]
    assert PEOPLE in view.tooltip
    assert PEOPLE in view.title
    looks = {line.key: line.look for line in view.menu if line.key.startswith("product:")}
    assert looks["product:ChatGPT"] == Look(State.OPERATIONAL, hollow=True)
    assert looks["product:APIs"] == Look(State.OPERATIONAL)
    assert "OpenAI reports no trouble" in day.sentence
    assert "People report problems with ChatGPT" in day.sentence
    day.people = CALM
    day.until("12:00")
    assert [icon.partition(" ")[2] for icon in day.icons] == [
        "operational",
        "operational hollow",
        "operational",
    ]
    assert day.heard == []
    assert kinds(day) == {}


@pytest.mark.parametrize("people", [ONE_FAMILY, CALM, {**FEWER, MASTODON: 0}])
def test_a_burst_in_one_family_shows_nothing(people: Mapping[CrowdSource, int]) -> None:
    """Developers alone may be wrong about their own tool."""
    day = life_with_crowd().until("09:40")
    day.people = people
    day.until("11:00")
    assert day.icons == ["09:00 operational"]
    assert day.heard == []


def test_beside_a_suspicion_the_reports_are_a_reason() -> None:
    """Under the verdict, and in the notification that the probes alone bring about."""
    alone, day = Life(LIMITS, network="home").until("10:00"), life_with_crowd().until("09:30")
    day.network = "home"
    day.people = ONE_FAMILY
    day.until("10:00")
    alone.answers = day.answers = CHATGPT_FAILS
    alone.until("10:30")
    day.until("10:30")
    assert day.heard == alone.heard
    assert len(day.heard) == 1
    assert kinds(day) == {"ChatGPT": ReasonKind.PEOPLE_REPORT_TOO}
    assert "Other people report problems with ChatGPT too, since 09:" in day.bodies[0]
    assert "Other people" not in alone.bodies[0]


def test_beside_a_posted_outage_they_are_context() -> None:
    """First that they last, then since when they have been falling."""
    day = life_with_crowd().until("09:30")
    day.people = MANY
    day.until("09:50")
    day.page = page(down(began="09:50"), ChatGPT=MAJOR)
    day.until("10:20")
    assert kinds(day) == {"ChatGPT": ReasonKind.REPORTS_LAST}
    assert "Other people have reported problems with ChatGPT since 09:" in day.sentence
    day.people = FEWER
    day.until("10:40")
    assert kinds(day) == {"ChatGPT": ReasonKind.REPORTS_FALL}
    assert "Other people's reports on ChatGPT have been falling since 10:" in day.sentence
    day.people = CALM
    day.until("11:40")
    assert kinds(day) == {}


def outage(day: Life) -> None:
    """Seen here first, then posted, then over."""
    day.network, day.answers = "home", CHATGPT_FAILS
    day.until("10:10")
    day.page = page(down(began="10:10"), ChatGPT=MAJOR)
    day.until("10:40")
    day.page, day.answers = page(), {}
    day.until("13:00")


def unposted_outage(day: Life) -> None:
    """Never posted."""
    day.network, day.answers = "home", ALL_FAIL
    day.until("10:40")
    day.answers = {}
    day.until("13:00")


def posted_alone(day: Life) -> None:
    """Milder and milder."""
    for state in (MAJOR, DEGRADED, MAINTENANCE):
        day.page = page(ChatGPT=state)
        day.for_seconds(1800)
    day.page = page()
    day.until("13:00")


def flapping(day: Life) -> None:
    """It comes and goes."""
    for _ in range(6):
        day.page = page(ChatGPT=MAJOR)
        day.for_seconds(400)
        day.page = page()
        day.for_seconds(400)
    day.until("13:00")


def blind(day: Life) -> None:
    """The page cannot be read, then this computer is offline, then it sleeps."""
    day.page = MISS
    day.until("10:30")
    day.line, day.answers = ConnectionState.OFFLINE, ALL_FAIL
    day.until("11:00")
    day.line, day.answers, day.page = None, {}, page()
    day.sleep_until("12:00")
    day.until("13:00")


def restart_in_outage(day: Life) -> None:
    """The program starts anew in the middle of an outage."""
    day.page = page(ChatGPT=MAJOR)
    day.until("10:30")
    crowd = day.memory.crowd
    day.restart()
    day.memory = replace(day.memory, crowd=crowd)
    day.until("11:00")
    day.page = page()
    day.until("13:00")


@pytest.mark.long
@pytest.mark.parametrize("told", [CROWD, CROWD_TOLD])
@pytest.mark.parametrize("live", [outage, unposted_outage, posted_alone, flapping, blind, restart_in_outage])
def test_other_people_change_neither_a_state_nor_what_is_told(
    live: Callable[[Life], None], told: Limits
) -> None:
    """The same day with a crowd that never ceases: every transition, at the same minute, and every state."""
    alone, day = Life(LIMITS).until("09:30"), life_with_crowd(told).until("09:30")
    day.people = MANY
    live(alone)
    live(day)
    assert [(at, t) for at, t, _ in day.told] == [(at, t) for at, t, _ in alone.told]
    assert day.heard == alone.heard
    assert day.memory.saved == alone.memory.saved
    assert day.memory.product_states == alone.memory.product_states
    assert [(second, replace(plan, crowd=False)) for second, plan in day.plans] == alone.plans
    assert colours(day) == colours(alone)
    if live in {outage, posted_alone, flapping}:
        # They still speak of what is over: the look is solid again at the same minute.
        assert kinds(day) == {}
        assert day.icons[-1] == alone.icons[-1]


def colours(day: Life) -> list[str]:
    """The icon's states one after the other, whether or not they were hollow."""
    return [state for state, _ in groupby(icon.removesuffix(" hollow").split(" ")[-1] for icon in day.icons)]


def test_nobody_is_asked_while_offline_or_paused_and_never_too_often() -> None:
    """On a calm day every ten minutes or a little later; after an unusual count more often, 60 requests an hour at most."""
    day = life_with_crowd().until("11:00")
    asked = [second for second, plan in day.plans if plan.crowd]
    assert 9 <= len(asked) <= 12
    assert min(b - a for a, b in pairwise(asked)) >= 600.0
    day.people = MANY
    day.until("13:00")
    often = [second for second, plan in day.plans if plan.crowd and second > asked[-1]]
    assert min(b - a for a, b in pairwise(often)) >= 300.0
    assert len(often) > 15
    day.do(Action.PAUSE, "1h")
    day.for_seconds(1200)
    assert not any(plan.crowd for second, plan in day.plans if second > 4 * 3600.0)
    day.do(Action.RESUME)
    day.line, day.answers, day.page = ConnectionState.OFFLINE, ALL_FAIL, MISS
    day.for_seconds(600)
    begun = day.plans[-1][0]
    day.for_seconds(7200)
    assert not any(plan.crowd for second, plan in day.plans if second > begun)


def test_a_country_s_searches_are_asked_for_only_while_trouble_shows_and_seldom() -> None:
    """Twice an hour at most; on a calm day never."""
    day = life_with_crowd(replace(CROWD, crowd=(*CROWD.crowd, "trends"))).until("10:30")
    assert not any(plan.trends for _, plan in day.plans)
    begun = day.plans[-1][0]
    day.page = page(ChatGPT=MAJOR)
    day.until("13:00")
    asked = [second for second, plan in day.plans if plan.trends]
    assert 4 <= len(asked) <= 5
    assert asked[0] > begun
    assert min(b - a for a, b in pairwise(asked)) >= 1800.0


def test_off_means_off() -> None:
    """What was learnt before has no effect, and nobody is asked."""
    day = life_with_crowd(LIMITS)
    day.people = MANY
    day.until("12:00")
    assert not any(plan.crowd for _, plan in day.plans)
    assert day.icons == ["09:00 operational"]
    assert day.verdict is not None
    assert day.verdict.crowd is None


def test_before_three_days_have_taught_it_nothing_is_known() -> None:
    """Whatever people say."""
    day = life_with_crowd()
    day.memory = replace(day.memory, crowd=CrowdMemory())
    day.people = MANY
    day.until("12:00")
    assert day.verdict is not None
    assert day.verdict.crowd is not None
    assert (day.verdict.crowd.word, day.verdict.crowd.learning) == (CrowdWord.NOT_KNOWN, True)
    assert day.icons == ["09:00 operational"]


def test_nobody_names_what_the_person_follows() -> None:
    """Who follows the APIs alone is not told of ChatGPT; who is told that "OpenAI" is down may mean any."""
    apis = life_with_crowd(replace(CROWD, follow=("APIs",))).until("09:30")
    apis.people = MANY
    assert apis.until("10:30").icons == ["09:00 operational"]
    apis.people_name = ()
    assert apis.until("11:00").icons[1:] != []
    assert kinds(apis) == {"APIs": ReasonKind.PEOPLE_REPORT}


@pytest.mark.parametrize(
    ("limits", "prepare", "times"),
    [
        (CROWD, None, 0),
        (CROWD_TOLD, None, 1),
        (replace(CROWD_TOLD, level=Level.NOTHING), None, 0),
        (replace(CROWD_TOLD, cap_per_day=0), None, 0),
        (CROWD_TOLD, "paused", 0),
    ],
)
def test_they_are_notified_by_themselves_only_if_wanted_and_once(
    limits: Limits, prepare: str | None, times: int
) -> None:
    """Not while paused, at level "nothing", or over the day's cap."""
    day = life_with_crowd(limits).until("09:30")
    day.people = MANY
    if prepare == "paused":
        day.do(Action.PAUSE, "tomorrow")
    day.until("11:30")
    assert [one.title for one in day.crowd_told] == ["People report problems with ChatGPT"] * times
    assert day.heard == []


def test_what_they_were_worth_is_counted() -> None:
    """One spell early, one late, one wrong, one that OpenAI may still post."""
    day = life_with_crowd()
    for begins in ("10:00", "13:00", "16:00", "19:00"):
        day.people = CALM
        day.until(begins)
        day.people = MANY
        day.for_seconds(1500)
    day.people = CALM
    day.until("20:15")
    assert day.memory.crowd is not None
    seen = [
        SeenIncident(down(began="10:40", ended="11:30"), day.now.wall),
        SeenIncident(down(began="12:50", ended="14:00", number=2), day.now.wall),
    ]
    rated = rate_spells(day.memory.crowd.spells, seen, day.now.wall)
    assert [each.worth for each in rated] == [Worth.EARLY, Worth.LATE, Worth.WRONG, Worth.OPEN]


def test_a_reason_of_other_people_never_quotes_them() -> None:
    """Only the product's name and a time."""
    day = life_with_crowd().until("09:30")
    day.people = MANY
    day.until("10:30")
    assert day.verdict is not None
    reason = next(r for r in day.verdict.reasons if r.kind is ReasonKind.PEOPLE_REPORT)
    assert reason == Reason(ReasonKind.PEOPLE_REPORT, "ChatGPT", total=2, since=reason.since)
