"""What the file knows of the past, for another thread or another process than the one that keeps it."""

from __future__ import annotations

import logging
import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trayapp.model import Observation, Seen, Transition
from trayapp.store import observations as observed
from trayapp.store.codec import CodecError, from_json
from trayapp.store.file import reader

_log = logging.getLogger(__name__)


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
    """All incidents, all that was told, and the observations from then on, read without changing anything; what cannot be read is left out."""
    db = reader(path)
    if db is None:
        return Past(readable=not os.path.exists(path))  # noqa: PTH110  # Path.exists raises where it may not look
    try:
        seen = db.execute("SELECT doc FROM incidents ORDER BY first_seen").fetchall()
        told = db.execute("SELECT doc FROM transitions ORDER BY n").fetchall()
        return Past(
            tuple(from_json(Seen, doc) for (doc,) in seen),
            tuple(observed.since(db, since)),
            tuple(from_json(Transition, doc) for (doc,) in told),
        )
    except (sqlite3.Error, CodecError) as error:
        _log.warning("cannot read the past in %s: %s", path, error)
        return Past(readable=False)
    finally:
        db.close()
