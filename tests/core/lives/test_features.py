"""Lives of single features: followed apart, followed beside their group, ignored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.films import LIMITS
from tests.core.life import Life
from tests.core.lives.world import down
from tests.core.pages import DEGRADED, MAJOR, OPERATIONAL, PARTIAL, page, with_states
from trayapp.app.languages import load_translator
from trayapp.core.details_page.page import Details, build_details_page
from trayapp.core.tray_view.settings_menu import follow_line
from trayapp.model import Limits, MenuChoices, NativeReading, PageReading, Reason, ReasonKind, State

VOICE = ("ChatGPT/Voice mode",)
BESIDE = replace(LIMITS, follow=("ChatGPT", "Voice mode"))
IGNORING = replace(LIMITS, ignore=("Voice mode",))


def voice(state: State = MAJOR, *, posted: bool = True) -> PageReading:
    """A page on which the voice mode alone is hurt."""
    incidents = [down("Voice fails", began="09:10", parts=VOICE)] if posted else []
    return with_states(page(*incidents, indicator=state), ChatGPT_Voice_mode=state)


def live_day(limits: Limits, reading: PageReading) -> Life:
    """A day on which the page says this from 09:10 to 09:40, and is well again after that."""
    day = Life(limits=limits).until("09:10")
    day.page = reading
    day.until("09:40")
    day.page = page()
    return day.until("10:00")


@pytest.mark.parametrize("posted", [True, False])
def test_a_feature_followed_beside_its_group_is_told_once_by_its_own_name(posted: bool) -> None:
    """One start, one end; its group is fine without it."""
    day = Life(limits=BESIDE).until("09:10")
    day.page = voice(posted=posted)
    day.until("09:40")
    said = [(p.name, p.state) for p in day.verdict.products] if day.verdict else []
    day.page = page()
    day.until("10:00")
    assert day.heard == ["09:12 Voice mode is down", "09:41 Voice mode is back after 28 min"]
    assert said == [("ChatGPT", OPERATIONAL), ("Voice mode", MAJOR)]


def test_the_group_speaks_for_the_rest_of_it() -> None:
    """What else is hurt is the group's, by its own name, in one notification where the cause is one."""
    reading = page(down("Errors", began="09:10", parts=("ChatGPT/Chats", *VOICE)), ChatGPT=MAJOR)
    day = live_day(BESIDE, with_states(reading, ChatGPT_Voice_mode=MAJOR))
    assert day.heard == [
        "09:12 ChatGPT and Voice mode are down",
        "09:41 ChatGPT and Voice mode are back after 28 min",
    ]


def test_a_cause_that_hits_a_feature_harder_than_its_group_calls_neither_worse_than_it_is() -> None:
    """Search and the voice are down, and ChatGPT is not."""
    reading = page(down("Errors", began="09:10", parts=("ChatGPT/Search", *VOICE)), indicator=MAJOR)
    day = live_day(BESIDE, with_states(reading, ChatGPT_Search=MAJOR, ChatGPT_Voice_mode=MAJOR))
    assert day.heard == [
        "09:12 ChatGPT: Search and Voice mode are down",
        "09:41 ChatGPT: Search and Voice mode are back after 28 min",
    ]


def test_a_trouble_of_the_whole_product_is_its_features_too() -> None:
    """The page's title names nothing but ChatGPT, and the voice is a part of it."""
    day = live_day(BESIDE, page(down("ChatGPT does not load", began="09:10")))
    assert day.heard[0] == "09:12 ChatGPT and Voice mode are down"


def test_a_title_that_names_a_feature_followed_apart_concerns_that_alone() -> None:
    """No component is named, and no feed says whom."""
    day = Life(limits=BESIDE, native=NativeReading({}, {})).until("09:10")
    day.page = page(down("Elevated errors in Voice mode", began="09:10"))
    day.until("09:40")
    assert day.heard == ["09:12 Voice mode is down"]


def test_one_without_which_its_group_stands_still_counts_for_both() -> None:
    """Who cannot chat has no ChatGPT, also where Chats are followed by themselves; it is one notification."""
    day = live_day(replace(LIMITS, follow=("ChatGPT", "Chats")), page(ChatGPT=MAJOR))
    assert day.heard == ["09:12 ChatGPT and Chats are down", "09:41 ChatGPT and Chats are back after 28 min"]


def test_one_of_two_that_bear_a_name_is_followed_with_its_group() -> None:
    """The other Login is another product's."""
    limits = replace(LIMITS, follow=("ChatGPT", "APIs/Login"))
    day = live_day(limits, with_states(page(indicator=MAJOR), APIs_Login=MAJOR, ChatGPT_Login=DEGRADED))
    assert day.heard == ["09:12 APIs/Login is down", "09:41 APIs/Login is back after 28 min"]


def test_a_feature_can_be_followed_without_its_group() -> None:
    """The group is one of the other products then, and counts all of its components."""
    day = Life(limits=replace(LIMITS, follow=("Voice mode",))).until("09:10")
    day.page = voice()
    day.until("09:40")
    assert day.heard == ["09:12 Voice mode is down"]
    assert day.verdict is not None
    assert [(p.name, p.state) for p in day.verdict.others if p.name == "ChatGPT"] == [("ChatGPT", PARTIAL)]


@pytest.mark.parametrize("posted", [True, False])
@pytest.mark.parametrize("state", [DEGRADED, PARTIAL, MAJOR])
def test_an_ignored_component_never_hurts_its_product(state: State, posted: bool) -> None:
    """Nothing is told and the icon stays green, whatever the page says of it; the reasons name it."""
    day = Life(limits=IGNORING).until("09:10")
    day.page = voice(state, posted=posted)
    day.until("09:40")
    assert (day.heard, day.icons) == ([], ["09:00 operational"])
    assert day.verdict is not None
    assert Reason(ReasonKind.IGNORED, subject="Voice mode", state=state) in day.verdict.reasons
    assert len(day.verdict.incidents) == posted


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "You ignore Voice mode; OpenAI's page says of it: Major outage"),
        ("tr", "Voice mode yok sayılıyor; OpenAI durum sayfasında onun için yazan: "),
        ("id", "Anda mengabaikan Voice mode; menurut halaman status OpenAI: "),
    ],
)
def test_an_ignored_component_still_stands_on_the_details_page(language: str, words: str) -> None:
    """Its incident with its posts, and what the page says of it."""
    day = Life(limits=IGNORING).until("09:10")
    day.page = voice()
    day.until("09:40")
    assert day.verdict is not None
    found = build_details_page(load_translator(language), Details(day.verdict, day.now.wall))
    headings = [section.heading for section in found.sections]
    assert any("Voice fails" in heading for heading in headings), headings
    (why,) = [section for section in found.sections if section.key == "why"]
    assert words in str(why.blocks)


def test_an_ignored_component_is_no_half_of_its_product() -> None:
    """Two of four degraded make an outage of it; with one of them ignored it is one of three."""
    reading = with_states(page(indicator=DEGRADED), ChatGPT_Voice_mode=DEGRADED, ChatGPT_Search=DEGRADED)
    assert live_day(LIMITS, reading).icons[1] == "09:12 partial_outage"
    assert live_day(IGNORING, reading).icons[1] == "09:12 degraded"


def test_a_title_that_names_only_what_is_ignored_concerns_nobody() -> None:
    """Neither its group nor all that are followed."""
    day = Life(limits=IGNORING, native=NativeReading({}, {})).until("09:10")
    day.page = page(down("Elevated errors in Voice mode", began="09:10"))
    day.until("09:40")
    assert (day.heard, day.icons) == ([], ["09:00 operational"])


def test_a_product_is_hurt_by_all_that_is_not_ignored() -> None:
    """An incident that names an ignored component and another one is the other one's."""
    reading = page(down("Errors", began="09:10", parts=("ChatGPT/Search", *VOICE)))
    day = live_day(IGNORING, reading)
    assert day.heard[0] == "09:12 ChatGPT: Search is down"


def test_a_product_of_which_all_is_ignored_is_fine() -> None:
    """It is listed still, and says so."""
    limits = replace(LIMITS, ignore=("Codex Web", "Codex API", "Terminal", "Editors"))
    day = live_day(limits, page(Codex=MAJOR))
    assert (day.heard, day.icons) == ([], ["09:00 operational"])


def test_what_is_ignored_and_followed_is_followed() -> None:
    """A tick in the menu is the newer wish."""
    day = live_day(replace(BESIDE, ignore=("Voice mode",)), voice())
    assert day.heard[0] == "09:12 Voice mode is down"


@pytest.mark.parametrize("limits", [IGNORING, BESIDE])
def test_setting_a_component_apart_in_the_middle_of_its_trouble_ends_and_starts_nothing(
    limits: Limits,
) -> None:
    """A change of settings is no news (law 7), there and back."""
    day = Life().until("09:10")
    day.page = voice()
    day.until("09:20").change(limits)
    day.until("09:30").change(LIMITS)
    day.until("09:40")
    assert day.heard == ["09:12 ChatGPT: Voice mode is down"]


@pytest.mark.long
@pytest.mark.parametrize("limits", [BESIDE, IGNORING], ids=["followed", "ignored"])
@pytest.mark.parametrize("off_until", [None, "09:50", "15:00"])
def test_setting_a_component_apart_while_the_program_is_off_ends_and_starts_nothing(
    limits: Limits, off_until: str | None
) -> None:
    """The file is changed, then it is started again, at once or hours later; what goes on is followed to its end."""
    day = Life().until("09:10")
    day.page = voice()
    day.until("09:20")
    day.limits = limits
    day.restart(off_until=off_until).until("15:30")
    assert day.heard == ["09:12 ChatGPT: Voice mode is down"]
    day.page = page()
    day.until("16:00")
    assert not [line for line in day.heard if "ChatGPT" in line][1:]


def test_an_outage_that_the_changed_settings_leave_as_it_is_keeps_its_end() -> None:
    """ChatGPT is down as a whole; what is ignored meanwhile makes it no better."""
    day = Life().until("09:10")
    day.page = page(down("ChatGPT is down", began="09:10", parts=("ChatGPT/Chats",)), ChatGPT=MAJOR)
    day.until("09:20")
    day.limits = IGNORING
    day.restart().until("09:40")
    day.page = page()
    day.until("10:00")
    assert day.heard[-1] == "09:41 ChatGPT is back after 28 min"


def test_an_ignored_name_that_the_page_does_not_have_is_said() -> None:
    """In the reasons, with the name that is most like it."""
    day = Life(limits=replace(LIMITS, ignore=("Voice mod", "voice mode"))).until("09:10")
    assert day.verdict is not None
    assert [r for r in day.verdict.reasons if r.kind is ReasonKind.IGNORED_UNKNOWN] == [
        Reason(ReasonKind.IGNORED_UNKNOWN, subject="Voice mod", word="Voice mode")
    ]


def test_an_end_is_called_as_its_start_was() -> None:
    """Also over a restart in between."""
    day = Life().until("09:10")
    day.page = voice()
    day.until("09:30").restart().until("09:40")
    day.page = page()
    day.until("10:00")
    assert day.heard == [
        "09:12 ChatGPT: Voice mode is down",
        "09:41 ChatGPT: Voice mode is back after 28 min",
    ]


def test_an_end_of_more_than_was_named_is_the_products() -> None:
    """What became as bad later, and was not told, is over with it."""
    day = Life().until("09:10")
    day.page = voice(PARTIAL, posted=False)
    day.until("09:30")
    day.page = with_states(day.page, ChatGPT_Search=PARTIAL)
    day.until("09:40")
    day.page = page()
    day.until("10:00")
    assert day.heard == ["09:12 ChatGPT: Voice mode is partly down", "09:41 ChatGPT is back after 28 min"]


def test_the_menu_offers_the_components_of_each_product() -> None:
    """Below the products; one of two that bear a name is followed with its group, and what is ignored is not offered."""
    day = Life(limits=replace(LIMITS, follow=("ChatGPT", "chatgpt/search"), ignore=("Batch",)))
    day.until("09:10")
    lines = follow_line(day.verdict, MenuChoices(follow=day.limits.follow), load_translator("en")).lines
    found = [(line.text, line.command.argument, line.checked) for line in lines if line.command]
    assert found == [
        ("APIs", "APIs", False),
        ("ChatGPT", "ChatGPT", True),
        ("Codex", "Codex", False),
        ("APIs: Answers API", "Answers API", False),
        ("APIs: Images", "Images", False),
        ("APIs: Login", "APIs/Login", False),
        ("ChatGPT: Chats", "Chats", False),
        ("ChatGPT: Login", "ChatGPT/Login", False),
        ("ChatGPT: Search", "chatgpt/search", True),
        ("ChatGPT: Voice mode", "Voice mode", False),
        ("Codex: Codex API", "Codex API", False),
        ("Codex: Codex Web", "Codex Web", False),
        ("Codex: Editors", "Editors", False),
        ("Codex: Terminal", "Terminal", False),
    ]
