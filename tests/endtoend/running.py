"""The tray program running in a process of its own, and what it hands to the desktop: links and notifications."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.desktop.desktops import wait_until
from tests.endtoend.command import COMMAND, LIMIT, environment

ROOT = Path(__file__).parents[2]

NORMAL = (COMMAND,)
QUICK = (sys.executable, "-m", "tests.endtoend.quick")
"""The same program with a clock that runs 10 times as fast."""


class Program:
    """The running program. Leaving the `with` block kills what is left of it.

    Its files are under `home`; `env` are more variables than a bare terminal has.
    """

    def __init__(
        self,
        home: Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        command: Sequence[str] = NORMAL,
    ) -> None:
        self.home = home
        self._output = home.with_suffix(".out")
        with self._output.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, *arguments],
                env={**environment(home), "PYTHONUNBUFFERED": "1", **(env or {})},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # so that all its children are known by its group
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process.poll() is None:
            self.kill()

    @property
    def output(self) -> str:
        """All that it wrote, to stdout and stderr, over all its starts."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    @property
    def log(self) -> str:
        """Its log file."""
        return (self.home / "tray.log").read_text(encoding="utf-8")

    def wait_for(self, text: str, limit: float = LIMIT) -> None:
        """Wait until it has written that."""
        wait_until(lambda: text in self.output or self.process.poll() is not None, limit, f"{text!r} written")
        assert text in self.output, self.output

    def end(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Tell it to end; the seconds that took. Its exit status is `process.returncode`."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(LIMIT)
        return time.monotonic() - began

    def kill(self) -> None:
        """End it as a crash would: kill -9."""
        self.process.kill()
        self.process.wait(LIMIT)

    def left_behind(self) -> bool:
        """Whether any process of its group still lives."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


class Browser:
    """A stand-in for the person's browser: an `xdg-open` on PATH that writes down what it is asked to open."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "opened.txt"
        self._opener = folder / "xdg-open"
        self._opener.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >> '{self._file}'\n")
        self._opener.chmod(0o755)
        self.env = {"PATH": f"{folder}:{os.environ['PATH']}"}

    def finds_none(self) -> None:
        """From now on it ends as xdg-open does where there is no browser."""
        self._opener.write_text("#!/bin/sh\nexit 3\n")

    def says_its_display(self) -> None:
        """From now on it writes down on which display it was started too."""
        with self._opener.open("a") as script:
            script.write(f"echo \"display $DISPLAY\" >> '{self._file}'\n")

    @property
    def opened(self) -> list[str]:
        """The arguments it was given, the oldest first."""
        return self._file.read_text().splitlines() if self._file.exists() else []

    def forget(self) -> None:
        """Begin anew with what was opened."""
        self._file.unlink(missing_ok=True)


@dataclass(frozen=True)
class Shown:
    """One call of the notification server."""

    replaces: int
    title: str
    body: str


_NOTIFY = re.compile(
    r'member=Notify\n   string ".*?"\n   uint32 (\d+)\n   string ".*?"\n   string "(.*?)"\n   string "(.*?)"\n   array \[',
    re.DOTALL,
)


class Notices:
    """All notifications on a bus, from the start of the `with` block on, whichever server shows them."""

    def __init__(self, bus: str, folder: Path) -> None:
        self._file = folder / "notices.txt"
        with self._file.open("wb") as file:
            self._monitor = subprocess.Popen(
                [
                    "dbus-monitor",
                    "--address",
                    bus,
                    "interface='org.freedesktop.Notifications',member='Notify'",
                ],
                stdout=file,
                env=environment(folder),
            )

    def __enter__(self) -> Self:
        # The monitor prints that it lost its name once it has become one.
        wait_until(lambda: "NameLost" in self._text(), what="the bus's monitor")
        return self

    def __exit__(self, *_exception: object) -> None:
        self._monitor.terminate()
        self._monitor.wait(LIMIT)

    def all(self) -> list[Shown]:
        """Every notification, the oldest first."""
        return [Shown(int(number), title, body) for number, title, body in _NOTIFY.findall(self._text())]

    def with_title(self, word: str) -> list[Shown]:
        """Those whose title has this word."""
        return [shown for shown in self.all() if word in shown.title]

    def _text(self) -> str:
        return self._file.read_text(encoding="utf-8", errors="replace")
