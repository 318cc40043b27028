"""`python3 -m tests.company.desk HOME`: a person's session on the desk, lived through an outage; run by `office` alone.

What is imported from `trayapp` is the installed package's.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.company.site import MIRROR_URL, OWN
from tests.company.talk import answer, becomes, tell
from tests.desktop.desktops import PICTURES, wait_until
from tests.endtoend.command import configure_home
from tests.endtoend.panel import ON_THE_FIRST, Person
from tests.endtoend.running import Browser, Notices
from tests.installed.sessions import Session
from trayapp import APP_ID
from trayapp.model import State

COMMAND = f"/usr/bin/{APP_ID}"
LATEST = 300.0
"""Seconds within which news must be on the desk: two readings of the page, and what the mirror adds."""


class Desk:
    """The person's session, with what they have found."""

    def __init__(self, home: Path) -> None:
        self.browser = Browser(home.with_name("browser"))
        self.session = Session(home, home.with_name("browser") / "xdg-open")
        # A whole computer's, with what the login gave, and settings as the administrator has them.
        self.session.env |= {name: value for name, value in os.environ.items() if name.endswith("_proxy")}
        self.session.env |= {
            "PATH": f"{self.session.env['PATH']}:{os.environ['PATH']}",
            "XDG_CURRENT_DESKTOP": "XFCE",
        }
        del self.session.env["GSETTINGS_BACKEND"]
        self.person = Person(self.session)
        self.found: dict[str, Any] = {}

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run the installed command in the session."""
        return subprocess.run(
            [COMMAND, *arguments],
            env=self.session.env if env is None else env,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def keeps_what_is_said(self, scene: str) -> None:
        """Take a picture, and ask the command for its words."""
        self.session.screenshot(scene)
        self.found[scene] = {
            "status": self.run("status").stdout,
            "json": json.loads(self.run("status", "--json").stdout),
            "tooltip": self.person.tooltip(),
            "menu": self.person.menu(),
            "page": self.details(scene),
        }

    def on_gnome(self) -> dict[str, Any]:
        """What a single reading says where GNOME's settings name the proxy, and no variable does."""
        env = {name: value for name, value in self.session.env.items() if not name.endswith("_proxy")}
        env["XDG_CURRENT_DESKTOP"] = "GNOME"
        return {
            "doctor": json.loads(self.run("doctor", "--json", env=env).stdout),
            "json": json.loads(self.run("status", "--json", env=env).stdout),
        }

    def details(self, scene: str) -> dict[str, Any]:
        """The details page as the browser gets it: where its links lead."""
        self.browser.forget()
        self.run("open")
        wait_until(lambda: self.browser.opened, what="the details page opened")
        (address,) = self.browser.opened
        self.browser.forget()
        browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({})
        )
        with browser.open(address, timeout=20) as answer:
            text = answer.read().decode("utf-8")
        (PICTURES / f"{scene}.html").write_text(text, "utf-8")
        links = sorted(set(re.findall(r'href="(https?://[^"]+)"', text)))
        return {"address": address, "links": links, "names_mirror": urlsplit(MIRROR_URL).netloc in text}


def live(home: Path) -> dict[str, Any]:
    """A day with an outage; what was found."""
    desk = Desk(home)
    session, person = desk.session, desk.person
    configure_home(home / "config" / APP_ID, OWN)
    try:
        with Notices(session.env["DBUS_SESSION_BUS_ADDRESS"], home.parent) as notices:
            desk.run("autostart", "on")
            session.log_in()
            person.sees(State.OPERATIONAL, LATEST)
            session.wait_until(lambda: notices.with_title("watching"), 60.0, "the welcome")
            person.closes_all_notices()
            desk.keeps_what_is_said("calm")
            person.reads("follow", picture="menu")
            person.chooses("status page when all is well")
            session.wait_until(lambda: desk.browser.opened, what="OpenAI's status page opened")
            desk.found["chosen"] = desk.browser.opened
            desk.found["settings"] = json.loads(desk.run("settings", "--json").stdout)
            desk.found["doctor"] = json.loads(desk.run("doctor", "--json").stdout)
            desk.found["on_gnome"] = desk.on_gnome()

            becomes("outage")
            person.sees(State.MAJOR, LATEST)
            session.wait_until(lambda: len(notices.all()) > 1, LATEST, "the outage told")
            desk.found["told"] = answer("told")
            desk.keeps_what_is_said("outage")
            session.click(*ON_THE_FIRST, button=2)
            session.wait_until(lambda: desk.browser.opened, what="a page opened by the notification")
            desk.found["clicked"] = desk.browser.opened

            becomes("resolved")
            person.sees(State.OPERATIONAL, LATEST)
            session.wait_until(lambda: len(notices.all()) > 2, LATEST, "the end told")
            desk.found["ended"] = answer("ended")
            desk.keeps_what_is_said("resolved")
        desk.found["notices"] = [[shown.title, shown.body] for shown in notices.all()]
        desk.run("quit")
    finally:
        session.close()
    return desk.found


def main() -> None:
    """Print all that was found."""
    home = Path(sys.argv[1])
    os.umask(0o022)
    tell(live(home))


if __name__ == "__main__":
    main()
