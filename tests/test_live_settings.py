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
from tests.systems import administrator
from trayapp.app.context import CommandContext
from trayapp.app.languages import load_translator
from trayapp.app.live_settings import LiveSettings
from trayapp.commands.demo import write_loopback_config
from trayapp.demo.server import StatusServer
from trayapp.demo.story import build_frames, show_frame
from trayapp.desktop.clocks import create_clock
from trayapp.model import AboutMe, Action, Command, Level, Miss, PageReading, PollPlan
from trayapp.places import Places
from trayapp.settings.keys import SECTIONS
from trayapp.settings.layers import Layer, Origin
from trayapp.settings.schema import Config, load_config, load_settings
from trayapp.settings.site import read_site_settings
from trayapp.settings.template import load_template

LOOK = PollPlan(wait=0.0, reason="asked for", page=True)


def command_context(folder: Path) -> CommandContext:
    """What a command begins with, in a home of its own."""
    file = folder / "config.toml"
    config = load_config(file)
    home = Places(config=folder, state=folder, log=folder, runtime=folder)
    return CommandContext(config, file, home, load_translator(config.language), at_login=False)


def with_site(folder: Path, *paths: Path) -> CommandContext:
    """The same, where an administrator may have put settings at these paths."""
    site = read_site_settings(paths)
    loaded = load_settings(folder / "config.toml", site=site)
    return replace(command_context(folder), site=site, config=loaded.config, origins=loaded.origins)


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    """Where an administrator may put settings; there are none yet."""
    path = tmp_path / "site" / "config.toml"
    path.parent.mkdir(mode=0o755)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The person's settings."""
    path = tmp_path / "config.toml"
    path.write_text('# mine\nlanguage = "en"\nfollow = ["ChatGPT", "APIs"]\n', "utf-8")
    return path


@pytest.fixture
def preferences(file: Path) -> Iterator[LiveSettings]:
    """Settings as the running program holds them."""
    one = LiveSettings(command_context(file.parent))
    yield one
    one.close()


@pytest.fixture
def opener_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a recording stand-in for the desktop's opener notes what it was given."""
    opener, notes = tmp_path / "bin" / "xdg-open", tmp_path / "opened"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$@" > {notes}\n', "utf-8")
    opener.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{opener.parent}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    return notes


def test_nothing_is_new_while_the_file_stays(preferences: LiveSettings) -> None:
    """The same object says so, at the cost of a look at the file's date."""
    assert preferences.current_settings() is preferences.current_settings()


def test_a_file_edited_by_hand_is_followed(preferences: LiveSettings, file: Path) -> None:
    """Limits, language, quiet hours and marks."""
    file.write_text(
        'language = "tr"\nfollow = ["Codex"]\n[page]\ninterval = "1h"\n[notify]\nlevel = "nothing"\nquiet_hours = "23:00-07:00"\n',
        "utf-8",
    )
    now = preferences.current_settings()
    assert now.limits.page_interval == 3600.0
    assert (now.choices.follow, now.choices.level, now.choices.language) == (("Codex",), Level.NOTHING, "tr")
    assert now.quiet_hours is not None
    assert now.speech.say("Quit") == "Çıkış"


def test_what_is_said_outside_the_menu_follows_the_language(preferences: LiveSettings, file: Path) -> None:
    """The tray's own sentences, such as that there is none, are in the language that was chosen last."""
    assert preferences.say("Quit") == "Quit"
    assert preferences.run_command(Command(Action.LANGUAGE, "id")) == ""
    preferences.current_settings()
    assert preferences.say("Quit") == "Keluar"


def test_an_icon_that_is_kept_out_of_the_menu_bar_is_said_with_where_to_allow_it(
    preferences: LiveSettings,
) -> None:
    """As a sentence of its own, which becomes a notification."""
    assert "System Settings > Menu Bar" in (preferences.run_command(Command(Action.ICON_HIDDEN)) or "")


def test_that_nobody_shows_notifications_is_shown_until_somebody_does(preferences: LiveSettings) -> None:
    """And the settings are new only when it changed."""
    preferences.set_muted(True)
    assert preferences.current_settings().choices.is_muted
    assert preferences.current_settings() is preferences.current_settings()
    preferences.set_muted(False)
    assert not preferences.current_settings().choices.is_muted


def test_a_mistake_leaves_the_old_settings_in_force_until_it_is_mended(
    preferences: LiveSettings, file: Path
) -> None:
    """The line that names file, key and value is shown meanwhile."""
    before = preferences.current_settings()
    file.write_text('language = "xx"\n', "utf-8")
    broken = preferences.current_settings()
    assert broken.limits == before.limits
    assert 'language = "xx"' in broken.choices.settings_mistake
    assert preferences.current_settings() is broken

    file.write_text('language = "id"\n', "utf-8")
    assert preferences.current_settings().choices.settings_mistake == ""
    assert preferences.current_settings().choices.language == "id"


def test_a_mistake_is_named_in_the_language_that_held(preferences: LiveSettings, file: Path) -> None:
    """For the menu's line and the notification, and so is why a choice cannot be written."""
    assert preferences.run_command(Command(Action.LANGUAGE, "tr")) == ""
    preferences.current_settings()
    file.write_text('[page]\ninterval = "5s"\n', "utf-8")
    assert (
        'page.interval = "5s": geçersiz, beklenen:' in preferences.current_settings().choices.settings_mistake
    )
    refusal = preferences.run_command(Command(Action.LANGUAGE, "id"))
    assert refusal is not None
    assert refusal.startswith("değiştirilmedi, çünkü dosyada bir hata var")


def test_a_choice_is_written_and_followed(preferences: LiveSettings, file: Path) -> None:
    """The person's own comment stays."""
    assert preferences.run_command(Command(Action.FOLLOW, "Codex")) == ""
    assert preferences.current_settings().limits.follow == ("ChatGPT", "APIs", "Codex")
    assert preferences.run_command(Command(Action.LEVEL, "problems")) == ""
    assert preferences.current_settings().limits.level is Level.PROBLEMS
    assert preferences.run_command(Command(Action.PLAN, "Plus")) == ""
    assert preferences.run_command(Command(Action.REGION, "Asia")) == ""
    assert (
        preferences.current_settings().limits.me
        == preferences.current_settings().choices.me
        == AboutMe(("Plus",), ("Asia",))
    )
    assert preferences.run_command(Command(Action.PLAN, "any")) == ""
    assert preferences.current_settings().limits.me == AboutMe((), ("Asia",))
    assert preferences.describe_crowd() == {}
    assert preferences.run_command(Command(Action.CROWD, "on")) == ""
    now = preferences.current_settings()
    assert now.limits.crowd == now.choices.crowd == ("github", "hacker_news", "mastodon")
    assert preferences.run_command(Command(Action.CROWD, "off")) == ""
    assert preferences.current_settings().choices.crowd == ()
    assert file.read_text("utf-8").startswith('# mine\nlanguage = "en"\n')


def test_a_choice_that_cannot_be_written_says_why(preferences: LiveSettings, file: Path) -> None:
    """A file broken meanwhile is left as it is."""
    file.write_text("oh no", "utf-8")
    refusal = preferences.run_command(Command(Action.LANGUAGE, "tr"))
    assert refusal is not None
    assert str(file) in refusal
    assert file.read_text("utf-8") == "oh no"


@administrator
def test_what_the_site_sets_is_followed_while_the_program_runs(site_file: Path) -> None:
    """Its file comes, changes, loses its administrator, breaks and goes; each counts with the next look at the settings."""
    one = LiveSettings(with_site(site_file.parent.parent, site_file))
    assert one.current_settings().choices.locked == frozenset()
    site_file.write_text('follow = ["Codex"]\n[locked.notify]\nlevel = "problems"\n', "utf-8")
    site_file.chmod(0o644)
    now = one.current_settings()
    assert (now.choices.follow, now.choices.level, now.choices.locked) == (
        ("Codex",),
        Level.PROBLEMS,
        frozenset({"notify.level"}),
    )
    assert one.current_settings() is now
    site_file.write_text('[locked]\nfollow = ["APIs"]\n', "utf-8")
    now = one.current_settings()
    assert (now.limits.follow, now.limits.level, now.choices.locked) == (
        ("APIs",),
        Level.OUTAGES,
        frozenset({"follow"}),
    )
    assert one.current_context().origins["follow"] == Origin(Layer.LOCKED, site_file)
    site_file.unlink()
    assert one.current_settings().limits.follow == Config().follow
    one.close()


@administrator
def test_a_site_file_that_breaks_is_logged_once_and_keeps_its_settings(
    site_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Until it is mended, also by its permissions alone; the person is told of no mistake, as none is theirs."""
    site_file.write_text('[locked]\nfollow = ["APIs"]\n', "utf-8")
    site_file.chmod(0o644)
    one = LiveSettings(with_site(site_file.parent.parent, site_file))
    site_file.chmod(0o666)
    assert one.current_settings().limits.follow == ("APIs",)
    (line,) = caplog.messages
    assert line.startswith(f"the site's settings: {site_file}: does not count: others may write {site_file}")
    site_file.write_text("[locked", "utf-8")
    site_file.chmod(0o644)
    choices = one.current_settings().choices
    assert (choices.follow, choices.locked, choices.settings_mistake) == (
        ("APIs",),
        frozenset({"follow"}),
        "",
    )
    assert f"{site_file}: is not TOML" in caplog.messages[-1]
    (written := site_file.parent.parent / "config.toml").write_text('language = "tr"', "utf-8")
    assert one.current_settings().choices.language == "tr"
    assert len(caplog.messages) == 2
    site_file.write_text("", "utf-8")
    site_file.parent.chmod(0o777)
    assert one.current_settings().choices.locked == {"follow"}
    site_file.parent.chmod(0o755)
    assert one.current_settings().choices.locked == frozenset()
    assert written.read_text("utf-8") == 'language = "tr"'
    one.close()


@administrator
@pytest.mark.parametrize(
    ("lock", "command"),
    [
        ('[locked]\nfollow = ["APIs"]', Command(Action.FOLLOW, "Codex")),
        ('[locked.notify]\nlevel = "problems"', Command(Action.LEVEL, "nothing")),
        ('[locked]\nlanguage = "en"', Command(Action.LANGUAGE, "tr")),
        ('[locked.me]\nplan = ["Plus"]', Command(Action.PLAN, "Free")),
        ('[locked.me]\nregion = ["Asia"]', Command(Action.REGION, "Europe")),
    ],
)
def test_a_choice_that_the_site_has_made_is_refused(site_file: Path, lock: str, command: Command) -> None:
    """A click from a menu that was open before the lock came; the person's file stays as it is."""
    site_file.write_text(lock, "utf-8")
    site_file.chmod(0o644)
    one = LiveSettings(with_site(site_file.parent.parent, site_file))
    (key,) = one.current_settings().choices.locked
    assert one.run_command(command) == f"{key} is set by your organisation"
    assert not (site_file.parent.parent / "config.toml").exists()
    one.close()


def test_what_is_no_setting_is_left_to_others(preferences: LiveSettings) -> None:
    """None, not an empty answer."""
    assert preferences.run_command(Command(Action.CHECK)) is None


def test_the_file_is_deleted_and_the_defaults_hold(preferences: LiveSettings, file: Path) -> None:
    """Who wants to begin again deletes it."""
    file.unlink()
    assert preferences.current_settings().limits.follow == Config().follow


def test_a_named_file_must_stay(file: Path, tmp_path: Path) -> None:
    """With `--config FILE` a missing file is a mistake, and not a change to the public page."""
    elsewhere = Places(config=tmp_path / "x", state=tmp_path, log=tmp_path, runtime=tmp_path)
    one = LiveSettings(replace(command_context(file.parent), places=elsewhere))
    file.unlink()
    assert "no such file" in one.current_settings().choices.settings_mistake
    one.close()


def test_the_settings_file_is_made_from_the_example_and_opened(tmp_path: Path, opener_notes: Path) -> None:
    """It changes nothing until a # is taken away; the desktop's opener gets its full path."""
    one = LiveSettings(command_context(tmp_path / "home"))
    assert one.run_command(Command(Action.OPEN_SETTINGS)) == ""
    file = tmp_path / "home" / "config.toml"
    wait_until(lambda: opener_notes.exists() and opener_notes.read_text("utf-8") == f"{file}\n")

    assert file.read_text("utf-8") == load_template()
    assert load_config(file) == Config()
    assert one.current_settings().choices.settings_mistake == ""
    one.close()


def test_without_an_opener_the_place_of_the_file_is_said(
    preferences: LiveSettings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person opens it by hand."""
    monkeypatch.setenv("PATH", "/nowhere")
    answer = preferences.run_command(Command(Action.OPEN_SETTINGS))
    assert answer == f"No program opened {file}"


def test_the_example_has_every_setting_out_of_force(tmp_path: Path) -> None:
    """With its default: all marks taken away, it says what no file says."""
    text = load_template()
    assert {line for line in text.splitlines() if line and not line.startswith(("#", "["))} == set()
    for _, checks in SECTIONS.values():
        assert all(f"\n# {name} = " in text for name in checks)
    assert set(tomllib.loads(text)) == set(SECTIONS)

    whole = tmp_path / "config.toml"
    in_force = re.sub(r"^# (?=\[\[|\w+ = (?!\[\] +# no checks))", "", text, flags=re.MULTILINE)
    whole.write_text(in_force, "utf-8")
    assert tomllib.loads(in_force)["probes"]
    assert load_config(whole) == Config()


def test_looks_go_to_the_page_that_is_named_now(tmp_path: Path) -> None:
    """Another page in the file is asked at the next look, over connections of its own."""
    file = tmp_path / "config.toml"
    with StatusServer() as other:
        show_frame(other, build_frames(create_clock()().wall)[0])
        with StatusServer() as one:
            show_frame(one, build_frames(create_clock()().wall)[0])
            write_loopback_config(file, Config(), one.url)
            preferences = LiveSettings(command_context(tmp_path))
            assert isinstance(preferences.poll(LOOK, create_clock()).page, PageReading)
        assert isinstance(preferences.poll(LOOK, create_clock()).page, Miss)
        write_loopback_config(file, Config(), other.url)
        assert preferences.current_settings().page_url == other.url
        assert isinstance(preferences.poll(LOOK, create_clock()).page, PageReading)
        preferences.close()


def test_the_hook_follows_too(preferences: LiveSettings, file: Path) -> None:
    """What is run is what the file says now."""
    assert preferences.hook_command() == ()
    file.write_text('[hooks]\non_transition = ["/bin/true", "a"]\n', "utf-8")
    file.chmod(0o600)
    preferences.current_settings()
    assert preferences.hook_command() == ("/bin/true", "a")


def test_the_hosts_that_may_be_opened_follow_too(
    preferences: LiveSettings, file: Path, opener_notes: Path
) -> None:
    """A host that was added is allowed from then on; before, a click leads to the page, and not to what it names."""
    file.write_text('[page]\nurl = "https://acme.host.example"\n', "utf-8")
    preferences.current_settings()
    assert preferences.open_link("https://wiki.example/x", "")
    wait_until(
        lambda: opener_notes.exists() and opener_notes.read_text("utf-8") == "https://acme.host.example\n"
    )
    file.write_text('[links]\nallow = ["wiki.example"]\n', "utf-8")
    preferences.current_settings()
    assert preferences.open_link("https://wiki.example/x", "")
    wait_until(
        lambda: opener_notes.exists() and opener_notes.read_text("utf-8") == "https://wiki.example/x\n"
    )
