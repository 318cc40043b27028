"""Start at login on macOS: the property list that launchd reads."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp import APP_ID
from trayapp.desktop.autostart import (
    AutostartState,
    launchd,
    read_autostart_state,
    repair_entry,
    switch_off,
    switch_on,
)
from trayapp.desktop.autostart.base import AutostartEntry
from trayapp.desktop.autostart.program import program_command

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\"'%&<> \t\n"))


def test_starts_an_agent_where_there_is_a_desktop(tmp_path: Path) -> None:
    """The property list names the program, starts it at login, and not over ssh."""
    agents = launchd.LaunchAgent(tmp_path)
    assert read_autostart_state(agents) is AutostartState.OFF
    assert switch_on(agents) is AutostartState.ON
    said = plistlib.loads((tmp_path / "Library" / "LaunchAgents" / f"{APP_ID}.plist").read_bytes())
    assert said["ProgramArguments"] == [*program_command(), "run", "--at-login"]
    assert (said["RunAtLoad"], said["LimitLoadToSessionType"]) == (True, "Aqua")
    assert [switch_off(agents), switch_off(agents)] == [AutostartState.OFF, AutostartState.OFF]


@given(st.lists(WORDS, min_size=1).map(tuple))
def test_any_command_is_read_back_as_it_was_written(command: tuple[str, ...]) -> None:
    """A property list gives back spaces, quotes, `%` and `&`, and launchd reads each word as one argument."""
    assert launchd.parse_plist(launchd.build_plist(command)) == AutostartEntry(command)


def test_starts_the_program_within_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a program in a bundle it is the bundle's own file, not a command that somebody has made beside it."""
    inside = "/Applications/OpenAI Status Tray.app/Contents/MacOS/openai-status-tray"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", inside)
    agents = launchd.LaunchAgent(tmp_path)
    switch_on(agents)
    assert agents.read() == AutostartEntry((inside, "run", "--at-login"))


def test_a_disabled_or_broken_agent_is_not_on(tmp_path: Path) -> None:
    """Disabled is the person's word; a file that is no property list is mended."""
    assert not launchd.parse_plist(plistlib.dumps({"ProgramArguments": ["/x"], "Disabled": True})).is_allowed
    agents = launchd.LaunchAgent(tmp_path)
    agents.write(("/x",))
    file = tmp_path / "Library" / "LaunchAgents" / f"{APP_ID}.plist"
    for broken in (
        b"",
        b"<plist>",
        b"no list",
        plistlib.dumps(["a"]),
        plistlib.dumps({"ProgramArguments": 1}),
    ):
        file.write_bytes(broken)
        repair_entry(agents)
        assert agents.read() == AutostartEntry((*program_command(), "run", "--at-login"))


@pytest.mark.parametrize("name", ["not\udc80text", "bell\a"])
def test_a_name_that_no_list_can_hold_is_a_failure_like_any_other(name: str, tmp_path: Path) -> None:
    """Bytes that are no text and control characters are refused, and nothing half written stays."""
    agents = launchd.LaunchAgent(tmp_path)
    with pytest.raises(OSError, match=r"surrogates|control characters"):
        switch_on(agents, Path(name))
    assert read_autostart_state(agents) is AutostartState.OFF
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
