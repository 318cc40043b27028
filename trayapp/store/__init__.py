"""Keeps the program's memory across restarts in one SQLite file. Only this package imports sqlite3.

The disk may be full, read-only, locked or broken. Then `complaint` holds the fault, the store goes on in memory, and
each save tries again to write all that is missing on the disk. No method of `Store` raises because of the disk.

One thread opens and uses a store. Other processes may read the file meanwhile (write-ahead log).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self, TypeVar

from trayapp.model import (
    Notification,
    Observation,
    SavedMemory,
    SeenIncident,
    StoreComplaint,
    StoreFault,
    Transition,
)
from trayapp.store import observations as observed
from trayapp.store import retention
from trayapp.store.codec import from_json, to_json
from trayapp.store.file import (
    FILE_ERRORS,
    UNUSABLE_FAULTS,
    fault_of,
    move_aside,
    open_for_reading,
    open_for_writing,
)
from trayapp.store.rows import DATABASE_ERRORS, read_documents

_log = logging.getLogger(__name__)
T = TypeVar("T")

INTENT_LIFETIME = timedelta(minutes=10)
"""An intent older than this is dropped: the event is no longer news."""


@dataclass
class _PendingWrites:
    """The data not yet on disk. It stays small even over weeks: notifications are capped, transitions are few."""

    transitions: list[Transition] = field(default_factory=list)
    intents: dict[str, tuple[datetime, Notification]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    seen: dict[str, SeenIncident] = field(default_factory=dict)


class Store:
    """The program's memory on disk."""

    complaint: StoreComplaint | None = None
    """The present fault. A fault of the disk is cleared when it passes; that a file was moved aside stays."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._path = path
        self._now = now
        self._db: sqlite3.Connection | None = None
        self._writable = False
        self._kept = SavedMemory()
        self._owed = _PendingWrites()
        self._observed = observed.ObservationWriter()
        self._overgrown = self._overgrown_reported = False

    @classmethod
    def open(cls, path: Path, now: datetime) -> Self:
        """Opens the store in a file. A corrupt file, or one of a later version, is moved aside and never overwritten."""
        store = cls(path, now)
        store._run_on_file(store._load_saved)
        if not store._writable and store._db is not None:
            with suppress(*FILE_ERRORS):
                store._load_saved(store._db)
        return store

    def last_saved(self) -> SavedMemory:
        """Returns the memory that was saved last."""
        return self._kept

    def save(
        self,
        kept: SavedMemory,
        transitions: Sequence[Transition] = (),
        intents: Sequence[Notification] = (),
        *,
        now: datetime,
    ) -> None:
        """Saves everything in one transaction. `intents`: notifications that must arrive and are about to be shown."""
        self._now = now
        self._kept = kept
        self._owed.transitions.extend(transitions)
        self._owed.intents.update((each.id, (now, each)) for each in intents)
        self._run_on_file(self._write_pending)

    def finish_intent(self, notification_id: str) -> None:
        """Records that a notification was shown, so that it is not shown again after a crash."""
        self._owed.intents.pop(notification_id, None)
        self._owed.done.add(notification_id)
        self._run_on_file(self._write_pending)

    def remember_incidents(self, incidents: Sequence[SeenIncident]) -> None:
        """Saves incidents; of one seen before, the first sighting and the first suspicion are kept."""
        ids = tuple(dict.fromkeys(seen.incident.id for seen in incidents))
        known = {seen.incident.id: seen for seen in self._known_incidents(ids)}
        again = (
            _merge_seen(known[seen.incident.id], seen) for seen in incidents if seen.incident.id in known
        )
        changed = [seen for seen in again if seen != known[seen.incident.id]]
        fresh = self._admit_incidents([seen for seen in incidents if seen.incident.id not in known])
        if news := {seen.incident.id: seen for seen in (*changed, *fresh)}:
            self._owed.seen.update(news)
            self._owed.seen = dict([*self._owed.seen.items()][-retention.MAX_UNTOLD :])
            self._run_on_file(self._write_pending)

    def save_observations(self, seen: Sequence[Observation], now: datetime) -> None:
        """Saves the observations of a round; they are dropped if the disk does not take them."""
        self._now = now
        self._run_on_file(lambda db: self._observed.write_round(db, seen, now))

    def unfinished_intents(self, now: datetime) -> list[Notification]:
        """Returns notifications that may not have been shown, oldest first; none older than `INTENT_LIFETIME`."""
        oldest = now - INTENT_LIFETIME
        rows = self._read_rows(
            Notification, "SELECT doc FROM intents WHERE at > ? ORDER BY at", oldest.timestamp()
        )
        owed = [each for at, each in self._owed.intents.values() if at > oldest]
        return [each for each in rows if each.id not in self._owed.done] + owed

    def read_transitions(self, since: datetime | None = None) -> list[Transition]:
        """Returns the transitions since a time, shown or silent, oldest first."""
        start = since.timestamp() if since else float("-inf")
        rows = self._read_rows(Transition, "SELECT doc FROM transitions WHERE at >= ? ORDER BY n", start)
        return rows + [each for each in self._owed.transitions if each.at.timestamp() >= start]

    def read_incidents(self) -> list[SeenIncident]:
        """Returns all saved incidents in the order in which they were first seen."""
        rows = self._read_rows(SeenIncident, "SELECT doc FROM incidents ORDER BY first_seen, rowid")
        return list(({seen.incident.id: seen for seen in rows} | self._owed.seen).values())

    def close(self) -> None:
        """Closes the file; may be called twice."""
        if self._db is not None:
            self._db.close()
        self._db = None
        self._writable = False

    def _known_incidents(self, ids: Sequence[str]) -> list[SeenIncident]:
        """Returns the saved ones of these incidents."""
        keys = map(to_json, ids)
        rows = [
            row
            for key in keys
            for row in self._read_rows(SeenIncident, "SELECT doc FROM incidents WHERE id = ?", key)
        ]
        return [*rows, *(self._owed.seen[one] for one in ids if one in self._owed.seen)]

    def _admit_incidents(self, fresh: Sequence[SeenIncident]) -> Iterator[SeenIncident]:
        """Yields as many new incidents as a day may bring, open ones first; more open ones come without their posts."""
        bucket = retention.AdmissionBucket()
        with suppress(*DATABASE_ERRORS):
            bucket = retention.load_bucket(self._db, self._now) if self._db and fresh else bucket
        for seen in sorted(fresh, key=lambda seen: not seen.incident.is_open):
            if bucket.admit(seen.first_seen.timestamp()):
                yield seen
            elif seen.incident.is_open:
                yield replace(seen, incident=replace(seen.incident, updates=()))

    def _run_on_file(self, action: Callable[[sqlite3.Connection], None]) -> None:
        """Runs an action on the file, on a new one if it is unusable; any other error becomes the complaint."""
        try:
            try:
                action(self._open_file())
            except FILE_ERRORS as error:
                if fault_of(error) not in UNUSABLE_FAULTS:
                    raise
                self._start_new_file(fault_of(error))
                action(self._open_file())
        except FILE_ERRORS as error:
            self._set_complaint(StoreComplaint(fault_of(error)), error)
            self.close()
            self._db = open_for_reading(self._path)
        else:
            if self.complaint and self.complaint.fault not in {*UNUSABLE_FAULTS, StoreFault.LARGE}:
                _log.info("the state file can be written again")
                self.complaint = None
            if self._overgrown and not self._overgrown_reported:
                self._overgrown_reported = True
                self._set_complaint(StoreComplaint(StoreFault.LARGE), "over its budget")

    def _open_file(self) -> sqlite3.Connection:
        # SQLite would go on writing to a file that was deleted under it, and the next start would know nothing.
        if self._db is None or not self._writable or not self._path.exists():
            self.close()
            self._db = open_for_writing(self._path)
            self._writable = True
        return self._db

    def _start_new_file(self, fault: StoreFault) -> None:
        self.close()
        kept_as = move_aside(self._path, self._now)
        self._set_complaint(StoreComplaint(fault, str(kept_as)), f"put aside as {kept_as}")

    def _set_complaint(self, complaint: StoreComplaint, why: object) -> None:
        if complaint != self.complaint:
            _log.warning("the state file %s is %s: %s", self._path, complaint.fault, why)
        self.complaint = complaint

    def _load_saved(self, db: sqlite3.Connection) -> None:
        row = db.execute("SELECT doc FROM kept").fetchone()
        self._kept = from_json(SavedMemory, row[0]) if row else SavedMemory()

    def _write_pending(self, db: sqlite3.Connection) -> None:
        """Writes the pending data and the memory in one transaction: either all of it or nothing."""
        owed = self._owed
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT OR REPLACE INTO kept VALUES (1, ?)", (to_json(self._kept),))
        db.executemany(
            "INSERT INTO transitions (at, doc) VALUES (?, ?)",
            [(each.at.timestamp(), to_json(each)) for each in owed.transitions],
        )
        db.executemany(
            "INSERT INTO incidents VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc",
            [
                (to_json(key), seen.first_seen.timestamp(), retention.incident_json(seen))
                for key, seen in owed.seen.items()
            ],
        )
        db.executemany(
            "INSERT OR REPLACE INTO intents VALUES (?, ?, ?)",
            [(to_json(key), at.timestamp(), to_json(each)) for key, (at, each) in owed.intents.items()],
        )
        db.executemany("DELETE FROM intents WHERE id = ?", [(to_json(key),) for key in owed.done])
        db.execute("DELETE FROM intents WHERE at <= ?", ((self._now - INTENT_LIFETIME).timestamp(),))
        news = bool(owed.seen or owed.transitions)
        if news and retention.trim_tables(db, set(self._kept.incidents), self._now, retention.FILE_BUDGET):
            self._overgrown = True
        db.execute("COMMIT")
        self._owed = _PendingWrites()
        if news:
            retention.shrink_file(db)

    def _read_rows(self, hint: type[T], query: str, *values: object) -> list[T]:
        """Returns the rows that can be read: a view of the past is not worth a failure."""
        try:
            return read_documents(self._db, hint, query, values) if self._db else []
        except DATABASE_ERRORS as error:
            _log.warning("cannot read the state file: %s", error)
            return []


def _merge_seen(known: SeenIncident | None, seen: SeenIncident) -> SeenIncident:
    if known is None:
        return seen
    return replace(seen, first_seen=known.first_seen, suspected_at=known.suspected_at or seen.suspected_at)
