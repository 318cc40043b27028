"""How much of the past is kept: whatever a page posts, the file stays small.

What goes on now stays, and so does what a person was told of. Of all else the newest incidents stay, and only so many
new ones a day are taken up, so that a page that posts without end neither fills the disk nor pushes out what was real.
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
"""Incidents that neither go on nor were told."""
NEW_PER_DAY = 20
"""New incidents: several times what a bad day has."""
NEW_AT_ONCE = 100
"""New ones that may be saved up: more than a page lists, as on the first look or after weeks away."""
MAX_TRANSITIONS = 10_000
"""Transitions."""
MAX_NAMED = 3
"""Incidents of a transition that its notice may name."""
MAX_INCIDENT_BYTES = 64 * 1024
"""Bytes of an incident as it is written: some ten times a long real one."""
_CLIPPED_POST = 200
"""Characters that are kept of each post of a longer one."""
FILE_BUDGET = 40 * 1024 * 1024
"""Bytes of the file that are in use; with its log it stays below 50 MB."""
_TRIM_TARGET = 0.9
"""What a file over its budget is brought down to, as a share of it."""
_MAX_UNUSED = 10 * 1024 * 1024
"""Unused bytes of the file that go back to the disk once they are more than the used ones."""

_Row = tuple[str, float]
"""An incident's key, and when it was first seen."""


class AdmissionBucket:
    """How fast new incidents are taken up: a bucket of `NEW_AT_ONCE`, refilled by `NEW_PER_DAY`."""

    def __init__(self) -> None:
        self._level = float(NEW_AT_ONCE)
        self._at: float | None = None

    def admit(self, at: float) -> bool:
        """Whether one that is first seen then is taken up; asked in the order of time."""
        if self._at is not None:
            self._level = min(NEW_AT_ONCE, self._level + max(0.0, at - self._at) * NEW_PER_DAY / 86_400)
        self._at = at
        taken = self._level >= 1.0
        self._level -= taken
        return taken


def load_bucket(db: sqlite3.Connection, now: datetime) -> AdmissionBucket:
    """The pace after what is in the file; a first sight that a wrong clock dated ahead does not count. Raises one of `DATABASE_ERRORS`."""
    pace, until = AdmissionBucket(), now.timestamp()
    for (at,) in db.execute(
        "SELECT CAST(first_seen AS REAL) FROM incidents WHERE first_seen <= ? ORDER BY 1", (until,)
    ):
        pace.admit(at)
    return pace


def incident_json(seen: SeenIncident) -> str:
    """An incident as JSON; of one with more text than anybody posts, the beginnings of its posts."""
    text = to_json(seen)
    if len(text) <= MAX_INCIDENT_BYTES:
        return text
    posts = tuple(replace(post, text=post.text[:_CLIPPED_POST]) for post in seen.incident.updates)
    return to_json(replace(seen, incident=replace(seen.incident, updates=posts)))


def trim_tables(db: sqlite3.Connection, going_on: AbstractSet[str], now: datetime, budget: int) -> bool:
    """Let go of what is too much, within a transaction; whether it was the budget that asked for it. Raises one of `DATABASE_ERRORS`.

    `going_on`: the ids of incidents that stay in any case.
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
    if excess <= 0 and len(may_go) <= NEW_PER_DAY:  # most days end here, without reading what was told
        return False
    told = _told_keys(db)
    untold = [row for row in may_go if row[0] not in told]
    _delete_incidents(db, list(_excess_keys(rows, untold, oldest)))
    if (excess := _used_bytes(db) - budget) <= 0:
        return False
    # What was told goes last.
    order = [key for key, _ in (*untold, *(row for row in may_go if row[0] in told))]
    _delete_incidents(db, list(_oldest_keys(db, order, excess + (1.0 - _TRIM_TARGET) * budget)))
    return True


def shrink_file(db: sqlite3.Connection) -> None:
    """Give the disk back what a file has grown by that was once larger. A disk that is too full for that keeps it so."""
    unused = _read_pragma(db, "freelist_count") * _read_pragma(db, "page_size")
    if unused > max(_MAX_UNUSED, _used_bytes(db)):
        with suppress(*DATABASE_ERRORS):
            db.execute("VACUUM")


def _excess_keys(rows: Sequence[_Row], untold: Sequence[_Row], oldest: float) -> Iterator[str]:
    """Those too old, those beyond the pace, and of the others all but the newest."""
    pace = AdmissionBucket()
    late = {key for key, first_seen in rows if not pace.admit(first_seen)}
    fitting = [key for key, first_seen in untold if first_seen >= oldest and key not in late]
    kept = set(fitting[-MAX_UNTOLD:])
    return (key for key, _ in untold if key not in kept)


def _oldest_keys(db: sqlite3.Connection, keys: Sequence[str], size: float) -> Iterator[str]:
    """The first of these that are there and take so many bytes together."""
    for key in keys:
        if size <= 0:
            return
        for (length,) in db.execute("SELECT length(doc) FROM incidents WHERE id = ?", (key,)):
            size -= length
            yield key


def _told_keys(db: sqlite3.Connection) -> set[str]:
    """The keys of what notices have named."""
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
