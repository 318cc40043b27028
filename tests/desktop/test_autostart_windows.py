"""Start at login on Windows: the real registry, and Windows' own reading of a command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    import ctypes
    import winreg

    from tests.desktop.desktops import wait_until
    from trayapp import APP_TITLE
    from trayapp.desktop.autostart import (
        AutostartState,
        autostart_storage,
        read_autostart_state,
        repair_entry,
        switch_off,
        switch_on,
    )
    from trayapp.desktop.autostart.base import AutostartEntry, AutostartStorage
    from trayapp.desktop.autostart.program import program_command
    from trayapp.desktop.autostart.registry import APPROVED_KEY, RUN_KEY, build_command_line
else:
    pytest.skip("needs Windows' registry", allow_module_level=True)
assert sys.platform == "win32"  # elsewhere the type checker reads no further

ROOT = Path(__file__).parents[2]
ENABLED, DISABLED = b"\2" + bytes(11), b"\3" + bytes(11)
"""What Task Manager writes."""


@pytest.fixture
def entries() -> Iterator[AutostartStorage]:
    """The registry without an entry of ours, before and after."""
    switch_off(autostart_storage())
    yield autostart_storage()
    switch_off(autostart_storage())
    approve(None)


def approve(word: bytes | None) -> None:
    """Say what a person says in Task Manager; None takes it back."""
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, APPROVED_KEY) as key:
        if word is not None:
            winreg.SetValueEx(key, APP_TITLE, 0, winreg.REG_BINARY, word)
        elif APP_TITLE in _names(key):
            winreg.DeleteValue(key, APP_TITLE)


def _names(key: winreg.HKEYType) -> list[str]:
    return [winreg.EnumValue(key, number)[0] for number in range(winreg.QueryInfoKey(key)[1])]


def as_windows_reads(line: str) -> tuple[str, ...]:
    """The arguments that Windows makes of a command line."""
    split = ctypes.windll.shell32.CommandLineToArgvW
    split.restype = ctypes.POINTER(ctypes.c_wchar_p)
    count = ctypes.c_int()
    words = split(line, ctypes.byref(count))
    return tuple(words[number] or "" for number in range(count.value))


def test_it_is_switched_on_and_off(entries: AutostartStorage) -> None:
    """On writes a value for this very program, off leaves none; twice is no error."""
    assert read_autostart_state(entries) is AutostartState.OFF
    assert [switch_on(entries), switch_on(entries)] == [AutostartState.ON, AutostartState.ON]
    assert entries.read() == AutostartEntry((*program_command(), "run", "--at-login"))
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
        line, kind = winreg.QueryValueEx(key, APP_TITLE)
        assert as_windows_reads(line) == (*program_command(), "run", "--at-login")
        assert kind == winreg.REG_SZ  # in which no % is expanded
    assert [switch_off(entries), switch_off(entries)] == [AutostartState.OFF, AutostartState.OFF]
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
        assert APP_TITLE not in _names(key)


@pytest.mark.parametrize(
    "path",
    [
        r"C:\Users\Ayşe Yılmaz\100% mine\tray.exe",
        r"D:\%TEMP%\x.exe",
        r"C:\it's & (mine)\tray.exe",
        r"C:\a\b.exe",
    ],
)
def test_windows_reads_the_command_as_meant(path: str, entries: AutostartStorage) -> None:
    """Whatever a path on Windows may have in it, arguments included."""
    command = (path, "run", "--config", path.replace(".exe", ".toml"))
    entries.write(command)
    assert as_windows_reads(build_command_line(command)) == command
    assert entries.read() == AutostartEntry(command)


def test_a_persons_no_stays_one(entries: AutostartStorage) -> None:
    """What was switched off in Task Manager is neither mended nor switched on behind the person's back."""
    entries.write((r"C:\gone\tray.exe", "run"))
    approve(DISABLED)
    assert read_autostart_state(entries) is AutostartState.FORBIDDEN
    repair_entry(entries)
    assert entries.read() == AutostartEntry((r"C:\gone\tray.exe", "run"), is_allowed=False)
    assert switch_on(entries) is AutostartState.FORBIDDEN
    approve(ENABLED)
    assert read_autostart_state(entries) is AutostartState.ON


def test_a_moved_program_mends_its_entry(entries: AutostartStorage) -> None:
    """A value whose program has gone names this one, its arguments kept; one whose program is there is left alone."""
    entries.write((r"C:\gone\tray.exe", "run", "--config", r"C:\my own.toml"))
    repair_entry(entries)
    assert entries.read() == AutostartEntry((*program_command(), "run", "--config", r"C:\my own.toml"))
    entries.write((sys.executable, "run"))
    repair_entry(entries)
    assert entries.read() == AutostartEntry((sys.executable, "run"))


def test_the_program_named_is_there_and_opens_no_console(entries: AutostartStorage) -> None:
    """A console that flashes at each login would be a nuisance."""
    switch_on(entries)
    entry = entries.read()
    assert entry
    assert Path(entry.command[0]).exists()
    assert Path(entry.command[0]).name == "pythonw.exe"


def test_the_program_that_begins_again_has_its_arguments(entries: AutostartStorage) -> None:
    """After an update it is started anew by itself: here with the words that switch start at login on."""
    code = "import sys; sys.argv[1:] = ['autostart', 'on']; from trayapp.app.restart import restart_program; restart_program()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
    wait_until(lambda: read_autostart_state(entries) is AutostartState.ON, what="the other's doing")
