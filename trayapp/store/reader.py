"""Reads the past from the state file, for other threads and processes than the one that writes it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from trayapp.model import Observation, SavedMemory, SeenIncident, Transition
from trayapp.store import observations as observed
from trayapp.store.file import open_for_reading
from trayapp.store.rows import DATABASE_ERRORS, read_documents

_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class History:
    """The saved past; empty if there is none."""

    incidents: tuple[SeenIncident, ...] = ()
    """Incidents, in the order in which they were first seen."""
    observations: tuple[Observation, ...] = ()
    """Oldest first."""
    transitions: tuple[Transition, ...] = ()
    """Transitions, shown or silent, oldest first."""
    is_readable: bool = True
    """Whether all of it could be read, or there is no file."""


def read_history(path: Path, since: datetime) -> History:
    """Reads all incidents, all transitions, and the observations since a time; changes nothing.

    A row or a part of the file that cannot be read does not hide the others.
    """
    db = open_for_reading(path)
    if db is None:
        return History(is_readable=not os.path.exists(path))  # noqa: PTH110  # Path.exists raises where it may not look
    unread: list[Exception] = []

    def read_part(read: Callable[[], list[T]]) -> tuple[T, ...]:
        try:
            return tuple(read())
        except DATABASE_ERRORS as error:
            _log.warning("cannot read a part of the past in %s: %s", path, error)
            unread.append(error)
            return ()

    try:
        return History(
            read_part(
                lambda: read_documents(
                    db, SeenIncident, "SELECT doc FROM incidents ORDER BY first_seen, rowid"
                )
            ),
            read_part(lambda: observed.read_observations(db, since)),
            read_part(lambda: read_documents(db, Transition, "SELECT doc FROM transitions ORDER BY n")),
            is_readable=not unread,
        )
    finally:
        db.close()


def read_last_saved(path: Path) -> SavedMemory:
    """Reads the memory that the running or the last program saved; changes nothing. Empty if it cannot be read."""
    db = open_for_reading(path)
    if db is None:
        return SavedMemory()
    try:
        return next(iter(read_documents(db, SavedMemory, "SELECT doc FROM kept")), SavedMemory())
    except DATABASE_ERRORS as error:
        _log.warning("cannot read what was kept in %s: %s", path, error)
        return SavedMemory()
    finally:
        db.close()
