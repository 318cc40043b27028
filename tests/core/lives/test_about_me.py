"""Lives of somebody whom an incident's title does not name: shown, not told, and never worse than yellow alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS
from tests.core.life import Life
from tests.core.lives.world import CHATGPT_FAILS, down
from tests.core.pages import DEGRADED, MAJOR, PARTIAL, page, with_states
from trayapp.app.languages import load_translator
from trayapp.core.tray_view.menu import build_menu
from trayapp.model import AboutMe, Action, Incident, Level, MenuChoices, Stage, Update

CHATS = ("ChatGPT/Chats",)
PLUS = AboutMe(plan=("Plus",))
ASIA = AboutMe(region=("Asia",))


def living(me: AboutMe, level: Level = Level.OUTAGES) -> Life:
    """A calm morning of a person with that plan, in that region."""
    return Life(limits=replace(LIMITS, me=me, level=level)).until("10:00")


def enterprise(
    name: str = "ChatGPT fails for Enterprise users", *, parts: tuple[str, ...] = CHATS, number: int = 1
) -> Incident:
    """An outage that names a plan alone."""
    return down(name, began="10:00", parts=parts, number=number)


def with_post(incident: Incident, text: str) -> Incident:
    """The same with one more post."""
    post = Update("said later", incident.stage, str(incident.stage), text, None)
    return replace(incident, updates=(post, *incident.updates))


@pytest.mark.long
@pytest.mark.parametrize(
    ("me", "title"),
    [
        (PLUS, "ChatGPT fails for Enterprise users"),
        (PLUS, "Elevated errors in ChatGPT for Free and Go plans"),
        (PLUS, "Elevated errors creating new accounts"),
        (AboutMe(plan=("Free",)), "ChatGPT is unavailable on paid plans"),
        (ASIA, "Elevated errors for ChatGPT users in Europe"),
        (AboutMe(("Plus",), ("Indonesia",)), "ChatGPT fails for Plus users in Europe"),
    ],
)
def test_what_names_only_others_is_yellow_and_not_told(me: AboutMe, title: str) -> None:
    """Neither its start nor its end, at the level of outages and at that of everything."""
    for level in (Level.OUTAGES, Level.EVERYTHING):
        day = living(me, level)
        day.page = page(enterprise(title), ChatGPT=MAJOR)
        day.until("11:00")
        day.page = page()
        day.until("11:30")
        assert day.heard == []
        assert [icon.partition(" ")[2] for icon in day.icons] == ["operational", "degraded", "operational"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("me", "title"),
    [
        (AboutMe(), "ChatGPT fails for Enterprise users"),
        (AboutMe(plan=("Enterprise",)), "ChatGPT fails for Enterprise users"),
        (AboutMe(plan=("Plus", "Enterprise")), "ChatGPT fails for Enterprise users"),
        (AboutMe(region=("Turkey",)), "ChatGPT fails for users in Europe"),
        (AboutMe(region=("Germany",)), "ChatGPT fails for users in the EU"),
        (ASIA, "ChatGPT fails for Enterprise users"),
        (PLUS, "ChatGPT fails for users in Europe"),
        (PLUS, "ChatGPT fails"),
        (AboutMe(plan=("Free",)), "Errors in ChatGPT. Plus is not affected"),
        (PLUS, "Protocol errors in ChatGPT"),
        (PLUS, "ChatGPT Enterprise kullanıcıları için hatalar"),
        (PLUS, "ChatGPT fails for Enterprise users" + " and so on" * 1000),
    ],
)
def test_what_names_nobody_or_me_or_cannot_be_read_is_told(me: AboutMe, title: str) -> None:
    """As if nothing were set."""
    day = living(me)
    day.page = page(enterprise(title), ChatGPT=MAJOR)
    day.until("11:00")
    assert day.heard == ["10:02 ChatGPT is down"]
    assert day.icons[1:] == ["10:02 major_outage"]


def test_menu_and_sentence_say_whom_it_names() -> None:
    """What OpenAI reports is said in full, and who it is about."""
    day = living(PLUS)
    day.page = page(enterprise(), ChatGPT=MAJOR)
    day.until("10:30")
    assert day.verdict is not None
    lines = {
        line.key: line.text
        for line in build_menu(
            day.verdict, day.memory.saved, load_translator("en"), day.now.wall, MenuChoices()
        )
    }
    assert lines["state"] == "ChatGPT: Chats down since 10:02 (says: Enterprise only)"
    assert lines["incident:incident1"].startswith(
        "“ChatGPT fails for Enterprise users”: Investigating, 10:00 (says: Enterprise only)"
    )
    assert lines["product:ChatGPT"] == "Chats (ChatGPT): Major outage (says: Enterprise only)"
    assert "ChatGPT fails for Enterprise users” (Investigating) (says: Enterprise only)" in day.sentence


def test_a_failing_probe_lifts_the_cap_and_is_told() -> None:
    """What this computer sees itself concerns it, whatever a title says; told once, it is followed to its end."""
    day = living(PLUS)
    day.page = page(enterprise(), ChatGPT=MAJOR)
    day.until("10:30")
    assert day.heard == []
    day.answers = CHATGPT_FAILS
    day.until("10:45")
    assert [line.partition(" ")[2] for line in day.heard] == ["ChatGPT is down"]
    assert day.icons[-1].endswith(" major_outage")
    day.answers = {}
    day.until("11:15")
    assert day.icons[-1].endswith(" major_outage")
    day.page = page()
    day.until("11:30")
    assert [line.partition(" ")[2] for line in day.heard[1:]] == ["ChatGPT is back after 42 min"]


def test_a_single_failed_poll_lifts_nothing() -> None:
    """It happens on any line."""
    day = living(PLUS)
    day.page = page(enterprise(), ChatGPT=MAJOR)
    day.until("10:30")
    day.answers = {"ChatGPT": 0.02}
    day.until("11:30")
    assert day.heard == []
    assert day.icons[1:] == ["10:02 degraded"]


@pytest.mark.parametrize(
    "text",
    [
        "Plus users are affected too.",
        "All users may see errors.",
        "We have seen this on other plans.",
        "Herkes için sürüyor",
    ],
)
def test_a_post_widens(text: str) -> None:
    """From then on it concerns me, and its start is told."""
    day = living(PLUS)
    day.page = page(enterprise(), ChatGPT=MAJOR)
    day.until("10:30")
    day.page = page(with_post(enterprise(), text), ChatGPT=MAJOR)
    day.until("11:00")
    assert [line.partition(" ")[2] for line in day.heard] == ["ChatGPT is down"]
    assert day.icons[-1].endswith(" major_outage")


def test_a_post_narrows_nothing() -> None:
    """Only the title does."""
    day = living(PLUS)
    day.page = page(with_post(enterprise("ChatGPT fails"), "Enterprise users are affected."), ChatGPT=MAJOR)
    day.until("11:00")
    assert day.heard == ["10:02 ChatGPT is down"]


def test_a_second_incident_for_all_lifts_the_cap_and_alone_is_told() -> None:
    """The outage of others shows now as it is; told is what concerns me."""
    day = living(PLUS, Level.PROBLEMS)
    day.page = page(enterprise(), ChatGPT=MAJOR)
    day.until("10:30")
    voice = down("Voice is slow in ChatGPT", DEGRADED, began="10:30", number=2, parts=("ChatGPT/Voice mode",))
    day.page = with_states(page(enterprise(), voice, ChatGPT=MAJOR), ChatGPT_Voice_mode=DEGRADED)
    day.until("11:00")
    assert [line.partition(" ")[2] for line in day.heard] == ["ChatGPT is having problems"]
    assert "Voice is slow" in day.bodies[0]
    assert day.icons[1:] == ["10:02 degraded", "10:31 major_outage"]
    day.page = page(enterprise(), ChatGPT=MAJOR)
    day.until("11:10")
    assert day.icons[-1].endswith(" degraded")
    assert len(day.heard) == 2


def test_a_second_incident_that_names_no_component_concerns_all_of_the_product() -> None:
    """What is hurt may be hurt by it, so all of it is told."""
    day = living(PLUS)
    day.page = page(enterprise(), down("ChatGPT is slow", DEGRADED, began="10:00", number=2), ChatGPT=MAJOR)
    day.until("11:00")
    assert day.heard == ["10:02 ChatGPT is down"]


def test_a_component_that_the_incident_does_not_name_is_told() -> None:
    """OpenAI marked it for everybody."""
    day = living(PLUS)
    day.page = with_states(page(enterprise()), ChatGPT_Login=MAJOR)
    day.until("11:00")
    assert [line.partition(" ")[2] for line in day.heard] == ["ChatGPT: Login is down"]


def test_an_incident_for_others_that_names_no_component_is_capped_too() -> None:
    """It lies on the whole product, for others."""
    day = living(PLUS)
    day.page = page(enterprise(parts=()), ChatGPT=PARTIAL)
    day.until("11:00")
    assert day.heard == []
    assert day.icons[-1].endswith(" degraded")


def test_a_choice_in_the_midst_of_it_ends_nothing() -> None:
    """What was told as an outage of everybody stays one until it is over."""
    day = living(AboutMe())
    day.page = page(enterprise(), ChatGPT=MAJOR)
    day.until("10:30")
    day.change(replace(day.limits, me=PLUS))
    day.until("11:00")
    assert day.heard == ["10:02 ChatGPT is down"]
    assert day.icons[-1].endswith(" major_outage")
    day.page = page()
    day.until("11:10")
    assert [line.partition(" ")[2] for line in day.heard[1:]] == ["ChatGPT is back after 58 min"]


def test_who_asks_is_told_when_it_is_back_for_others_too() -> None:
    """The icon stays yellow meanwhile, and nothing is told of a worsening."""
    day = living(PLUS)
    day.page = page(enterprise(), ChatGPT=MAJOR)
    day.until("10:30").do(Action.TELL_WHEN_BACK)
    day.until("11:00")
    assert day.heard == []
    assert day.icons[-1].endswith(" degraded")
    day.page = page()
    day.until("11:10")
    assert len(day.heard) == 1


def test_a_first_look_at_it_counts_nothing_as_told() -> None:
    """Begun in the midst of it: neither its end nor a worsening is told."""
    day = Life(limits=replace(LIMITS, me=PLUS, level=Level.PROBLEMS), page=page(enterprise(), ChatGPT=MAJOR))
    day.until("11:00")
    day.page = page()
    day.until("11:30")
    assert day.heard == []


def test_what_came_and_went_for_others_in_my_sleep_is_not_told() -> None:
    """While nobody looked an Enterprise outage began and ended."""
    day = living(PLUS)
    day.past = (
        replace(
            enterprise(),
            stage=Stage.RESOLVED,
            started_at=down(began="11:00").started_at,
            resolved_at=down(began="12:00").started_at,
        ),
    )
    day.sleep_until("13:00").until("13:30")
    assert day.heard == []
