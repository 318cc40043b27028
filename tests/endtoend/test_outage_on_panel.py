"""An outage in three posts on a real panel, and what a person does meanwhile in the real menu, with the keys."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.desktop.xfce import Xfce
from tests.endtoend.command import SHORT, configure_home, settings
from tests.endtoend.panel import Person
from tests.endtoend.running import QUICK, Browser, Notices, Program
from tests.endtoend.scenes import calm, scene
from tests.film import Scene
from trayapp.demo.page_json import DemoIncident, DemoPost, PageContent
from trayapp.demo.server import StatusServer
from trayapp.model import Stage, State

pytestmark = pytest.mark.desktop

NAME = "ChatGPT does not load conversations"
BEGAN = datetime.now(UTC) - timedelta(minutes=12)
POSTS = (
    DemoPost(BEGAN, Stage.INVESTIGATING, "We are looking into it."),
    DemoPost(BEGAN + timedelta(minutes=4), Stage.IDENTIFIED, "We have found the cause."),
    DemoPost(BEGAN + timedelta(minutes=8), Stage.MONITORING, "A fix is in place, and we watch it."),
    DemoPost(BEGAN + timedelta(minutes=11), Stage.RESOLVED, "It works again."),
)
TOP = '# my own choice\nfollow = ["ChatGPT", "APIs"]  # both'
LEVEL = '[notify]\nlevel = "everything"  # every word of it\n'


def scene_after_posts(count: int, state: State) -> Scene:
    """The page after so many posts."""
    posts = POSTS[:count]
    troubled = {} if state is State.OPERATIONAL else {("ChatGPT", "Conversations"): state}
    return scene(PageContent(posts[-1].at, troubled, (DemoIncident(7, NAME, state, posts),), count))


def test_an_outage_in_three_posts_and_what_a_person_does_meanwhile(
    tmp_path: Path, xfce: Xfce, browser: Browser
) -> None:
    """Told when it starts and gets worse; paused, nothing is told but the end, which was asked for."""
    person = Person(xfce)
    with (
        StatusServer(calm(BEGAN - timedelta(days=1))) as server,
        Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
    ):
        home = configure_home(tmp_path / "home", settings(server.url, top=TOP, more=SHORT + LEVEL))
        file = home / "config.toml"
        own = file.read_text("utf-8")

        def wait_for_title(title: str) -> None:
            xfce.wait_until(lambda: notices.with_title(title), 60.0, title)

        with Program(home, env={**xfce.env, **browser.env}, command=QUICK) as program:
            person.sees(State.OPERATIONAL)
            wait_for_title("is watching")
            person.closes_all_notices()

            server.set_answers(scene_after_posts(1, State.PARTIAL))
            person.sees(State.PARTIAL)
            wait_for_title("ChatGPT: Conversations is partly down")
            xfce.screenshot("outage-1-investigating")
            person.chooses("tell", picture="outage-2-tell-me")
            xfce.wait_until(
                lambda: "toggle-state" in _line(person, "Tell me when it is back"), what="its mark"
            )
            assert file.read_text("utf-8") == own
            person.sees(State.PARTIAL)

            server.set_answers(scene_after_posts(2, State.MAJOR))
            person.sees(State.MAJOR)
            wait_for_title("Worse: ChatGPT is now down")
            xfce.screenshot("outage-3-identified")
            person.chooses("pause", 2, picture="outage-4-pause")
            xfce.wait_until(lambda: "Resume notifications" in person.menu(), what="the pause in the menu")
            assert file.read_text("utf-8") == own
            person.sees(State.MAJOR)

            server.set_answers(scene_after_posts(3, State.MAJOR))
            xfce.wait_until(lambda: "Fix applied, monitoring" in person.menu(), 60.0, "the third post")
            person.chooses("follow", 1, picture="outage-5-follow")
            xfce.wait_until(lambda: _read_followed(file) == ["ChatGPT"], what="the APIs left, in the file")
            assert file.read_text("utf-8") == own.replace('["ChatGPT", "APIs"]', '["ChatGPT"]')
            person.sees(State.MAJOR)
            assert notices.with_title("Fix applied") == []

            server.set_answers(scene_after_posts(4, State.OPERATIONAL))
            person.sees(State.OPERATIONAL)
            wait_for_title("ChatGPT is back after")
            xfce.screenshot("outage-6-back")
            assert "Tell me when it is back" not in person.menu()
            person.chooses("pause", picture="outage-7-resume")
            xfce.wait_until(lambda: "Pause notifications" in person.menu(), what="no pause in the menu")
            program.end()
        assert "Traceback" not in program.log
    assert [notice.title.split(" after")[0] for notice in notices.all()] == [
        "OpenAI Status Tray is watching",
        "ChatGPT: Conversations is partly down",
        "ChatGPT: Cause identified",
        "Worse: ChatGPT is now down",
        "ChatGPT is back",
    ]


def _read_followed(file: Path) -> object:
    return tomllib.loads(file.read_text("utf-8"))["follow"]


def _line(person: Person, label: str) -> str:
    return person.menu().split(label)[-1][:200]
