"""Settings while the program runs: the file changes by hand and from the menu, and all that follows from it follows."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from trayapp.app.context import Prepared
from trayapp.app.languages import speech
from trayapp.app.live_settings import Preferences
from trayapp.commands.demo import on_loopback
from trayapp.demo.server import StatusServer
from trayapp.demo.story import frames, show
from trayapp.desktop.clocks import clock
from trayapp.model import Act, Command, Level, Me, Miss, Page, Plan
from trayapp.places import Places
from trayapp.settings.schema import _SECTIONS, Config, load
from trayapp.settings.template import example

LOOK = Plan(wait=0.0, why="asked for", page=True)


def prepared(folder: Path) -> Prepared:
    """What a command begins with, in a home of its own."""
    file = folder / "config.toml"
    config = load(file)
    home = Places(config=folder, state=folder, log=folder, runtime=folder)
    return Prepared(config, file, home, speech(config.language), at_login=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The person's settings."""
    path = tmp_path / "config.toml"
    path.write_text('# mine\nlanguage = "en"\nfollow = ["ChatGPT", "APIs"]\n', "utf-8")
    return path


@pytest.fixture
def preferences(file: Path) -> Iterator[Preferences]:
    """Settings as the running program holds them."""
    one = Preferences(prepared(file.parent))
    yield one
    one.close()


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a recording stand-in for the desktop's opener notes what it was given."""
    opener, notes = tmp_path / "bin" / "xdg-open", tmp_path / "opened"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$@" > {notes}\n', "utf-8")
    opener.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{opener.parent}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    return notes


def test_nothing_is_new_while_the_file_stays(preferences: Preferences) -> None:
    """The same object says so, at the cost of a look at the file's date."""
    assert preferences.now() is preferences.now()


def test_a_file_edited_by_hand_is_followed(preferences: Preferences, file: Path) -> None:
    """Limits, language, quiet hours and marks."""
    file.write_text(
        'language = "tr"\nfollow = ["Codex"]\n[page]\ninterval = "1h"\n[notify]\nlevel = "nothing"\nquiet_hours = "23:00-07:00"\n',
        "utf-8",
    )
    now = preferences.now()
    assert now.limits.page_interval == 3600.0
    assert (now.choices.follow, now.choices.level, now.choices.language) == (("Codex",), Level.NOTHING, "tr")
    assert now.quiet_hours is not None
    assert now.speech.say("Quit") == "Çıkış"


def test_what_is_said_outside_the_menu_follows_the_language(preferences: Preferences, file: Path) -> None:
    """The tray's own sentences, such as that there is none, are in the language that was chosen last."""
    assert preferences.say("Quit") == "Quit"
    assert preferences.do(Command(Act.LANGUAGE, "id")) == ""
    preferences.now()
    assert preferences.say("Quit") == "Keluar"


def test_an_icon_that_is_kept_out_of_the_menu_bar_is_said_with_where_to_allow_it(
    preferences: Preferences,
) -> None:
    """As a sentence of its own, which becomes a notification."""
    assert "System Settings > Menu Bar" in (preferences.do(Command(Act.SHUT_OUT)) or "")


def test_that_nobody_shows_notifications_is_shown_until_somebody_does(preferences: Preferences) -> None:
    """And the settings are new only when it changed."""
    preferences.mute(True)
    assert preferences.now().choices.mute
    assert preferences.now() is preferences.now()
    preferences.mute(False)
    assert not preferences.now().choices.mute


def test_a_mistake_leaves_the_old_settings_in_force_until_it_is_mended(
    preferences: Preferences, file: Path
) -> None:
    """The line that names file, key and value is shown meanwhile."""
    before = preferences.now()
    file.write_text('language = "de"\n', "utf-8")
    broken = preferences.now()
    assert broken.limits == before.limits
    assert 'language = "de"' in broken.choices.mistake
    assert preferences.now() is broken

    file.write_text('language = "id"\n', "utf-8")
    assert preferences.now().choices.mistake == ""
    assert preferences.now().choices.language == "id"


def test_a_mistake_is_named_in_the_language_that_held(preferences: Preferences, file: Path) -> None:
    """For the menu's line and the notification, and so is why a choice cannot be written."""
    assert preferences.do(Command(Act.LANGUAGE, "tr")) == ""
    preferences.now()
    file.write_text('[page]\ninterval = "5s"\n', "utf-8")
    assert 'page.interval = "5s": geçersiz, beklenen:' in preferences.now().choices.mistake
    refusal = preferences.do(Command(Act.LANGUAGE, "id"))
    assert refusal is not None
    assert refusal.startswith("değiştirilmedi, çünkü dosyada bir hata var")


def test_a_choice_is_written_and_followed(preferences: Preferences, file: Path) -> None:
    """The person's own comment stays."""
    assert preferences.do(Command(Act.FOLLOW, "Codex")) == ""
    assert preferences.now().limits.follow == ("ChatGPT", "APIs", "Codex")
    assert preferences.do(Command(Act.LEVEL, "problems")) == ""
    assert preferences.now().limits.level is Level.PROBLEMS
    assert preferences.do(Command(Act.PLAN, "Plus")) == ""
    assert preferences.do(Command(Act.REGION, "Asia")) == ""
    assert preferences.now().limits.me == preferences.now().choices.me == Me(("Plus",), ("Asia",))
    assert preferences.do(Command(Act.PLAN, "any")) == ""
    assert preferences.now().limits.me == Me((), ("Asia",))
    assert file.read_text("utf-8").startswith('# mine\nlanguage = "en"\n')


def test_a_choice_that_cannot_be_written_says_why(preferences: Preferences, file: Path) -> None:
    """A file broken meanwhile is left as it is."""
    file.write_text("oh no", "utf-8")
    refusal = preferences.do(Command(Act.LANGUAGE, "tr"))
    assert refusal is not None
    assert str(file) in refusal
    assert file.read_text("utf-8") == "oh no"


def test_what_is_no_setting_is_left_to_others(preferences: Preferences) -> None:
    """None, not an empty answer."""
    assert preferences.do(Command(Act.CHECK)) is None


def test_the_file_is_deleted_and_the_defaults_hold(preferences: Preferences, file: Path) -> None:
    """Who wants to begin again deletes it."""
    file.unlink()
    assert preferences.now().limits.follow == Config().follow


def test_a_named_file_must_stay(file: Path, tmp_path: Path) -> None:
    """With `--config FILE` a missing file is a mistake, and not a change to the public page."""
    elsewhere = Places(config=tmp_path / "x", state=tmp_path, log=tmp_path, runtime=tmp_path)
    one = Preferences(replace(prepared(file.parent), places=elsewhere))
    file.unlink()
    assert "no such file" in one.now().choices.mistake
    one.close()


def test_the_settings_file_is_made_from_the_example_and_opened(tmp_path: Path, opened: Path) -> None:
    """It changes nothing until a # is taken away; the desktop's opener gets its full path."""
    one = Preferences(prepared(tmp_path / "home"))
    assert one.do(Command(Act.OPEN_SETTINGS)) == ""
    file = tmp_path / "home" / "config.toml"
    wait_until(lambda: opened.exists() and opened.read_text("utf-8") == f"{file}\n")

    assert file.read_text("utf-8") == example()
    assert load(file) == Config()
    assert one.now().choices.mistake == ""
    one.close()


def test_without_an_opener_the_place_of_the_file_is_said(
    preferences: Preferences, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person opens it by hand."""
    monkeypatch.setenv("PATH", "/nowhere")
    answer = preferences.do(Command(Act.OPEN_SETTINGS))
    assert answer == f"No program opened {file}"


def test_the_example_has_every_setting_out_of_force(tmp_path: Path) -> None:
    """With its default: all marks taken away, it says what no file says."""
    text = example()
    assert {line for line in text.splitlines() if line and not line.startswith(("#", "["))} == set()
    for _, checks in _SECTIONS.values():
        assert all(f"\n# {name} = " in text for name in checks)
    assert set(tomllib.loads(text)) == set(_SECTIONS)

    whole = tmp_path / "config.toml"
    in_force = re.sub(r"^# (?=\[\[|\w+ = (?!\[\] +# no checks))", "", text, flags=re.MULTILINE)
    whole.write_text(in_force, "utf-8")
    assert tomllib.loads(in_force)["probes"]
    assert load(whole) == Config()


def test_looks_go_to_the_page_that_is_named_now(tmp_path: Path) -> None:
    """Another page in the file is asked at the next look, over connections of its own."""
    file = tmp_path / "config.toml"
    with StatusServer() as other:
        show(other, frames(clock()().wall)[0])
        with StatusServer() as one:
            show(one, frames(clock()().wall)[0])
            on_loopback(file, Config(), one.url)
            preferences = Preferences(prepared(tmp_path))
            assert isinstance(preferences.look(LOOK, clock()).page, Page)
        assert isinstance(preferences.look(LOOK, clock()).page, Miss)
        on_loopback(file, Config(), other.url)
        assert preferences.now().page_url == other.url
        assert isinstance(preferences.look(LOOK, clock()).page, Page)
        preferences.close()


def test_the_hook_follows_too(preferences: Preferences, file: Path) -> None:
    """What is run is what the file says now."""
    assert preferences.hook() == ()
    file.write_text('[hooks]\non_transition = ["/bin/true", "a"]\n', "utf-8")
    file.chmod(0o600)
    preferences.now()
    assert preferences.hook() == ("/bin/true", "a")


def test_the_hosts_that_may_be_opened_follow_too(preferences: Preferences, file: Path, opened: Path) -> None:
    """A host that was added is allowed from then on; before, a click leads to the page, and not to what it names."""
    file.write_text('[page]\nurl = "https://acme.host.example"\n', "utf-8")
    preferences.now()
    assert preferences.open_link("https://wiki.example/x", "")
    wait_until(lambda: opened.exists() and opened.read_text("utf-8") == "https://acme.host.example\n")
    file.write_text('[links]\nallow = ["wiki.example"]\n', "utf-8")
    preferences.now()
    assert preferences.open_link("https://wiki.example/x", "")
    wait_until(lambda: opened.exists() and opened.read_text("utf-8") == "https://wiki.example/x\n")
