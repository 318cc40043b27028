"""Start at login from the menu: the entry is written and taken away, and the menu's mark says what holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from trayapp.app.context import Prepared
from trayapp.app.languages import speech
from trayapp.app.live_settings import Preferences
from trayapp.desktop.autostart import xdg
from trayapp.desktop.autostart.program import program
from trayapp.model import Act, Command
from trayapp.places import Places
from trayapp.settings.schema import load

ON, OFF = Command(Act.AUTOSTART, "on"), Command(Act.AUTOSTART, "off")


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the person's own entry belongs; nothing starts at login for everybody."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "all"))
    return tmp_path / "own" / "autostart" / "openai-status-tray.desktop"


@pytest.fixture
def preferences(entry: Path, tmp_path: Path) -> Iterator[Preferences]:
    """Settings as a running program holds them, which reads a config file that the person named."""
    file = tmp_path / "my own.toml"
    file.write_text('language = "en"\n')
    places = Places(config=tmp_path, state=tmp_path, log=tmp_path, runtime=tmp_path)
    one = Preferences(Prepared(load(file), file, places, speech("en")))
    yield one
    one.close()


def marked(preferences: Preferences) -> bool | None:
    """The mark at the menu's line."""
    return preferences.now().choices.at_login


def test_the_menu_switches_it_on_and_off(preferences: Preferences, entry: Path) -> None:
    """The entry starts this program with the config file that this one reads; nothing is said where all is well."""
    assert marked(preferences) is False
    assert preferences.do(ON) == ""
    assert marked(preferences) is True
    config = str(entry.parents[2] / "my own.toml")
    assert xdg.parsed(entry.read_text()).command == (*program(), "run", "--at-login", "--config", config)
    assert preferences.do(OFF) == ""
    assert marked(preferences) is False
    assert not entry.exists()


def test_what_is_switched_elsewhere_is_seen(preferences: Preferences, entry: Path) -> None:
    """On the command line or in the desktop's settings, while the program runs."""
    entry.parent.mkdir(parents=True)
    entry.write_text(xdg.built((*program(), "run")))
    assert marked(preferences) is True
    assert preferences.now() is preferences.now()
    entry.write_text(entry.read_text() + "Hidden=true\n")
    assert marked(preferences) is False


def test_what_an_administrator_starts_for_all_is_refused_and_allowed_again(
    preferences: Preferences, entry: Path
) -> None:
    """Off leaves the shared file alone and is said, because it holds in another way than expected."""
    shared = entry.parents[2] / "all" / "autostart" / entry.name
    shared.parent.mkdir(parents=True)
    shared.write_text(xdg.built((*program(), "run")))
    assert marked(preferences) is True
    assert "switched off" in (preferences.do(OFF) or "")
    assert marked(preferences) is False
    assert preferences.do(ON) == ""
    assert marked(preferences) is True


def test_a_place_that_cannot_be_written_is_said(preferences: Preferences, entry: Path) -> None:
    """The person reads why, and the mark stays."""
    entry.parents[1].write_text("a file where the folder belongs")
    assert "could not be read or changed" in (preferences.do(ON) or "")
    assert not marked(preferences)
