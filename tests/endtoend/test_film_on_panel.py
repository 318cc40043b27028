"""The film on a real panel: the icon's colours, one notification for the start and one for the end, and the click."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktop.desktops import PANEL_FROM
from tests.desktop.xfce import Xfce
from tests.endtoend.command import SHORT, configure_home, settings
from tests.endtoend.panel import ON_THE_FIRST, Person
from tests.endtoend.running import QUICK, Browser, Notices, Program
from tests.film import Film, own_film
from tests.proxy import ForwardProxy
from tests.tls import throwaway_authority
from trayapp.demo.server import StatusServer
from trayapp.model import State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop

GREEN, YELLOW = COLOURS[State.OPERATIONAL], COLOURS[State.DEGRADED]
NETWORK = """[notify]
level = "problems"
[network]
ca_file = "{ca_file}"
proxy = "{proxy}"
"""


def test_the_film_over_https_and_a_proxy(tmp_path: Path, xfce: Xfce, browser: Browser) -> None:
    """Green, yellow, green; one notification for the start though three products are followed, and one for the end.

    The end is told with the fix, while the icon is still yellow. The last scene is older than the one before by its
    own word, which changes nothing.
    """
    shown = own_film()
    authority = throwaway_authority(tmp_path)
    with (
        StatusServer(shown.scenes[0], authority.context) as server,
        ForwardProxy() as proxy,
        Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
    ):
        more = SHORT + NETWORK.format(ca_file=authority.ca_file, proxy=proxy.url)
        home = configure_home(tmp_path / "home", settings(server.url, more=more))
        with Program(home, env={**xfce.env, **browser.env}, command=QUICK) as program:
            _play(shown, server, xfce, notices, browser)
            program.end()
        assert "No system tray" not in program.output
        assert "Traceback" not in program.log
    assert set(proxy.passed) == {f"CONNECT 127.0.0.1:{server.server_port}"}


def _play(shown: Film, server: StatusServer, xfce: Xfce, notices: Notices, browser: Browser) -> None:
    """Calm, an incident, its fix and calm again, one after the other, with a picture of each."""
    person = Person(xfce)
    xfce.wait_colour(GREEN, 60.0, "a green icon", PANEL_FROM)
    xfce.wait_until(notices.all, what="the welcome")
    xfce.screenshot("film-1-calm")
    person.closes_all_notices()

    server.set_answers(shown.before_the_fix)
    xfce.wait_colour(YELLOW, 60.0, "a yellow icon", PANEL_FROM)
    assert not xfce.find_colour(GREEN)
    xfce.wait_until(lambda: len(notices.all()) == 2, 60.0, "the start told")
    xfce.wait_until(lambda: person.notices_on_screen() == 1, what="the notification on the screen")
    xfce.screenshot("film-2-incident")
    xfce.click(*ON_THE_FIRST, button=2)
    xfce.wait_until(lambda: browser.opened, what="a page opened")
    assert browser.opened == [f"https://status.openai.com/incidents/{shown.incident_id}"]

    server.set_answers(shown.scenes[1])
    xfce.wait_until(lambda: len(notices.all()) == 3, 60.0, "the end told")
    assert xfce.find_colour(YELLOW, below=PANEL_FROM)
    xfce.screenshot("film-3-fixed")

    server.set_answers(shown.scenes[2])
    xfce.wait_colour(GREEN, 60.0, "a green icon again", PANEL_FROM)
    xfce.wait_until(lambda: not xfce.find_colour(YELLOW), what="no yellow icon")
    xfce.screenshot("film-4-calm-again")
    _, start, end = notices.all()
    assert "ChatGPT" in start.title
    assert "back" in end.title
    assert "fix applied, watching" in end.body
    assert len(browser.opened) == 1
