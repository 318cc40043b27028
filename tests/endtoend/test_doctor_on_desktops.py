"""`doctor` says in a person's words which way to an icon there is, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.trayer import Trayer
from tests.desktop.xfce import Xfce
from tests.endtoend.command import configure_home, ran, settings
from tests.endtoend.scenes import calm
from trayapp.demo.server import StatusServer

pytestmark = pytest.mark.desktop


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose page is on loopback."""
    with StatusServer(calm()) as server:
        yield configure_home(tmp_path / "home", settings(server.url))


def tray(home: Path, env: Mapping[str, str], **more: str) -> dict[str, Any]:
    """What it finds of the tray, in a session with that display and that bus."""
    seen = {name: env[name] for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS") if name in env}
    findings = ran(home, "doctor", "--json", **seen, **more).json
    finding: dict[str, Any] = findings[2]  # after the program and its build
    return finding


def test_on_a_panel_it_says_that_the_icon_is_there(home: Path, xfce: Xfce) -> None:
    """With the technical words behind it, for a bug report; nothing is to be done."""
    found = "your panel takes icons as a StatusNotifierItem, so the icon is there, with its menu"
    technical = "StatusNotifierItem: a watcher with a host"
    assert tray(home, xfce.env) == {"what": "Tray", "ok": True, "found": f"{found} ({technical})", "do": ""}


def test_in_the_old_tray_it_says_what_is_missing(home: Path, x11: Trayer) -> None:
    """An icon without a menu is in order, and it is said how to get one."""
    x11.start_tray()
    x11.wait_until(lambda: tray(home, x11.env)["ok"], what="the old tray found")
    finding = tray(home, x11.env)
    assert "no panel takes a StatusNotifierItem, so the icon is in X11's older tray" in finding["found"]
    assert "install GTK 3 and PyGObject" in finding["do"]


def test_without_any_tray_it_says_how_to_get_one(home: Path, x11: Trayer) -> None:
    """In the person's language too."""
    finding = tray(home, x11.env)
    assert not finding["ok"]
    assert finding["found"].startswith("nothing here shows icons")
    assert "on GNOME install the AppIndicator extension" in finding["do"]
    finding = tray(home, x11.env, LANG="tr_TR.UTF-8")
    assert "simge gösteren bir şey yok" in finding["found"]
    assert "AppIndicator" in finding["do"]
