"""Another version in the running one's place on the disk is noticed, and so is a part that cannot be loaded any more."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

import trayapp
from trayapp import __version__
from trayapp.app import restart
from trayapp.app.context import CommandContext
from trayapp.app.details_window import DetailsWindow
from trayapp.app.languages import load_translator
from trayapp.app.live_settings import LiveSettings
from trayapp.app.upgrade import ProgramReplacedError, UpgradeWatch
from trayapp.commands import demo, run
from trayapp.model import Action, Command
from trayapp.places import Places
from trayapp.settings.schema import Config


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The source with the version in it, as a package manager replaces it."""
    return Path(shutil.copy(trayapp.__file__, tmp_path / "__init__.py"))


@pytest.fixture
def upgrade(file: Path) -> UpgradeWatch:
    """What watches that file."""
    return UpgradeWatch(file)


@pytest.fixture
def preferences(tmp_path: Path, upgrade: UpgradeWatch) -> Iterator[LiveSettings]:
    """The person's settings in the running program."""
    places = Places(config=tmp_path, state=tmp_path, log=tmp_path, runtime=tmp_path)
    one = LiveSettings(
        CommandContext(Config(), places.config_file, places, load_translator("en"), at_login=False), upgrade
    )
    yield one
    one.close()


def become(file: Path, version: str) -> None:
    """Replace it as pip and dpkg do: by a new file under the old name."""
    new = file.with_suffix(".new")
    new.write_text(file.read_text("utf-8").replace(__version__, version), "utf-8")
    new.replace(file)


def test_the_running_version_asks_for_no_restart(upgrade: UpgradeWatch, file: Path) -> None:
    """Nor does the same one installed again."""
    assert not upgrade.needs_restart()
    become(file, __version__)
    os.utime(file, ns=(1, 1))
    assert not upgrade.needs_restart()


def test_the_real_file_is_read() -> None:
    """It stands where the program looks for it, in the form that is understood."""
    here = UpgradeWatch()
    assert not here.needs_restart()
    assert here._read_version() == __version__


def test_another_version_is_noticed(upgrade: UpgradeWatch, file: Path) -> None:
    """A newer or an older one; and that the old one is back."""
    become(file, "99.0")
    assert upgrade.needs_restart()
    file.write_text(f'__version__ = "{__version__}"\n')
    os.utime(file, ns=(1, 1))
    assert not upgrade.needs_restart()


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"__version__ = version()"])
def test_a_file_that_tells_no_version_says_nothing(
    content: bytes | None, upgrade: UpgradeWatch, file: Path
) -> None:
    """As in the moment in which it is replaced."""
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    assert not upgrade.needs_restart()


@pytest.mark.parametrize("missing", ["trayapp.not_there_any_more", "not_there_any_more"])
def test_a_part_that_is_gone_asks_for_a_restart(missing: str, upgrade: UpgradeWatch) -> None:
    """A module of our own or of a library."""
    with pytest.raises(ProgramReplacedError), upgrade.guard_loading():
        importlib.import_module(missing)
    assert upgrade.needs_restart()


@pytest.mark.parametrize("error", [ValueError("bad marshal data"), SystemExit("moved or deleted")])
def test_a_loader_that_stumbles_over_the_new_version_asks_for_a_restart(
    error: BaseException, upgrade: UpgradeWatch, file: Path
) -> None:
    """A bundle's loader has other words for it."""
    become(file, "99.0")
    with pytest.raises(ProgramReplacedError), upgrade.guard_loading():
        raise error


def test_a_fault_of_our_own_is_not_taken_for_an_upgrade(upgrade: UpgradeWatch) -> None:
    """While the version is the same it stays what it is."""
    with pytest.raises(ValueError, match="ours"), upgrade.guard_loading():
        raise ValueError("ours")
    assert not upgrade.needs_restart()


def test_the_menu_asks_for_the_restart(preferences: LiveSettings, file: Path) -> None:
    """As soon as the settings are looked at next."""
    assert not preferences.current_settings().choices.needs_restart
    become(file, "99.0")
    assert preferences.current_settings().choices.needs_restart


def test_a_setting_that_cannot_be_changed_any_more_says_why(
    preferences: LiveSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What writes settings is loaded when one is first changed."""
    monkeypatch.setitem(sys.modules, "trayapp.settings.edit", None)  # what an import then finds
    said = preferences.run_command(Command(Action.LANGUAGE, "tr"))
    assert said == "The program was updated while it ran; restart it to finish."
    assert preferences.current_settings().choices.needs_restart


def test_details_that_cannot_be_shown_any_more_ask_for_the_restart(
    preferences: LiveSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No browser is sent to a page that nobody can make."""
    monkeypatch.setitem(sys.modules, "trayapp.web_page.server", None)
    page = DetailsWindow(
        preferences.current_context,
        lambda: None,
        lambda: pytest.fail("asked for the time"),
        preferences.upgrade,
    )
    assert not page.open("")
    assert preferences.current_settings().choices.needs_restart
    page.close()


@pytest.mark.skipif(sys.platform != "linux", reason="notify-send is Linux's")
def test_a_beginning_that_fails_is_logged_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its icon has gone by then, and nobody reads a tray program's terminal."""
    shown = tmp_path / "shown"
    send = tmp_path / "notify-send"
    send.write_text(f'#!/bin/sh\necho "$@" > {shown}\n')
    send.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    monkeypatch.setitem(sys.modules, "dbus", None)  # which plyer would take before notify-send
    monkeypatch.setattr(restart, "program_command", lambda: (str(tmp_path / "gone"),))
    places = Places(config=tmp_path, state=tmp_path, log=tmp_path, runtime=tmp_path)
    prepared = CommandContext(Config(), places.config_file, places, load_translator("en"))
    with pytest.raises(FileNotFoundError):
        run.finish_run(prepared, None)
    assert "it has ended and could not begin again" in shown.read_text()
    assert "could not begin again" in places.log_file.read_text("utf-8")


def test_a_demo_begins_again_once_its_folder_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing comes after that beginning, so nothing could put it away later."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    found: list[list[Path]] = []

    def look(*_ignored: object) -> None:
        found.append(list(temporary.iterdir()))

    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr(run, "end_on_signals", lambda _end: None)
    monkeypatch.setattr(run, "run_to_end", look)  # as after a click on the menu's line
    monkeypatch.setattr(run, "restart_program", look)
    places = Places(config=tmp_path, state=tmp_path, log=tmp_path, runtime=tmp_path)
    prepared = CommandContext(Config(), places.config_file, places, load_translator("en"))
    assert demo.main(prepared, Namespace(speed=600.0)) == 0
    while_it_ran, afterwards = found
    assert len(while_it_ran) == 1
    assert afterwards == []
