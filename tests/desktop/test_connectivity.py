"""NetworkManager's word, from a stand-in on a private bus in the place of the system's."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from tests.desktop.buses import PrivateBus, Service
from trayapp.desktop.dbus.bus import MethodCall, MethodReply
from trayapp.desktop.network.connectivity import (
    MANAGER,
    MANAGER_PATH,
    is_metered,
    read_system_connectivity,
)
from trayapp.model import SystemConnectivity

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="NetworkManager is Linux's"),
    pytest.mark.skipif(
        shutil.which("dbus-daemon") is None, reason="needs dbus-daemon; `make desktop-tools` installs it"
    ),
]

PATIENT = 20.0
"""Seconds for answers that are expected to come."""


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bus in the place of the system's, with nobody on it."""
    bus = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)  # where the stand-in comes from
    yield
    bus.close()


@pytest.fixture
def manager(system: None) -> Iterator[Service]:
    """A NetworkManager that says what the test gives it."""
    manager = Service(MANAGER, MANAGER_PATH)
    yield manager
    manager.bus.close()


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (0, SystemConnectivity.UNKNOWN),
        (1, SystemConnectivity.NONE),
        (2, SystemConnectivity.PORTAL),
        (3, SystemConnectivity.LIMITED),
        (4, SystemConnectivity.FULL),
        (99, SystemConnectivity.UNKNOWN),
    ],
)
def test_networkmanagers_number_is_a_word(manager: Service, value: int, word: SystemConnectivity) -> None:
    """Each of NetworkManager's states has its word; unknown and unheard-of ones are silence."""
    manager.answers["Get"] = MethodReply("v", (("u", value),))
    assert read_system_connectivity(PATIENT) is word
    assert manager.calls == [("Get", (MANAGER, "Connectivity"))]


@pytest.mark.parametrize(
    ("value", "metered"), [(0, False), (1, True), (2, False), (3, True), (4, False), (99, False)]
)
def test_networkmanager_says_what_costs_by_the_byte(manager: Service, value: int, metered: bool) -> None:
    """A guess that it does is enough to be sparing; silence is not."""
    manager.answers["Get"] = MethodReply("v", (("u", value),))
    assert is_metered(PATIENT) is metered
    assert manager.calls == [("Get", (MANAGER, "Metered"))]


def test_a_connection_of_which_nobody_says_the_cost_is_free(system: None) -> None:
    """No NetworkManager is there."""
    assert not is_metered(PATIENT)


def test_the_word_is_asked_anew_each_time(manager: Service) -> None:
    """Nothing is kept from one question to the next."""
    manager.answers["Get"] = MethodReply("v", (("u", 4),))
    assert read_system_connectivity(PATIENT) is SystemConnectivity.FULL
    manager.answers["Get"] = MethodReply("v", (("u", 1),))
    assert read_system_connectivity(PATIENT) is SystemConnectivity.NONE


@pytest.mark.parametrize(
    "answer", [MethodReply("v", (("s", "full"),)), MethodReply("s", ("full",)), MethodReply()]
)
def test_a_strange_answer_is_silence(manager: Service, answer: MethodReply) -> None:
    """An answer of another shape says nothing and harms nothing."""
    manager.answers["Get"] = answer
    assert read_system_connectivity(PATIENT) is SystemConnectivity.UNKNOWN


def test_an_error_reply_is_silence(manager: Service) -> None:
    """A NetworkManager too old to know the property says nothing."""
    assert read_system_connectivity(PATIENT) is SystemConnectivity.UNKNOWN


def test_nobody_on_the_bus_is_silence(system: None) -> None:
    """A system without NetworkManager says nothing."""
    assert read_system_connectivity(PATIENT) is SystemConnectivity.UNKNOWN


def test_no_bus_is_silence_and_loads_nothing(tmp_path: Path) -> None:
    """Where there is no system bus the D-Bus library is not even loaded."""
    code = (
        "import os, sys, pathlib\n"
        "os.environ.pop('DBUS_SYSTEM_BUS_ADDRESS', None)\n"
        "from trayapp.desktop.network import connectivity\n"
        f"connectivity._SYSTEM_BUS_SOCKET = pathlib.Path({str(tmp_path / 'none')!r})\n"
        "print(connectivity.read_system_connectivity().value, 'jeepney' in sys.modules)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert told.stdout == "silent False\n"


@pytest.mark.parametrize("address", ["unix:path=/nowhere/at/all", "nonsense", "tcp:host=127.0.0.1", ";;"])
def test_an_odd_address_is_silence(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """A system bus that cannot be reached says nothing."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    assert read_system_connectivity(PATIENT) is SystemConnectivity.UNKNOWN


def test_a_hung_bus_costs_its_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bus that takes the connection and never greets is given up."""
    path = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(path))
        hung.listen()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={path}")
        before = time.monotonic()
        assert read_system_connectivity(0.2) is SystemConnectivity.UNKNOWN
        assert time.monotonic() - before < 5


class Hung(Service):
    """A NetworkManager that takes the question and never answers it."""

    release = Event()

    def _answer(self, call: MethodCall) -> MethodReply:
        self.release.wait(60)
        return super()._answer(call)


def test_a_hung_networkmanager_costs_its_time_only(system: None) -> None:
    """A NetworkManager that does not answer is given up."""
    hung = Hung(MANAGER, MANAGER_PATH)
    before = time.monotonic()
    assert read_system_connectivity(0.2) is SystemConnectivity.UNKNOWN
    assert time.monotonic() - before < 5
    Hung.release.set()
    hung.bus.close()


def test_elsewhere_the_system_is_silent_for_now(monkeypatch: pytest.MonkeyPatch, manager: Service) -> None:
    """On systems without NetworkManager nobody is asked."""
    monkeypatch.setattr(sys, "platform", "darwin")
    assert read_system_connectivity(PATIENT) is SystemConnectivity.UNKNOWN
    assert manager.calls == []
