"""The SQLite file itself: opening it, telling what is wrong with it, putting an unfit one aside."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from trayapp.model import Fault
from trayapp.ownership import opened, ours
from trayapp.store.codec import CodecError
from trayapp.store.observations import SCHEMA as OBSERVATIONS
from trayapp.store.rows import BROKEN

VERSION = 1
APPLICATION = 0x4F535452
"""Marks the file as ours among SQLite's ("OSTR")."""
_PATIENCE = 2.0
"""Seconds to wait for another program's lock."""
_CACHE = 256
"""KiB of the file that may stay in memory. Of SQLite's own 2,000 the check at opening fills all, once the file is of a
year's size, and an idle program would hold them for good; with fewer, neither the check nor thinning takes longer."""
_LOG = 4 * 1024 * 1024
"""Bytes that the write-ahead log may keep of the disk once it is emptied."""

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE kept (one INTEGER PRIMARY KEY CHECK (one = 1), doc TEXT NOT NULL);
CREATE TABLE transitions (n INTEGER PRIMARY KEY, at REAL NOT NULL, doc TEXT NOT NULL);
CREATE INDEX transitions_at ON transitions (at);
CREATE TABLE incidents (id TEXT PRIMARY KEY, first_seen REAL NOT NULL, doc TEXT NOT NULL);
CREATE TABLE intents (id TEXT PRIMARY KEY, at REAL NOT NULL, doc TEXT NOT NULL);
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
COMMIT;
"""

SET_ASIDE = frozenset({Fault.CORRUPT, Fault.NEWER})
_BY_SQLITE = {
    sqlite3.SQLITE_CORRUPT: Fault.CORRUPT,
    sqlite3.SQLITE_NOTADB: Fault.CORRUPT,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Fault.READ_ONLY,
    sqlite3.SQLITE_PERM: Fault.READ_ONLY,
}
_BY_ERRNO = {
    errno.ENOSPC: Fault.FULL,
    errno.EDQUOT: Fault.FULL,
    errno.EROFS: Fault.READ_ONLY,
    errno.EACCES: Fault.READ_ONLY,
    errno.EPERM: Fault.READ_ONLY,
    errno.ENOTDIR: Fault.READ_ONLY,
    errno.EEXIST: Fault.READ_ONLY,
}


class UnfitError(Exception):
    """The file is of no use as it is, now or later."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


FAILURES = (*BROKEN, OSError, CodecError, UnfitError)


def connect(path: Path) -> sqlite3.Connection:
    """The file opened for writing, made if absent, ours alone. Raises one of `FAILURES`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = ours(path)
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "not a file", str(path))
    os.close(opened(str(path), os.O_RDWR | os.O_CREAT))
    db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        _prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection) -> None:
    _distrust(db)
    db.execute(f"PRAGMA cache_size = -{_CACHE}")
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application == APPLICATION and version > VERSION:
        raise UnfitError(Fault.NEWER)
    if tables and ((application, version) != (APPLICATION, VERSION) or not _is_ours(db)):
        raise UnfitError(Fault.CORRUPT)  # another program's
    if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise UnfitError(Fault.CORRUPT)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA journal_size_limit = {_LOG}")
    # FULL, because the intent of a notice must be on the disk before it is shown, even if the power fails.
    db.execute("PRAGMA synchronous = FULL")
    if not tables:
        db.executescript(_SCHEMA)
    db.executescript(OBSERVATIONS)


def _distrust(db: sqlite3.Connection) -> None:
    """Have nothing run that the file brings along, and no text stop a reading."""
    db.execute("PRAGMA trusted_schema = OFF")
    db.text_factory = lambda text: text.decode("utf-8", "replace")


def _is_ours(db: sqlite3.Connection) -> bool:
    """Whether the tables are as we make them, and nothing is beside them: a view in a table's place may never end.

    Observations came later: a file may lack them.
    """
    found = _objects(db)
    return _made(_SCHEMA) <= found <= _made(_SCHEMA + OBSERVATIONS)


@cache
def _made(schema: str) -> frozenset[tuple[str, ...]]:
    with closing(_with_tables(schema)) as db:
        return _objects(db)


def _with_tables(schema: str) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(schema)
    return db


def _objects(db: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    made = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
    return frozenset(db.execute(made).fetchall())


def reader(path: Path) -> sqlite3.Connection | None:
    """The file for reading only. `immutable` does without locks and side files, and without the newest writes."""
    for how in ("mode=ro", "mode=ro&immutable=1"):
        with suppress(*BROKEN, OSError):
            if not path.is_file():  # opening a pipe would wait for ever
                break
            db = sqlite3.connect(
                f"{path.absolute().as_uri()}?{how}", uri=True, timeout=0, isolation_level=None
            )
            try:
                _distrust(db)
                if not _objects(db):  # just made: nothing is kept yet
                    db.close()
                    return _with_tables(_SCHEMA + OBSERVATIONS)
                if not _is_ours(db):
                    raise sqlite3.DatabaseError("other tables than ours")
            except BROKEN:
                db.close()
                raise
            return db
    return None


def set_aside(path: Path, now: datetime) -> Path:
    """Renames the file and its side files to a name that is free. Raises OSError."""
    stem = f"{path.name}.kept-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (path.with_name(stem + suffix) for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    kept_as = next(name for name in names if not name.exists())
    path.rename(kept_as)
    for side in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + side).rename(kept_as.with_name(kept_as.name + side))
    return kept_as


def fault_of(error: BaseException) -> Fault:
    """What one of `FAILURES` means."""
    if isinstance(error, UnfitError):
        return error.fault
    if isinstance(error, CodecError | UnicodeDecodeError):
        return Fault.CORRUPT
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, Fault.DISK)
    # The low byte is the kind, the rest of an extended code says how it came about.
    return _BY_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, Fault.DISK)
