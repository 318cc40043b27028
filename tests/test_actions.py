"""What a person's command does to what is kept, and to which setting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.core.scenes import DOWN, INCIDENT, ISTANBUL, NOW
from trayapp.engine import actions
from trayapp.model import (
    FOREVER,
    AboutMe,
    Action,
    Command,
    Level,
    MenuChoices,
    SavedMemory,
    SavedProduct,
    State,
    Update,
)

NOTHING = SavedMemory()
CHOSEN = MenuChoices(("ChatGPT", "APIs"), Level.OUTAGES, "auto")


def local(at: datetime) -> datetime:
    """The clock of Istanbul: three hours ahead, all year."""
    return at.astimezone(ISTANBUL)


def after(command: Command, before: SavedMemory = NOTHING) -> SavedMemory:
    """What is kept after a command while ChatGPT is down."""
    found = actions.update_saved(command, before, DOWN, NOW, local)
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
    paused = after(Command(Action.PAUSE, argument))
    assert paused.paused_until == until
    assert after(Command(Action.RESUME), paused).paused_until is None


def test_asking_to_be_told_can_be_taken_back() -> None:
    """The same line a second time takes the mark away."""
    asked = after(Command(Action.TELL_WHEN_BACK))
    assert asked.tell_when_back == ("ChatGPT",)
    assert after(Command(Action.TELL_WHEN_BACK), asked).tell_when_back == ()


def test_a_look_at_an_incident_marks_its_newest_update_as_seen() -> None:
    """Of that one alone; of those that are over nothing stays."""
    newer = replace(
        INCIDENT, id="two", updates=(Update("u9", INCIDENT.stage, "", "", None), *INCIDENT.updates)
    )
    verdict = replace(DOWN, incidents=(INCIDENT, newer, replace(INCIDENT, id="three", updates=())))
    before = SavedMemory(seen={"over": "u1", "two": "u1"})

    one = actions.mark_seen(Command(Action.OPEN_INCIDENT, "harbour1"), before, verdict)
    assert one.seen == {"two": "u1", "harbour1": "u1"}
    every = actions.mark_seen(Command(Action.DETAILS), before, verdict)
    assert every.seen == {"harbour1": "u1", "two": "u9", "three": ""}
    assert actions.mark_seen(Command(Action.OPEN_PAGE), before, verdict) == before
    assert actions.mark_seen(Command(Action.DETAILS), before, None) == before


def test_who_is_left_is_forgotten() -> None:
    """Followed again weeks later, the end of what was told then would be told with weeks of length."""
    before = SavedMemory(
        products={"ChatGPT": SavedProduct(), "Codex": SavedProduct(told=State.MAJOR)},
        tell_when_back=("Codex", "ChatGPT"),
    )
    assert actions.keep_followed(before, ("ChatGPT",)) == SavedMemory(
        products={"ChatGPT": SavedProduct()}, tell_when_back=("ChatGPT",)
    )


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        (Command(Action.FOLLOW, "Codex"), ("follow", ("ChatGPT", "APIs", "Codex"))),
        (Command(Action.FOLLOW, "ChatGPT"), ("follow", ("APIs",))),
        (Command(Action.LEVEL, "nothing"), ("notify.level", "nothing")),
        (Command(Action.LANGUAGE, "tr"), ("language", "tr")),
        (Command(Action.CHECK), None),
    ],
)
def test_a_choice_is_one_setting_with_its_new_value(
    command: Command, setting: actions.SettingChange | None
) -> None:
    """What was followed is left, and what was not is followed."""
    assert actions.setting_change(command, CHOSEN) == setting


def test_the_last_one_followed_stays() -> None:
    """A late click on a line that was the last but one must not leave nothing."""
    assert actions.setting_change(Command(Action.FOLLOW, "APIs"), replace(CHOSEN, follow=("APIs",))) is None


def test_others_are_asked_or_nobody_is() -> None:
    """The three that need nothing of the person; off is off, whoever the file named."""
    assert actions.setting_change(Command(Action.CROWD, "on"), CHOSEN) == (
        "crowd.sources",
        ("github", "hacker_news", "mastodon"),
    )
    named = MenuChoices(crowd=("downdetector",))
    assert actions.setting_change(Command(Action.CROWD, "off"), named) == ("crowd.sources", ())


@pytest.mark.parametrize(
    ("before", "command", "setting"),
    [
        (AboutMe(), Command(Action.PLAN, "Plus"), ("me.plan", ("Plus",))),
        (AboutMe(plan=("Free", "Plus")), Command(Action.PLAN, "Free"), ("me.plan", ("Plus",))),
        (AboutMe(plan=("Plus",)), Command(Action.PLAN, "any"), ("me.plan", ())),
        (AboutMe(plan=("Plus",)), Command(Action.REGION, "Asia"), ("me.region", ("Asia",))),
        (AboutMe(region=("Asia", "Turkey")), Command(Action.REGION, "any"), ("me.region", ())),
    ],
)
def test_a_tick_under_about_me_adds_a_name_or_takes_it_away(
    before: AboutMe, command: Command, setting: actions.SettingChange
) -> None:
    """And "any" clears them all."""
    assert actions.setting_change(command, MenuChoices(me=before)) == setting
