"""What `doctor` finds of the desktop: a tray, notifications, the system's word on sleep, the network's identity."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trayapp.app.one_notification import tell_once
from trayapp.core.wording import program_notifications
from trayapp.desktop.control import NotRunning, ask
from trayapp.desktop.network import identity
from trayapp.desktop.notifications.server_info import notification_server
from trayapp.desktop.sleep import listener
from trayapp.desktop.sleep.signals import Hearing
from trayapp.desktop.tray.backend import Host, Way
from trayapp.i18n.translator import Speech, mark

_TRAYS = {
    Way.SNI: (
        mark("your panel takes icons as a StatusNotifierItem, so the icon is there, with its menu"),
        "",
    ),
    Way.GTK: (
        mark("no panel takes a StatusNotifierItem, so the icon is in X11's older tray; GTK draws its menu"),
        "",
    ),
    Way.X11: (
        mark(
            "no panel takes a StatusNotifierItem, so the icon is in X11's older tray; a click opens the details"
        ),
        mark("For a menu there, install GTK 3 and PyGObject for the Python that runs this program."),
    ),
    Way.NONE: (
        mark("nothing here shows icons: what can be seen are notifications, and a line in the terminal"),
        mark("Add a system tray to your panel; on GNOME install the AppIndicator extension."),
    ),
}
"""What was found of a tray where there are several kinds, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    what: str
    ok: bool
    found: str
    do: str = ""
    """What to do about it; empty where all is well."""


def tray(speech: Speech, host: Host) -> Finding:
    """The way the icon takes, and why."""
    if host.chosen not in _TRAYS:
        return Finding(speech.say("Tray"), True, host.text)
    words, remedy = _TRAYS[host.chosen]
    do = (not host.chosen and _no_session(speech, host)) or (speech.say(remedy) if remedy else "")
    return Finding(speech.say("Tray"), bool(host.chosen), f"{speech.say(words)} ({host.text})", do)


def _no_session(speech: Speech, host: Host) -> str:
    if host.session:
        return ""
    if sys.platform != "linux":
        return speech.say("Start it in your desktop's own session.")
    return speech.say(
        "Start it in your desktop's own session: from here no session bus is found (DBUS_SESSION_BUS_ADDRESS)."
    )


def notifications(speech: Speech, host: Host) -> Finding:
    """The server that shows them, and what it is able to."""
    server, abilities = notification_server()
    if not server:
        do = _no_server(speech, host)
        return Finding(speech.say("Notifications"), False, speech.say("no server answers"), do)
    able = f" ({', '.join(sorted(abilities))})" if abilities else ""
    return Finding(speech.say("Notifications"), True, f"{server}{able}")


def test_notification(speech: Speech, host: Host, at: datetime) -> Finding:
    """Whether one that is sent now is taken; only the person can see whether it shows."""
    what = speech.say("Test notification")
    if tell_once(program_notifications.test(speech, at)):
        return Finding(what, True, speech.say("sent; look whether it is on the screen"))
    return Finding(what, False, speech.say("nobody could show it"), _no_server(speech, host))


def _no_server(speech: Speech, host: Host) -> str:
    return _no_session(speech, host) or speech.say(
        "Start your desktop's notification server, or install one such as dunst or mako."
    )


def sleep(speech: Speech, state: Path) -> Finding:
    """Who says that the computer sleeps: the system, or the clocks afterwards. Either is well."""
    try:
        told = ask(state, {"do": "sleep"}, timeout=2.0)
        hearing = Hearing(str(told["unheard"]), str(told["unlocked"]))
    except (NotRunning, KeyError):  # nobody to ask, or a program of another version
        hearing = listener.examine()
    words = speech.say("heard from the system")
    if hearing.unheard:
        words = speech.say("noticed by the clocks, half a minute late at most ({why})", why=hearing.unheard)
    elif hearing.unlocked:
        words += f" ({hearing.unlocked})"
    return Finding(speech.say("Sleep"), True, words)


def this_network(speech: Speech) -> Finding:
    """Whether what was reached on this network before can be known."""
    why = identity.examine()
    words = (
        speech.say("known again when you come back to it")
        if not why
        else speech.say("cannot be told from others") + f" ({why})"
    )
    return Finding(speech.say("This network"), True, words)
