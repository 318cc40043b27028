"""The details page in words: what it says, in which order, and what it keeps to itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core import scenes
from tests.core.scenes import BEGAN, INCIDENT, LANGUAGES, NOW, translator_of
from trayapp.core.details_page.bug_report import report_text
from trayapp.core.details_page.incident import detection_lead, lead_text
from trayapp.core.details_page.is_it_me import just_me_section
from trayapp.core.details_page.page import Details, build_details_page
from trayapp.model import (
    Cause,
    ConnectionState,
    Outcome,
    ProbeResult,
    Reason,
    ReasonKind,
    SeenIncident,
    Stage,
    State,
    Transition,
    TransitionKind,
    Verdict,
)
from trayapp.model.details_page import BulletList, CopyableText, DetailsPage, LinkList, Paragraphs, Section

EN = translator_of("en")
ALIVE = ProbeResult("Front", "ChatGPT", Outcome.ALIVE, status=200, elapsed_ms=120)
FAILED = ProbeResult("Front", "ChatGPT", Outcome.FAILURE, Cause.TIMEOUT)


def page_of(verdict: Verdict, **more: object) -> DetailsPage:
    """The page of a verdict."""
    return build_details_page(EN, replace(Details(verdict, NOW, program="tray 1.2"), **more))  # type: ignore[arg-type]  # fields by name


def keys(page: DetailsPage) -> list[str]:
    """Its sections, in order."""
    return [section.key for section in page.sections]


def section(page: DetailsPage, key: str) -> Section:
    """One of them."""
    return next(each for each in page.sections if each.key == key)


def lines(part: Section) -> str:
    """Its paragraphs."""
    return " ".join(line for block in part.blocks if isinstance(block, Paragraphs) for line in block.lines)


def test_what_matters_most_comes_first() -> None:
    """In an outage: the incident, whether it is just you, what to do; the history after that."""
    assert keys(page_of(scenes.DOWN))[:3] == ["incident", "me", "advice"]
    assert keys(page_of(scenes.CALM))[0] == "me"
    assert "advice" not in keys(page_of(scenes.CALM))


@pytest.mark.parametrize(
    ("verdict", "answer"),
    [
        (scenes.CALM, "more likely on your side"),
        (replace(scenes.DOWN, probes=(FAILED,)), "this computer sees it too"),
        (replace(scenes.DOWN, probes=(ALIVE,)), "you may be spared"),
        (scenes.DOWN, "OpenAI reports it."),
        (scenes.SUSPECTED, "Probably not"),
        (scenes.OFFLINE, "your own connection"),
        (replace(scenes.OFFLINE, connection=ConnectionState.PORTAL), "sign in first"),
        (replace(scenes.CALM, connection=ConnectionState.EDGE), "Cloudflare"),
        (
            replace(
                scenes.CALM, reasons=(Reason(ReasonKind.LOCAL_CAUSE, subject="ChatGPT", cause=Cause.TLS),)
            ),
            "your network",
        ),
        (
            replace(
                scenes.CALM, reasons=(Reason(ReasonKind.LOCAL_CAUSE, subject="ChatGPT", cause=Cause.CLOCK),)
            ),
            "its clock is wrong",
        ),
        (
            replace(
                scenes.CALM,
                reasons=(Reason(ReasonKind.LOCAL_CAUSE, subject="ChatGPT", cause=Cause.NO_NAME_SERVICE),),
            ),
            "names cannot be",
        ),
        (scenes.unreadable(Cause.NO_NAME_SERVICE), "names cannot be"),
        (replace(scenes.CALM, checking=True), "Too early"),
        (scenes.unreadable(Cause.HTML), "cannot be determined"),
    ],
)
def test_is_it_just_me_has_an_answer(verdict: Verdict, answer: str) -> None:
    """Each cause has its own; trouble elsewhere never sounds like yours."""
    assert answer in lines(just_me_section(EN, verdict))


def test_without_a_connection_nothing_passes_for_fine_or_failed() -> None:
    """What was known of the products is not shown, and a check that could not leave is not held against OpenAI."""
    page = page_of(replace(scenes.OFFLINE, probes=(FAILED,)))
    assert page.products.points == ()
    marks = [
        look
        for block in section(page, "me").blocks
        if isinstance(block, BulletList)
        for look, _ in block.points
    ]
    assert {look.state for look in marks if look} == {State.OFFLINE, State.UNKNOWN}


def test_the_estimate_stands_with_the_incident() -> None:
    """As a range with what it rests on, never as a time of the clock."""
    said = lines(section(page_of(scenes.DOWN), "incident"))
    assert "No official estimate. Half of past incidents that had lasted this long ended" in said
    assert "(Compared with 38 incidents.)" in said


def test_after_two_hours_no_estimate_is_given() -> None:
    """Nothing stands in its place."""
    old = replace(INCIDENT, started_at=NOW - timedelta(hours=3))
    said = lines(section(page_of(replace(scenes.DOWN, incidents=(old,))), "incident"))
    assert "estimate" not in said


@pytest.mark.parametrize(
    ("first_seen", "suspected", "words"),
    [
        (3, None, "3 min after OpenAI's first post"),
        (2, -12, "12 min before OpenAI's first post"),
        (2, 1, "1 min after OpenAI's first post"),
        (0, None, "within a minute"),
        (90, None, ""),
    ],
)
def test_who_noticed_first_is_said(first_seen: int, suspected: int | None, words: str) -> None:
    """Earlier, later or at once; nothing where the program was not looking when it was posted."""
    seen = SeenIncident(
        INCIDENT,
        BEGAN + timedelta(minutes=first_seen),
        None if suspected is None else BEGAN + timedelta(minutes=suspected),
    )
    assert words in lead_text(EN, seen)
    assert bool(words) == bool(lead_text(EN, seen))


def test_a_start_that_was_dated_back_is_not_a_post() -> None:
    """OpenAI may say afterwards when it began: what counts is when it said so."""
    backdated = replace(INCIDENT, started_at=BEGAN - timedelta(hours=1))
    assert detection_lead(SeenIncident(backdated, BEGAN + timedelta(minutes=2))) == -120.0


def test_updates_are_quoted_without_their_markup() -> None:
    """Word for word, but plain."""
    (posts,) = (
        block for block in section(page_of(scenes.DOWN), "incident").blocks if hasattr(block, "posts")
    )
    assert posts.posts[0].text == "We are looking into this."


def test_links_lead_to_allowed_places_only() -> None:
    """What may not be opened is no link; without any there is no section of links."""
    page = replace(scenes.READ, url="https://page.test")
    incident = replace(INCIDENT, url="https://evil.test/x")
    verdict = replace(scenes.DOWN, page=page, incidents=(incident,))
    some = page_of(verdict, may_open=lambda url: url == "https://page.test")
    found = [
        link
        for part in some.sections
        for block in part.blocks
        if isinstance(block, LinkList)
        for link in block.links
    ]
    assert [url for _, url in found] == ["https://page.test"]
    assert "links" not in keys(page_of(verdict))


def test_the_report_is_in_utc_and_holds_no_word_of_the_person() -> None:
    """Times, ids, outcomes and the program; one fact a line."""
    text = report_text(replace(scenes.DOWN, probes=(FAILED, ALIVE)), "tray 1.2")
    assert text.splitlines() == [
        "Checked: 2026-03-14 10:53:00 UTC",
        "ChatGPT: major_outage since 2026-03-14 10:41:00 UTC",
        "APIs: operational",
        "Codex: operational",
        "Incident harbour1: Answers are slow to arrive (investigating, began 2026-03-14 10:41:00 UTC)",
        "Check Front: failure, timeout",
        "Check Front: alive, HTTP 200, 120 ms",
        "Own connection: unasked",
        "Status page: read 2026-03-14 10:53:00 UTC",
        "By: tray 1.2",
    ]
    (copyable,) = (b for b in section(page_of(scenes.DOWN), "report").blocks if isinstance(b, CopyableText))
    assert copyable.text.endswith("By: tray 1.2")


def test_a_report_made_offline_says_that_it_is_old_news() -> None:
    """Who reads it must not take what was known last for what holds."""
    assert "ChatGPT: last known operational" in report_text(scenes.OFFLINE, "tray 1.2").splitlines()


def test_hostile_names_are_cut_and_cleaned() -> None:
    """Ten thousand characters, controls and overrides leave a short clean heading."""
    name = "\u202ex\x00" + "long " * 2000
    page = page_of(replace(scenes.DOWN, incidents=(replace(INCIDENT, name=name),)))
    heading = section(page, "incident").heading
    assert heading.startswith("xlong")
    assert len(heading) <= 160


def test_the_past_is_a_table_of_what_ended() -> None:
    """Newest first, with how long it lasted and who noticed first; what goes on is not past."""
    over = replace(INCIDENT, id="o", stage=Stage.RESOLVED, resolved_at=BEGAN + timedelta(minutes=47))
    page = page_of(
        scenes.CALM, seen=(SeenIncident(INCIDENT, BEGAN), SeenIncident(over, BEGAN + timedelta(minutes=5)))
    )
    table = section(page, "past").blocks[-1]
    assert getattr(table, "rows", ()) == (("Answers are slow to arrive", "13:41", "47 min", "5 min later"),)


def test_what_openai_never_posted_stands_under_the_past() -> None:
    """With its number and its meaning, also where no incident is known; nothing where nothing was suspected."""
    began = BEGAN - timedelta(hours=2)
    start = Transition(
        TransitionKind.START, ("ChatGPT",), State.OPERATIONAL, State.PARTIAL, began, began, confirmed=False
    )
    ended = began + timedelta(minutes=12)
    over = replace(start, change=TransitionKind.END, before=State.PARTIAL, after=State.OPERATIONAL, at=ended)
    past = section(page_of(scenes.CALM, transitions=(start, over)), "past")
    assert "suspected 1 outage by itself. OpenAI never posted 1 of them" in lines(past)
    assert getattr(past.blocks[-1], "rows", ()) == (("ChatGPT", "11:41", "12 min"),)
    assert "past" not in keys(page_of(scenes.CALM))


def test_a_page_without_history_says_so() -> None:
    """Nothing is drawn that was not seen."""
    assert "Nothing was observed yet" in lines(section(page_of(scenes.CALM), "history"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "verdict", [scenes.SUSPECTED, scenes.OFFLINE, scenes.unreadable(Cause.HTML), scenes.DOWN]
)
def test_what_stands_below_the_headline_goes_on_from_it(verdict: Verdict, language: str) -> None:
    """It does not say the same once more."""
    page = build_details_page(translator_of(language), Details(verdict, NOW))
    assert page.headline not in page.introduction
    assert page.introduction


def test_before_the_first_round_the_page_is_there() -> None:
    """Nothing is known, and it says that."""
    page = page_of(Verdict(NOW, State.UNKNOWN, checking=True))
    assert page.headline == "Checking OpenAI's status"
    assert page.look.hollow


def test_it_reloads_only_while_something_goes_on() -> None:
    """And only where asking again brings something newer."""
    assert page_of(scenes.DOWN, is_live=True).reload_seconds == 60
    assert page_of(scenes.CALM, is_live=True).reload_seconds == 0
    assert page_of(scenes.DOWN).reload_seconds == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_zone_is_named(language: str) -> None:
    """Local times carry their distance from UTC."""
    page = build_details_page(translator_of(language), Details(scenes.CALM, NOW))
    assert "UTC+03:00" in page.footer[0]
    assert page.language == language
