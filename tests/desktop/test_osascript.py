"""Notifications on macOS without a bundle: a stand-in for osascript, which reads its options as the real one does."""

from __future__ import annotations

import getopt
import json
import sys
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from trayapp import APP_TITLE
from trayapp.desktop.notifications import command_line, osascript
from trayapp.desktop.notifications.base import NotifyError
from trayapp.desktop.notifications.osascript import SCRIPT, OsascriptNotifier
from trayapp.model import Notification, NotificationKind

START = Notification(id="n1", kind=NotificationKind.START, title="Chat is down", body="since 13:41")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stand-in lies, which the tests install."""
    monkeypatch.setattr(osascript, "OSASCRIPT", str(tmp_path / "osascript"))
    return tmp_path


def install(folder: Path, then: str = "") -> Path:
    """An osascript that records its arguments and then does something; the record."""
    record, script = folder / "record", folder / "osascript"
    script.write_text(
        f"#!{sys.executable} -I\nimport json, os, sys, time\n"
        f"json.dump(sys.argv[1:], open({str(record)!r}, 'w'))\n{then}\n"
    )
    script.chmod(0o755)
    return record


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("since 13:41", "since 13:41"),
        ('"; do shell script "touch /tmp/x', '"; do shell script "touch /tmp/x'),
        ('\\" & (do shell script "id") & \\"', '\\" & (do shell script "id") & \\"'),
        ("-e", " -e"),
        ("--", " --"),
        ("-l JavaScript", " -l JavaScript"),
        ("$(id) `id` ; id | id > id", "$(id) `id` ; id | id > id"),
        ("a\0b\x1bc\u202ed", "a b c d"),
        ("half \ud83d", "half  "),
        ("Sürüyor 🙂\nyeni satır", "Sürüyor 🙂\nyeni satır"),
    ],
)
def test_a_text_is_an_argument_and_never_a_part_of_the_script(text: str, said: str, folder: Path) -> None:
    """The script is the same whatever is told; the texts come after all options, as words of their own."""
    record = install(folder)
    OsascriptNotifier().show(Notification(id="n", kind=NotificationKind.START, title=text, body=text))
    options, words = getopt.getopt(json.loads(record.read_text()), "e:l:s:i")
    assert tuple(line for _, line in options) == SCRIPT
    assert {name for name, _ in options} == {"-e"}
    assert words == [APP_TITLE, said, said]


def test_an_osascript_that_fails_or_is_not_there_is_an_error(folder: Path) -> None:
    """Nothing was shown, and that is said."""
    with pytest.raises(NotifyError, match="osascript"):
        OsascriptNotifier().show(START)
    install(folder, "sys.exit(1)")
    with pytest.raises(NotifyError, match="exit status 1"):
        OsascriptNotifier().show(START)


def test_an_osascript_that_hangs_is_ended_in_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs the limit and is killed."""
    monkeypatch.setattr(command_line, "SHOW_TIMEOUT", 1.5)
    install(folder, "open(sys.argv[0] + '.pid', 'w').write(str(os.getpid())); time.sleep(600)")
    with pytest.raises(NotifyError, match="timed out"):
        OsascriptNotifier().show(START)
    pid = int((folder / "osascript.pid").read_text())
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), what="osascript to be gone")
