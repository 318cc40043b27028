"""Why: each reason and each cause in words of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.scenes import (
    BEGAN,
    CALM,
    DOWN,
    INCIDENT,
    LANGUAGES,
    translator_of,
    unreadable,
)
from trayapp.core.wording import headline
from trayapp.core.wording.labels import cause_label, finding_label, incident_stage_label, state_label
from trayapp.core.wording.reasons import reason_lines
from trayapp.model import AnswerFinding, Cause, Miss, PageStatus, Reason, ReasonKind, Stage, State

EN = translator_of("en")
EVERY_REASON = tuple(
    Reason(
        why,
        subject="ChatGPT",
        state=State.MAJOR,
        word="wobbly",
        cause=Cause.DNS,
        count=1,
        total=2,
        since=BEGAN,
    )
    for why in ReasonKind
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_has_words_of_its_own(language: str) -> None:
    """No two causes of an unreadable page read the same."""
    speech = translator_of(language)
    assert len({headline.status_sentence(speech, unreadable(cause, 500)) for cause in Cause}) == len(Cause)
    assert cause_label(speech, Cause.STATUS) not in ("", cause_label(speech, Cause.STATUS, 500))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_line_of_its_own(language: str) -> None:
    """Each kind of reason is put into words, and no two into the same."""
    lines = reason_lines(translator_of(language), replace(DOWN, reasons=EVERY_REASON))
    assert len(set(lines)) == len(ReasonKind)
    assert all(lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_stage_has_a_name(language: str) -> None:
    """States are told apart by name, stages too; one never heard before is shown as the page spelled it."""
    speech = translator_of(language)
    stages = [
        incident_stage_label(speech, replace(INCIDENT, stage=stage, stage_word="Puzzling\u202e"))
        for stage in Stage
    ]
    assert len({state_label(speech, state) for state in State}) == len(State)
    assert len(set(stages)) == len(Stage)
    assert stages[-1] == "Puzzling"


def test_local_trouble_is_called_the_networks() -> None:
    """A certificate that fails for one service alone is not blamed on OpenAI."""
    verdict = replace(CALM, reasons=(Reason(ReasonKind.LOCAL_CAUSE, subject="APIs", cause=Cause.TLS),))
    assert headline.status_sentence(EN, verdict).endswith(
        "APIs cannot be reached from this computer (certificate not trusted): that is your network, not OpenAI."
    )


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (
            Reason(ReasonKind.INCIDENT, subject="harbour1"),
            "OpenAI has posted “Answers are slow to arrive” (Investigating), last update 13:45",
        ),
        (Reason(ReasonKind.INCIDENT, subject="gone"), "OpenAI has posted an incident"),
        (
            Reason(ReasonKind.PROBES_FINE, subject="APIs", total=1),
            "APIs: the last check from this computer was fine",
        ),
        (
            Reason(ReasonKind.PROBES_FINE, subject="APIs", total=3),
            "APIs: the last 3 checks from this computer were fine",
        ),
        (
            Reason(ReasonKind.PROBES_FAILED, subject="APIs", count=1, total=1),
            "APIs: 1 of 1 check from this computer failed",
        ),
        (Reason(ReasonKind.PAGE_UNREADABLE), "Could not read OpenAI's page"),
        (
            Reason(ReasonKind.UNKNOWN_STATUS, subject="APIs", word="<b>wobbly\n"),
            "OpenAI's page calls APIs “<b>wobbly”, a status never heard before",
        ),
        (
            Reason(ReasonKind.UNREACHABLE_HERE, subject="APIs", since=BEGAN),
            (
                "APIs cannot be reached from here, and never was on this network:"
                " it may be your network or them"
            ),
        ),
        (Reason(ReasonKind.OLD_COPY, since=BEGAN), "A cache gave an old copy of OpenAI's page, of 13:41"),
    ],
)
def test_a_reason_says_what_it_knows(fact: Reason, line: str) -> None:
    """Numbers, times and names stand in it as far as they are known, and a raw word is quoted."""
    assert reason_lines(EN, replace(DOWN, reasons=(fact,))) == (line,)


def test_an_incident_without_a_date_is_told_without_one() -> None:
    """A page that dates nothing costs only the time."""
    undated = replace(
        DOWN,
        incidents=(replace(INCIDENT, updated_at=None),),
        reasons=(Reason(ReasonKind.INCIDENT, subject="harbour1"),),
    )
    assert reason_lines(EN, undated) == ("OpenAI has posted “Answers are slow to arrive” (Investigating)",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_redirect_says_whereto(language: str) -> None:
    """A page that has moved is found again; what a hostile place is called steers nothing and fills no screen."""
    moved = unreadable(Cause.REDIRECT, 301)
    for place, shown in (
        ("https://new.example:8443", "https://new.example:8443"),
        ("http://" + "x" * 300, "…"),
    ):
        miss = Miss(Cause.REDIRECT, 301, whereto=place)
        said = headline.status_sentence(
            translator_of(language), replace(moved, page=PageStatus(last_miss=miss))
        )
        assert shown in said
        assert len(said) < 250


def test_a_miss_without_a_reason_is_told_all_the_same() -> None:
    """An unknown state names the page's last failure even if no reason carries it."""
    assert "no answer in time" in headline.status_sentence(EN, replace(unreadable(Cause.TIMEOUT), reasons=()))


def test_an_unknown_state_without_a_failure_stands_alone() -> None:
    """Nothing is made up where no look has failed."""
    assert (
        headline.status_sentence(EN, replace(unreadable(Cause.DNS), reasons=(), page=PageStatus()))
        == "Status unknown since 13:41."
    )


@pytest.mark.parametrize("finding", AnswerFinding)
def test_a_finding_has_words_if_it_is_worth_a_line(finding: AnswerFinding) -> None:
    """What the judge gives as a reason can be said, and nothing else has words."""
    assert bool(finding_label(EN, finding)) is finding.is_worth_showing
