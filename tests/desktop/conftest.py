"""Desktops to ask for: `xfce` (panel and notification server), `x11` (a bare X11 tray), `private_bus`, `wine`.

What speaks D-Bus is imported where it is used, because on Windows there is none.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop import windows
from tests.desktop.desktops import Desktop
from tests.desktop.staged import EMPTY, Stage
from tests.desktop.tools import missing_tools
from tests.desktop.trayer import Trayer
from tests.desktop.xfce import Xfce

if TYPE_CHECKING:
    from tests.desktop.buses import PrivateBus
    from trayapp.desktop.dbus.bus import Bus

SKIP = "needs {}; `make desktop-tools` installs them"


@pytest.fixture(scope="session")
def desktop_tools() -> None:
    """Skip where the programs of a desktop are not installed."""
    if missing := missing_tools():
        pytest.skip(SKIP.format(", ".join(missing)))


@pytest.fixture(scope="session")
def _xfce_session(desktop_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Xfce]:
    desktop = Xfce(tmp_path_factory.mktemp("xfce"))
    yield desktop
    desktop.close()


@pytest.fixture
def xfce(_xfce_session: Xfce, monkeypatch: pytest.MonkeyPatch) -> Iterator[Xfce]:
    """A running XFCE desktop that this process sees as its own; one for all tests, left as it was found."""
    live_in(_xfce_session, monkeypatch)
    yield _xfce_session
    _xfce_session.key("Escape")
    _xfce_session.move(400, 300)


@pytest.fixture
def x11(desktop_tools: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trayer]:
    """An X display without a panel, whose tray is started by the test, and a bus without a host."""
    desktop = Trayer(tmp_path)
    live_in(desktop, monkeypatch)
    yield desktop
    desktop.close()


@pytest.fixture
def private_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """A session bus of this test's own, on which nobody else is; no display."""
    if not shutil.which("dbus-daemon"):
        pytest.skip(SKIP.format("dbus-daemon"))
    from tests.desktop.buses import PrivateBus

    bus = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    for name in ("DISPLAY", "XDG_RUNTIME_DIR", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    yield bus
    bus.close()


@pytest.fixture
def join(private_bus: PrivateBus) -> Iterator[Callable[[], Bus]]:
    """Makes connections to the private bus, which are closed at the end."""
    from trayapp.desktop.dbus.bus import Bus

    joined: list[Bus] = []

    def connect() -> Bus:
        joined.append(Bus.connect())
        return joined[-1]

    yield connect
    for bus in joined:
        bus.close()


@pytest.fixture(scope="session")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[windows.Windows]:
    """A Windows of these tests' own; without a display."""
    if missing := windows.missing():
        pytest.skip(f"needs {missing}; `make windows-python` makes it")
    own = windows.Windows(tmp_path_factory.mktemp("windows"))
    yield own
    own.close()


@pytest.fixture(scope="session")
def taskbar(
    desktop_tools: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Trayer, windows.Windows]]:
    """An X11 tray, and a Windows on its display whose notification area is docked there."""
    if missing := windows.missing():
        pytest.skip(f"needs {missing}; `make windows-python` makes it")
    desktop = Trayer(tmp_path_factory.mktemp("taskbar"))
    desktop.start_tray()
    own = windows.Windows(desktop.home)
    own.env |= {"DISPLAY": desktop.env["DISPLAY"], "PYTHONUTF8": "1"}
    yield desktop, own
    own.close()
    desktop.close()


@pytest.fixture(scope="session")
def _stage_session(taskbar: tuple[Trayer, windows.Windows]) -> Iterator[Stage]:
    desktop, own = taskbar
    stage = Stage(own, desktop)
    yield stage
    stage.close()


@pytest.fixture
def stage(_stage_session: Stage) -> Iterator[Stage]:
    """A calm icon of Windows, the pointer elsewhere; one for all tests, left as it was found."""
    _stage_session.desktop.move(*EMPTY)
    _stage_session.show()
    _stage_session.acts.clear()
    yield _stage_session
    _stage_session.close_menu()


@pytest.fixture
def raise_stage(taskbar: tuple[Trayer, windows.Windows]) -> Iterator[Callable[[], Stage]]:
    """Makes icons of Windows beside the one for all, which are gone at the end."""
    desktop, own = taskbar
    raised: list[Stage] = []

    def make() -> Stage:
        raised.append(Stage(own, desktop))
        return raised[-1]

    yield make
    for stage in raised:
        stage.close()


def live_in(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process see the desktop's display, bus and home, and no other's."""
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "XAUTHORITY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in desktop.env.items():
        monkeypatch.setenv(name, value)
