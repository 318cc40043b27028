"""What these tests share: a browser that writes down, a session with a notification server, a whole desktop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.conftest import _xfce_session, desktop_tools, private_bus, x11, xfce
from tests.desktop.desktops import Desktop
from tests.desktop.xfce import DUNST_CONFIG
from tests.endtoend.running import Browser, Notices

__all__ = ["_xfce_session", "desktop_tools", "private_bus", "x11", "xfce"]  # fixtures are found by name

SERVER = "org.freedesktop.Notifications"


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """The person's browser."""
    return Browser(tmp_path / "bin")


@pytest.fixture(scope="session")
def session(desktop_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """A session bus with a real notification server, and no tray on it."""
    home = tmp_path_factory.mktemp("session")
    desktop = Desktop(home)
    (home / "dunstrc").write_text(DUNST_CONFIG.format(left_click="close_current"))
    desktop.start("dunst", "-conf", str(home / "dunstrc"))
    desktop.wait_until(lambda: desktop.owner(SERVER), what="dunst on the bus")
    yield desktop
    desktop.close()


@pytest.fixture
def bus(session: Desktop) -> dict[str, str]:
    """The variable by which a program without a display finds that session's bus."""
    return {"DBUS_SESSION_BUS_ADDRESS": session.env["DBUS_SESSION_BUS_ADDRESS"]}


@pytest.fixture
def notices(bus: dict[str, str], tmp_path: Path) -> Iterator[Notices]:
    """What the session is notified of during the test."""
    with Notices(bus["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices:
        yield notices
