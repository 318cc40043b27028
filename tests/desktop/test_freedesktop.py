"""Notices on a real notification server: dunst on a screen and a bus of its own."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.desktop.desktops import Desktop
from tests.desktop.views import NOTICE
from trayapp.desktop.dbus.bus import Body, Bus
from trayapp.desktop.notifications.base import SHOW_TIMEOUT, NotifyError
from trayapp.desktop.notifications.freedesktop import PATH, SERVER, FreedesktopNotifier
from trayapp.model import Action, Command, NotificationKind, Urgency

pytestmark = pytest.mark.desktop

DUNST = """[global]
    mouse_left_click = close_current
    mouse_middle_click = do_action, close_current
    origin = top-right
    offset = 10x50
    width = 320
"""
ON_THE_FIRST = (700, 75)
"""A place on the uppermost notification."""


class Screen(Desktop):
    """A display, a bus and dunst, without a panel."""

    def start_dunst(self) -> int:
        """Start dunst, which prints what it is asked to show; its process."""
        config = self.home / "dunstrc"
        config.write_text(DUNST)
        dunst = self.start("dunst", "-print", "-conf", str(config))
        self.wait_until(lambda: self.owner(SERVER), what="dunst on the bus")
        return dunst.pid

    def count_displayed(self) -> int:
        """How many notifications stand on the screen."""
        answer = self.ask(
            SERVER,
            PATH,
            "org.freedesktop.DBus.Properties.Get",
            "string:org.dunstproject.cmd0",
            "string:displayedLength",
        )
        return int(answer.split()[-1])

    def output(self) -> str:
        """All that dunst was asked to show, and its warnings."""
        return (self.home / "dunst.log").read_text(errors="replace")


@pytest.fixture
def screen(
    desktop_tools: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Screen]:
    """A screen of its own for one test, which this process sees as the session's."""
    screen = Screen(tmp_path_factory.mktemp("screen"))
    for name, value in screen.env.items():
        monkeypatch.setenv(name, value)
    yield screen
    screen.close()


@pytest.fixture
def commands() -> list[Command]:
    """What clicks asked for."""
    return []


@pytest.fixture
def bus(screen: Screen) -> Iterator[Bus]:
    """The program's connection to the screen's bus."""
    bus = Bus.connect()
    yield bus
    bus.close()


@pytest.fixture
def server(screen: Screen, bus: Bus, commands: list[Command]) -> FreedesktopNotifier:
    """The part under test."""
    return FreedesktopNotifier(bus, commands.append, screen.home)


def click_again(screen: Screen, button: int) -> bool:
    """Click once more and wait again: dunst takes no clicks before its window is mapped."""
    screen.click(*ON_THE_FIRST, button)
    return False


def test_start_update_and_end_share_one_place(screen: Screen, server: FreedesktopNotifier) -> None:
    """A newer notice of the same incident replaces the older; another incident gets its own place."""
    screen.start_dunst()
    server.show(NOTICE)
    screen.wait_until(lambda: screen.count_displayed() == 1, what="the start on the screen")
    screen.screenshot("notice-start")
    server.show(replace(NOTICE, id="n2", title="Chat is back after 47 min", kind=NotificationKind.END))
    server.show(replace(NOTICE, id="n3", title="API is slow", thread="inc-2", urgency=Urgency.NORMAL))
    screen.wait_until(lambda: screen.count_displayed() == 2, what="two notifications on the screen")
    screen.screenshot("notice-end-and-another")
    assert "Chat is back" in screen.output()


def test_notices_without_a_thread_replace_nothing(screen: Screen, server: FreedesktopNotifier) -> None:
    """Two notices that belong to nothing stand side by side."""
    screen.start_dunst()
    server.show(replace(NOTICE, thread="", title="one"))
    server.show(replace(NOTICE, thread="", title="other"))  # dunst lays equal ones on each other
    screen.wait_until(lambda: screen.count_displayed() == 2, what="two notifications on the screen")


def test_a_middle_click_leads_to_the_incident(
    screen: Screen, server: FreedesktopNotifier, commands: list[Command]
) -> None:
    """Dunst's middle click invokes the default action, which comes back as the notice's command."""
    screen.start_dunst()
    server.show(NOTICE)
    screen.wait_until(lambda: commands or click_again(screen, 2), what="the click to arrive")
    assert commands == [Command(Action.DETAILS, "inc-1")]
    screen.wait_until(lambda: screen.count_displayed() == 0, what="the notice to go")


def test_a_left_click_that_only_closes_asks_for_nothing(
    screen: Screen, server: FreedesktopNotifier, commands: list[Command]
) -> None:
    """Where the server closes on a click, nothing is opened, and the next notice is shown anew."""
    screen.start_dunst()
    server.show(NOTICE)
    screen.wait_until(lambda: screen.count_displayed() == 1, what="the notice on the screen")
    screen.wait_until(
        lambda: screen.count_displayed() == 0 or click_again(screen, 1), what="the notice to go"
    )
    server.show(replace(NOTICE, id="n2"))
    screen.wait_until(lambda: screen.count_displayed() == 1, what="the next notice")
    assert not commands


HOSTILE = {
    "markup": "<b>bold</b> & <a href='file:///etc/passwd'>link</a> <img src='/etc/passwd'/>",
    "broken markup": "<b>&<i></b> &amp; &#0; <",
    "option": "--version",
    "apostrophe": "it's 'quoted' \"twice\" $(id) `id` \\",
    "right to left": "abc \u202e123 \u2066def",
    "control": "a\0b \x01 \x1b[31m \x7f \x85",
    "surrogate": "half \ud83d of a pair",
    "format": "%s %n %p {title} \n\n\n\r",
    "endless": "x" * 10_000,
    "emoji": "🙂" * 128,
    "empty": "",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_harmlessly(
    screen: Screen, server: FreedesktopNotifier, text: str, request: pytest.FixtureRequest
) -> None:
    """Whatever a status page writes, one notification stands on the screen, and bus and server live on."""
    screen.start_dunst()
    owner = screen.owner(SERVER)
    server.show(replace(NOTICE, title=text, body=text, button=text))
    screen.wait_until(lambda: screen.count_displayed() == 1, what="the notice on the screen")
    screen.screenshot(f"notice-hostile-{request.node.callspec.id.replace(' ', '-')}")
    server.show(replace(NOTICE, title="calm", body="again"))
    assert screen.count_displayed() == 1
    assert screen.owner(SERVER) == owner


def test_without_a_server_it_says_so_at_once(screen: Screen, server: FreedesktopNotifier) -> None:
    """With nobody on the bus to show it, a notice is refused and no time is lost."""
    before = time.monotonic()
    with pytest.raises(NotifyError):
        server.show(NOTICE)
    assert time.monotonic() - before < SHOW_TIMEOUT


def test_a_hung_server_costs_five_seconds_and_shows_nothing_late(
    screen: Screen, server: FreedesktopNotifier
) -> None:
    """A stopped server fails the notice within the limit, and does not show it when it wakes up much later."""
    pid = screen.start_dunst()
    server.show(NOTICE)
    os.kill(pid, signal.SIGSTOP)
    before = time.monotonic()
    with pytest.raises(NotifyError) as given_up:
        server.show(replace(NOTICE, title="never shown", thread="inc-2"))
    assert not given_up.value.perhaps_shown
    assert time.monotonic() - before < SHOW_TIMEOUT + 1
    os.kill(pid, signal.SIGCONT)
    screen.wait_until(lambda: screen.count_displayed() == 1, what="dunst to answer again")
    server.show(replace(NOTICE, title="shown again", thread="inc-3"))
    screen.wait_until(lambda: screen.count_displayed() == 2, what="only the two notices that were shown")


def test_a_restarted_server_gets_no_old_numbers(
    screen: Screen, server: FreedesktopNotifier, bus: Bus
) -> None:
    """After a restart the first notice takes nobody's place: numbers of the old server mean nothing."""
    screen.start_dunst()
    server.show(NOTICE)
    before = server._displayed[NOTICE.thread].number
    screen.stop("dunst", signal.SIGKILL)
    screen.start_dunst()
    stranger: Body = ("stranger", 0, "", "not ours", "", [], {}, 0)
    first = bus.call(SERVER, PATH, SERVER, "Notify", "susssasa{sv}i", stranger)[0]
    assert first == before  # else this shows nothing
    server.show(replace(NOTICE, id="n2"))
    screen.wait_until(lambda: screen.count_displayed() == 2, what="both notifications")
