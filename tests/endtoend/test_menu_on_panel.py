"""The real menu of the running program on a real panel: what a person chooses is in their file, and on the icon."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.desktop.conftest import SKIP
from tests.desktop.desktops import Desktop
from tests.desktop.xfce import Xfce
from tests.endtoend.command import SHORT, configure_home, ran, settings, write_site_settings
from tests.endtoend.panel import Person
from tests.endtoend.running import QUICK, Browser, Notices, Program
from tests.endtoend.scenes import calm, down
from tests.systems import administrator
from trayapp.demo.server import StatusServer
from trayapp.model import State

pytestmark = pytest.mark.desktop


def test_what_is_chosen_in_the_menu_is_in_the_file_and_on_the_icon(
    tmp_path: Path, xfce: Xfce, browser: Browser
) -> None:
    """Codex is down and followed; left, the icon is green; a level and a language later the comments are still there."""
    top = '# what I use\nfollow = ["ChatGPT", "Codex"]  # and no more'
    person = Person(xfce)
    with (
        StatusServer(calm()) as server,
        Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
    ):
        home = configure_home(tmp_path / "home", settings(server.url, top=top, more=SHORT))
        file = home / "config.toml"

        def read_settings() -> dict[str, object]:
            return tomllib.loads(file.read_text("utf-8"))

        with Program(home, env={**xfce.env, **browser.env}, command=QUICK) as program:
            person.sees(State.OPERATIONAL)
            server.set_answers(down("Codex"))
            person.sees(State.MAJOR)
            xfce.wait_until(lambda: len(notices.all()) == 2, 60.0, "the start told")

            person.chooses("follow", 3, picture="menu-follow")
            xfce.wait_until(lambda: read_settings()["follow"] == ["ChatGPT"], what="Codex left, in the file")
            person.sees(State.OPERATIONAL)

            person.chooses("level", 1, picture="menu-level")
            xfce.wait_until(lambda: read_settings().get("notify") == {"level": "problems"}, what="the level")
            person.chooses("me", 3, picture="menu-about-me")
            xfce.wait_until(lambda: read_settings().get("me") == {"plan": ["Plus"]}, what="the plan")
            person.chooses("settings", 3, picture="menu-language")
            xfce.wait_until(lambda: read_settings().get("language") == "tr", what="the language")
            person.chooses("pause", 2, picture="menu-pause-in-turkish")
            person.reads("about", 0, picture="menu-resume-in-turkish")

            text = file.read_text("utf-8")
            assert text.startswith("# what I use\n")
            assert "# and no more\n" in text
            file.write_text(text.replace('"tr"', '"xx"'), "utf-8")
            xfce.wait_until(lambda: "the settings cannot be used" in program.log, 60.0, "the mistake found")
            xfce.screenshot("settings-mistake")
            program.end()
        assert "Traceback" not in program.log
    assert len([n for n in notices.all() if "config.toml" in n.body]) == 1


def test_the_status_is_copied_and_a_test_is_sent(tmp_path: Path, xfce: Xfce, browser: Browser) -> None:
    """What another program pastes is what holds; the test comes as a notification, also while they are paused."""
    if shutil.which("xclip") is None:
        pytest.skip(SKIP.format("xclip"))
    person = Person(xfce)
    with (
        StatusServer(calm()) as server,
        Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
    ):
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        with Program(home, env={**xfce.env, **browser.env}, command=QUICK) as program:
            person.sees(State.OPERATIONAL)
            person.chooses("copy when all is well", picture="menu-copy")

            def paste() -> str:
                command = ["xclip", "-selection", "clipboard", "-out"]
                done = subprocess.run(
                    command, env=xfce.env, capture_output=True, text=True, check=False, timeout=10
                )
                return done.stdout

            xfce.wait_until(paste, what="the text in the clipboard")
            said, checked = paste().splitlines()
            assert said == "OpenAI reports no trouble with ChatGPT, APIs and Codex."
            assert checked.startswith("(checked ")
            person.chooses("pause", 0)
            xfce.wait_until(lambda: "resume" in person.menu().lower(), what="the pause")
            person.chooses("settings", 6, picture="menu-test-notification")
            xfce.wait_until(lambda: notices.with_title("this is a test"), what="the test")
            xfce.screenshot("test-notification")
            program.end()
        assert "Traceback" not in program.log


@administrator
def test_what_an_organisation_has_set_is_grey_and_says_so(tmp_path: Path, xfce: Xfce) -> None:
    """Return on such a line changes nothing; the lines beside it are the person's as ever."""
    write_site_settings(
        tmp_path / "site",
        '[locked]\nlanguage = "en"\nfollow = ["ChatGPT"]\n[locked.notify]\nlevel = "problems"\n',
    )
    person = Person(xfce)
    with StatusServer(calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        file, env = home / "config.toml", {**xfce.env, "XDG_CONFIG_DIRS": str(tmp_path / "site")}
        before = file.read_text("utf-8")
        with Program(home, env=env, command=QUICK) as program:
            person.sees(State.OPERATIONAL)
            person.closes_all_notices()
            for setting in ("Language", "Follow", "Notify me about"):
                assert f"{setting} (set by your organisation)" in person.menu()
            for line in ("level", "follow", "settings"):
                person.reads(line, 0, picture=f"menu-locked-{line}")
            person.goes_to("level", 1)
            for key in ("Return", "Escape", "Escape"):
                xfce.key(key)
            person.chooses("me", 3)
            xfce.wait_until(lambda: "Plus" in file.read_text("utf-8"), what="the plan, which is not locked")
            changed = tomllib.loads(file.read_text("utf-8"))
            assert changed == {**tomllib.loads(before), "me": {"plan": ["Plus"]}}
            program.end()
        assert "Traceback" not in program.log


@pytest.mark.parametrize("takes", [True, False], ids=["a server", "no server"])
def test_doctor_sends_a_test_too(tmp_path: Path, session: Desktop, notices: Notices, takes: bool) -> None:
    """Only when asked to; where nobody shows it, that is said, with what to do."""
    with StatusServer(calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        bus = {"DBUS_SESSION_BUS_ADDRESS": session.env["DBUS_SESSION_BUS_ADDRESS"]} if takes else {}
        silent, sent = ran(home, "doctor", "--json", **bus), ran(home, "doctor", "--json", "--notify", **bus)
    assert "Test notification" not in [found["what"] for found in silent.json]
    (found,) = [found for found in sent.json if found["what"] == "Test notification"]
    assert found["ok"] is takes
    assert found["found"] == ("sent; look whether it is on the screen" if takes else "nobody could show it")
    assert bool(found["do"]) is not takes
    assert len(notices.with_title("this is a test")) == takes
