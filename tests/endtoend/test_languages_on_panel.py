"""Each language where a person meets it: menu, notification and details page of the running program, kept as pictures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.core.scenes import LANGUAGES
from tests.desktop.desktops import PICTURES
from tests.desktop.xfce import Xfce
from tests.endtoend.command import SHORT, configure_home, settings
from tests.endtoend.panel import Person
from tests.endtoend.running import QUICK, Browser, Notices, Program
from tests.endtoend.scenes import calm, scene
from tests.film import Scene
from tests.web_page import browser as chromium
from trayapp.app.languages import load_translator
from trayapp.demo.page_json import DemoIncident, DemoPost, PageContent
from trayapp.demo.server import StatusServer
from trayapp.model import Stage, State

pytestmark = pytest.mark.desktop

BEGAN = datetime.now(UTC) - timedelta(minutes=23)
NAME = "Elevated error rates in ChatGPT conversations, file uploads and voice mode in several regions"


def outage_scene() -> Scene:
    """ChatGPT is down, the API degraded; one incident with a long name."""
    posts = (
        DemoPost(BEGAN, Stage.INVESTIGATING, "We are looking into it."),
        DemoPost(
            BEGAN + timedelta(minutes=9), Stage.IDENTIFIED, "We have found the cause and work on a fix."
        ),
    )
    hurt = {("ChatGPT", "Conversations"): State.MAJOR, ("APIs", "Batch"): State.DEGRADED}
    return scene(PageContent(posts[-1].at, hurt, (DemoIncident(7, NAME, State.MAJOR, posts),)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_menu_notification_and_details_are_in_that_language(
    tmp_path: Path, xfce: Xfce, browser: Browser, language: str
) -> None:
    """Every line of them; the pictures are for the eye, which finds what is cut."""
    person, say = Person(xfce), load_translator(language).say
    with (
        StatusServer(calm(BEGAN - timedelta(days=1))) as server,
        Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
        Program(
            configure_home(
                tmp_path / "home", settings(server.url, top=f'language = "{language}"', more=SHORT)
            ),
            env={**xfce.env, **browser.env},
            command=QUICK,
        ) as program,
    ):
        person.closes_all_notices()
        person.sees(State.OPERATIONAL)
        xfce.wait_until(notices.all, what="the welcome")
        assert notices.all()[0].title == say("OpenAI Status Tray is watching")
        server.set_answers(outage_scene())
        person.sees(State.MAJOR)
        xfce.wait_until(lambda: len(notices.all()) == 2, 60.0, "the start told")
        person.chooses("tell", picture=f"{language}-menu")
        for line, steps in {
            "pause": (0,),
            "level": (0,),
            "settings": (0,),
            "legend": (0,),
            "about": (0,),
        }.items():
            person.reads(line, *steps, picture=f"{language}-menu-{line}")
        for words in ("Check now", "Tell me when it is back", "Red cross: major outage", "Quit"):
            assert say(words) in person.menu()
        xfce.click(*person.sees(State.MAJOR))
        xfce.wait_until(lambda: browser.opened, what="the details opened")
        _keep_details(browser.opened[0], language)
        server.set_answers(calm(BEGAN + timedelta(minutes=20)))
        xfce.wait_until(lambda: len(notices.all()) > 2, 60.0, "the end told")
        xfce.screenshot(f"{language}-back")
        program.end()
    assert "Traceback" not in program.log


def _keep_details(url: str, language: str) -> None:
    """A picture of the page as the running program serves it, where there is a browser to take it."""
    if chromium.PROGRAM is None:
        return
    with chromium.Browser() as page:
        picture = chromium.picture(page, url, 1000, "light")
        assert page.run("document.documentElement.lang") == language
    (PICTURES / f"{language}-details.png").write_bytes(picture)
