"""Stores observations and thins them with age: every poll for two days, then one row per five minutes, then per hour.

Each span keeps one row per state seen in it, with its duration and answer times, so that thinning loses only the order
within the span. A year of three products and three probes takes about 5 MB.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from trayapp.model import Observation, ObservationSource, State
from trayapp.store.rows import DATABASE_ERRORS

_log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS witnesses (n INTEGER PRIMARY KEY, witness TEXT, about TEXT, UNIQUE (witness, about));
CREATE TABLE IF NOT EXISTS observations (
    at INTEGER, witness INTEGER, state INTEGER, seconds INTEGER NOT NULL, looks INTEGER NOT NULL, elapsed INTEGER,
    PRIMARY KEY (at, witness, state)
) WITHOUT ROWID;
"""
"""`at`: Unix seconds; `state`: its position in `State`; `looks`: polls; `elapsed`: the sum of their milliseconds."""

FULL_DETAIL_FOR = timedelta(hours=48)
FINE_DETAIL_FOR = timedelta(days=8)
"""The week that the details page shows, and a day for its edges."""
KEEP_FOR = timedelta(days=400)
_GRAINS = ((FULL_DETAIL_FOR, 300), (FINE_DETAIL_FOR, 3600))
_THIN_EVERY = timedelta(hours=1)

_GAP_AT_LEAST = 600
_GAP_INTERVALS = 3
"""An observation within ten minutes or three intervals of the one before continues it, without a gap between them."""

_STATES = tuple(State)
_STATE_NUMBERS = {state: number for number, state in enumerate(_STATES)}


class ObservationWriter:
    """Writes observations, and extends the newest of each source when the next one comes. Belongs to one thread."""

    def __init__(self) -> None:
        self._newest: dict[tuple[ObservationSource, str], Observation] = {}
        self._thinned: datetime | None = None

    def write_round(self, db: sqlite3.Connection, seen: Sequence[Observation], now: datetime) -> None:
        """Writes the observations of a round, all or none. Raises one of `DATABASE_ERRORS`."""
        # If the power fails, only a minute of history is lost: not worth a flush to the disk every round.
        db.execute("PRAGMA synchronous = NORMAL")
        try:
            db.execute("BEGIN IMMEDIATE")
            for each in seen:
                self._insert(db, each)
            if self._thinned is None or not timedelta(0) <= now - self._thinned < _THIN_EVERY:
                _thin_rows(db, self._thinned, now)
                self._thinned = now
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
            db.execute("PRAGMA synchronous = FULL")

    def _insert(self, db: sqlite3.Connection, seen: Observation) -> None:
        key = (seen.witness, seen.about)
        db.execute("INSERT OR IGNORE INTO witnesses (witness, about) VALUES (?, ?)", key)
        number = db.execute("SELECT n FROM witnesses WHERE witness = ? AND about = ?", key).fetchone()[0]
        before = self._newest.get(key)
        gap = int((seen.at - before.at).total_seconds()) if before else 0
        if before and 0 < gap <= max(_GAP_AT_LEAST, _GAP_INTERVALS * before.seconds):
            db.execute(
                "UPDATE observations SET seconds = ? WHERE at = ? AND witness = ? AND state = ?",
                (gap, int(before.at.timestamp()), number, _STATE_NUMBERS[before.state]),
            )
        db.execute(
            "INSERT OR REPLACE INTO observations VALUES (?, ?, ?, ?, 1, ?)",
            (
                int(seen.at.timestamp()),
                number,
                _STATE_NUMBERS[seen.state],
                int(seen.seconds),
                seen.elapsed_ms,
            ),
        )
        self._newest[key] = seen


def _thin_rows(db: sqlite3.Connection, before: datetime | None, now: datetime) -> None:
    """Merges the rows that have grown old since the last time, and deletes those older than `KEEP_FOR`."""
    for age, grain in _GRAINS:
        old = (now - age).timestamp() // grain * grain
        done = (before - age).timestamp() // grain * grain if before and before < now else 0
        db.execute(
            """
            INSERT INTO observations
            SELECT at - at % :grain, witness, state, sum(seconds), sum(looks), sum(elapsed)
            FROM observations WHERE at >= :done AND at < :old AND at % :grain GROUP BY 1, 2, 3
            ON CONFLICT (at, witness, state) DO UPDATE SET
                seconds = seconds + excluded.seconds,
                looks = looks + excluded.looks,
                elapsed = ifnull(elapsed + excluded.elapsed, ifnull(elapsed, excluded.elapsed))
            """,
            {"done": done, "old": old, "grain": grain},
        )
        db.execute("DELETE FROM observations WHERE at >= ? AND at < ? AND at % ?", (done, old, grain))
    db.execute("DELETE FROM observations WHERE at < ?", ((now - KEEP_FOR).timestamp(),))


def read_observations(db: sqlite3.Connection, start: datetime) -> list[Observation]:
    """Returns the readable observations since `start`, oldest first. Raises one of `DATABASE_ERRORS` if the query fails."""
    rows: Iterator[tuple[str, str, int, int, int, int, int | None]] = db.execute(
        "SELECT w.witness, w.about, o.at, o.seconds, o.state, o.looks, o.elapsed"
        " FROM observations o JOIN witnesses w ON w.n = o.witness WHERE o.at >= ? ORDER BY o.at",
        (start.timestamp(),),
    )
    found: list[Observation] = []
    try:
        found.extend(filter(None, map(_read_row, rows)))
    except DATABASE_ERRORS as error:  # a part of the file is broken
        _log.warning("cannot read on: %s", error)
    return found


def _read_row(row: tuple[str, str, int, int, int, int, int | None]) -> Observation | None:
    """Converts a row; None if this program cannot have written it."""
    witness, about, at, seconds, state, looks, elapsed = row
    try:
        return Observation(
            ObservationSource(witness),
            about,
            datetime.fromtimestamp(at, UTC),
            seconds + 0,
            _STATES[state],
            None if elapsed is None else round(elapsed / looks),
        )
    except (ValueError, TypeError, IndexError, ArithmeticError, OSError):
        return None
