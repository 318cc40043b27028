"""Memory across restarts, in one SQLite file; the only room that knows sqlite3.

The disk may be full, read-only, locked or broken: then `complaint` says so, everything goes on in memory, and
each save tries the disk again with all that it has not got yet. Nothing here raises for the disk's sake.

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
"""An older intent is no news any more."""


@dataclass
class _PendingWrites:
    """What the disk has not got yet. It stays small even over weeks: notices are capped, transitions few."""

    transitions: list[Transition] = field(default_factory=list)
    intents: dict[str, tuple[datetime, Notification]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    seen: dict[str, SeenIncident] = field(default_factory=dict)


class Store:
    """What outlives the program."""

    complaint: StoreComplaint | None = None
    """What is wrong now; a fault of the disk goes by itself, a file that was put aside stays said."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._path = path
        self._now = now
        self._db: sqlite3.Connection | None = None
        self._writable = False
        self._kept = SavedMemory()
        self._owed = _PendingWrites()
        self._observed = observed.ObservationWriter()
        self._overgrown = self._overgrown_said = False

    @classmethod
    def open(cls, path: Path, now: datetime) -> Self:
        """The store in that file. One that is corrupt or of a later version is put aside, never overwritten."""
        store = cls(path, now)
        store._run_on_file(store._load_saved)
        if not store._writable and store._db is not None:
            with suppress(*FILE_ERRORS):
                store._load_saved(store._db)
        return store

    def last_saved(self) -> SavedMemory:
        """What was kept last."""
        return self._kept

    def save(
        self,
        kept: SavedMemory,
        transitions: Sequence[Transition] = (),
        intents: Sequence[Notification] = (),
        *,
        now: datetime,
    ) -> None:
        """Keeps all of it in one transaction. `intents` are notices that must arrive, about to be shown."""
        self._now = now
        self._kept = kept
        self._owed.transitions.extend(transitions)
        self._owed.intents.update((notice.id, (now, notice)) for notice in intents)
        self._run_on_file(self._write_pending)

    def finish_intent(self, notice_id: str) -> None:
        """That notice was shown: it is not shown again after a crash."""
        self._owed.intents.pop(notice_id, None)
        self._owed.done.add(notice_id)
        self._run_on_file(self._write_pending)

    def remember_incidents(self, incidents: Sequence[SeenIncident]) -> None:
        """Remembers incidents; of one seen before, the first sighting and the first suspicion stand."""
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
        """Keeps what a round showed; while the disk does not take it, it is let go."""
        self._now = now
        self._run_on_file(lambda db: self._observed.write_round(db, seen, now))

    def unfinished_intents(self, now: datetime) -> list[Notification]:
        """Notices that had to arrive and may not have, oldest first; none older than `INTENT_LIFETIME`."""
        oldest = now - INTENT_LIFETIME
        rows = self._read_rows(
            Notification, "SELECT doc FROM intents WHERE at > ? ORDER BY at", oldest.timestamp()
        )
        owed = [notice for at, notice in self._owed.intents.values() if at > oldest]
        return [notice for notice in rows if notice.id not in self._owed.done] + owed

    def read_transitions(self, since: datetime | None = None) -> list[Transition]:
        """What was told, silently or aloud, from then on, oldest first."""
        start = since.timestamp() if since else float("-inf")
        rows = self._read_rows(Transition, "SELECT doc FROM transitions WHERE at >= ? ORDER BY n", start)
        return rows + [each for each in self._owed.transitions if each.at.timestamp() >= start]

    def read_incidents(self) -> list[SeenIncident]:
        """Every incident that is kept, in the order of first sight."""
        rows = self._read_rows(SeenIncident, "SELECT doc FROM incidents ORDER BY first_seen, rowid")
        return list(({seen.incident.id: seen for seen in rows} | self._owed.seen).values())

    def close(self) -> None:
        """Lets go of the file; twice does no harm."""
        if self._db is not None:
            self._db.close()
        self._db = None
        self._writable = False

    def _known_incidents(self, ids: Sequence[str]) -> list[SeenIncident]:
        """What is kept of these incidents."""
        keys = map(to_json, ids)
        rows = [
            row
            for key in keys
            for row in self._read_rows(SeenIncident, "SELECT doc FROM incidents WHERE id = ?", key)
        ]
        return [*rows, *(self._owed.seen[one] for one in ids if one in self._owed.seen)]

    def _admit_incidents(self, fresh: Sequence[SeenIncident]) -> Iterator[SeenIncident]:
        """Of new incidents as many as may come in a day, those that go on first; of more that go on, all but their posts."""
        pace = retention.AdmissionBucket()
        with suppress(*DATABASE_ERRORS):
            pace = retention.load_bucket(self._db, self._now) if self._db and fresh else pace
        for seen in sorted(fresh, key=lambda seen: not seen.incident.is_open):
            if pace.admit(seen.first_seen.timestamp()):
                yield seen
            elif seen.incident.is_open:
                yield replace(seen, incident=replace(seen.incident, updates=()))

    def _run_on_file(self, action: Callable[[sqlite3.Connection], None]) -> None:
        """Does it with the file, begun afresh if unfit; whatever else goes wrong becomes the complaint."""
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
            if self._overgrown and not self._overgrown_said:
                self._overgrown_said = True
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
        """All that is owed and the newest of what is kept: the whole of it, or, cut off anywhere, nothing."""
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
            [(to_json(key), at.timestamp(), to_json(notice)) for key, (at, notice) in owed.intents.items()],
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
        """What the disk has, as far as it can be read: a view of the past is not worth a failure."""
        try:
            return read_documents(self._db, hint, query, values) if self._db else []
        except DATABASE_ERRORS as error:
            _log.warning("cannot read the state file: %s", error)
            return []


def _merge_seen(known: SeenIncident | None, seen: SeenIncident) -> SeenIncident:
    if known is None:
        return seen
    return replace(seen, first_seen=known.first_seen, suspected_at=known.suspected_at or seen.suspected_at)
