"""Open incidents: how they weigh, and whom they concern."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS, MISS, look, play, states
from tests.core.pages import (
    DEGRADED,
    MAINTENANCE,
    MAJOR,
    OPERATIONAL,
    PARTIAL,
    component,
    incident,
    page,
)
from trayapp.model import LADDER, Incident, NativeReading, Reason, ReasonKind, Round, Stage, State


def concerned_products(name: str, *, impact: State = PARTIAL) -> set[str]:
    """The followed products that an incident of this name concerns, by its name alone."""
    film = play([look(0, page(incident(name, impact)))])
    return {p.name for p in film.last.products if p.state is impact}


def test_an_open_incident_weighs_though_every_component_is_operational() -> None:
    """Its impact is the state of the product that its components belong to."""
    reading = page(incident(impact=DEGRADED, parts=("Codex/Terminal",)))
    assert states(reading) == {"ChatGPT": OPERATIONAL, "APIs": OPERATIONAL, "Codex": DEGRADED}


@pytest.mark.parametrize("stage", [Stage.RESOLVED, Stage.COMPLETED])
def test_an_incident_that_is_over_changes_nothing(stage: Stage) -> None:
    """Resolved and completed incidents are not listed, nor do they weigh."""
    film = play([look(0, page(incident("ChatGPT is down", stage=stage)))])
    assert film.last.state is OPERATIONAL
    assert film.last.incidents == ()


def test_an_incident_with_impact_none_is_shown_and_changes_nothing() -> None:
    """It is listed with its product, which stays green."""
    film = play([look(0, page(incident("ChatGPT: a note", OPERATIONAL)))])
    assert film.last.state is OPERATIONAL
    assert [i.products for i in film.last.incidents] == [("ChatGPT",)]
    assert film.last.find_incident("incident1") == film.last.incidents[0]
    assert Reason(ReasonKind.INCIDENT, subject="incident1") in film.last.reasons


def test_a_maintenance_that_lies_ahead_changes_nothing() -> None:
    """Scheduled is not begun."""
    film = play([look(0, page(incident("ChatGPT upgrade", MAINTENANCE, Stage.SCHEDULED)))])
    assert film.last.state is OPERATIONAL
    assert len(film.last.incidents) == 1


def test_a_maintenance_under_way_is_maintenance() -> None:
    """It shows as its own state."""
    film = play([look(0, page(incident("ChatGPT upgrade", MAINTENANCE, Stage.IN_PROGRESS)))])
    assert film.last.state is MAINTENANCE


def test_an_incident_that_names_nobody_concerns_all_that_are_followed() -> None:
    """Where neither components nor title tell, everybody who is followed is concerned, and nobody else."""
    limits = replace(LIMITS, follow=("ChatGPT", "Codex"))
    film = play([look(0, page(incident("Elevated errors", PARTIAL)))], limits)
    assert {p.name: p.state for p in (*film.last.products, *film.last.others)} == {
        "ChatGPT": PARTIAL,
        "Codex": PARTIAL,
        "APIs": OPERATIONAL,
    }
    assert film.last.incidents[0].products == ()


@pytest.mark.parametrize(
    ("title", "products"),
    [
        ("ChatGPT is down", {"ChatGPT"}),
        ("Errors in the Codex API", {"Codex"}),
        ("Errors in the API", {"APIs"}),
        ("Errors across our APIs and ChatGPT", {"APIs", "ChatGPT"}),
        ("Voice Mode cuts out", {"ChatGPT"}),
        ("Chats are slow", {"ChatGPT", "APIs", "Codex"}),
        ("Slow Chats", {"ChatGPT"}),
        ("Login fails", {"ChatGPT", "APIs", "Codex"}),
        ("Search is slow", {"ChatGPT", "APIs", "Codex"}),
        ("ChatGPT: Login fails", {"ChatGPT"}),
        ("Codex: Search fails", {"Codex"}),
        ("Terminal and Editors fail", {"Codex"}),
        ("Terminal does not start", {"ChatGPT", "APIs", "Codex"}),
        ("We search for a cause", {"ChatGPT", "APIs", "Codex"}),
        ("Rapids ahead", {"ChatGPT", "APIs", "Codex"}),
        ("codex web is slow", {"Codex"}),
    ],
)
def test_a_title_tells_whom_an_incident_concerns(title: str, products: set[str]) -> None:
    """The longest name counts, one-word names only as the page spells them, and never within another word.

    A title's first word is capital anyhow, and words of the language name nobody: Login, Search.
    """
    assert concerned_products(title) == products


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("ChatGPT is not working.", {"ChatGPT"}),
        ("We see errors in Codex. ChatGPT is not affected.", {"Codex"}),
        ("Errors in Codex, not in the API.", {"Codex"}),
        ("Errors in Codex; no impact to ChatGPT.", {"Codex"}),
        ("Errors in Codex. ChatGPT remains unaffected.", {"Codex"}),
        ("Unaffected: ChatGPT. Errors in Codex.", {"Codex"}),
        ("We look into it.", {"ChatGPT", "APIs", "Codex"}),
    ],
)
def test_a_post_tells_whom_an_incident_concerns(text: str, products: set[str]) -> None:
    """Who is said not to be hurt is not concerned; "ChatGPT is not working" says no such thing."""
    broad = incident("Elevated errors", PARTIAL)
    posted = replace(broad, updates=tuple(replace(u, text=text) for u in broad.updates))
    film = play([look(0, page(posted))])
    assert {p.name for p in film.last.products if p.state is PARTIAL} == products


def test_the_posts_of_an_incident_go_before_its_title() -> None:
    """A title is written first and seldom mended."""
    named = incident("ChatGPT is slow", PARTIAL)
    posted = replace(named, updates=tuple(replace(u, text="The cause is in Codex.") for u in named.updates))
    assert states(page(posted)) == {"ChatGPT": OPERATIONAL, "APIs": OPERATIONAL, "Codex": PARTIAL}


def test_an_incident_that_names_a_placeholder_concerns_nobody_and_explains_nothing() -> None:
    """GitHub has one, "Visit www.githubstatus.com for more": the indicator beside it counts for all."""
    sign = component("Visit www.status.test for more", None)
    named = incident("ChatGPT is slow", PARTIAL, parts=(sign.id,))
    reading = page(named, indicator=PARTIAL)
    film = play([look(0, replace(reading, components=(*reading.components, sign)))])
    assert {p.state for p in film.last.products} == {PARTIAL}
    assert Reason(ReasonKind.INDICATOR, state=PARTIAL, word="partial_outage") in film.last.reasons


def test_the_components_an_incident_names_go_before_its_title() -> None:
    """A title may speak of one product while another is hit."""
    reading = page(incident("ChatGPT is slow", PARTIAL, parts=("APIs/Batch",)))
    assert states(reading) == {"ChatGPT": OPERATIONAL, "APIs": PARTIAL, "Codex": OPERATIONAL}


def test_an_incident_that_names_only_unknown_components_goes_by_its_title() -> None:
    """Ids that the page no longer lists tell nothing."""
    reading = page(incident("ChatGPT is slow", PARTIAL, parts=("gone",)))
    assert states(reading)["ChatGPT"] is PARTIAL


def test_the_native_feed_tells_whom_an_incident_concerns() -> None:
    """Where the page's incident names no component, the feed's list does."""
    native = NativeReading({}, {"incident1": ("APIs/Batch", "gone")})
    reading = page(incident("ChatGPT is slow", PARTIAL))
    assert states(reading, native=native) == {"ChatGPT": OPERATIONAL, "APIs": PARTIAL, "Codex": OPERATIONAL}


def test_the_native_feed_mends_groups() -> None:
    """A component that the feed puts into another group counts there."""
    native = NativeReading({"ChatGPT/Chats": "Codex"}, {})
    assert states(page(ChatGPT=MAJOR), native=native) == {
        "ChatGPT": OPERATIONAL,
        "APIs": OPERATIONAL,
        "Codex": MAJOR,
    }


def test_the_native_feed_gives_groups_to_components_without() -> None:
    """A new component that nobody knows belongs where the feed puts it."""
    new = component("Agents", None, MAJOR)
    reading = replace(page(), components=(*page().components, new))
    assert states(reading)["APIs"] is OPERATIONAL
    assert states(reading, native=NativeReading({new.id: "APIs"}, {}))["APIs"] is PARTIAL


def test_the_native_feed_is_remembered_over_rounds() -> None:
    """What it said holds for the readings that follow, whether or not the page changes."""
    native = NativeReading({"ChatGPT/Chats": "Codex"}, {})
    reading = page(ChatGPT=MAJOR)
    film = play([look(0, reading), look(60, reading, native=native), look(120, reading)])
    assert [p.state for p in film.last.products] == [OPERATIONAL, OPERATIONAL, MAJOR]


KNOWN = NativeReading({}, {"incident1": ("ChatGPT/Chats",)})


def states_shown(*rounds: Round) -> list[State]:
    """What each round shows of everything, after a calm one."""
    return [v.state for v in play([look(0, page()), *rounds]).shown[1:]]


def test_an_incident_that_names_nobody_waits_for_the_feed_as_degraded() -> None:
    """Ninety seconds at most: until the feed has said whom it concerns, nobody is called down for it."""
    unsure = page(incident("Elevated errors", MAJOR), indicator=DEGRADED)
    assert states_shown(*(look(t, unsure) for t in (120, 150, 209, 210))) == [
        DEGRADED,
        DEGRADED,
        DEGRADED,
        MAJOR,
    ]


def test_the_feeds_answer_counts_with_the_next_reading() -> None:
    """It is asked in a round of its own, so that the second reading of the page knows whom it concerns."""
    unsure = page(incident("Elevated errors", MAJOR), indicator=DEGRADED)
    film = play(
        [look(0, page()), look(120, unsure), look(122, native=KNOWN), *(look(t, unsure) for t in (140, 160))]
    )
    assert [p.state for p in film.last.products] == [MAJOR, OPERATIONAL, OPERATIONAL]


def test_a_feed_that_knows_nothing_ends_the_waiting() -> None:
    """It has answered, and the incident concerns all."""
    unsure = page(incident("Elevated errors", MAJOR), indicator=DEGRADED)
    film = play(
        [look(0, page()), look(120, unsure), look(122, native=NativeReading({}, {})), look(140, unsure)]
    )
    assert {p.state for p in film.last.products} == {MAJOR}


def test_a_page_without_a_feed_waits_for_nothing() -> None:
    """After two misses in a row there is none."""
    unsure = page(incident("Elevated errors", MAJOR), indicator=DEGRADED)
    rounds = [look(120, unsure), look(122, native=MISS), look(142, native=MISS), look(150, unsure)]
    assert states_shown(*rounds) == [DEGRADED, DEGRADED, DEGRADED, MAJOR]


def test_an_indicator_at_its_weight_speaks_for_an_incident_that_names_nobody() -> None:
    """Where the page itself says major there is nothing to wait for."""
    assert states_shown(look(120, page(incident("Elevated errors", MAJOR)))) == [MAJOR]


def test_an_incident_that_names_its_product_waits_for_nothing() -> None:
    """By its title, its posts or its components."""
    assert states_shown(look(120, page(incident("ChatGPT is down", MAJOR), indicator=DEGRADED))) == [MAJOR]


def test_the_native_feeds_states_are_states_of_components() -> None:
    """The worse of the two, while the feed is recent; on a calm page it says nothing."""
    hurt = NativeReading({}, {}, {"APIs/Images": MAJOR, "ChatGPT/Search": DEGRADED})
    reading = page(ChatGPT=DEGRADED)
    film = play(
        [look(0, page()), look(60, reading, native=hurt), *(look(t, reading) for t in (560, 1120, 1180))]
    )
    apis = [v.find_product("APIs") for v in film.shown]
    assert [p.state for p in apis if p is not None] == [OPERATIONAL, PARTIAL, PARTIAL, PARTIAL, OPERATIONAL]
    assert states(page(), native=hurt)["APIs"] is OPERATIONAL


def test_the_worst_incident_of_a_product_comes_first() -> None:
    """A product's incidents are ordered by weight, then by id."""
    reading = page(
        incident("ChatGPT", DEGRADED, number=3),
        incident("ChatGPT", MAJOR, number=2),
        incident("ChatGPT", DEGRADED, number=1),
    )
    chatgpt = play([look(0, reading)]).last.find_product("ChatGPT")
    assert chatgpt is not None
    assert chatgpt.incidents == ("incident2", "incident1", "incident3")


def test_open_incidents_are_listed_newest_first() -> None:
    """Those without a date come last."""
    reading = page(
        incident(number=1),
        incident(number=2, began=-600),
        incident(number=3, began=-60),
        incident(number=4, stage=Stage.RESOLVED),
    )
    listed: tuple[Incident, ...] = play([look(0, reading)]).last.incidents
    assert [i.id for i in listed] == ["incident3", "incident2", "incident1"]


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_of_an_incident_is_read(stage: Stage) -> None:
    """Whatever its stage, an incident makes some state and no failure."""
    assert states(page(incident("ChatGPT", MAJOR, stage)))["ChatGPT"] in LADDER


def test_a_product_whose_incidents_are_all_monitored_is_recovering() -> None:
    """Monitoring is not resolved: degraded at most is left of it, and it is said to be recovering."""
    film = play([look(0, page(incident("ChatGPT", PARTIAL, Stage.MONITORING)))])
    chatgpt = film.last.find_product("ChatGPT")
    assert chatgpt is not None
    assert (chatgpt.state, chatgpt.recovering) == (DEGRADED, True)


def test_one_incident_that_is_not_monitored_means_not_recovering() -> None:
    """Two incidents of which one is still investigated are no recovery."""
    reading = page(
        incident("ChatGPT", PARTIAL, Stage.MONITORING, number=1),
        incident("ChatGPT", DEGRADED, Stage.IDENTIFIED, number=2),
    )
    chatgpt = play([look(0, reading)]).last.find_product("ChatGPT")
    assert chatgpt is not None
    assert not chatgpt.recovering


def test_the_products_of_an_incident_do_not_depend_on_the_order_of_components() -> None:
    """A name that two products share names both, in one order."""
    reading = page(incident("Login fails", PARTIAL))
    other = replace(reading, components=reading.components[::-1])
    assert play([look(0, reading)]).last.incidents == play([look(0, other)]).last.incidents
