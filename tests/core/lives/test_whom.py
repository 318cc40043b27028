"""Lives of whom it concerns: one small component, most of a product, an incident that names nobody."""

from __future__ import annotations

import pytest

from tests.core.life import Life
from tests.core.lives.world import down
from tests.core.pages import DEGRADED, MAJOR, OPERATIONAL, PARTIAL, incident, page, with_states
from trayapp.model import Cause, Incident, Miss, NativeReading, Stage

CHATS = ("ChatGPT/Chats",)


def test_half_of_the_components_degraded_is_most_of_chatgpt() -> None:
    """That is our rule's word, and is not put into OpenAI's mouth."""
    day = Life().until("09:10")
    day.page = with_states(
        page(indicator=DEGRADED),
        ChatGPT_Chats=DEGRADED,
        ChatGPT_Search=DEGRADED,
        ChatGPT_Voice_mode=DEGRADED,
    )
    day.until("09:40")
    said = day.sentence
    day.page = page()
    day.until("09:50")
    assert day.heard == ["09:12 Most of ChatGPT is degraded", "09:41 ChatGPT is back after 28 min"]
    assert day.bodies == [
        "OpenAI: Degraded performance since 09:12. You will be told when it is back.",
        "OpenAI's page shows no trouble any more. The last 2 checks from this computer were fine. Still stuck? Reload the page or sign in again.",
    ]
    assert (
        said
        == "OpenAI reports degraded performance of most of ChatGPT since 09:12. APIs and Codex fine. ChatGPT: the last 2 checks from this computer were fine."
    )


def test_one_small_component_that_is_down_is_named() -> None:
    """As Sora's interface, or the voice mode: a partial outage, neither red nor the whole product's."""
    day = Life().until("09:10")
    day.page = with_states(
        page(down("Elevated errors for Images", began="09:10", parts=("APIs/Images",)), indicator=MAJOR),
        APIs_Images=MAJOR,
    )
    day.until("09:38")
    day.page = page()
    day.until("09:50")
    assert day.heard == ["09:12 APIs: Images is down", "09:39 APIs: Images is back after 26 min"]
    assert day.bodies == [
        "OpenAI: Images: Major outage since 09:12. “Elevated errors for Images” (Investigating). You will be told when it is back.",
        "OpenAI's page shows no trouble any more. The last check from this computer was fine. Still stuck? Reload the page or sign in again.",
    ]
    assert day.icons == ["09:00 operational", "09:12 partial_outage", "09:38 operational"]


def test_an_incident_that_names_no_component_lies_on_whom_its_title_names() -> None:
    """Every component of the page is operational, as on the recorded page; the indicator is not."""
    day = Life().until("09:10")
    day.page = page(down("ChatGPT does not load", began="09:10"))
    day.until("09:40")
    day.page = page()
    day.until("09:50")
    assert day.heard == ["09:12 ChatGPT is down", "09:41 ChatGPT is back after 28 min"]
    assert day.bodies == [
        "OpenAI: Major outage since 09:12. “ChatGPT does not load” (Investigating). You will be told when it is back.",
        "OpenAI's page shows no trouble any more. The last 2 checks from this computer were fine. Still stuck? Reload the page or sign in again.",
    ]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "09:40 operational"]


def test_an_incident_that_names_nobody_waits_for_the_feed_that_tells_whom() -> None:
    """Two seconds later it is known, and only what it concerns is told."""
    day = Life().until("09:10")
    day.page = page(down("Elevated error rates", began="09:10"))
    day.native = NativeReading({}, {"incident1": ("Codex/Codex Web",)})
    day.until("09:30")
    assert day.heard == ["09:12 Codex is down"]
    assert day.icons == ["09:00 operational", "09:12 major_outage"]


def test_a_feed_that_fails_once_and_then_answers_still_tells_whom() -> None:
    """It is asked again at once: no false start of two other products, no false end of them."""
    day = Life().until("09:10")
    day.page = page(down("Elevated error rates", PARTIAL, began="09:10"), indicator=DEGRADED)
    day.native = Miss(Cause.TIMEOUT)
    second = day.now.awake
    while not any(plan.native for when, plan in day.plans if when > 600.0):
        day.for_seconds(1.0)
    day.native = NativeReading({}, {"incident1": ("Codex/Codex Web",)})
    day.until("09:40")
    assert day.now.awake > second
    assert day.heard == ["09:12 Codex: Codex Web is partly down"]
    assert day.icons == ["09:00 operational", "09:12 degraded", "09:12 partial_outage"]


def test_a_feed_that_fails_twice_leaves_the_incident_to_all_that_are_followed() -> None:
    """Another maker's page has none."""
    day = Life(native=Miss(Cause.STATUS, 404)).until("09:10")
    day.page = page(down("Elevated error rates", began="09:10"))
    day.until("09:40")
    assert day.heard == ["09:12 ChatGPT, APIs and Codex are down"]
    assert day.icons == ["09:00 operational", "09:12 major_outage"]


@pytest.mark.long
def test_a_product_that_is_well_again_does_not_wait_for_its_incident() -> None:
    """One incident of ChatGPT and the APIs; the APIs are fine after 30 min, the incident goes on for hours."""
    both = ("ChatGPT/Chats", "APIs/Answers API")

    def incident_at(stage: Stage) -> Incident:
        return incident("Elevated errors", MAJOR, stage, parts=both, began=600.0)

    day = Life().until("09:10")
    day.page = page(incident_at(Stage.INVESTIGATING), ChatGPT=DEGRADED, APIs=MAJOR)
    day.until("09:40")
    day.page = page(incident_at(Stage.IDENTIFIED), indicator=DEGRADED, ChatGPT=DEGRADED)
    day.until("14:00")
    day.page = page(incident_at(Stage.MONITORING), indicator=OPERATIONAL)
    day.until("20:00")
    assert day.heard == ["09:12 APIs are down", "09:41 APIs are back after 28 min"]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "09:40 degraded", "14:00 operational"]


def test_a_product_that_joins_an_incident_later_is_dated_by_its_joining() -> None:
    """Two hours after the incident began."""
    day = Life().until("09:10")
    day.page = page(down("Errors", began="09:10", parts=CHATS), ChatGPT=MAJOR)
    day.until("11:00")
    day.page = page(
        down("Errors", began="09:10", parts=(*CHATS, "APIs/Answers API")), ChatGPT=MAJOR, APIs=MAJOR
    )
    day.until("11:30")
    day.page = page()
    day.until("11:40")
    assert day.heard == ["09:12 ChatGPT is down", "11:00 APIs are down", "11:31 ChatGPT and APIs are back"]
    assert day.bodies[1:2] == [
        "OpenAI: Answers API: Major outage since 11:00. “Errors” (Investigating). You will be told when it is back."
    ]


def test_what_one_cause_does_to_three_products_is_one_start_and_one_end() -> None:
    """With each product's own length where they differ."""
    day = Life().until("09:10")
    day.page = page(down("Elevated errors", began="09:10"), ChatGPT=MAJOR, APIs=MAJOR, Codex=MAJOR)
    day.until("10:10")
    day.page = page()
    day.until("10:20")
    assert day.heard == [
        "09:12 ChatGPT, APIs and Codex are down",
        "10:11 ChatGPT, APIs and Codex are back after 58 min",
    ]
    assert day.bodies == [
        "OpenAI: Major outage since 09:12. “Elevated errors” (Investigating). You will be told when it is back.",
        "OpenAI's page shows no trouble any more. The last 3 checks from this computer were fine. Still stuck? Reload the page or sign in again.",
    ]
