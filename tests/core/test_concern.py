"""The state of a product: what its components make of it, the incidents that concern it, and the indicator."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS, look, play, states
from tests.core.pages import (
    DEGRADED,
    MAINTENANCE,
    MAJOR,
    OPERATIONAL,
    PARTIAL,
    PARTS,
    component,
    incident,
    page,
    part,
    with_states,
)
from trayapp.model import PageReading, ProductVerdict, Reason, ReasonKind, Stage, State, ladder_rank


def chatgpt(reading: PageReading) -> ProductVerdict:
    """How ChatGPT stands by one reading."""
    found = play([look(0, reading)]).last.find_product("ChatGPT")
    assert found is not None
    return found


@pytest.mark.parametrize("hurt", [PARTIAL, MAJOR])
def test_a_component_with_an_outage_makes_its_product_partly_down(hurt: State) -> None:
    """One of four, and none without which the product stands still."""
    reading = with_states(page(), ChatGPT_Search=hurt)
    assert states(reading) == {"ChatGPT": PARTIAL, "APIs": OPERATIONAL, "Codex": OPERATIONAL}


def test_a_core_component_that_is_down_takes_its_product_down() -> None:
    """Without chats there is no ChatGPT."""
    assert states(page(ChatGPT=MAJOR))["ChatGPT"] is MAJOR
    assert states(page(ChatGPT=PARTIAL))["ChatGPT"] is PARTIAL


def test_half_of_the_components_down_is_a_major_outage() -> None:
    """Two of four, whichever they are; three of four degraded are none."""
    down = with_states(page(), ChatGPT_Login=MAJOR, ChatGPT_Search=MAJOR)
    assert states(down)["ChatGPT"] is MAJOR
    slow = with_states(page(ChatGPT=DEGRADED), ChatGPT_Login=DEGRADED, ChatGPT_Search=DEGRADED)
    assert states(slow)["ChatGPT"] is PARTIAL


def test_components_under_maintenance_are_left_out_of_the_count() -> None:
    """One down of the two that are not under maintenance is half."""
    reading = with_states(
        page(), ChatGPT_Login=MAINTENANCE, ChatGPT_Voice_mode=MAINTENANCE, ChatGPT_Search=MAJOR
    )
    assert states(reading)["ChatGPT"] is MAJOR


def test_nobody_knows_what_half_of_a_list_is_that_is_not_whole() -> None:
    """A summary that lists two of four components, both degraded, says no more than that."""
    listed = with_states(page(), ChatGPT_Login=DEGRADED, ChatGPT_Search=DEGRADED)
    assert states(part(listed, "Login", "Search"))["ChatGPT"] is DEGRADED


def test_one_or_two_components_that_alone_are_hurt_are_named() -> None:
    """Of three there is no telling in a line: then it is the product."""
    one = chatgpt(with_states(page(), ChatGPT_Search=MAJOR))
    assert (one.parts, one.parts_state) == (("Search",), MAJOR)
    two = chatgpt(with_states(page(), ChatGPT_Search=DEGRADED, ChatGPT_Login=PARTIAL))
    assert (two.parts, two.parts_state) == (("Login",), PARTIAL)  # the other one is not as bad as that
    alike = chatgpt(with_states(page(), ChatGPT_Search=PARTIAL, ChatGPT_Login=PARTIAL))
    assert (alike.parts, alike.parts_state) == (("Login", "Search"), PARTIAL)
    three = with_states(page(ChatGPT=DEGRADED), ChatGPT_Search=DEGRADED, ChatGPT_Login=PARTIAL)
    assert chatgpt(three).parts == ()


def test_what_a_rule_of_ours_makes_of_the_page_is_not_its_own_word() -> None:
    """It said degraded of two components; that this is an outage of a part is our reading of it."""
    ours = chatgpt(with_states(page(), ChatGPT_Login=DEGRADED, ChatGPT_Search=DEGRADED))
    assert (ours.state, ours.page_state) == (PARTIAL, DEGRADED)
    milder = chatgpt(with_states(page(), ChatGPT_Search=MAJOR))
    assert (milder.state, milder.page_state) == (PARTIAL, MAJOR)
    assert chatgpt(page(ChatGPT=MAJOR)).page_state is None


def test_an_incident_is_laid_on_the_components_that_it_names() -> None:
    """As if the page had marked them: the product follows by the same rules."""

    def state_of_chatgpt(*parts: str) -> State:
        return states(page(incident(impact=MAJOR, parts=parts)))["ChatGPT"]

    assert state_of_chatgpt("ChatGPT/Search") is PARTIAL
    assert state_of_chatgpt("ChatGPT/Search", "ChatGPT/Login") is MAJOR
    assert state_of_chatgpt("ChatGPT/Chats") is MAJOR


def test_an_incident_makes_no_component_better() -> None:
    """It says partial where the component is down."""
    posted = incident(impact=PARTIAL, parts=("ChatGPT/Chats",))
    assert states(page(posted, ChatGPT=MAJOR))["ChatGPT"] is MAJOR


def test_once_the_page_has_marked_its_components_the_incident_weighs_no_more() -> None:
    """A major incident whose component the page then calls degraded is degraded, from then on."""
    posted = incident(impact=MAJOR, parts=("ChatGPT/Search",))
    film = play(
        [
            look(0, page()),
            look(120, page(posted)),
            look(180, with_states(page(posted), ChatGPT_Search=DEGRADED)),
            look(240, with_states(page(posted), ChatGPT_Search=DEGRADED)),
            look(300, page(posted, indicator=MAJOR)),
            look(360, page(posted, indicator=MAJOR)),
        ]
    )
    assert [v.state for v in film.shown] == [
        OPERATIONAL, PARTIAL, PARTIAL, DEGRADED, DEGRADED, OPERATIONAL,
    ]  # fmt: skip


def test_an_incident_that_goes_back_to_investigating_weighs_anew() -> None:
    """What its components showed before belongs to the time before."""
    posted = incident(impact=MAJOR, parts=("ChatGPT/Search",))
    watched = replace(posted, stage=Stage.MONITORING)
    film = play(
        [
            look(0, page()),
            look(60, with_states(page(posted), ChatGPT_Search=DEGRADED)),
            *(look(t, page(watched)) for t in (120, 180)),
            look(240, page(posted)),
        ]
    )
    assert film.shown[-2].state is OPERATIONAL
    assert film.last.state is PARTIAL


@pytest.mark.parametrize("stage", [Stage.INVESTIGATING, Stage.IDENTIFIED])
def test_an_incident_on_a_page_that_calls_everything_fine_is_degraded_at_most(stage: Stage) -> None:
    """Its indicator says none and every component is operational."""
    posted = incident(impact=MAJOR, stage=stage, parts=("ChatGPT/Chats",))
    assert states(page(posted, indicator=OPERATIONAL))["ChatGPT"] is DEGRADED


def test_an_incident_that_is_watched_weighs_degraded_or_nothing() -> None:
    """By the indicator; its components are operational."""
    watched = incident(impact=MAJOR, stage=Stage.MONITORING, parts=("ChatGPT/Chats",))
    assert states(page(watched))["ChatGPT"] is DEGRADED
    assert states(page(watched, indicator=OPERATIONAL))["ChatGPT"] is OPERATIONAL


def test_a_planned_maintenance_is_maintenance() -> None:
    """It lays itself on what it names, and never an outage."""
    planned = incident("Upgrade", MAINTENANCE, Stage.IN_PROGRESS, parts=("ChatGPT/Chats",))
    assert states(page(planned, indicator=OPERATIONAL))["ChatGPT"] is MAINTENANCE


def test_half_of_the_components_degraded_is_a_partial_outage() -> None:
    """Two of four degraded weigh as an outage of a part."""
    assert states(with_states(page(), ChatGPT_Login=DEGRADED, ChatGPT_Search=DEGRADED))["ChatGPT"] is PARTIAL


def test_less_than_half_of_the_components_degraded_is_degraded() -> None:
    """One of four degraded is no more than that."""
    assert states(with_states(page(), ChatGPT_Login=DEGRADED))["ChatGPT"] is DEGRADED


def test_components_under_maintenance_are_not_degraded() -> None:
    """Half of the components under maintenance is maintenance."""
    reading = with_states(page(), ChatGPT_Login=MAINTENANCE, ChatGPT_Search=MAINTENANCE)
    assert states(reading)["ChatGPT"] is MAINTENANCE


def test_a_followed_component_that_is_degraded_is_degraded() -> None:
    """The rule of the half is for products: one component is not half of anything."""
    limits = replace(LIMITS, follow=("Chats",))
    assert states(page(ChatGPT=DEGRADED), limits)["Chats"] is DEGRADED


def test_following_a_name_that_two_components_share_follows_both() -> None:
    """Of the two components called Login, the worse speaks."""
    limits = replace(LIMITS, follow=("Login",))
    assert states(with_states(page(), APIs_Login=MAJOR), limits)["Login"] is MAJOR
    assert states(with_states(page(), ChatGPT_Login=PARTIAL), limits)["Login"] is PARTIAL


def test_two_components_of_one_name_belong_to_their_own_products() -> None:
    """The APIs' Login says nothing of ChatGPT."""
    reading = with_states(page(), APIs_Login=MAJOR)
    assert states(reading) == {"ChatGPT": OPERATIONAL, "APIs": PARTIAL, "Codex": OPERATIONAL}


def test_follow_does_not_mind_capitals() -> None:
    """`chatgpt` follows ChatGPT."""
    limits = replace(LIMITS, follow=("chatgpt",))
    assert states(page(ChatGPT=MAJOR), limits) == {"chatgpt": MAJOR}


def test_an_indicator_that_nothing_explains_counts_for_all_followed() -> None:
    """A page that says "major" and shows no reason is believed for everything followed."""
    reading = page(indicator=PARTIAL)
    assert set(states(reading).values()) == {PARTIAL}
    film = play([look(0, reading)], replace(LIMITS, follow=("ChatGPT",)))
    assert {p.state for p in film.last.others} == {OPERATIONAL}
    assert Reason(ReasonKind.INDICATOR, state=PARTIAL, word="partial_outage") in film.last.reasons


def test_an_indicator_that_a_component_explains_counts_for_nobody_else() -> None:
    """A component as bad as the indicator is its reason, followed or not."""
    reading = page(indicator=DEGRADED, Codex=DEGRADED)
    assert states(reading)["ChatGPT"] is OPERATIONAL
    assert states(reading, replace(LIMITS, follow=("ChatGPT",))) == {"ChatGPT": OPERATIONAL}


def test_an_indicator_that_an_incident_explains_counts_for_nobody_else() -> None:
    """An open incident as bad as the indicator is its reason."""
    reading = page(incident("ChatGPT is slow", DEGRADED), indicator=DEGRADED)
    assert states(reading) == {"ChatGPT": DEGRADED, "APIs": OPERATIONAL, "Codex": OPERATIONAL}


def test_an_incident_of_impact_none_explains_no_indicator() -> None:
    """What changes nothing cannot be why the page says "minor"."""
    reading = page(incident("ChatGPT: a note", OPERATIONAL), indicator=DEGRADED)
    assert set(states(reading).values()) == {DEGRADED}


def test_an_indicator_milder_than_the_components_changes_nothing() -> None:
    """The page's summary word never makes a component better."""
    assert states(page(indicator=DEGRADED, ChatGPT=MAJOR))["ChatGPT"] is MAJOR


def test_a_page_without_indicator_speaks_by_its_components() -> None:
    """Every key may be absent."""
    assert states(page(indicator=None)) == dict.fromkeys(PARTS, OPERATIONAL)


def test_an_unheard_word_is_shown_raw() -> None:
    """A status that was never heard before is a reason with the page's own word."""
    strange = component("Chats", "ChatGPT", DEGRADED, word="wobbly")
    film = play([look(0, replace(page(), components=(strange, *page().components[1:])))])
    assert film.last.state is DEGRADED
    assert (
        Reason(ReasonKind.UNKNOWN_STATUS, subject="Chats", state=DEGRADED, word="wobbly") in film.last.reasons
    )


def test_a_page_that_lists_25_components_changes_nothing_of_the_others() -> None:
    """A different part of the components each time makes no product better or worse."""
    whole = with_states(page(), ChatGPT_Search=PARTIAL)
    film = play(
        [look(0, whole), look(60, part(whole, "Login", "Images")), look(120, part(whole, "Batch", "Search"))]
    )
    assert {v.state for v in film.shown} == {PARTIAL}
    assert all(ladder_rank(p.state) <= ladder_rank(PARTIAL) for p in film.last.products)
