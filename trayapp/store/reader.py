"""What the file knows of the past, for another thread or another process than the one that keeps it."""

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
    """What is known of the past; empty where there is none."""

    incidents: tuple[SeenIncident, ...] = ()
    """Incidents, in the order of first sight."""
    observations: tuple[Observation, ...] = ()
    """Oldest first."""
    transitions: tuple[Transition, ...] = ()
    """What was told, silently or aloud, oldest first."""
    is_readable: bool = True
    """Whether there was nothing in the way of reading it; a file that is not there is in nobody's way."""


def read_history(path: Path, since: datetime) -> History:
    """All incidents, all that was told, and the observations from then on, read without changing anything.

    Neither a row nor a part of the file that cannot be read hides another.
    """
    db = open_for_reading(path)
    if db is None:
        return History(is_readable=not os.path.exists(path))  # noqa: PTH110  # Path.exists raises where it may not look
    unread: list[Exception] = []

    def part(read: Callable[[], list[T]]) -> tuple[T, ...]:
        try:
            return tuple(read())
        except DATABASE_ERRORS as error:
            _log.warning("cannot read a part of the past in %s: %s", path, error)
            unread.append(error)
            return ()

    try:
        return History(
            part(
                lambda: read_documents(
                    db, SeenIncident, "SELECT doc FROM incidents ORDER BY first_seen, rowid"
                )
            ),
            part(lambda: observed.read_observations(db, since)),
            part(lambda: read_documents(db, Transition, "SELECT doc FROM transitions ORDER BY n")),
            is_readable=not unread,
        )
    finally:
        db.close()


def read_last_saved(path: Path) -> SavedMemory:
    """What the running program, or the one before it, kept last, read without changing anything; nothing where it cannot be."""
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
