"""The real menu of the running program on a real panel: what a person chooses is in their file, and on the icon."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

from tests.desktop.desktops import Xfce
from tests.endtoend.command import SHORT, configured, settings
from tests.endtoend.running import QUICK, Browser, Notices, Program
from tests.endtoend.scenes import calm, down
from trayapp.demo.server import StatusServer
from trayapp.desktop.icon import COLOURS
from trayapp.model import State

pytestmark = pytest.mark.desktop

GREEN, RED = COLOURS[State.OPERATIONAL], COLOURS[State.MAJOR]
FROM_BELOW = {"quit": 1, "about": 2, "settings": 3, "level": 4, "follow": 5, "pause": 6, "tell": 7}
"""How many steps up from nowhere lead to a line of the menu; separators are stepped over."""


def choose(xfce: Xfce, icon: tuple[int, int], line: str, *down_steps: int, picture: str = "") -> None:
    """Open the menu with the right button and go to a line with the keys; each number is a line of a submenu."""
    before = xfce.grab()
    xfce.click(*icon, button=3)
    xfce.wait_until(lambda: xfce.grab() != before, what="the menu")
    _settle(xfce)
    for _ in range(FROM_BELOW[line]):
        xfce.key("Up")
    for steps in down_steps:
        xfce.key("Right")
        _settle(xfce)
        for _ in range(steps):
            xfce.key("Down")
    if picture:
        _settle(xfce)
        xfce.screenshot(picture)
    xfce.key("Return")


def _settle(xfce: Xfce) -> None:
    """A submenu is asked for over the bus, and takes no key before it stands."""

    def still() -> bool:
        before = xfce.grab()
        time.sleep(0.3)
        return xfce.grab() == before

    xfce.wait_until(still, what="a still screen")


def test_what_is_chosen_in_the_menu_is_in_the_file_and_on_the_icon(
    tmp_path: Path, xfce: Xfce, browser: Browser
) -> None:
    """Codex is down and followed; left, the icon is green; a level and a language later the comments are still there."""
    top = '# what I use\nfollow = ["ChatGPT", "Codex"]  # and no more'
    with (
        StatusServer(calm()) as server,
        Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
    ):
        home = configured(tmp_path / "home", settings(server.url, top=top, more=SHORT))
        file = home / "config.toml"

        def chosen() -> dict[str, object]:
            return tomllib.loads(file.read_text("utf-8"))

        with Program(home, env={**xfce.env, **browser.env}, command=QUICK) as program:
            xfce.wait_colour(GREEN, 60.0, "a green icon")
            server.answer_all(down("Codex"))
            icon = xfce.wait_colour(RED, 60.0, "a red icon")
            xfce.wait_until(lambda: len(notices.all()) == 2, 60.0, "the start told")

            choose(xfce, icon, "follow", 3, picture="menu-follow")
            xfce.wait_until(lambda: chosen()["follow"] == ["ChatGPT"], what="Codex left, in the file")
            icon = xfce.wait_colour(GREEN, 60.0, "a green icon without Codex")

            choose(xfce, icon, "level", 1, picture="menu-level")
            xfce.wait_until(lambda: chosen().get("notify") == {"level": "problems"}, what="the level")
            choose(xfce, icon, "settings", 1, 2, picture="menu-language")
            xfce.wait_until(lambda: chosen().get("language") == "tr", what="the language")
            choose(xfce, icon, "pause", 2, picture="menu-pause-in-turkish")
            choose(xfce, icon, "about", 0, picture="menu-resume-in-turkish")
            xfce.key("Escape")
            xfce.key("Escape")

            text = file.read_text("utf-8")
            assert text.startswith("# what I use\n")
            assert "# and no more\n" in text
            file.write_text(text.replace('"tr"', '"de"'), "utf-8")
            xfce.wait_until(lambda: "the settings cannot be used" in program.log, 60.0, "the mistake found")
            xfce.screenshot("settings-mistake")
            program.end()
        assert "Traceback" not in program.log
    assert len([n for n in notices.all() if "config.toml" in n.body]) == 1
