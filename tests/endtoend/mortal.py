"""A program that is killed and lives again, and what it leaves on the disk."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.desktop.desktops import wait_until
from tests.endtoend.command import environment
from tests.endtoend.running import ROOT
from trayapp.model import Notification, SavedMemory, State, Transition
from trayapp.store.codec import from_json


@dataclass(frozen=True)
class Disk:
    """What the file of what is kept holds."""

    kept: SavedMemory
    transitions: tuple[Transition, ...]
    intents: tuple[Notification, ...]

    def states_told(self, *names: str) -> set[State]:
        """What is kept as told of products."""
        return {self.kept.products[name].told for name in names}


class Mortal:
    """The program in one home, over all its lives; its files and what it prints are there."""

    def __init__(self, home: Path, nursery: subprocess.Popen[str]) -> None:
        self.home = home
        self._nursery = nursery
        self._pid = 0

    def start(self) -> None:
        """Begin a life."""
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write("\n")
        self._nursery.stdin.flush()
        self._pid = int(self._nursery.stdout.readline())

    def end(self, how: signal.Signals) -> None:
        """End its life."""
        os.kill(self._pid, how)
        wait_until(self._dead, what="its death")

    def _dead(self) -> bool:
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return True
        return False

    @property
    def log(self) -> str:
        """Its log file and what it printed besides."""
        files = (self.home / "tray.log", self.home.with_suffix(".out"))
        return "".join(file.read_text(encoding="utf-8") for file in files)

    def last_write(self) -> int:
        """When its file last changed."""
        return max((file.stat().st_mtime_ns for file in self.home.glob("state.db*")), default=0)

    def remains(self) -> Disk:
        """What a dead program has left, found whole in a copy: its next life is to mend the file itself."""
        copy = self.home.with_suffix(".copy")
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for file in self.home.glob("state.db*"):
            shutil.copy(file, copy)
        with closing(sqlite3.connect(copy / "state.db")) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return _read(db)

    def on_disk(self) -> Disk:
        """What the file of the running program holds."""
        with closing(sqlite3.connect(f"file:{self.home / 'state.db'}?mode=ro", uri=True)) as db:
            db.execute("BEGIN")
            return _read(db)


@contextmanager
def mortal(home: Path, env: Mapping[str, str]) -> Iterator[Mortal]:
    """A program that can be started in that home; none is left at the end."""
    with (
        home.with_suffix(".out").open("ab") as output,
        subprocess.Popen(
            [sys.executable, "-m", "tests.endtoend.lives", str(time.time())],
            env={**environment(home), "PYTHONUNBUFFERED": "1", **env},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            start_new_session=True,  # so that all its lives are known by its group
        ) as nursery,
    ):
        try:
            yield Mortal(home, nursery)
        finally:
            os.killpg(nursery.pid, signal.SIGKILL)


def _read(db: sqlite3.Connection) -> Disk:
    def rows(query: str) -> list[str]:
        return [doc for (doc,) in db.execute(query)]

    return Disk(
        kept=from_json(SavedMemory, rows("SELECT doc FROM kept")[0]),
        transitions=tuple(
            from_json(Transition, doc) for doc in rows("SELECT doc FROM transitions ORDER BY n")
        ),
        intents=tuple(from_json(Notification, doc) for doc in rows("SELECT doc FROM intents")),
    )
