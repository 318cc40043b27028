"""Examines for `doctor` the desktop: tray, notifications, sleep signals and the identity of the network."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trayapp.app.one_notification import notify_once
from trayapp.core.wording import program_notifications
from trayapp.desktop.control import NotRunningError, send_request
from trayapp.desktop.network import identity
from trayapp.desktop.notifications.server_info import read_server_info
from trayapp.desktop.sleep import listener
from trayapp.desktop.sleep.signals import SleepSupport
from trayapp.desktop.tray.backend import BackEndKind, TrayHost
from trayapp.i18n.translator import Translator, mark

_TRAY_TEXTS = {
    BackEndKind.SNI: (
        mark("your panel takes icons as a StatusNotifierItem, so the icon is there, with its menu"),
        "",
    ),
    BackEndKind.GTK: (
        mark("no panel takes a StatusNotifierItem, so the icon is in X11's older tray; GTK draws its menu"),
        "",
    ),
    BackEndKind.X11: (
        mark(
            "no panel takes a StatusNotifierItem, so the icon is in X11's older tray; a click opens the details"
        ),
        mark("For a menu there, install GTK 3 and PyGObject for the Python that runs this program."),
    ),
    BackEndKind.NONE: (
        mark("nothing here shows icons: what can be seen are notifications, and a line in the terminal"),
        mark("Add a system tray to your panel; on GNOME install the AppIndicator extension."),
    ),
}
"""For each kind of tray on Linux: how the icon is shown, and what to do about it."""


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One finding of the report, printed as a line."""

    what: str
    ok: bool
    found: str
    do: str = ""
    """The remedy; empty if all is well."""


def tray_finding(speech: Translator, host: TrayHost) -> DoctorFinding:
    """Say how the icon is shown, and why in this way."""
    if host.kind not in _TRAY_TEXTS:
        return DoctorFinding(speech.say("Tray"), True, host.description)
    text, remedy = _TRAY_TEXTS[host.kind]
    do = (not host.kind and _session_remedy(speech, host)) or (speech.say(remedy) if remedy else "")
    return DoctorFinding(speech.say("Tray"), bool(host.kind), f"{speech.say(text)} ({host.description})", do)


def _session_remedy(speech: Translator, host: TrayHost) -> str:
    if host.has_session:
        return ""
    if sys.platform != "linux":
        return speech.say("Start it in your desktop's own session.")
    return speech.say(
        "Start it in your desktop's own session: from here no session bus is found (DBUS_SESSION_BUS_ADDRESS)."
    )


def notifications_finding(speech: Translator, host: TrayHost) -> DoctorFinding:
    """Name the notification server and its capabilities."""
    server, abilities = read_server_info()
    if not server:
        do = _server_remedy(speech, host)
        return DoctorFinding(speech.say("Notifications"), False, speech.say("no server answers"), do)
    able = f" ({', '.join(sorted(abilities))})" if abilities else ""
    return DoctorFinding(speech.say("Notifications"), True, f"{server}{able}")


def send_sample(speech: Translator, host: TrayHost, at: datetime) -> DoctorFinding:
    """Send a test notification and say whether it was accepted; only the person can see whether it is shown."""
    what = speech.say("Test notification")
    if notify_once(program_notifications.sample_notification(speech, at)):
        return DoctorFinding(what, True, speech.say("sent; look whether it is on the screen"))
    return DoctorFinding(what, False, speech.say("nobody could show it"), _server_remedy(speech, host))


def _server_remedy(speech: Translator, host: TrayHost) -> str:
    return _session_remedy(speech, host) or speech.say(
        "Start your desktop's notification server, or install one such as dunst or mako."
    )


def sleep_finding(speech: Translator, state: Path) -> DoctorFinding:
    """Say how the program learns of sleep: from the system, or from the clocks afterwards. Both are fine."""
    try:
        answer = send_request(state, {"do": "sleep"}, timeout=2.0)
        support = SleepSupport(str(answer["unheard"]), str(answer["unlocked"]))
    except (NotRunningError, KeyError):  # no program runs, or one of another version
        support = listener.examine_sleep()
    text = speech.say("heard from the system")
    if support.unheard:
        text = speech.say("noticed by the clocks, half a minute late at most ({why})", why=support.unheard)
    elif support.unlocked:
        text += f" ({support.unlocked})"
    return DoctorFinding(speech.say("Sleep"), True, text)


def identity_finding(speech: Translator) -> DoctorFinding:
    """Say whether the program recognises this network, and so what was reachable on it before."""
    why = identity.examine_network()
    text = (
        speech.say("known again when you come back to it")
        if not why
        else speech.say("cannot be told from others") + f" ({why})"
    )
    return DoctorFinding(speech.say("This network"), True, text)
