"""A bad file is put aside, said once, and never stops the program."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.systems import unix
from trayapp.model import (
    SavedMemory,
    StoreComplaint,
    StoreFault,
)
from trayapp.store import Store
from trayapp.store.reader import read_history

from .samples import NEW, NOTICE, TOLD
from .values import NOON


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


def _schema_of_no_text(path: Path) -> None:
    whole = path.read_bytes()
    assert b"TABLE kept (one" in whole
    path.write_bytes(whole.replace(b"TABLE kept (one", b"TABLE k\x80pt (one"))


def _table_of_no_text(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"tablekept", b"tablek\x80pt"))


@pytest.mark.parametrize(
    "spoil",
    [_no_database, _header, _half, _middle, _nonsense_kept, _foreign, _schema_of_no_text, _table_of_no_text],
)
def test_a_corrupt_file_is_put_aside_whole_and_begun_afresh(
    path: Path, spoil: Callable[[Path], None]
) -> None:
    """Its bytes stay for whoever wants to look; the program knows nothing and says why."""
    spoil(path)
    spoiled = path.read_bytes()
    read_history(path, NOON)

    with closing(Store.open(path, NOON)) as store:
        kept_as = path.with_name("state.db.kept-20261122T120000Z")
        assert store.complaint == StoreComplaint(StoreFault.CORRUPT, str(kept_as))
        assert kept_as.read_bytes() == spoiled
        assert store.last_saved() == SavedMemory()
        store.save(NEW, now=NOON)
        assert store.complaint == StoreComplaint(StoreFault.CORRUPT, str(kept_as))

    with closing(Store.open(path, NOON)) as store:
        assert store.last_saved() == NEW
        assert store.complaint is None


def test_a_file_of_a_later_version_is_put_aside(path: Path) -> None:
    """Going back to an older program neither misreads nor destroys what the newer one knows."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")

    with closing(Store.open(path, NOON)) as store:
        assert store.complaint == StoreComplaint(
            StoreFault.NEWER, str(path.with_name("state.db.kept-20261122T120000Z"))
        )
        assert store.last_saved() == SavedMemory()


def test_nothing_that_was_put_aside_is_overwritten(path: Path) -> None:
    """Two bad files within one second get two names."""
    for text in (b"first " * 200, b"second " * 200):
        path.write_bytes(text)
        Store.open(path, NOON).close()

    aside = sorted(path.parent.glob("state.db.kept-*"))
    assert [one.read_bytes()[:6] for one in aside] == [b"first ", b"second"]


@unix
def test_the_write_ahead_log_goes_aside_with_its_file(path: Path) -> None:
    """While a newer program still holds its file open, its newest writes stay beside it."""
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
        log = path.with_name("state.db-wal").read_bytes()
        with closing(Store.open(path, NOON)) as store:
            assert store.complaint is not None
            assert log
            assert Path(store.complaint.moved_to + "-wal").read_bytes() == log
            assert store.last_saved() == SavedMemory()


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
        assert store.complaint.fault is StoreFault.CORRUPT

    with closing(Store.open(path, NOON)) as store:
        assert (store.last_saved(), store.read_transitions(), store.unfinished_intents(NOON)) == (
            NEW,
            [TOLD],
            [NOTICE],
        )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes among its files")
def test_a_pipe_in_the_files_place_does_not_hang(tmp_path: Path) -> None:
    """It is a disk that answers with errors."""
    os.mkfifo(tmp_path / "state.db")

    with closing(Store.open(tmp_path / "state.db", NOON)) as store:
        assert store.complaint is not None


def test_a_folder_in_the_files_place_is_survived(tmp_path: Path) -> None:
    """It is not ours to rename: the program goes on in memory."""
    (tmp_path / "state.db").mkdir()

    with closing(Store.open(tmp_path / "state.db", NOON)) as store:
        assert store.complaint == StoreComplaint(StoreFault.READ_ONLY)


@unix
@pytest.mark.parametrize("whole", [True, False])
def test_a_file_that_is_deleted_under_the_running_program_is_made_anew(path: Path, whole: bool) -> None:
    """Whoever clears the folder, with or without the write-ahead log, loses the past and not what is kept from then on."""
    with closing(Store.open(path, NOON)) as store:
        for file in list(path.parent.iterdir()):
            if whole or file == path:
                file.unlink()
        store.save(NEW, [TOLD], [NOTICE], now=NOON)
        assert store.complaint is None

    with closing(Store.open(path, NOON)) as store:
        assert store.complaint is None
        assert (store.last_saved(), store.read_transitions(), store.unfinished_intents(NOON)) == (
            NEW,
            [TOLD],
            [NOTICE],
        )
