"""What a person's command does to what is kept, and to which setting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.core.scenes import DOWN, INCIDENT, ISTANBUL, NOW
from trayapp.engine import actions
from trayapp.model import FOREVER, Act, Choices, Command, Kept, KeptProduct, Level, Me, State, Update

NOTHING = Kept()
CHOSEN = Choices(("ChatGPT", "APIs"), Level.OUTAGES, "auto")


def local(at: datetime) -> datetime:
    """The clock of Istanbul: three hours ahead, all year."""
    return at.astimezone(ISTANBUL)


def after(command: Command, before: Kept = NOTHING) -> Kept:
    """What is kept after a command while ChatGPT is down."""
    found = actions.kept(command, before, DOWN, NOW, local)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("argument", "until"),
    [
        ("1h", NOW + timedelta(hours=1)),
        ("tomorrow", datetime(2026, 3, 15, 4, tzinfo=UTC)),
        ("on", FOREVER),
    ],
)
def test_a_pause_lasts_as_long_as_was_asked(argument: str, until: datetime) -> None:
    """An hour, until seven on the local clock, or without end; resuming ends each."""
    paused = after(Command(Act.PAUSE, argument))
    assert paused.paused_until == until
    assert after(Command(Act.RESUME), paused).paused_until is None


def test_asking_to_be_told_can_be_taken_back() -> None:
    """The same line a second time takes the mark away."""
    asked = after(Command(Act.TELL_WHEN_BACK))
    assert asked.tell_when_back == ("ChatGPT",)
    assert after(Command(Act.TELL_WHEN_BACK), asked).tell_when_back == ()


def test_a_look_at_an_incident_marks_its_newest_update_as_seen() -> None:
    """Of that one alone; of those that are over nothing stays."""
    newer = replace(
        INCIDENT, id="two", updates=(Update("u9", INCIDENT.stage, "", "", None), *INCIDENT.updates)
    )
    verdict = replace(DOWN, incidents=(INCIDENT, newer, replace(INCIDENT, id="three", updates=())))
    before = Kept(seen={"over": "u1", "two": "u1"})

    one = actions.looked(Command(Act.OPEN_INCIDENT, "harbour1"), before, verdict)
    assert one.seen == {"two": "u1", "harbour1": "u1"}
    every = actions.looked(Command(Act.DETAILS), before, verdict)
    assert every.seen == {"harbour1": "u1", "two": "u9", "three": ""}
    assert actions.looked(Command(Act.OPEN_PAGE), before, verdict) == before
    assert actions.looked(Command(Act.DETAILS), before, None) == before


def test_who_is_left_is_forgotten() -> None:
    """Followed again weeks later, the end of what was told then would be told with weeks of length."""
    before = Kept(
        products={"ChatGPT": KeptProduct(), "Codex": KeptProduct(told=State.MAJOR)},
        tell_when_back=("Codex", "ChatGPT"),
    )
    assert actions.following(before, ("ChatGPT",)) == Kept(
        products={"ChatGPT": KeptProduct()}, tell_when_back=("ChatGPT",)
    )


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        (Command(Act.FOLLOW, "Codex"), ("follow", ("ChatGPT", "APIs", "Codex"))),
        (Command(Act.FOLLOW, "ChatGPT"), ("follow", ("APIs",))),
        (Command(Act.LEVEL, "nothing"), ("notify.level", "nothing")),
        (Command(Act.LANGUAGE, "tr"), ("language", "tr")),
        (Command(Act.CHECK), None),
    ],
)
def test_a_choice_is_one_setting_with_its_new_value(
    command: Command, setting: actions.Setting | None
) -> None:
    """What was followed is left, and what was not is followed."""
    assert actions.setting(command, CHOSEN) == setting


def test_the_last_one_followed_stays() -> None:
    """A late click on a line that was the last but one must not leave nothing."""
    assert actions.setting(Command(Act.FOLLOW, "APIs"), replace(CHOSEN, follow=("APIs",))) is None


@pytest.mark.parametrize(
    ("before", "command", "setting"),
    [
        (Me(), Command(Act.PLAN, "Plus"), ("me.plan", ("Plus",))),
        (Me(plan=("Free", "Plus")), Command(Act.PLAN, "Free"), ("me.plan", ("Plus",))),
        (Me(plan=("Plus",)), Command(Act.PLAN, "any"), ("me.plan", ())),
        (Me(plan=("Plus",)), Command(Act.REGION, "Asia"), ("me.region", ("Asia",))),
        (Me(region=("Asia", "Turkey")), Command(Act.REGION, "any"), ("me.region", ())),
    ],
)
def test_a_tick_under_about_me_adds_a_name_or_takes_it_away(
    before: Me, command: Command, setting: actions.Setting
) -> None:
    """And "any" clears them all."""
    assert actions.setting(command, Choices(me=before)) == setting
