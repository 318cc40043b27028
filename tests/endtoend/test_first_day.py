"""A newcomer's first day with it, on a real panel: the section of that name in docs/usage.md, step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.desktop.xfce import Xfce
from tests.endtoend.command import LIMIT, SHORT, configure_home, settings
from tests.endtoend.panel import ON_THE_FIRST, Person
from tests.endtoend.running import QUICK, Browser, Notices, Program
from tests.endtoend.scenes import calm, scene
from tests.film import Scene
from tests.web_page.visitor import visit
from trayapp.demo.page_json import DemoIncident, DemoPost, PageContent, made_up_id
from trayapp.demo.server import StatusServer
from trayapp.model import Stage, State

pytestmark = pytest.mark.desktop

NAME = "ChatGPT does not answer"
BEGAN = datetime.now(UTC) - timedelta(minutes=9)
POSTED = DemoPost(BEGAN, Stage.INVESTIGATING, "Answers are slow or fail. We are looking into it.")
RESOLVED = DemoPost(BEGAN + timedelta(minutes=8), Stage.RESOLVED, "It works again.")


def outage() -> Scene:
    """ChatGPT is down, by the page's own word."""
    happening = DemoIncident(7, NAME, State.MAJOR, (POSTED,))
    return scene(PageContent(BEGAN, {("ChatGPT", "Conversations"): State.MAJOR}, (happening,)))


def recovery() -> Scene:
    """It is over."""
    happening = DemoIncident(7, NAME, State.MAJOR, (POSTED, RESOLVED))
    return scene(PageContent(RESOLVED.at, {}, (happening,), 1))


def test_a_newcomers_first_day(tmp_path: Path, xfce: Xfce, browser: Browser) -> None:
    """Installed, icon explained, outage, details, pause, recovered, quit."""
    person = Person(xfce)
    with (
        StatusServer(calm(BEGAN - timedelta(days=1))) as server,
        Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
        Program(
            configure_home(tmp_path / "home", settings(server.url, more=SHORT)),
            env={**xfce.env, **browser.env},
            command=QUICK,
        ) as program,
    ):
        _the_welcome(person, notices)
        _the_icon_is_explained(person)
        server.set_answers(outage())
        _an_outage(person, notices, browser)
        _the_details(person, browser)
        _a_pause(person)
        server.set_answers(recovery())
        _the_recovery(person, notices)
        _quit(person, program)
    assert len(notices.all()) == 3


def _the_welcome(person: Person, notices: Notices) -> None:
    """A green icon and one notification, which says where the icon is and what it will tell."""
    person.sees(State.OPERATIONAL)
    person.xfce.wait_until(notices.all, what="the welcome")
    (welcome,) = notices.all()
    assert welcome.title == "OpenAI Status Tray is watching"
    assert "The icon is in your panel" in welcome.body
    assert "You will be told when ChatGPT, APIs and Codex fail and when they are back." in welcome.body
    person.xfce.screenshot("day-1-installed")
    person.closes_all_notices()


def _the_icon_is_explained(person: Person) -> None:
    """By its tooltip, and in the menu under Settings, What the icons mean."""
    assert "ChatGPT, APIs and Codex fine · checked " in person.tooltip()
    person.reads("legend", 0, picture="day-2-icons")
    menu = person.menu()
    assert "Green disc with a check: OpenAI reports no trouble" in menu
    assert "Red cross: major outage" in menu


def _an_outage(person: Person, notices: Notices, browser: Browser) -> None:
    """The icon is a red cross, one notification says so, and a click on it opens the incident."""
    person.sees(State.MAJOR)
    person.xfce.wait_until(lambda: len(notices.all()) == 2, 60.0, "the start told")
    start = notices.all()[-1]
    assert start.title == "ChatGPT is down"
    assert f"“{NAME}” (Investigating)" in start.body
    assert "You will be told when it is back." in start.body
    person.xfce.wait_until(lambda: person.notices_on_screen() == 1, what="the notification on the screen")
    person.xfce.wait_until(
        lambda: f"“{NAME}”: Investigating" in person.menu(), what="the incident in the menu"
    )
    person.xfce.screenshot("day-3-outage")
    person.xfce.click(*ON_THE_FIRST, button=2)
    person.xfce.wait_until(lambda: browser.opened, what="the incident opened")
    assert browser.opened == [f"https://status.openai.com/incidents/{made_up_id('HAPP', 7)}"]


def _the_details(person: Person, browser: Browser) -> None:
    """A click on the icon opens them: what holds, whether it is just you, the incident's story."""
    person.xfce.click(*person.sees(State.MAJOR))
    person.xfce.wait_until(lambda: len(browser.opened) == 2, what="the details opened")
    page = visit(browser.opened[-1])
    for words in (
        "ChatGPT down since",
        "Is it just me?",
        "OpenAI reports it",
        POSTED.text,
        "For a bug report",
    ):
        assert words in page


def _a_pause(person: Person) -> None:
    """For an hour nothing pops up; the menu says until when and ends it in one click."""
    person.chooses("pause", 0, picture="day-4-pause")
    person.xfce.wait_until(lambda: "Resume notifications (paused until" in person.menu(), what="the pause")


def _the_recovery(person: Person, notices: Notices) -> None:
    """The icon is green at once; what the pause held back comes when it ends."""
    person.sees(State.OPERATIONAL)
    person.xfce.wait_until(lambda: NAME not in person.menu(), 60.0, "no incident in the menu")
    assert len(notices.all()) == 2
    person.chooses("pause", picture="day-5-resume")
    person.xfce.wait_until(lambda: len(notices.all()) == 3, 60.0, "the end told")
    assert notices.all()[-1].title.startswith("ChatGPT is back after ")
    person.xfce.screenshot("day-6-recovered")


def _quit(person: Person, program: Program) -> None:
    """The menu's last line; the icon is gone and the program has ended well."""
    person.chooses("quit", picture="day-7-quit")
    assert program.process.wait(LIMIT) == 0
    person.xfce.wait_until(lambda: person.sees_nothing_of(State.OPERATIONAL), what="no icon")
    assert not program.left_behind()
    assert "Traceback" not in program.log
