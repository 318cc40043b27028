"""Notices on mako, a Wayland notification server, which tells whom a click lets come to the front."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desktop import wayland
from tests.desktop.conftest import SKIP, live_in
from tests.desktop.views import NOTICE
from tests.desktop.wayland import Sway
from trayapp.desktop.dbus.bus import Bus
from trayapp.desktop.notifications.base import SHOW_TIMEOUT, NotifyError
from trayapp.desktop.notifications.freedesktop import SERVER, FreedesktopNotifier
from trayapp.model import Action, Command, NotificationKind

pytestmark = pytest.mark.desktop

MAKO = "fr.emersion.Mako"
BACKGROUND = (0x40, 0x20, 0x60)


class Screen:
    """Sway with mako, and the program's part that talks to it."""

    def __init__(self, desktop: Sway) -> None:
        self.desktop = desktop
        self.bus = Bus.connect()
        self.commands: list[Command] = []
        self.server = FreedesktopNotifier(self.bus, self.commands.append, desktop.home / "run")

    def start_mako(self) -> int:
        """Start mako; its process."""
        config = self.desktop.home / "mako"
        colour = "".join(f"{part:02x}" for part in BACKGROUND)
        config.write_text(f"anchor=top-right\nbackground-color=#{colour}\n")
        mako = self.desktop.start("mako", "--config", str(config))
        self.desktop.wait_until(lambda: self.desktop.owner(SERVER), what="mako on the bus")
        return mako.pid

    def titles(self) -> list[str]:
        """What stands on the screen, the newest first."""
        (shown,) = self.bus.call(SERVER, "/fr/emersion/Mako", MAKO, "ListNotifications")
        return [notification["summary"][1] for notification in shown]

    def wait_titles(self, *titles: str) -> None:
        """Wait until these stand there and no others."""
        self.desktop.wait_until(lambda: self.titles() == list(titles), what=f"{titles}")


@pytest.fixture(scope="module")
def sway(desktop_tools: None) -> Iterator[Sway]:
    """One Wayland desktop for all tests here."""
    if missing := [tool for tool in (*wayland.TOOLS, "mako") if shutil.which(tool) is None]:
        pytest.skip(SKIP.format(", ".join(missing)))
    with tempfile.TemporaryDirectory() as home:
        desktop = Sway(Path(home))
        yield desktop
        desktop.close()


@pytest.fixture
def screen(sway: Sway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """A screen on which mako is not started yet, and will be gone."""
    live_in(sway, monkeypatch)
    screen = Screen(sway)
    yield screen
    screen.bus.close()
    if sway.owner(SERVER):
        sway.stop("mako")
    sway.wait_until(lambda: not sway.owner(SERVER), what="mako's end")


def test_start_update_and_end_share_one_place(screen: Screen) -> None:
    """A newer notice of the same incident replaces the older; another incident gets its own place."""
    screen.start_mako()
    screen.server.show(NOTICE)
    screen.wait_titles("Chat is down")
    _, middle_of_one = screen.desktop.wait_colour(BACKGROUND)
    screen.desktop.screenshot("mako-start")
    screen.server.show(replace(NOTICE, id="n2", title="Chat is slow", kind=NotificationKind.UPDATE))
    screen.wait_titles("Chat is slow")
    screen.server.show(replace(NOTICE, id="n3", title="Chat is back after 47 min", kind=NotificationKind.END))
    screen.server.show(replace(NOTICE, id="n4", title="API is slow", thread="inc-2"))
    screen.wait_titles("API is slow", "Chat is back after 47 min")
    screen.desktop.wait_until(
        lambda: screen.desktop.wait_colour(BACKGROUND)[1] > middle_of_one, what="both on the screen"
    )
    screen.desktop.screenshot("mako-end-and-another")


def test_a_click_on_the_body_leads_to_its_incident_and_may_come_to_the_front(screen: Screen) -> None:
    """The upper of two leads to its own incident, with the token that lets a window take the focus."""
    screen.start_mako()
    screen.server.show(NOTICE)
    screen.server.show(replace(NOTICE, id="n2", thread="inc-2", click=Command(Action.DETAILS, "inc-2")))
    screen.wait_titles("Chat is down", "Chat is down")
    x, y = screen.desktop.wait_colour(BACKGROUND)
    screen.desktop.wait_until(lambda: screen.commands or _click_again(screen, x, y // 2), what="the click")
    (command,) = screen.commands
    assert command.token
    assert replace(command, token="") == Command(Action.DETAILS, "inc-2")
    screen.wait_titles("Chat is down")


def test_without_a_server_it_says_so_at_once(screen: Screen) -> None:
    """With nobody on the bus to show it, a notice is refused and no time is lost."""
    before = time.monotonic()
    with pytest.raises(NotifyError):
        screen.server.show(NOTICE)
    assert time.monotonic() - before < SHOW_TIMEOUT


def test_a_hung_server_costs_five_seconds_and_shows_nothing_late(screen: Screen) -> None:
    """A stopped server fails the notice within the limit, and shows the next one when it goes on."""
    pid = screen.start_mako()
    screen.server.show(NOTICE)
    os.kill(pid, signal.SIGSTOP)
    before = time.monotonic()
    with pytest.raises(NotifyError):
        screen.server.show(replace(NOTICE, title="never shown", thread="inc-2"))
    assert time.monotonic() - before < SHOW_TIMEOUT + 1
    os.kill(pid, signal.SIGCONT)
    screen.server.show(replace(NOTICE, title="shown again", thread="inc-3"))
    screen.wait_titles("shown again", "Chat is down")


def test_a_restarted_server_shows_the_incident_anew(screen: Screen) -> None:
    """What was shown by the one before is forgotten: nothing is replaced, and its click is nobody's."""
    screen.start_mako()
    screen.server.show(NOTICE)
    screen.desktop.stop("mako", signal.SIGKILL)
    screen.start_mako()
    screen.server.show(replace(NOTICE, title="Chat is slow"))
    screen.wait_titles("Chat is slow")


def _click_again(screen: Screen, x: int, y: int) -> bool:
    """Click once more and wait again: a surface takes no clicks before it is drawn."""
    screen.desktop.click(x, y)
    return False
