"""The desktop's parts: buses, the panel, the notification server; each absent, silent, refusing, gone."""

from __future__ import annotations

import re
import signal
import socket
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.desktop.bad_buses import BAD_BUSES, bad_bus
from tests.desktop.desktops import PANEL_FROM
from tests.desktop.xfce import Xfce
from tests.endtoend.command import ran
from tests.endtoend.scenes import down
from tests.faults_here.fault import Fault
from tests.faults_here.life import SERVER, Life
from trayapp.model import State
from trayapp.model.appearance import COLOURS

MUTE = "notifications cannot be shown"


def _without_session(life: Life) -> None:
    life.begin({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere", "XDG_RUNTIME_DIR": ""})
    life.says(MUTE)


def _silent_session(life: Life) -> None:
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(life.folder / "hung"))
        hung.listen()
        life.begin({"DBUS_SESSION_BUS_ADDRESS": f"unix:path={life.folder / 'hung'}"})
        life.says(MUTE)


def _session_over(life: Life) -> None:
    """The bus ends, and with it the session: the program does not live on unseen."""
    life.begin()
    life.is_calm()
    life.desktop.stop("dbus-daemon", signal.SIGKILL)
    life.hears(lambda: "it ends" if life.program.process.poll() == 0 else "", "the program's end")


def _system_bus(name: str, life: Life) -> None:
    (folder := life.folder / "system").mkdir()
    _, sleep = BAD_BUSES[name]
    with bad_bus(name, folder) as bus:
        life.begin({"DBUS_SYSTEM_BUS_ADDRESS": bus.address})
        life.is_calm()
        bus.act()
        life.hears(lambda: _said_of_sleep(life, sleep), sleep)


def _said_of_sleep(life: Life, pattern: str) -> str:
    """What `doctor` finds of sleep, asked of the program that runs; empty where it is not that."""
    findings = ran(life.home, "doctor", "--json", DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere").json
    said = next(str(one["found"]) for one in findings if one["what"] == "Sleep")
    return said if re.search(pattern, said) else ""


def _icon(life: Life, state: State) -> str:
    seen = life.desktop.find_colour(COLOURS[state], below=PANEL_FROM)
    return f"the icon says {state.name.lower()}" if seen else ""


def _panel_dies(life: Life) -> None:
    """And another begins: the icon is there again."""
    xfce = life.desktop
    assert isinstance(xfce, Xfce)
    life.begin()
    life.is_calm()
    xfce.stop("xfce4-panel", signal.SIGKILL)
    xfce.start_panel()
    life.hears(lambda: _icon(life, State.OPERATIONAL), "an icon on the new panel")


def _panel_hangs(life: Life) -> None:
    """An outage is told meanwhile, and shown by the icon when the panel goes on."""
    life.begin()
    life.is_calm()
    life.desktop.signal("xfce4-panel", signal.SIGSTOP)
    life.tells()
    life.desktop.signal("xfce4-panel", signal.SIGCONT)
    life.hears(lambda: _icon(life, State.MAJOR), "a red icon")


def _server_hangs(life: Life) -> None:
    """What it did not show is told by the next."""
    life.begin()
    life.is_calm()
    life.desktop.signal("dunst", signal.SIGSTOP)
    life.server.set_answers(down("ChatGPT"))
    life.says(r"could not show a notification: \S+ did not answer")
    life.desktop.stop("dunst", signal.SIGKILL)
    life.was_refused()
    life.start_dunst()


def _server_dies(life: Life) -> None:
    life.begin()
    life.is_calm()
    life.desktop.stop("dunst", signal.SIGKILL)
    life.server.set_answers(down("ChatGPT"))
    life.says(MUTE)
    life.was_refused()
    life.start_dunst()


def _server_refuses(life: Life) -> None:
    """Each notification is answered with an error."""
    life.begin()
    life.is_calm()
    life.desktop.stop("dunst")
    life.desktop.start(sys.executable, "-m", "tests.faults_here.refusing")
    life.desktop.wait_until(lambda: life.desktop.owner(SERVER), what="the server that refuses")
    life.server.set_answers(down("ChatGPT"))
    life.says(MUTE)
    life.desktop.stop(Path(sys.executable).name)
    life.was_refused()
    life.start_dunst()


def faults() -> Iterator[Fault]:
    """Each by its name."""
    yield Fault("session bus: absent", _without_session, goes_on=False)
    yield Fault("session bus: silent", _silent_session, goes_on=False)
    yield Fault("session bus: ends", _session_over, goes_on=False)
    for name in BAD_BUSES:
        yield Fault(f"system bus: {name}", partial(_system_bus, name))
    yield Fault("panel: dies, another begins", _panel_dies, has_panel=True)
    yield Fault("panel: hangs for a while", _panel_hangs, has_panel=True)
    yield Fault("notification server: hangs", _server_hangs)
    yield Fault("notification server: refuses", _server_refuses)
    yield Fault("notification server: dies", _server_dies)
