"""A bad file or a bad disk is said once and never stops the program."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from trayapp.model import (
    Change,
    Complaint,
    Fault,
    Incident,
    Kept,
    Notice,
    NoticeKind,
    Seen,
    Stage,
    State,
    Transition,
)
from trayapp.store import Store

from .values import NOON

OLD = Kept(looked=True, tell_when_back=("APIs",))
NEW = Kept(looked=True, tell_when_back=("Codex",))
TOLD = Transition(Change.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOON, NOON)
NOTICE = Notice("n1", NoticeKind.START, "APIs down", "The page says so.", must_arrive=True)
SEEN = Seen(Incident("inc-1", "Errors", Stage.INVESTIGATING, "investigating", State.MAJOR, "critical"), NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A state file of an earlier run."""
    path = tmp_path / "state.db"
    with closing(Store.open(path, NOON)) as store:
        store.save(OLD, [TOLD], now=NOON)
    return path


def _no_database(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to have a header" * 40)


def _header(path: Path) -> None:
    path.write_bytes(b"\0" * 16 + path.read_bytes()[16:])


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _middle(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])


def _nonsense_kept(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute('UPDATE kept SET doc = \'{"looked": "perhaps"}\'')


def _foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")


@pytest.mark.parametrize("spoil", [_no_database, _header, _half, _middle, _nonsense_kept, _foreign])
def test_a_corrupt_file_is_put_aside_whole_and_begun_afresh(
    path: Path, spoil: Callable[[Path], None]
) -> None:
    """Its bytes stay for whoever wants to look; the program knows nothing and says why."""
    spoil(path)
    spoiled = path.read_bytes()

    with closing(Store.open(path, NOON)) as store:
        kept_as = path.with_name("state.db.kept-20261122T120000Z")
        assert store.complaint == Complaint(Fault.CORRUPT, str(kept_as))
        assert kept_as.read_bytes() == spoiled
        assert store.kept() == Kept()
        store.save(NEW, now=NOON)
        assert store.complaint == Complaint(Fault.CORRUPT, str(kept_as))

    with closing(Store.open(path, NOON)) as store:
        assert store.kept() == NEW
        assert store.complaint is None


def test_a_file_of_a_later_version_is_put_aside(path: Path) -> None:
    """Going back to an older program neither misreads nor destroys what the newer one knows."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")

    with closing(Store.open(path, NOON)) as store:
        assert store.complaint == Complaint(
            Fault.NEWER, str(path.with_name("state.db.kept-20261122T120000Z"))
        )
        assert store.kept() == Kept()


def test_nothing_that_was_put_aside_is_overwritten(path: Path) -> None:
    """Two bad files within one second get two names."""
    for text in (b"first " * 200, b"second " * 200):
        path.write_bytes(text)
        Store.open(path, NOON).close()

    aside = sorted(path.parent.glob("state.db.kept-*"))
    assert [one.read_bytes()[:6] for one in aside] == [b"first ", b"second"]


def test_the_write_ahead_log_goes_aside_with_its_file(path: Path) -> None:
    """While a newer program still holds its file open, its newest writes stay beside it."""
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
        log = path.with_name("state.db-wal").read_bytes()
        with closing(Store.open(path, NOON)) as store:
            assert store.complaint is not None
            assert log
            assert Path(store.complaint.kept_as + "-wal").read_bytes() == log
            assert store.kept() == Kept()


def test_an_empty_file_is_as_good_as_none(tmp_path: Path) -> None:
    """A crash in the first instant leaves one: nothing was in it, so there is nothing to say."""
    path = tmp_path / "state.db"
    path.touch()

    with closing(Store.open(path, NOON)) as store:
        assert store.complaint is None


def test_a_file_that_rots_under_the_running_program_is_put_aside(path: Path) -> None:
    """What the program remembers goes on in a fresh file."""
    with closing(Store.open(path, NOON)) as store:
        store.close()  # as after a fault of the disk: the next save opens anew
        _no_database(path)
        store.save(NEW, [TOLD], [NOTICE], now=NOON)
        assert store.complaint is not None
        assert store.complaint.fault is Fault.CORRUPT

    with closing(Store.open(path, NOON)) as store:
        assert (store.kept(), store.transitions(), store.unfinished(NOON)) == (NEW, [TOLD], [NOTICE])


def test_a_home_that_cannot_be_written_is_said_and_lived_with(tmp_path: Path) -> None:
    """Everything goes on in memory; the complaint stays the same, so it is told once."""
    (tmp_path / "home").write_text("a file where the folder should be")
    with closing(Store.open(tmp_path / "home" / "state.db", NOON)) as store:
        assert store.complaint == Complaint(Fault.READ_ONLY)
        store.save(NEW, [TOLD], [NOTICE], now=NOON)
        store.saw([SEEN])
        assert store.complaint == Complaint(Fault.READ_ONLY)
        assert (store.kept(), store.transitions(), store.incidents()) == (NEW, [TOLD], [SEEN])
        assert store.unfinished(NOON) == [NOTICE]
        store.done(NOTICE.id)
        assert store.unfinished(NOON) == []


def test_what_the_disk_missed_reaches_it_when_it_can_be_written_again(tmp_path: Path) -> None:
    """And the complaint goes."""
    home = tmp_path / "home"
    home.write_text("in the way")
    with closing(Store.open(home / "state.db", NOON)) as store:
        store.save(OLD, [TOLD], [NOTICE], now=NOON)
        store.saw([SEEN])
        home.unlink()
        store.save(NEW, now=NOON)
        assert store.complaint is None

    with closing(Store.open(home / "state.db", NOON)) as store:
        assert (store.kept(), store.transitions(), store.incidents()) == (NEW, [TOLD], [SEEN])
        assert store.unfinished(NOON) == [NOTICE]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs the right to become somebody else")
def test_a_folder_of_somebody_else_is_lived_with(path: Path) -> None:
    """Permission denied, even for looking, is a home that cannot be written."""
    path.parent.chmod(0o700)
    os.seteuid(65534)
    try:
        with closing(Store.open(path, NOON)) as store:
            store.save(NEW, now=NOON)
            assert store.complaint == Complaint(Fault.READ_ONLY)
    finally:
        os.seteuid(0)


def test_a_folder_in_the_files_place_is_survived(tmp_path: Path) -> None:
    """It is not ours to rename: the program goes on in memory."""
    (tmp_path / "state.db").mkdir()

    with closing(Store.open(tmp_path / "state.db", NOON)) as store:
        assert store.complaint == Complaint(Fault.READ_ONLY)


def test_a_locked_file_is_read_all_the_same_and_written_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program's lock costs neither what was known nor what happens meanwhile."""
    monkeypatch.setattr("trayapp.store.file._PATIENCE", 0.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        store = Store.open(path, NOON)
        assert store.complaint == Complaint(Fault.LOCKED)
        assert store.kept() == OLD
        store.save(NEW, now=NOON)
        assert store.transitions() == [TOLD]
        assert store.complaint == Complaint(Fault.LOCKED)

    store.save(NEW, now=NOON)
    assert store.complaint is None
    store.close()
    with closing(Store.open(path, NOON)) as store:
        assert store.kept() == NEW


def test_a_full_file_loses_nothing_and_recovers(path: Path) -> None:
    """SQLite's own "full": the old Kept stays whole on disk, the new one follows when there is room."""
    with closing(Store.open(path, NOON)) as store:
        assert store._db is not None
        store._db.execute("PRAGMA max_page_count = 1")
        flood = [TOLD] * 300
        store.save(NEW, flood, [NOTICE], now=NOON)
        assert store.complaint == Complaint(Fault.FULL)
        assert store.kept() == NEW
        assert store.transitions() == [TOLD, *flood]
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT count(*) FROM transitions").fetchone() == (1,)

        store.save(NEW, now=NOON)
        assert store.complaint is None
        assert store.transitions() == [TOLD, *flood]
        assert store.unfinished(NOON) == [NOTICE]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk with room for very little."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k,mode=700", "tmpfs", str(disk)]
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


def test_a_full_disk_under_the_running_program_is_lived_with(tiny_disk: Path) -> None:
    """It is said as full, round after round the same, and what was missed is written when there is room."""
    path = tiny_disk / "state.db"
    with closing(Store.open(path, NOON)) as store:
        store.save(OLD, now=NOON)
        ballast = _fill(tiny_disk)
        for minute in range(40):
            store.save(NEW, [TOLD] * 20, now=NOON + timedelta(minutes=minute))
        assert store.complaint == Complaint(Fault.FULL)
        assert len(store.transitions()) == 800

        ballast.unlink()
        store.save(NEW, now=NOON)
        assert store.complaint is None
        assert len(store.transitions()) == 800

    with closing(Store.open(path, NOON)) as store:
        assert (store.kept(), len(store.transitions())) == (NEW, 800)


def test_starting_on_a_full_disk_is_lived_with(tiny_disk: Path) -> None:
    """With no file yet and no room for one, the program runs in memory and says that the disk is full."""
    ballast = _fill(tiny_disk)
    with closing(Store.open(tiny_disk / "state.db", NOON)) as store:
        assert store.complaint == Complaint(Fault.FULL)
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
        assert store.complaint == Complaint(Fault.READ_ONLY)
        assert (store.kept(), store.transitions()) == (OLD, [TOLD])
        store.save(NEW, [TOLD], now=NOON)
        assert store.transitions() == [TOLD, TOLD]

        subprocess.run(["mount", "-o", "remount,rw", str(tiny_disk)], check=True)
        store.save(NEW, now=NOON)
        assert store.complaint is None
    with closing(Store.open(path, NOON)) as store:
        assert (store.kept(), store.transitions()) == (NEW, [TOLD, TOLD])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes among its files")
def test_a_pipe_in_the_files_place_does_not_hang(tmp_path: Path) -> None:
    """It is a disk that answers with errors."""
    os.mkfifo(tmp_path / "state.db")

    with closing(Store.open(tmp_path / "state.db", NOON)) as store:
        assert store.complaint is not None
