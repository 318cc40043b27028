"""What the program says of itself."""

from __future__ import annotations

import pytest

from tests.core.scenes import LANGUAGES, NOW, translator_of
from trayapp.core.wording.program_notifications import (
    failed_action_notification,
    settings_notification,
    store_notification,
    welcome_notification,
    welcome_without_tray,
)
from trayapp.i18n.sanitize import TITLE_UNITS, utf16_length
from trayapp.model import (
    Action,
    Command,
    Look,
    NotificationKind,
    State,
    StoreComplaint,
    StoreFault,
)

GREEN = Look(State.OPERATIONAL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_welcome_tells_where_and_what_in_full(language: str) -> None:
    """Both welcomes fit without a cut and name the products followed."""
    for told in (
        welcome_notification(translator_of(language), ("ChatGPT", "APIs", "Codex"), GREEN),
        welcome_without_tray(translator_of(language), ("ChatGPT", "APIs", "Codex")),
    ):
        assert told.kind is NotificationKind.WELCOME
        assert "ChatGPT" in told.body
        assert "…" not in told.title + told.body
        assert utf16_length(told.title) <= TITLE_UNITS


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_tray_the_welcome_says_how_to_get_one(language: str) -> None:
    """GNOME, which has none of its own, and its extension are named; there is no icon to be shown."""
    told = welcome_without_tray(translator_of(language), ("ChatGPT",))
    assert "GNOME" in told.body
    assert "AppIndicator" in told.body
    assert told.look is None
    assert welcome_notification(translator_of(language), ("ChatGPT",), GREEN).look == GREEN


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fault_of_the_file_is_told_in_full(language: str) -> None:
    """Every fault has a title of its own that fits, and the place of a file kept aside is named."""
    told = [
        store_notification(translator_of(language), StoreComplaint(fault, "/home/a/state.db.kept"), NOW)
        for fault in StoreFault
    ]
    assert len({notice.title for notice in told}) == len(StoreFault)
    assert all(utf16_length(notice.title) <= TITLE_UNITS for notice in told)
    assert all("state.db.kept" in notice.body for notice in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mistake_in_the_settings_is_told_first_and_leads_to_them(language: str) -> None:
    """The line that names file, key and value comes before the reassurance; a click opens the file."""
    told = settings_notification(
        translator_of(language), 'config.toml: page.interval: "fast" is no duration', NOW
    )
    assert told.body.startswith('config.toml: page.interval: "fast"')
    assert told.click == Command(Action.OPEN_SETTINGS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_that_could_not_be_made_is_told_with_its_reason(language: str) -> None:
    """The title fits, and the reason is a sentence of its own."""
    told = failed_action_notification(
        translator_of(language), "config.toml: cannot be written: No space left on device", NOW
    )
    assert utf16_length(told.title) <= TITLE_UNITS
    assert told.body == "config.toml: cannot be written: No space left on device."
