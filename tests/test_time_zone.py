"""A person travels: the system's time zone changes under the running program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests.core.pages import page
from tests.desktop.desktops import wait_until
from tests.namespaces import missing, run_inside
from tests.test_poller import Stage
from trayapp.desktop.clocks import reread_zone
from trayapp.model import NotificationKind, QuietHours, State

ZONES = Path("/usr/share/zoneinfo")
TOKYO = timedelta(hours=9)


@pytest.mark.long
@pytest.mark.skipif(bool(missing("mount")), reason=missing("mount"))
@pytest.mark.skipif(not (ZONES / "Asia" / "Tokyo").exists(), reason="needs tzdata")
def test_tooltip_and_quiet_hours_follow_the_systems_time_zone() -> None:
    """From UTC to Tokyo by another /etc/localtime, as settings do it: the next round is told in Tokyo's time."""
    code = "from tests.test_time_zone import travel; travel()"
    environment = [f"{name}={value}" for name, value in os.environ.items() if name != "TZ"]
    done = run_inside("env", "-i", *environment, sys.executable, "-c", code)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"in UTC": True, "in Tokyo": True, "told in Tokyo's quiet hours": False}


def travel() -> None:
    """Runs with mounts of its own; prints what was seen."""
    _be_in("UTC")
    reread_zone()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        stage.begin()
        wait_until(lambda: stage.state() is State.OPERATIONAL)
        seen = {"in UTC": _is_told_in(stage, timedelta(0))}

        _be_in("Asia/Tokyo")
        there = stage.now() + TOKYO
        quiet = QuietHours((there - timedelta(hours=3)).time(), (there + timedelta(hours=3)).time())
        stage.chosen.change(quiet_hours=quiet)
        wait_until(lambda: _is_told_in(stage, TOKYO))
        seen["in Tokyo"] = True

        stage.seen = lambda _: page(ChatGPT=State.PARTIAL)
        wait_until(lambda: stage.state() is State.PARTIAL)
        before = len(stage.views)
        wait_until(lambda: len(stage.views) > before + 3)
        seen["told in Tokyo's quiet hours"] = NotificationKind.START in stage.kinds()
        stage.end()
    sys.stdout.write(json.dumps(seen))


def _be_in(zone: str) -> None:
    subprocess.run(["mount", "--bind", str(ZONES / zone), "/etc/localtime"], check=True)


def _is_told_in(stage: Stage, ahead: timedelta) -> bool:
    """Whether the newest tooltip tells the time of a zone so far ahead of UTC; a stage's minutes fly."""
    hour, minute = stage.views[-1].tooltip.split("checked ")[-1].split(":")
    told = timedelta(hours=int(hour), minutes=int(minute))
    now = stage.now() + ahead
    since_midnight = timedelta(hours=now.hour, minutes=now.minute)
    return (since_midnight - told) % timedelta(days=1) < timedelta(hours=2)
