"""Start at login from the menu: the entry is written and taken away, and the menu's mark says what holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from trayapp.app.context import CommandContext
from trayapp.app.languages import load_translator
from trayapp.app.live_settings import LiveSettings
from trayapp.desktop.autostart import xdg
from trayapp.desktop.autostart.program import program_command
from trayapp.model import Action, Command
from trayapp.places import Places
from trayapp.settings.schema import load_config

ON, OFF = Command(Action.AUTOSTART, "on"), Command(Action.AUTOSTART, "off")


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the person's own entry belongs; nothing starts at login for everybody."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "all"))
    return tmp_path / "own" / "autostart" / "openai-status-tray.desktop"


@pytest.fixture
def preferences(entry: Path, tmp_path: Path) -> Iterator[LiveSettings]:
    """Settings as a running program holds them, which reads a config file that the person named."""
    file = tmp_path / "my own.toml"
    file.write_text('language = "en"\n')
    places = Places(config=tmp_path, state=tmp_path, log=tmp_path, runtime=tmp_path)
    one = LiveSettings(CommandContext(load_config(file), file, places, load_translator("en")))
    yield one
    one.close()


def is_marked(preferences: LiveSettings) -> bool | None:
    """The mark at the menu's line."""
    return preferences.current_settings().choices.starts_at_login


def test_the_menu_switches_it_on_and_off(preferences: LiveSettings, entry: Path) -> None:
    """The entry starts this program with the config file that this one reads; nothing is said where all is well."""
    assert is_marked(preferences) is False
    assert preferences.run_command(ON) == ""
    assert is_marked(preferences) is True
    config = str(entry.parents[2] / "my own.toml")
    assert xdg.parse_entry(entry.read_text()).command == (
        *program_command(),
        "run",
        "--at-login",
        "--config",
        config,
    )
    assert preferences.run_command(OFF) == ""
    assert is_marked(preferences) is False
    assert not entry.exists()


def test_what_is_switched_elsewhere_is_seen(preferences: LiveSettings, entry: Path) -> None:
    """On the command line or in the desktop's settings, while the program runs."""
    entry.parent.mkdir(parents=True)
    entry.write_text(xdg.build_entry((*program_command(), "run")))
    assert is_marked(preferences) is True
    assert preferences.current_settings() is preferences.current_settings()
    entry.write_text(entry.read_text() + "Hidden=true\n")
    assert is_marked(preferences) is False


def test_what_an_administrator_starts_for_all_is_refused_and_allowed_again(
    preferences: LiveSettings, entry: Path
) -> None:
    """Off leaves the shared file alone and is said, because it holds in another way than expected."""
    shared = entry.parents[2] / "all" / "autostart" / entry.name
    shared.parent.mkdir(parents=True)
    shared.write_text(xdg.build_entry((*program_command(), "run")))
    assert is_marked(preferences) is True
    assert "switched off" in (preferences.run_command(OFF) or "")
    assert is_marked(preferences) is False
    assert preferences.run_command(ON) == ""
    assert is_marked(preferences) is True


def test_a_place_that_cannot_be_written_is_said(preferences: LiveSettings, entry: Path) -> None:
    """The person reads why, and the mark stays."""
    entry.parents[1].write_text("a file where the folder belongs")
    assert "could not be read or changed" in (preferences.run_command(ON) or "")
    assert not is_marked(preferences)
