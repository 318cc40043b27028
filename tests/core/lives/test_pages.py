"""Lives with pages of other makers and of odd habits: placeholders, old rows, names with blanks, another page."""

from __future__ import annotations

from dataclasses import replace

from tests.core.films import LIMITS
from tests.core.life import Life
from tests.core.lives.world import CHATGPT_FAILS, down
from tests.core.pages import DEGRADED, MAJOR, OPERATIONAL, PARTIAL, component, page, part, wall, with_states
from trayapp.model import Outcome


def test_an_incident_that_names_only_a_placeholder_leaves_no_product_green() -> None:
    """GitHub's habit: "Visit www.example.test for more information" is hurt, and nothing else."""
    row = component("Visit www.githubstatus.com for more information", None)
    calm = replace(page(), components=(*page().components, row))
    day = Life(page=calm).until("09:10")
    posted = down("Incident on page", DEGRADED, began="09:10", parts=(row.id,))
    day.page = replace(page(posted), components=calm.components)
    day.until("09:40")
    assert day.icons == ["09:00 operational", "09:12 degraded"]
    assert (
        day.sentence
        == "OpenAI reports degraded performance of ChatGPT, APIs and Codex since 09:12. ChatGPT: the last 2 checks from this computer were fine. APIs: the last check from this computer was fine."
    )


def test_an_incident_of_components_that_the_page_does_not_list_explains_nothing() -> None:
    """Nobody knows whom it concerns, and the indicator is red: it counts for all that are followed."""
    day = Life(page=part(page(), "Chats", "Images", "Terminal")).until("09:10")
    posted = down("FedRAMP is unavailable", began="09:10", parts=("FedRAMP/FedRAMP",))
    day.page = part(page(posted, indicator=MAJOR), "Chats", "Images", "Terminal")
    day.until("09:40")
    assert day.heard == ["09:12 ChatGPT, APIs and Codex are down"]
    assert day.icons == ["09:00 operational", "09:12 major_outage"]


def test_the_components_list_that_fails_after_an_outage_began_holds_nothing_up() -> None:
    """The summary alone lists no ChatGPT any more; its indicator says none, and no incident is open."""
    day = Life().until("09:10")
    day.page = with_states(page(indicator=MAJOR), ChatGPT_Voice_mode=MAJOR, ChatGPT_Chats=MAJOR)
    day.until("09:40")
    day.page = part(page(indicator=OPERATIONAL), "Images", "Terminal")
    day.until("11:00")
    assert day.heard == ["09:12 ChatGPT is down", "09:51 ChatGPT is back after 38 min"]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "09:50 operational"]


def test_a_page_that_is_changed_to_another_one_in_an_outage_tells_no_end_that_it_did_not_see() -> None:
    """A mirror, another maker's page: ChatGPT is not on it."""
    day = Life().until("09:10")
    day.page = page(ChatGPT=MAJOR)
    day.until("09:30").restart()
    day.page = replace(page(), components=tuple(c for c in page().components if c.group != "ChatGPT"))
    day.until("10:00")
    assert day.heard == ["09:12 ChatGPT is down"]


def test_two_suspicions_end_each_for_itself() -> None:
    """The end of the APIs' takes no notice of ChatGPT's that still holds."""
    day = Life(network="home").until("09:30")
    day.answers = {**CHATGPT_FAILS, "API": Outcome.FAILURE}
    day.until("10:00")
    day.answers = CHATGPT_FAILS
    day.until("10:30")
    day.answers = {}
    day.until("11:00")
    assert day.heard == [
        "09:34 ChatGPT and APIs: possible outage",
        "10:02 APIs are back after 28 min",
        "10:32 ChatGPT is back after 58 min",
    ]
    threads = [one.thread for _, _, one in day.told]
    assert threads == ["suspected ChatGPT", "suspected APIs", "suspected ChatGPT"]


def test_a_probe_whose_product_the_page_never_lists_speaks_for_itself_each_time() -> None:
    """A service of one's own beside OpenAI's page: each of its outages has a start and an end."""
    own = replace(LIMITS, follow=("ChatGPT", "Mine"), probes=(replace(LIMITS.probes[0], product="Mine"),))
    day = Life(limits=own, network="home").until("09:30")
    for _ in range(2):
        day.answers = {"API": Outcome.FAILURE}
        day.for_seconds(1800)
        day.answers = {}
        day.for_seconds(7200)
    assert day.heard == [
        "09:34 Mine: possible outage",
        "10:02 Mine is back after 28 min",
        "12:04 Mine: possible outage",
        "12:32 Mine is back after 28 min",
    ]


def test_an_outage_that_goes_in_two_steps_has_one_end() -> None:
    """Partly down for a minute before all is well: the easing waits for the end that the newest reading says."""
    day = Life().until("09:10")
    day.page = page(ChatGPT=MAJOR)
    day.until("10:00")
    day.page = page(ChatGPT=PARTIAL)
    day.until("10:01")
    day.page = page()
    day.until("10:30")
    assert day.heard == ["09:12 ChatGPT is down", "10:03 ChatGPT is back after 48 min"]
    assert day.icons[1:] == ["09:12 major_outage", "10:00 partial_outage", "10:01 operational"]


def test_an_outage_that_only_one_of_two_caches_knows_is_read_again_every_20_s() -> None:
    """Read once, then twice not, then again: it is told within two minutes, and so is its date."""
    day = Life().until("09:11")
    day.page = page(ChatGPT=MAJOR)
    day.until("09:12").for_seconds(5.0)
    day.page = page()
    day.for_seconds(45.0)
    day.page = page(ChatGPT=MAJOR)
    day.until("09:20")
    (start,) = day.notices
    assert start.since is not None
    assert (start.at - wall(720.0)).total_seconds() <= 80.0
    assert (start.since - wall(720.0)).total_seconds() <= 60.0
    assert [plan.reason for _, plan in day.plans].count("the page's caches disagree") <= 2


def test_a_trouble_that_goes_and_does_not_come_back_is_read_no_more_than_before() -> None:
    """It had been there for longer than caches differ."""
    day = Life().until("09:10")
    day.page = page(ChatGPT=DEGRADED)
    day.until("09:40")
    day.page = page()
    day.until("10:00")
    assert "the page's caches disagree" not in [plan.reason for _, plan in day.plans]
