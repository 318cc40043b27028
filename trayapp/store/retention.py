"""Limits how much of the past is kept, so that the file stays small whatever a page posts.

Open incidents stay, and so do those that were notified. Of the others the newest stay, and only a limited number of
new ones is admitted each day, so that a page that posts without end neither fills the disk nor displaces real incidents.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from trayapp.model import SeenIncident, Transition
from trayapp.store.codec import to_json
from trayapp.store.observations import KEEP_FOR
from trayapp.store.rows import DATABASE_ERRORS, read_documents

MAX_UNTOLD = 500
"""The number of incidents that are neither open nor were notified."""
NEW_PER_DAY = 20
"""New incidents admitted each day: several times as many as on a bad day."""
NEW_AT_ONCE = 100
"""New incidents admitted at once: more than a page lists, as at the first poll or after weeks away."""
MAX_TRANSITIONS = 10_000
"""The number of transitions that are kept."""
MAX_NAMED = 3
"""The number of a transition's incidents that its notification may name."""
MAX_INCIDENT_BYTES = 64 * 1024
"""Bytes of an incident's JSON: about ten times a long real one."""
_CLIPPED_POST = 200
"""Characters kept of each post if the incident is longer than that."""
FILE_BUDGET = 40 * 1024 * 1024
"""Bytes in use in the file; with its log the file stays below 50 MB."""
_TRIM_TARGET = 0.9
"""The share of the budget to which a file over it is reduced."""
_MAX_UNUSED = 10 * 1024 * 1024
"""Unused bytes above which the file is shrunk, if they are also more than the used ones."""

_Row = tuple[str, float]
"""The key of an incident, and the Unix time at which it was first seen."""


class AdmissionBucket:
    """Limits the rate of new incidents: a bucket of `NEW_AT_ONCE`, refilled with `NEW_PER_DAY`."""

    def __init__(self) -> None:
        self._level = float(NEW_AT_ONCE)
        self._at: float | None = None

    def admit(self, at: float) -> bool:
        """Admits a new incident, first seen at a Unix time, or refuses it. Must be called in the order of time."""
        if self._at is not None:
            self._level = min(NEW_AT_ONCE, self._level + max(0.0, at - self._at) * NEW_PER_DAY / 86_400)
        self._at = at
        taken = self._level >= 1.0
        self._level -= taken
        return taken


def load_bucket(db: sqlite3.Connection, now: datetime) -> AdmissionBucket:
    """Fills a bucket from the file's incidents; skips those that a wrong clock dated ahead. Raises one of `DATABASE_ERRORS`."""
    bucket, until = AdmissionBucket(), now.timestamp()
    for (at,) in db.execute(
        "SELECT CAST(first_seen AS REAL) FROM incidents WHERE first_seen <= ? ORDER BY 1", (until,)
    ):
        bucket.admit(at)
    return bucket


def incident_json(seen: SeenIncident) -> str:
    """Writes an incident as JSON; if it is larger than `MAX_INCIDENT_BYTES`, with only the beginnings of its posts."""
    text = to_json(seen)
    if len(text) <= MAX_INCIDENT_BYTES:
        return text
    posts = tuple(replace(post, text=post.text[:_CLIPPED_POST]) for post in seen.incident.updates)
    return to_json(replace(seen, incident=replace(seen.incident, updates=posts)))


def trim_tables(db: sqlite3.Connection, going_on: AbstractSet[str], now: datetime, budget: int) -> bool:
    """Deletes what is too much, within the caller's transaction. Raises one of `DATABASE_ERRORS`.

    Returns whether the file was over its budget (bytes). `going_on`: ids of incidents that stay in any case.
    """
    oldest = (now - KEEP_FOR).timestamp()
    db.execute("DELETE FROM transitions WHERE at < ?", (oldest,))
    db.execute("DELETE FROM transitions WHERE n <= (SELECT max(n) FROM transitions) - ?", (MAX_TRANSITIONS,))
    rows: list[_Row] = db.execute(
        "SELECT id, CAST(first_seen AS REAL) FROM incidents ORDER BY first_seen, rowid"
    ).fetchall()
    excess = _used_bytes(db) - budget
    stay = {to_json(one) for one in going_on}
    may_go = [row for row in rows if row[0] not in stay]
    if excess <= 0 and len(may_go) <= NEW_PER_DAY:  # on most days the transitions need not be read
        return False
    told = _told_keys(db)
    untold = [row for row in may_go if row[0] not in told]
    _delete_incidents(db, list(_excess_keys(rows, untold, oldest)))
    if (excess := _used_bytes(db) - budget) <= 0:
        return False
    # Notified incidents are deleted last.
    order = [key for key, _ in (*untold, *(row for row in may_go if row[0] in told))]
    _delete_incidents(db, list(_oldest_keys(db, order, excess + (1.0 - _TRIM_TARGET) * budget)))
    return True


def shrink_file(db: sqlite3.Connection) -> None:
    """Returns unused space to the disk, if there is much of it and the disk is not too full for the work."""
    unused = _read_pragma(db, "freelist_count") * _read_pragma(db, "page_size")
    if unused > max(_MAX_UNUSED, _used_bytes(db)):
        with suppress(*DATABASE_ERRORS):
            db.execute("VACUUM")


def _excess_keys(rows: Sequence[_Row], untold: Sequence[_Row], oldest: float) -> Iterator[str]:
    """Yields the keys of incidents that are too old, that came too fast, and of the others all but the newest."""
    bucket = AdmissionBucket()
    late = {key for key, first_seen in rows if not bucket.admit(first_seen)}
    fitting = [key for key, first_seen in untold if first_seen >= oldest and key not in late]
    kept = set(fitting[-MAX_UNTOLD:])
    return (key for key, _ in untold if key not in kept)


def _oldest_keys(db: sqlite3.Connection, keys: Sequence[str], size: float) -> Iterator[str]:
    """Yields the first of these keys, until their incidents take `size` bytes together."""
    for key in keys:
        if size <= 0:
            return
        for (length,) in db.execute("SELECT length(doc) FROM incidents WHERE id = ?", (key,)):
            size -= length
            yield key


def _told_keys(db: sqlite3.Connection) -> set[str]:
    """Returns the keys of the incidents that notifications have named."""
    told = [each for each in read_documents(db, Transition, "SELECT doc FROM transitions") if not each.silent]
    parts = [part for each in told for part in (each, *each.parts)]
    return {to_json(one) for part in parts for one in part.incidents[:MAX_NAMED]}


def _delete_incidents(db: sqlite3.Connection, keys: Sequence[str]) -> None:
    db.executemany("DELETE FROM incidents WHERE id = ?", [(key,) for key in keys])


def _used_bytes(db: sqlite3.Connection) -> int:
    return (_read_pragma(db, "page_count") - _read_pragma(db, "freelist_count")) * _read_pragma(
        db, "page_size"
    )


def _read_pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
