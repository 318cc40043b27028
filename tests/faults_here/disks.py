"""Disks: full, read-only, vanished; and the program's own file on them: corrupt, locked, foreign."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

from tests.endtoend.running import QUICK
from tests.faults_here.fault import Fault
from tests.faults_here.life import Life

FILLS = 'cat /dev/zero > "$0/filling" 2>&- || true'
FULL, READ_ONLY, LOG = "the disk is full", "its memory cannot be written", "the log cannot be written"


def _command_on_disk(life: Life, making: str) -> tuple[str, ...]:
    """The program's command, with its home on a disk of its own that is made so."""
    life.home.mkdir(mode=0o700)
    return ("unshare", "--mount", "sh", "-c", f'{making}; exec "$@"', str(life.home), *QUICK)


def _inside(life: Life, command: str) -> None:
    """Run a command among the program's own mounts; $0 is its home."""
    enter = ["nsenter", "--mount", "--target", str(life.program.process.pid)]
    subprocess.run([*enter, "sh", "-c", command, str(life.home)], check=True, capture_output=True)


def _begins_on(making: str, complaint: str, life: Life) -> None:
    life.begin(command=_command_on_disk(life, making))
    life.says(complaint)
    life.program.wait_for("fine")


def _comes_over(making: str, change: str, complaint: str, life: Life) -> None:
    """The disk is well at first, and then no longer."""
    life.begin(command=_command_on_disk(life, making))
    life.is_calm()
    _inside(life, change)
    life.says(complaint)


def _vanishes(life: Life) -> None:
    """The folder is removed under the running program, which makes it anew."""
    life.begin()
    life.is_calm()
    shutil.rmtree(life.home)
    life.hears(lambda: "made anew" if (life.home / "state.db").exists() else "", "a file made anew")


def _known_before(spoil: Callable[[Life], object], complaint: str, life: Life) -> None:
    """The program has lived here before, and its file is spoilt before it begins again."""
    life.begin()
    life.is_calm()
    life.program.end()
    spoil(life)
    life.begin()
    life.says(complaint)


def _corrupt(life: Life) -> None:
    (life.home / "state.db").write_bytes(b"no database, however long it is" * 500)


def _cut(life: Life) -> None:
    file = life.home / "state.db"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _foreign(life: Life) -> None:
    file = life.home / "state.db"
    file.unlink()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")


def _newer(life: Life) -> None:
    with closing(sqlite3.connect(life.home / "state.db")) as db:
        db.execute("PRAGMA user_version = 99")


def _held_by_another(life: Life) -> None:
    """Another program holds the file until the trouble has been said."""
    life.begin()
    life.is_calm()
    life.program.end()
    with closing(sqlite3.connect(life.home / "state.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        life.begin()
        life.says("another program holds its memory")


def faults() -> Iterator[Fault]:
    """Each by its name."""
    small = 'mount -t tmpfs -o size=4m,mode=700 none "$0"'
    for name, making, complaint in (
        ("full", f'mount -t tmpfs -o size=64k none "$0"; {FILLS}', FULL),
        ("read-only", 'mount -t tmpfs -o ro none "$0"', READ_ONLY),
    ):
        yield Fault(f"disk: {name}", partial(_begins_on, making, complaint), keeps=False)
    for name, change, complaint in (
        ("fills up while it runs", FILLS, FULL),
        ("a read-only one comes over it", 'mount -t tmpfs -o ro none "$0"', READ_ONLY),
    ):
        yield Fault(f"disk: {name}", partial(_comes_over, small, change, complaint), keeps=False)
    yield Fault("disk: the folder vanishes", _vanishes)
    unread = "its memory could not be read"
    for name, spoil, complaint in (
        ("no database", _corrupt, unread),
        ("cut in half", _cut, unread),
        ("another program's", _foreign, unread),
        ("of a newer version", _newer, "its memory is from a newer version"),
    ):
        yield Fault(f"memory: {name}", partial(_known_before, spoil, complaint))
    yield Fault("memory: locked by another", _held_by_another)
