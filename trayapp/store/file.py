"""Opens the SQLite file, names what is wrong with it, and moves an unusable one aside."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from trayapp.model import StoreFault
from trayapp.ownership import open_private, resolve_owned
from trayapp.store.codec import CodecError
from trayapp.store.observations import SCHEMA as OBSERVATIONS
from trayapp.store.rows import DATABASE_ERRORS

SQLITE_VERSION = sqlite3.sqlite_version
"""The version of the library, not of Python's module."""
SCHEMA_VERSION = 1
APPLICATION_ID = 0x4F535452
"""Marks an SQLite file as this program's ("OSTR")."""
_LOCK_TIMEOUT = 2.0
"""Seconds to wait for another program's lock."""
_CACHE_KIB = 256
"""KiB of SQLite's cache. With its default of 2,000 the check at opening would fill all of them once the file holds a
year, and an idle program would never free them; with fewer neither the check nor thinning takes longer."""
_WAL_LIMIT = 4 * 1024 * 1024
"""Bytes on disk that the write-ahead log may keep after it was emptied."""

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE kept (one INTEGER PRIMARY KEY CHECK (one = 1), doc TEXT NOT NULL);
CREATE TABLE transitions (n INTEGER PRIMARY KEY, at REAL NOT NULL, doc TEXT NOT NULL);
CREATE INDEX transitions_at ON transitions (at);
CREATE TABLE incidents (id TEXT PRIMARY KEY, first_seen REAL NOT NULL, doc TEXT NOT NULL);
CREATE TABLE intents (id TEXT PRIMARY KEY, at REAL NOT NULL, doc TEXT NOT NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""

UNUSABLE_FAULTS = frozenset({StoreFault.CORRUPT, StoreFault.NEWER})
_FAULT_BY_SQLITE = {
    sqlite3.SQLITE_CORRUPT: StoreFault.CORRUPT,
    sqlite3.SQLITE_NOTADB: StoreFault.CORRUPT,
    sqlite3.SQLITE_FULL: StoreFault.FULL,
    sqlite3.SQLITE_BUSY: StoreFault.LOCKED,
    sqlite3.SQLITE_LOCKED: StoreFault.LOCKED,
    sqlite3.SQLITE_READONLY: StoreFault.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: StoreFault.READ_ONLY,
    sqlite3.SQLITE_PERM: StoreFault.READ_ONLY,
}
_FAULT_BY_ERRNO = {
    errno.ENOSPC: StoreFault.FULL,
    errno.EDQUOT: StoreFault.FULL,
    errno.EROFS: StoreFault.READ_ONLY,
    errno.EACCES: StoreFault.READ_ONLY,
    errno.EPERM: StoreFault.READ_ONLY,
    errno.ENOTDIR: StoreFault.READ_ONLY,
    errno.EEXIST: StoreFault.READ_ONLY,
}


class UnfitError(Exception):
    """The file cannot be used, now or later."""

    def __init__(self, fault: StoreFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


FILE_ERRORS = (*DATABASE_ERRORS, OSError, CodecError, UnfitError)


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Opens the file for writing; creates it if absent, for this user alone. Raises one of `FILE_ERRORS`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = resolve_owned(path)
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "not a file", str(path))
    os.close(open_private(str(path), os.O_RDWR | os.O_CREAT))
    db = sqlite3.connect(path, timeout=_LOCK_TIMEOUT, isolation_level=None)
    try:
        _prepare_file(db)
    except BaseException:
        db.close()
        raise
    return db


def _prepare_file(db: sqlite3.Connection) -> None:
    _restrict_file(db)
    db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application == APPLICATION_ID and version > SCHEMA_VERSION:
        raise UnfitError(StoreFault.NEWER)
    if tables and ((application, version) != (APPLICATION_ID, SCHEMA_VERSION) or not _is_ours(db)):
        raise UnfitError(StoreFault.CORRUPT)  # another program's file
    if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise UnfitError(StoreFault.CORRUPT)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT}")
    # FULL, because the intent must be on disk before its notification is shown, even if the power fails.
    db.execute("PRAGMA synchronous = FULL")
    if not tables:
        db.executescript(_SCHEMA)
    db.executescript(OBSERVATIONS)


def _restrict_file(db: sqlite3.Connection) -> None:
    """Keeps SQLite from running code in the file's schema, and broken text from stopping a read."""
    db.execute("PRAGMA trusted_schema = OFF")
    db.text_factory = lambda text: text.decode("utf-8", "replace")


def _is_ours(db: sqlite3.Connection) -> bool:
    """Whether the file has exactly this program's tables: a query of a view in a table's place might never end.

    A file of an earlier version may lack the tables of observations.
    """
    found = _schema_objects(db)
    return _expected_objects(_SCHEMA) <= found <= _expected_objects(_SCHEMA + OBSERVATIONS)


@cache
def _expected_objects(schema: str) -> frozenset[tuple[str, ...]]:
    with closing(_create_tables(schema)) as db:
        return _schema_objects(db)


def _create_tables(schema: str) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(schema)
    return db


def _schema_objects(db: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    query = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
    return frozenset(db.execute(query).fetchall())


def open_for_reading(path: Path) -> sqlite3.Connection | None:
    """Opens the file for reading; None if it cannot be read. `immutable` needs no locks but misses the newest writes."""
    for options in ("mode=ro", "mode=ro&immutable=1"):
        with suppress(*DATABASE_ERRORS, OSError):
            if not path.is_file():  # opening a pipe would block for ever
                break
            db = sqlite3.connect(
                f"{path.absolute().as_uri()}?{options}", uri=True, timeout=0, isolation_level=None
            )
            try:
                _restrict_file(db)
                if not _schema_objects(db):  # a new file: nothing is saved yet
                    db.close()
                    return _create_tables(_SCHEMA + OBSERVATIONS)
                if not _is_ours(db):
                    raise sqlite3.DatabaseError("other tables than ours")
            except DATABASE_ERRORS:
                db.close()
                raise
            return db
    return None


def move_aside(path: Path, now: datetime) -> Path:
    """Renames the file and its side files to a free name and returns the new path. Raises OSError."""
    stem = f"{path.name}.kept-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (path.with_name(stem + suffix) for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    kept_as = next(name for name in names if not name.exists())
    path.rename(kept_as)
    for side in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + side).rename(kept_as.with_name(kept_as.name + side))
    return kept_as


def fault_of(error: BaseException) -> StoreFault:
    """Returns the fault that one of `FILE_ERRORS` stands for."""
    if isinstance(error, UnfitError):
        return error.fault
    if isinstance(error, CodecError | UnicodeDecodeError):
        return StoreFault.CORRUPT
    if isinstance(error, OSError):
        return _FAULT_BY_ERRNO.get(error.errno or 0, StoreFault.DISK)
    # The low byte of an extended code is the kind of error, the rest its details.
    return _FAULT_BY_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, StoreFault.DISK)
