"""Start at login: what is written for each system, and that the desktop's own launcher reads it as meant."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desktop.desktops import wait_until
from trayapp import APP_ID
from trayapp.desktop.autostart import (
    AutostartState,
    read_autostart_state,
    registry,
    repair_entry,
    switch_off,
    switch_on,
    xdg,
)
from trayapp.desktop.autostart.base import AutostartEntry
from trayapp.desktop.autostart.program import program_command

AWKWARD = (
    "plain",
    "with space",
    'quo"te',
    "apo'strophe",
    "100% sure",
    "%f",
    "back\\slash",
    "\\n",
    "$HOME",
    "`id`",
    "a=b",
    "semi;colon",
    "Türkçe",
)
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@pytest.fixture
def entries(tmp_path: Path) -> xdg.XdgAutostart:
    """A person's own folder and one for everybody, both empty."""
    return xdg.XdgAutostart(
        {"XDG_CONFIG_HOME": str(tmp_path / "own"), "XDG_CONFIG_DIRS": str(tmp_path / "all")}
    )


def own(tmp_path: Path) -> Path:
    """The person's own entry."""
    return tmp_path / "own" / "autostart" / "openai-status-tray.desktop"


def for_everybody(tmp_path: Path) -> Path:
    """An administrator's entry."""
    file = tmp_path / "all" / "autostart" / "openai-status-tray.desktop"
    file.parent.mkdir(parents=True)
    file.write_text(xdg.build_entry((sys.executable, "run")))
    return file


@given(st.lists(WORDS, min_size=1).map(tuple))
def test_any_command_is_read_back_as_it_was_written(command: tuple[str, ...]) -> None:
    """Whatever characters a path has, the desktop entry gives them back."""
    assert xdg.parse_entry(xdg.build_entry(command)) == AutostartEntry(command)


@pytest.mark.parametrize("name", AWKWARD)
def test_the_desktop_starts_a_program_from_any_folder(name: str, tmp_path: Path) -> None:
    """GLib, which starts entries for GNOME and others, starts the very program with the very arguments."""
    gio = shutil.which("gio")
    if gio is None:
        pytest.skip("needs gio; `make desktop-tools` installs it")
    tool, said = tmp_path / name / APP_ID, tmp_path / "said"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\nprintf "%s\\n" "$0" "$@" >"$SAID.new" && mv "$SAID.new" "$SAID"\n')
    tool.chmod(0o755)
    entry = tmp_path / "entry.desktop"
    entry.write_text(xdg.build_entry((str(tool), "run", "--config", f"/{name}/my %c $file")))
    subprocess.run([gio, "launch", str(entry)], env={**os.environ, "SAID": str(said)}, check=True, timeout=30)
    wait_until(said.exists)
    assert said.read_text().splitlines() == [str(tool), "run", "--config", f"/{name}/my %c $file"]


GENERATOR = Path("/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator")
SPOILT = set("\\$`")
"""What systemd's generator brings through nowhere, in a program's path or its arguments (252; systemd/systemd#36044)."""


def unit_words(line: str) -> list[str]:
    """What systemd would start for an ExecStart of its generator's: quotes, escapes, and % doubled."""
    escapes = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "\\": "\\", '"': '"', "'": "'"}
    pieces = re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^\s"])+', line)
    return [
        re.sub(
            r'\\(.)|"|%%',
            lambda found: escapes.get(found[1], found[0]) if found[1] else found[0][1:],
            piece,
        )
        for piece in pieces
    ]


@pytest.mark.parametrize("name", [name for name in (*AWKWARD, "ta\tb") if not SPOILT & set(name)])
def test_systemd_starts_a_program_from_any_folder(name: str, tmp_path: Path) -> None:
    """Its generator, which starts entries for Plasma, GNOME and uwsm, makes a unit of ours with the same program."""
    if not GENERATOR.exists():
        pytest.skip("systemd's autostart generator is not installed (package systemd)")
    tool = tmp_path / name / APP_ID
    command = (str(tool), "run", "--config", f"/{name}/my file")
    folders = [tmp_path / part for part in ("config/autostart", "1", "2", "3", name)]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    (folders[0] / "entry.desktop").write_text(xdg.build_entry(command))
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_CONFIG_DIRS": str(tmp_path / "none")}
    subprocess.run([GENERATOR, *folders[1:4]], env=env, check=True, timeout=30)
    (unit,) = folders[3].glob("app-*.service")
    (line,) = re.findall(r"^ExecStart=:?(.*)$", unit.read_text(), re.MULTILINE)
    started = unit_words(line)
    assert tuple(started[started[0] == "/usr/bin/env" :]) == command
    # The executable itself may have no quotes, tabs or escapes.
    assert re.fullmatch(r"[^\"'\\\t]+", started[0])


@pytest.mark.parametrize("name", AWKWARD)
def test_the_entry_is_valid(name: str, tmp_path: Path) -> None:
    """The freedesktop project's own checker has nothing to say."""
    checker = shutil.which("desktop-file-validate")
    if checker is None:
        pytest.skip("needs desktop-file-validate; `make desktop-tools` installs it")
    entry = tmp_path / "entry.desktop"
    entry.write_text(xdg.build_entry((f"/{name}/{APP_ID}", "run")))
    done = subprocess.run([checker, str(entry)], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (0, "")


def test_it_is_switched_on_and_off(entries: xdg.XdgAutostart, tmp_path: Path) -> None:
    """On writes an entry for this very program, off leaves nothing; twice is no error."""
    assert read_autostart_state(entries) is AutostartState.OFF
    assert [switch_on(entries), switch_on(entries)] == [AutostartState.ON, AutostartState.ON]
    assert entries.read() == AutostartEntry((*program_command(), "run", "--at-login"))
    assert [switch_off(entries), switch_off(entries)] == [AutostartState.OFF, AutostartState.OFF]
    assert list(own(tmp_path).parent.iterdir()) == []


def test_a_config_file_is_named_by_its_whole_path(entries: xdg.XdgAutostart) -> None:
    """The program is started elsewhere than where the person stood."""
    switch_on(entries, Path("my own.toml"))
    assert entries.read() == AutostartEntry(
        (*program_command(), "run", "--at-login", "--config", str(Path("my own.toml").absolute()))
    )


@pytest.mark.parametrize("word", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_person_switched_off_stays_off(word: str, entries: xdg.XdgAutostart, tmp_path: Path) -> None:
    """A program that starts mends no entry that the desktop's settings have switched off, also one of a moved program."""
    entries.write(("/gone/openai-status-tray", "run"))
    key = word.partition("=")[0]
    kept = [line for line in own(tmp_path).read_text().splitlines() if not line.startswith(key)]
    own(tmp_path).write_text("\n".join([*kept, word]))
    before = own(tmp_path).read_text()
    assert read_autostart_state(entries) is AutostartState.FORBIDDEN
    repair_entry(entries)
    assert own(tmp_path).read_text() == before
    assert switch_on(entries) is AutostartState.ON, "what the person says last holds"


def test_a_group_of_actions_forbids_nothing() -> None:
    """Only the entry's own group is read, not what a desktop adds below."""
    text = xdg.build_entry(("/here/program", "run")) + "[Desktop Action New]\nHidden=true\nExec=other\n"
    assert xdg.parse_entry(text) == AutostartEntry(("/here/program", "run"))


def test_an_entry_for_everybody_can_be_refused(entries: xdg.XdgAutostart, tmp_path: Path) -> None:
    """What an administrator starts for all is on; off forbids it for this person alone."""
    shared = for_everybody(tmp_path)
    before = shared.read_text()
    assert read_autostart_state(entries) is AutostartState.ON
    assert switch_off(entries) is AutostartState.FORBIDDEN
    assert shared.read_text() == before
    assert switch_on(entries) is AutostartState.ON


def test_a_moved_program_mends_its_entry(entries: xdg.XdgAutostart) -> None:
    """An entry whose program has gone names this one, its arguments kept."""
    entries.write(("/gone/openai-status-tray", "run", "--config", "/my own.toml"))
    repair_entry(entries)
    assert entries.read() == AutostartEntry((*program_command(), "run", "--config", "/my own.toml"))


def test_an_entry_whose_program_is_there_is_left_alone(entries: xdg.XdgAutostart) -> None:
    """Of two installed programs the one the person chose goes on starting."""
    entries.write((sys.executable, "run"))
    repair_entry(entries)
    assert entries.read() == AutostartEntry((sys.executable, "run"))


def test_nothing_is_made_where_nothing_was(entries: xdg.XdgAutostart, tmp_path: Path) -> None:
    """A program that starts does not make itself start at login."""
    repair_entry(entries)
    assert not own(tmp_path).exists()


def test_a_place_that_cannot_be_written_does_not_stop_the_program(
    entries: xdg.XdgAutostart, tmp_path: Path
) -> None:
    """Mending is tried and given up."""
    (tmp_path / "own").write_text("a file where the folder belongs")
    for_everybody(tmp_path).write_text(xdg.build_entry(("/gone/openai-status-tray", "run")))
    repair_entry(entries)
    with pytest.raises(OSError, match="own"):
        switch_on(entries)


def test_the_program_named_is_one_that_runs() -> None:
    """What would be started at login answers."""
    done = subprocess.run(
        [*program_command(), "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("openai-status-tray ")


def test_a_link_is_named_and_not_what_it_leads_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that pipx and uv link to stays where it is when they move what is behind it."""
    real, link = tmp_path / "venv" / APP_ID, tmp_path / "bin" / APP_ID
    for folder in (real.parent, link.parent):
        folder.mkdir()
    real.write_text("#!/bin/sh\n")
    real.chmod(0o755)
    link.symlink_to(real)
    monkeypatch.setattr(sys, "argv", [str(link), "autostart", "on"])
    assert program_command() == (str(link),)


@pytest.mark.parametrize("path", [r"C:\Users\Ayşe Yılmaz\100% mine\openai-status-tray.exe", r"D:\x\y.exe"])
def test_windows_reads_the_command_as_meant(path: str) -> None:
    """A path with spaces is in quotes, and is read back."""
    line = registry.build_command_line((path, "run"))
    assert registry.parse_run_value(line, None) == AutostartEntry((path, "run"))
    assert line.startswith('"') == (" " in path)


@pytest.mark.parametrize(
    ("approved", "allowed"),
    [(None, True), (b"", True), (b"\2" + bytes(11), True), (b"\3" + bytes(11), False)],
)
def test_windows_task_manager_has_the_last_word(approved: bytes | None, allowed: bool) -> None:
    """An odd first byte beside the Run key means that the person switched it off."""
    assert registry.parse_run_value(r"C:\x.exe run", approved).is_allowed is allowed


def test_a_name_that_no_entry_can_hold_is_a_failure_like_any_other(
    entries: xdg.XdgAutostart, tmp_path: Path
) -> None:
    """Bytes that are no text are refused, and nothing half written stays."""
    with pytest.raises(OSError, match="surrogates not allowed"):
        switch_on(entries, Path("not\udc80text"))
    assert read_autostart_state(entries) is AutostartState.OFF
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_a_user_without_a_home_has_nothing_at_login_and_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container whose user no file knows: reading refuses like a folder that is not there, no fault."""

    def nobody(_uid: int) -> object:
        raise KeyError("no such user")

    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", nobody)
    entries = xdg.XdgAutostart({})
    repair_entry(entries)
    with pytest.raises(FileNotFoundError):
        read_autostart_state(entries)
    assert read_autostart_state(xdg.XdgAutostart({"XDG_CONFIG_HOME": str(tmp_path)})) is AutostartState.OFF
