"""A disk that is full, read-only or locked is said once and never stops the program."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from trayapp.model import (
    StoreComplaint,
    StoreFault,
)
from trayapp.store import Store

from .samples import NEW, NOTICE, OLD, SEEN, TOLD
from .values import NOON


def test_a_home_that_cannot_be_written_is_said_and_lived_with(tmp_path: Path) -> None:
    """Everything goes on in memory; the complaint stays the same, so it is told once."""
    (tmp_path / "home").write_text("a file where the folder should be")
    with closing(Store.open(tmp_path / "home" / "state.db", NOON)) as store:
        assert store.complaint == StoreComplaint(StoreFault.READ_ONLY)
        store.save(NEW, [TOLD], [NOTICE], now=NOON)
        store.remember_incidents([SEEN])
        assert store.complaint == StoreComplaint(StoreFault.READ_ONLY)
        assert (store.last_saved(), store.read_transitions(), store.read_incidents()) == (NEW, [TOLD], [SEEN])
        assert store.unfinished_intents(NOON) == [NOTICE]
        store.finish_intent(NOTICE.id)
        assert store.unfinished_intents(NOON) == []


def test_what_the_disk_missed_reaches_it_when_it_can_be_written_again(tmp_path: Path) -> None:
    """And the complaint goes."""
    home = tmp_path / "home"
    home.write_text("in the way")
    with closing(Store.open(home / "state.db", NOON)) as store:
        store.save(OLD, [TOLD], [NOTICE], now=NOON)
        store.remember_incidents([SEEN])
        home.unlink()
        store.save(NEW, now=NOON)
        assert store.complaint is None

    with closing(Store.open(home / "state.db", NOON)) as store:
        assert (store.last_saved(), store.read_transitions(), store.read_incidents()) == (NEW, [TOLD], [SEEN])
        assert store.unfinished_intents(NOON) == [NOTICE]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs the right to become somebody else")
def test_a_folder_of_somebody_else_is_lived_with(path: Path) -> None:
    """Permission denied, even for looking, is a home that cannot be written."""
    path.parent.chmod(0o700)
    os.seteuid(65534)
    try:
        with closing(Store.open(path, NOON)) as store:
            store.save(NEW, now=NOON)
            assert store.complaint == StoreComplaint(StoreFault.READ_ONLY)
    finally:
        os.seteuid(0)


def test_a_locked_file_is_read_all_the_same_and_written_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program's lock costs neither what was known nor what happens meanwhile."""
    monkeypatch.setattr("trayapp.store.file._LOCK_TIMEOUT", 0.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        store = Store.open(path, NOON)
        assert store.complaint == StoreComplaint(StoreFault.LOCKED)
        assert store.last_saved() == OLD
        store.save(NEW, now=NOON)
        assert store.read_transitions() == [TOLD]
        assert store.complaint == StoreComplaint(StoreFault.LOCKED)

    store.save(NEW, now=NOON)
    assert store.complaint is None
    store.close()
    with closing(Store.open(path, NOON)) as store:
        assert store.last_saved() == NEW


def test_a_full_file_loses_nothing_and_recovers(path: Path) -> None:
    """SQLite's own "full": the old Kept stays whole on disk, the new one follows when there is room."""
    with closing(Store.open(path, NOON)) as store:
        assert store._db is not None
        store._db.execute("PRAGMA max_page_count = 1")
        flood = [TOLD] * 300
        store.save(NEW, flood, [NOTICE], now=NOON)
        assert store.complaint == StoreComplaint(StoreFault.FULL)
        assert store.last_saved() == NEW
        assert store.read_transitions() == [TOLD, *flood]
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT count(*) FROM transitions").fetchone() == (1,)

        store.save(NEW, now=NOON)
        assert store.complaint is None
        assert store.read_transitions() == [TOLD, *flood]
        assert store.unfinished_intents(NOON) == [NOTICE]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk with room for very little."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=800k,mode=700", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a real full disk needs the right to mount one")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def _fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 512):
                pass
        except OSError:
            pass
    return ballast


@pytest.mark.long
def test_a_full_disk_under_the_running_program_is_lived_with(tiny_disk: Path) -> None:
    """It is said as full, round after round the same, and what was missed is written when there is room."""
    path = tiny_disk / "state.db"
    with closing(Store.open(path, NOON)) as store:
        store.save(OLD, now=NOON)
        ballast = _fill(tiny_disk)
        for minute in range(40):
            store.save(NEW, [TOLD] * 20, now=NOON + timedelta(minutes=minute))
        assert store.complaint == StoreComplaint(StoreFault.FULL)
        assert len(store.read_transitions()) == 800

        ballast.unlink()
        store.save(NEW, now=NOON)
        assert store.complaint is None
        assert len(store.read_transitions()) == 800

    with closing(Store.open(path, NOON)) as store:
        assert (store.last_saved(), len(store.read_transitions())) == (NEW, 800)


def test_starting_on_a_full_disk_is_lived_with(tiny_disk: Path) -> None:
    """With no file yet and no room for one, the program runs in memory and says that the disk is full."""
    ballast = _fill(tiny_disk)
    with closing(Store.open(tiny_disk / "state.db", NOON)) as store:
        assert store.complaint == StoreComplaint(StoreFault.FULL)
        store.save(NEW, now=NOON)
        ballast.unlink()
        store.save(NEW, now=NOON)
        assert store.complaint is None


def test_a_disk_remounted_read_only_still_gives_what_it_has(tiny_disk: Path) -> None:
    """What was known is known, new things go on in memory, and the disk gets them when it may be written."""
    path = tiny_disk / "state.db"
    with closing(Store.open(path, NOON)) as store:
        store.save(OLD, [TOLD], now=NOON)
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)

    with closing(Store.open(path, NOON)) as store:
        assert store.complaint == StoreComplaint(StoreFault.READ_ONLY)
        assert (store.last_saved(), store.read_transitions()) == (OLD, [TOLD])
        store.save(NEW, [TOLD], now=NOON)
        assert store.read_transitions() == [TOLD, TOLD]

        subprocess.run(["mount", "-o", "remount,rw", str(tiny_disk)], check=True)
        store.save(NEW, now=NOON)
        assert store.complaint is None
    with closing(Store.open(path, NOON)) as store:
        assert (store.last_saved(), store.read_transitions()) == (NEW, [TOLD, TOLD])
