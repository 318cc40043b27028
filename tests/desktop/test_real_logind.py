"""systemd's own logind on a bus of the test's own, with a kernel that seems able to sleep, and a systemd that does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest

from tests.namespaces import missing, run_inside

LOGIND = Path("/lib/systemd/systemd-logind")
MOUNTS = """
mount -t tmpfs none /run
mkdir -p /run/systemd/seats /run/systemd/inhibit /run/systemd/sessions /run/systemd/users
mount -t tmpfs none /sys/power
echo "freeze mem" > /sys/power/state
echo "s2idle [deep]" > /sys/power/mem_sleep
exec "$@"
"""

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(bool(missing("mount", "dbus-daemon")), reason=missing("mount", "dbus-daemon")),
    pytest.mark.skipif(not LOGIND.exists(), reason="needs systemd's logind"),
]


def test_real_logind_is_held_up_until_the_icon_is_grey_and_tells_of_waking() -> None:
    """Two nights. Each sleep comes within a second of its announcement, and is held up by a new lock each time."""
    code = "from tests.desktop.test_real_logind import nights; nights()"
    done = run_inside("sh", "-ec", MOUNTS, "sh", sys.executable, "-c", code)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["words"] == ["asleep", "awake"] * 2
    assert all(0.0 < drawn <= slept <= 1.0 for drawn, slept in seen["nights"]), seen
    assert seen["examined"] == ["", ""]


def nights() -> None:
    """Runs with mounts of its own; prints what came of it."""
    from tests.desktop.buses import PrivateBus
    from tests.desktop.desktops import wait_until
    from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Bus, BusError, BusKind, MethodCall, MethodReply
    from trayapp.desktop.sleep.logind import LOGIND as NAME
    from trayapp.desktop.sleep.logind import MANAGER, PATH, LogindListener, examine_logind
    from trayapp.desktop.sleep.signals import SleepSignals

    words: list[str] = []
    drawn: list[float] = []
    slept: list[float] = []
    systemd, job, path = (
        "org.freedesktop.systemd1",
        "/org/freedesktop/systemd1/job/1",
        "/org/freedesktop/systemd1",
    )

    def asleep(done: Callable[[], None]) -> None:
        words.append("asleep")
        time.sleep(0.1)  # a poller at work
        drawn.append(time.monotonic())
        done()

    def manage(call: MethodCall) -> MethodReply:
        if call.member == "StartUnit":
            slept.append(time.monotonic())
            return MethodReply("o", (job,))
        if call.member == "Subscribe":
            return MethodReply()
        raise BusError("no such method")

    with tempfile.TemporaryDirectory() as folder:
        bus = PrivateBus(Path(folder))
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
        manager = Bus.connect(which=BusKind.SYSTEM)
        manager.serve(path, manage)
        manager.serve(f"{path}/unit/suspend_2etarget", lambda _: MethodReply("v", (("s", "loaded"),)))
        manager.call(DAEMON, DAEMON_PATH, DAEMON, "RequestName", "su", (systemd, 0))
        logind = subprocess.Popen([LOGIND], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ear = LogindListener(SleepSignals(asleep, lambda: words.append("awake")))
        spans = []
        for night in range(1, 3):
            wait_until(lambda: ear._lock is not None)
            began = time.monotonic()
            manager.call(NAME, PATH, MANAGER, "Suspend", "b", (False,))
            wait_until(lambda night=night: len(slept) == night)  # type: ignore[misc]
            manager.emit(path, f"{systemd}.Manager", "JobRemoved", "uoss", (1, job, "suspend.target", "done"))
            wait_until(lambda night=night: words.count("awake") == night)  # type: ignore[misc]
            spans.append((drawn[-1] - began, slept[-1] - began))
        examined = astuple(examine_logind())
        ear.close()
        logind.terminate()
        logind.wait(10)
        bus.close()
    sys.stdout.write(json.dumps({"words": words, "nights": spans, "examined": examined}))
