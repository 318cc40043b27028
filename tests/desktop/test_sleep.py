"""logind's word on sleep, from a stand-in on a private bus in the place of the system's, true and false."""

from __future__ import annotations

import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.buses import PrivateBus
from tests.desktop.desktops import wait_until
from tests.desktop.logind import Login
from trayapp.desktop.dbus.bus import Bus, BusKind
from trayapp.desktop.sleep.logind import (
    LOGIND,
    MANAGER,
    NO_LOCK,
    NO_LOGIND,
    PATH,
    SLEEP_SIGNAL,
    LogindListener,
    examine_logind,
)
from trayapp.desktop.sleep.signals import (
    MAX_SLEEPS,
    SLEEP_SPAN,
    TOO_EARLY,
    TOO_OFTEN,
    SleepSignals,
    SleepSupport,
)

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="logind is Linux's"),
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon"),
]


class Heard:
    """What came through, and who is waiting for a grey icon."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.draws = True
        self.now = 0.0
        self.drawn: list[Callable[[], None]] = []
        self.naps = SleepSignals(self._asleep, lambda: self.words.append("awake"), lambda: self.now)

    def _asleep(self, drawn: Callable[[], None]) -> None:
        self.words.append("asleep")
        self.drawn.append(drawn)
        if self.draws:
            drawn()


@pytest.fixture
def record() -> Heard:
    """Nothing yet."""
    return Heard()


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """A bus in the place of the system's, with nobody on it."""
    bus = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
    yield bus
    bus.close()


@pytest.fixture
def login(system: PrivateBus) -> Iterator[Login]:
    """A logind on it."""
    login = Login(system.address)
    yield login
    login.close()


@pytest.fixture
def ear(login: Login, record: Heard) -> Iterator[LogindListener]:
    """The program's ear, which holds its lock."""
    ear = LogindListener(record.naps)
    wait_until(lambda: login.held == 1)
    yield ear
    ear.close()


def test_a_sleep_is_held_up_until_the_icon_is_grey(login: Login, ear: LogindListener, record: Heard) -> None:
    """The lock delays and never blocks, is held while the icon is drawn, and is let go then."""
    assert [asked[0] for asked in login.asked] == ["sleep"]
    assert login.asked[0][3] == "delay"
    record.draws = False
    login.says(True)
    wait_until(lambda: record.drawn)
    assert login.held == 1
    record.drawn[0]()
    wait_until(lambda: login.held == 0)
    assert record.words == ["asleep"]


def test_a_sleep_is_held_up_for_a_second_at_most(login: Login, ear: LogindListener, record: Heard) -> None:
    """A program that hangs does not keep the computer awake."""
    record.draws = False
    before = time.monotonic()
    login.says(True)
    wait_until(lambda: login.held == 0)
    assert time.monotonic() - before <= 1.0


def test_a_waking_is_passed_on_and_the_next_sleep_is_held_up_too(
    login: Login, ear: LogindListener, record: Heard
) -> None:
    """Night after night."""
    for night in range(1, 4):
        login.says(True)
        wait_until(lambda night=night: login.released == night)  # type: ignore[misc]
        login.says(False)
        wait_until(lambda: login.held == 1)
    assert record.words == ["asleep", "awake"] * 3


def test_a_waking_without_a_sleep_is_not_believed(login: Login, ear: LogindListener, record: Heard) -> None:
    """What came before it is what counts."""
    login.says(False)
    login.says(True)
    wait_until(lambda: record.words)
    assert record.words == ["asleep"]


def test_a_sleep_within_a_sleep_is_not_believed(login: Login, ear: LogindListener, record: Heard) -> None:
    """Said again and again without a waking, it would keep the icon grey for ever."""
    for _ in range(5):
        login.says(True)
    login.says(False)
    wait_until(lambda: "awake" in record.words)
    assert record.words == ["asleep", "awake"]


def test_a_hundred_sleeps_in_a_second_are_believed_a_few_times(
    login: Login, ear: LogindListener, record: Heard
) -> None:
    """Then the clocks are gone by, the lock is let go, `doctor` is told why, and an hour later all is well again."""
    for _ in range(100):
        login.says(True)
        login.says(False)
    wait_until(lambda: record.naps.unheard_reason == TOO_OFTEN)
    login.says(True)
    wait_until(lambda: login.held == 0)
    assert record.words == ["asleep", "awake"] * MAX_SLEEPS

    record.now = SLEEP_SPAN
    login.says(True)
    login.says(False)
    wait_until(lambda: login.held == 1)
    assert record.naps.unheard_reason == ""
    assert record.words == ["asleep", "awake"] * (MAX_SLEEPS + 1)


@pytest.mark.parametrize(("signature", "values"), [("", ()), ("s", ("true",)), ("u", (1,))])
def test_a_signal_of_another_shape_is_nothing(
    login: Login, ear: LogindListener, record: Heard, signature: str, values: tuple[object, ...]
) -> None:
    """It harms nothing, and what comes after it counts."""
    login.emit(*values, signature=signature)
    login.says(True)
    wait_until(lambda: record.words)
    assert record.words == ["asleep"]


def test_another_programs_signal_is_nothing(
    system: PrivateBus, login: Login, ear: LogindListener, record: Heard
) -> None:
    """Only who owns logind's name speaks for it."""
    liar = Bus.connect(which=BusKind.SYSTEM)
    liar.emit(PATH, MANAGER, SLEEP_SIGNAL, "b", (True,))
    liar.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId")
    login.says(True)
    wait_until(lambda: record.words)
    liar.close()
    assert record.words == ["asleep"]


def test_a_refused_lock_leaves_the_word(system: PrivateBus, record: Heard) -> None:
    """The icon may then be grey a moment late; waking is heard all the same."""
    login = Login(system.address, refuses=True)
    ear = LogindListener(record.naps)
    wait_until(lambda: login.asked)
    login.says(True)
    login.says(False)
    wait_until(lambda: "awake" in record.words)
    assert examine_logind().unlocked.startswith(NO_LOCK)
    assert record.naps.current_support == SleepSupport(unlocked=NO_LOCK)
    ear.close()
    login.close()


def test_a_logind_that_comes_late_or_anew_is_found(system: PrivateBus, record: Heard) -> None:
    """Its lock is the new one's."""
    ear = LogindListener(record.naps)
    wait_until(lambda: record.naps.unheard_reason == NO_LOGIND)
    for _ in range(2):
        login = Login(system.address)
        wait_until(lambda login=login: login.held == 1)  # type: ignore[misc]
        assert record.naps.unheard_reason == ""
        login.close()
        wait_until(lambda: record.naps.unheard_reason == NO_LOGIND)
    ear.close()


def test_a_bus_that_ends_is_as_if_it_had_never_been(
    system: PrivateBus, login: Login, ear: LogindListener, record: Heard
) -> None:
    """The program goes on, and says why it hears nothing."""
    system.close()
    wait_until(lambda: "bus is gone" in record.naps.unheard_reason)


@pytest.mark.parametrize("address", ["unix:path=/nowhere/at/all", "nonsense", "tcp:host=127.0.0.1"])
def test_no_bus_is_said(monkeypatch: pytest.MonkeyPatch, record: Heard, address: str) -> None:
    """To the running program and to `doctor`."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    ear = LogindListener(record.naps)
    wait_until(lambda: record.naps.unheard_reason != TOO_EARLY)
    assert "no system bus" in record.naps.unheard_reason
    assert "no system bus" in examine_logind().unheard
    ear.close()


def test_a_bus_that_hangs_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: Heard
) -> None:
    """The program begins and ends beside it, and `doctor` gives it up after a moment."""
    path = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(path))
        hung.listen()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={path}")
        before = time.monotonic()
        LogindListener(record.naps).close()
        assert time.monotonic() - before < 0.5
        assert "no system bus" in examine_logind(0.3).unheard
        assert time.monotonic() - before < 3


def test_a_logind_that_hangs_holds_up_nobody(system: PrivateBus, record: Heard) -> None:
    """It never answers for the lock; its word counts, and `doctor` gives it up."""
    login = Login(system.address, silent=True)
    ear = LogindListener(record.naps)
    wait_until(lambda: login.asked)
    login.says(True)
    login.says(False)
    wait_until(lambda: "awake" in record.words)
    before = time.monotonic()
    assert examine_logind(0.3).unlocked.startswith(NO_LOCK)
    assert record.naps.current_support == SleepSupport(unlocked=NO_LOCK)
    assert time.monotonic() - before < 3
    ear.close()
    login.close()


def test_doctor_lets_its_lock_go(login: Login) -> None:
    """Asked whether it may have one, it keeps none."""
    assert examine_logind() == SleepSupport()
    wait_until(lambda: login.released == 1)


def test_doctor_says_that_there_is_no_logind(system: PrivateBus) -> None:
    """And starts none."""
    assert examine_logind() == SleepSupport(NO_LOGIND)


def test_what_others_say_on_the_bus_wakes_nobody(
    system: PrivateBus, login: Login, ear: LogindListener
) -> None:
    """No turn of the program's own thread comes of a thousand signals that are not for it."""
    (thread,) = (t for t in threading.enumerate() if t.name == "system bus")
    other = Bus.connect(which=BusKind.SYSTEM)
    before = _turns(thread)
    for _ in range(1000):
        other.emit(PATH, "org.freedesktop.login1.Session", "Lock")
        other.emit("/org/freedesktop/NetworkManager", "org.freedesktop.DBus.Properties", "PropertiesChanged")
    other.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId")
    assert _turns(thread) == before
    other.close()


def _turns(thread: threading.Thread) -> int:
    status = Path(f"/proc/self/task/{thread.native_id}/status").read_text("utf-8")
    return sum(int(line.split()[1]) for line in status.splitlines() if "ctxt_switches" in line)


def test_the_name_that_is_listened_to_is_loginds() -> None:
    """As its manual has it: org.freedesktop.login1(5)."""
    assert (LOGIND, MANAGER, SLEEP_SIGNAL) == (
        "org.freedesktop.login1",
        "org.freedesktop.login1.Manager",
        "PrepareForSleep",
    )
