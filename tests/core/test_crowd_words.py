"""What is said of other people's reports: a row, a plot, a notification and a count, in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.films import LIMITS, alive, failing, look
from tests.core.pages import page
from tests.core.scenes import LANGUAGES, NOW, translator_of
from tests.core.test_details_page import keys, lines, page_of, section
from tests.web_page.crowd_scenes import FALLING, LEARNING, MANY, with_falling, with_people
from tests.web_page.scenes import CALM, MAJOR
from trayapp.core.details_page.crowd import people_points, people_sections
from trayapp.core.details_page.crowd_worth import RatedSpell, Worth, worth_summary
from trayapp.core.judge import judge_round
from trayapp.core.state.memory import Memory
from trayapp.core.tray_view.one_line import FormName, format_line
from trayapp.core.tray_view.view import build_view
from trayapp.core.wording.crowd_notification import crowd_notification
from trayapp.model import Look, NotificationKind, ReasonKind, SavedMemory, State
from trayapp.model.crowd import CrowdSpell, CrowdVerdict, CrowdWord
from trayapp.model.details_page import Curves

EN = translator_of("en")
CALM_PEOPLE = CrowdVerdict(CrowdWord.NONE)
UNREAD = CrowdVerdict(CrowdWord.NOT_KNOWN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_has_a_row_of_its_own(language: str) -> None:
    """No two read the same, and none is green that is not calm."""
    verdicts = (CALM_PEOPLE, UNREAD, LEARNING, replace(MANY, trend=None), FALLING)
    rows = [row for said in verdicts for row in people_points(translator_of(language), said, NOW)]
    assert len({text for _, text in rows}) == len(verdicts)
    assert [look == Look(State.OPERATIONAL) for look, _ in rows] == [True, False, False, False, False]


def test_the_row_names_places_and_a_trend() -> None:
    """And no person."""
    assert [text for _, text in people_points(EN, MANY, NOW)] == [
        f"Other people: unusually many reports since {EN.time_text(MANY.since, NOW)} (GitHub: openai/codex and Mastodon)",  # type: ignore[arg-type]  # it has one
        "Google Trends: among the 10 most searched in TR",
    ]


def test_the_plot_is_the_last_day_with_its_gaps() -> None:
    """Where nobody was asked there is no line; the numbers stand beside it."""
    (part,) = people_sections(EN, MANY, NOW)
    (plot,) = (block for block in part.blocks if isinstance(block, Curves))
    assert [curve.label for curve in plot.curves] == ["GitHub: openai/codex", "Mastodon"]
    assert max(v for v in plot.curves[0].values if v is not None) == 21
    assert None in plot.curves[0].values
    assert (plot.top, plot.scale_labels) == (40, ("40", "20"))
    assert "21" in {cell for row in plot.numbers.rows for cell in row}
    assert list(people_sections(EN, LEARNING, NOW)) == []
    assert list(people_sections(EN, MANY, NOW + timedelta(days=3))) == []


def test_nothing_is_said_of_them_where_nobody_asks() -> None:
    """No row, no plot, and the links are called what they are."""
    assert "people" not in keys(page_of(CALM))
    assert "people" in keys(page_of(with_people(CALM)))
    both = (
        page_of(MAJOR, may_open=lambda _url: True),
        page_of(with_falling(MAJOR), may_open=lambda _url: True),
    )
    assert ["asks none of these" in lines(section(each, "elsewhere")) for each in both] == [True, False]


@pytest.mark.parametrize("language", LANGUAGES)
def test_is_it_just_me_does_not_say_that_nothing_points_to_openai(language: str) -> None:
    """Other people do."""
    alone, people = CALM, with_people(CALM)
    speech = translator_of(language)
    views = [build_view(v, SavedMemory(), speech, NOW) for v in (alone, people)]
    assert lines(section(page_of(alone), "me")) != lines(section(page_of(people), "me"))
    assert [view.look.hollow for view in views] == [False, True]
    assert len(views[1].tooltip) > len(views[0].tooltip)
    assert format_line(FormName.WAYBAR, speech, people, NOW) != format_line(
        FormName.WAYBAR, speech, alone, NOW
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notification_is_other_people_s_word(language: str) -> None:
    """It says so, and that nothing else shows it."""
    notice = crowd_notification(translator_of(language), with_people(CALM))
    assert notice.kind is NotificationKind.PEOPLE
    assert "ChatGPT" in notice.title
    assert "OpenAI" in notice.body
    assert notice.look == Look(State.OPERATIONAL, hollow=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_their_worth_is_counted_in_words(language: str) -> None:
    """What OpenAI may still post does not count, nor what is three months old."""
    spell = CrowdSpell(NOW - timedelta(days=2), NOW - timedelta(days=2))
    old = replace(spell, began=NOW - timedelta(days=120))
    rated = [RatedSpell(spell, worth) for worth in (Worth.EARLY, Worth.EARLY, Worth.LATE, Worth.OPEN)]
    summary = worth_summary(translator_of(language), [*rated, RatedSpell(old, Worth.WRONG)], NOW)
    assert [any(figure in line for line in summary) for figure in "3210"] == [True] * 4
    assert worth_summary(translator_of(language), [RatedSpell(old, Worth.WRONG)], NOW) == ()
    if language == "en":
        assert summary == (
            "In the last 90 days many other people reported problems 3 times.",
            "OpenAI posted it later than they did: 2; earlier: 1; never: 0.",
        )


def test_without_a_crowd_no_verdict_has_their_reasons() -> None:
    """Whatever the page and the probes say."""
    for probes in (alive("API"), failing("ChatGPT", "Login")):
        _, verdict, _ = judge_round(Memory(), look(0, page(ChatGPT=State.MAJOR), probes), LIMITS)
        assert verdict.crowd is None
        assert not {r.kind for r in verdict.reasons} & {
            ReasonKind.PEOPLE_REPORT,
            ReasonKind.PEOPLE_REPORT_TOO,
            ReasonKind.REPORTS_FALL,
            ReasonKind.REPORTS_LAST,
        }
