"""One life of the tray program with a fault in it: on a desktop of its own, and all that is seen and heard of it."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from tests.desktop.desktops import Desktop, wait_until
from tests.desktop.xfce import DUNST_CONFIG, Xfce
from tests.endtoend.command import SHORT, configure_home, settings
from tests.endtoend.running import QUICK, Notices, Program
from tests.endtoend.scenes import calm, down
from tests.faults_net.case import WITHIN
from trayapp.demo.server import StatusServer

SERVER = "org.freedesktop.Notifications"
TOLD_WITHIN = 60.0
"""Seconds for an outage after the fault: the program's clock runs ten times as fast."""
ENDS_WITHIN = 2.0
_DOWN = re.compile("ChatGPT is (now )?down")


class Life:
    """A status page, a session with a notification server and no panel, and the program between them.

    Leaving the `with` block ends them all.
    """

    def __init__(self, folder: Path, *, has_panel: bool = False) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.said, self.seconds = "", 0.0
        """What was said of the fault, and after how long."""
        self.told = 0.0
        """Seconds until an outage after the fault was told."""
        self.faults: list[str] = []
        self._refused = 0
        self._stack = ExitStack()
        self._has_panel = has_panel

    def __enter__(self) -> Self:
        self.server = self._stack.enter_context(StatusServer(calm()))
        (place := self.folder / "desktop").mkdir()
        self.desktop: Desktop = Xfce(place) if self._has_panel else Desktop(place)
        self._stack.callback(self.desktop.close)
        if not self._has_panel:
            self.start_dunst()
        address = self.desktop.env["DBUS_SESSION_BUS_ADDRESS"]
        self.notices = self._stack.enter_context(Notices(address, self.folder))
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def start_dunst(self) -> None:
        """Start the notification server, and wait for it."""
        config = self.folder / "dunstrc"
        config.write_text(DUNST_CONFIG.format(left_click="close_current"))
        self.desktop.start("dunst", "-conf", str(config))
        wait_until(lambda: self.desktop.owner(SERVER), what="dunst on the bus")

    def begin(
        self,
        env: Mapping[str, str] | None = None,
        command: Sequence[str] = QUICK,
        more: str = "",
    ) -> Program:
        """Start the program; `env` goes before the desktop's variables, `more` is added to its settings."""
        file = (
            configure_home(self.folder / "config", settings(self.server.url, more=SHORT + more))
            / "config.toml"
        )
        self.home.mkdir(mode=0o700, exist_ok=True)
        shown = {**self.desktop.env, "HOME": str(self.folder), **(env or {})}
        self._fault_at = time.monotonic()
        self.program = self._stack.enter_context(
            Program(self.home, "--config", str(file), env=shown, command=command)
        )
        return self.program

    def is_calm(self) -> None:
        """Wait until the program runs and finds all well; the fault comes after this."""
        wait_until(lambda: self.notices.with_title("is watching"), TOLD_WITHIN, "the welcome")
        self.program.wait_for("fine") if not self._has_panel else None
        self._fault_at = time.monotonic()

    def text(self) -> str:
        """All that the program has printed, logged and notified."""
        log = self.home / "tray.log"
        logged = log.read_text("utf-8", "replace") if log.is_file() else ""
        told = "\n".join(f"{one.title} · {one.body}" for one in self.notices.all())
        return f"{self.program.output}\n{logged}\n{told}"

    def says(self, pattern: str) -> None:
        """What is said of the fault has this pattern, and is said in time."""
        self.hears(lambda: match.group() if (match := re.search(pattern, self.text())) else "", pattern)

    def hears(self, look: Callable[[], str], wanted: str) -> None:
        """What a look finds is what is said of the fault, and is found in time."""
        while not (said := look()):
            if time.monotonic() - self._fault_at > WITHIN:
                self.faults.append(f"does not say {wanted!r}: {self.text()[-500:]!r}")
                return
            time.sleep(0.05)
        self.said, self.seconds = said, time.monotonic() - self._fault_at

    def tells(self) -> None:
        """An outage after the fault is told, once."""
        begun = time.monotonic()
        self.server.set_answers(down("ChatGPT"))
        try:
            wait_until(lambda: len(self._down()) > self._refused, TOLD_WITHIN, "the outage told")
        except AssertionError as error:
            self.faults.append(str(error))
        self.told = time.monotonic() - begun
        if len(self._down()) > self._refused + 1:
            self.faults.append("told twice")

    def was_refused(self) -> None:
        """What has been asked of the notification server so far was not shown."""
        self._refused = len(self._down())

    def _down(self) -> list[str]:
        return [shown.title for shown in self.notices.all() if _DOWN.search(shown.title)]

    def keeps(self) -> None:
        """What was told is in the program's memory on the disk."""
        with closing(sqlite3.connect(self.home / "state.db")) as db:
            (count,) = db.execute("SELECT count(*) FROM transitions").fetchone()
        if not count:
            self.faults.append("what was told is not kept")

    def ends(self) -> None:
        """The program ends in order and in time, and no traceback was seen of it."""
        took = self.program.end()
        wrong = [
            (took > ENDS_WITHIN, f"ended after {took:.1f} s"),
            (self.program.process.returncode != 0, f"ended with {self.program.process.returncode}"),
        ]
        self.faults += [fault for is_wrong, fault in wrong if is_wrong]
        self.left_no_traceback(self.text())

    def left_no_traceback(self, text: str) -> None:
        """Nothing unforeseen happened, by this text of the program's."""
        if "Traceback" in text:
            self.faults.append(f"a traceback: {text[text.index('Traceback') :][:3000]}")
