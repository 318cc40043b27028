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

from trayapp.model import Seen, Transition
from trayapp.store.codec import to_json
from trayapp.store.observations import KEPT_FOR
from trayapp.store.rows import BROKEN, documents

MOST = 500
"""Incidents that neither go on nor were told."""
A_DAY = 20
"""New incidents: several times what a bad day has."""
AT_ONCE = 100
"""New ones that may be saved up: more than a page lists, as on the first look or after weeks away."""
TOLD_MOST = 10_000
"""Transitions."""
NAMED = 3
"""Incidents of a transition that its notice may name."""
LONGEST = 64 * 1024
"""Bytes of an incident as it is written: some ten times a long real one."""
_CLIPPED = 200
"""Characters that are kept of each post of a longer one."""
BUDGET = 40 * 1024 * 1024
"""Bytes of the file that are in use; with its log it stays below 50 MB."""
_SPARED = 0.9
"""What a file over its budget is brought down to, as a share of it."""
_IDLE = 10 * 1024 * 1024
"""Unused bytes of the file that go back to the disk once they are more than the used ones."""

_Row = tuple[str, float]
"""An incident's key, and when it was first seen."""


class Pace:
    """How fast new incidents are taken up: a bucket of `AT_ONCE`, refilled by `A_DAY`."""

    def __init__(self) -> None:
        self._level = float(AT_ONCE)
        self._at: float | None = None

    def takes(self, at: float) -> bool:
        """Whether one that is first seen then is taken up; asked in the order of time."""
        if self._at is not None:
            self._level = min(AT_ONCE, self._level + max(0.0, at - self._at) * A_DAY / 86_400)
        self._at = at
        taken = self._level >= 1.0
        self._level -= taken
        return taken


def pace_at(db: sqlite3.Connection, now: datetime) -> Pace:
    """The pace after what is in the file; a first sight that a wrong clock dated ahead does not count. Raises one of `BROKEN`."""
    pace, until = Pace(), now.timestamp()
    for (at,) in db.execute(
        "SELECT CAST(first_seen AS REAL) FROM incidents WHERE first_seen <= ? ORDER BY 1", (until,)
    ):
        pace.takes(at)
    return pace


def written(seen: Seen) -> str:
    """An incident as JSON; of one with more text than anybody posts, the beginnings of its posts."""
    text = to_json(seen)
    if len(text) <= LONGEST:
        return text
    posts = tuple(replace(post, text=post.text[:_CLIPPED]) for post in seen.incident.updates)
    return to_json(replace(seen, incident=replace(seen.incident, updates=posts)))


def trim(db: sqlite3.Connection, going_on: AbstractSet[str], now: datetime, budget: int) -> bool:
    """Let go of what is too much, within a transaction; whether it was the budget that asked for it. Raises one of `BROKEN`.

    `going_on`: the ids of incidents that stay in any case.
    """
    oldest = (now - KEPT_FOR).timestamp()
    db.execute("DELETE FROM transitions WHERE at < ?", (oldest,))
    db.execute("DELETE FROM transitions WHERE n <= (SELECT max(n) FROM transitions) - ?", (TOLD_MOST,))
    rows: list[_Row] = db.execute(
        "SELECT id, CAST(first_seen AS REAL) FROM incidents ORDER BY first_seen, rowid"
    ).fetchall()
    excess = _used(db) - budget
    stay = {to_json(one) for one in going_on}
    may_go = [row for row in rows if row[0] not in stay]
    if excess <= 0 and len(may_go) <= A_DAY:  # most days end here, without reading what was told
        return False
    told = _told(db)
    untold = [row for row in may_go if row[0] not in told]
    _delete(db, list(_too_much(rows, untold, oldest)))
    if (excess := _used(db) - budget) <= 0:
        return False
    # What was told goes last.
    order = [key for key, _ in (*untold, *(row for row in may_go if row[0] in told))]
    _delete(db, list(_oldest(db, order, excess + (1.0 - _SPARED) * budget)))
    return True


def shrink(db: sqlite3.Connection) -> None:
    """Give the disk back what a file has grown by that was once larger. A disk that is too full for that keeps it so."""
    unused = _pragma(db, "freelist_count") * _pragma(db, "page_size")
    if unused > max(_IDLE, _used(db)):
        with suppress(*BROKEN):
            db.execute("VACUUM")


def _too_much(rows: Sequence[_Row], untold: Sequence[_Row], oldest: float) -> Iterator[str]:
    """Those too old, those beyond the pace, and of the others all but the newest."""
    pace = Pace()
    late = {key for key, first_seen in rows if not pace.takes(first_seen)}
    fitting = [key for key, first_seen in untold if first_seen >= oldest and key not in late]
    kept = set(fitting[-MOST:])
    return (key for key, _ in untold if key not in kept)


def _oldest(db: sqlite3.Connection, keys: Sequence[str], size: float) -> Iterator[str]:
    """The first of these that are there and take so many bytes together."""
    for key in keys:
        if size <= 0:
            return
        for (length,) in db.execute("SELECT length(doc) FROM incidents WHERE id = ?", (key,)):
            size -= length
            yield key


def _told(db: sqlite3.Connection) -> set[str]:
    """The keys of what notices have named."""
    told = [each for each in documents(db, Transition, "SELECT doc FROM transitions") if not each.silent]
    parts = [part for each in told for part in (each, *each.parts)]
    return {to_json(one) for part in parts for one in part.incidents[:NAMED]}


def _delete(db: sqlite3.Connection, keys: Sequence[str]) -> None:
    db.executemany("DELETE FROM incidents WHERE id = ?", [(key,) for key in keys])


def _used(db: sqlite3.Connection) -> int:
    return (_pragma(db, "page_count") - _pragma(db, "freelist_count")) * _pragma(db, "page_size")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
