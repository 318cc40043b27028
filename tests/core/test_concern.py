"""The state of a product: the worst of its components, of the incidents that concern it, and of the indicator."""

from __future__ import annotations

from dataclasses import replace

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
from trayapp.model import Reason, Why, rank


def test_a_product_is_as_bad_as_its_worst_component() -> None:
    """One component with an outage makes the product's state, whatever the others say."""
    reading = with_states(page(), ChatGPT_Login=PARTIAL, ChatGPT_Search=DEGRADED)
    assert states(reading) == {"ChatGPT": PARTIAL, "APIs": OPERATIONAL, "Codex": OPERATIONAL}


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
    assert states(reading) == {"ChatGPT": OPERATIONAL, "APIs": MAJOR, "Codex": OPERATIONAL}


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
    assert Reason(Why.INDICATOR, state=PARTIAL, word="partial_outage") in film.last.reasons


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
    assert Reason(Why.NEW_WORD, who="Chats", state=DEGRADED, word="wobbly") in film.last.reasons


def test_a_page_that_lists_25_components_changes_nothing_of_the_others() -> None:
    """A different part of the components each time makes no product better or worse."""
    whole = with_states(page(), ChatGPT_Search=PARTIAL)
    film = play(
        [look(0, whole), look(60, part(whole, "Login", "Images")), look(120, part(whole, "Batch", "Search"))]
    )
    assert {v.state for v in film.shown} == {PARTIAL}
    assert all(rank(p.state) <= rank(PARTIAL) for p in film.last.products)
