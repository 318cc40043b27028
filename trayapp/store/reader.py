"""What the file knows of the past, for another thread or another process than the one that keeps it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from trayapp.model import Kept, Observation, Seen, Transition
from trayapp.store import observations as observed
from trayapp.store.file import reader
from trayapp.store.rows import BROKEN, documents

_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the past; empty where there is none."""

    seen: tuple[Seen, ...] = ()
    """Incidents, in the order of first sight."""
    observations: tuple[Observation, ...] = ()
    """Oldest first."""
    told: tuple[Transition, ...] = ()
    """What was told, silently or aloud, oldest first."""
    readable: bool = True
    """Whether there was nothing in the way of reading it; a file that is not there is in nobody's way."""


def past(path: Path, since: datetime) -> Past:
    """All incidents, all that was told, and the observations from then on, read without changing anything.

    Neither a row nor a part of the file that cannot be read hides another.
    """
    db = reader(path)
    if db is None:
        return Past(readable=not os.path.exists(path))  # noqa: PTH110  # Path.exists raises where it may not look
    unread: list[Exception] = []

    def part(read: Callable[[], list[T]]) -> tuple[T, ...]:
        try:
            return tuple(read())
        except BROKEN as error:
            _log.warning("cannot read a part of the past in %s: %s", path, error)
            unread.append(error)
            return ()

    try:
        return Past(
            part(lambda: documents(db, Seen, "SELECT doc FROM incidents ORDER BY first_seen, rowid")),
            part(lambda: observed.since(db, since)),
            part(lambda: documents(db, Transition, "SELECT doc FROM transitions ORDER BY n")),
            readable=not unread,
        )
    finally:
        db.close()


def kept_last(path: Path) -> Kept:
    """What the running program, or the one before it, kept last, read without changing anything; nothing where it cannot be."""
    db = reader(path)
    if db is None:
        return Kept()
    try:
        return next(iter(documents(db, Kept, "SELECT doc FROM kept")), Kept())
    except BROKEN as error:
        _log.warning("cannot read what was kept in %s: %s", path, error)
        return Kept()
    finally:
        db.close()
