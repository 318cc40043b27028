"""Reads rows one by one, so that a broken row does not hide the others."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable
from typing import TypeVar

from trayapp.store.codec import CodecError, from_json

_log = logging.getLogger(__name__)
T = TypeVar("T")

DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""The errors that a file can cause. Python (3.11, `_sqlite/util.c`) raises the second when the text of an SQLite error,
which may quote the file's schema, is not UTF-8."""


def read_documents(
    db: sqlite3.Connection, hint: type[T], query: str, values: Iterable[object] = ()
) -> list[T]:
    """Returns the readable values in a query's first column. Raises one of `DATABASE_ERRORS` if the query fails."""
    found: list[T] = []
    rows = db.execute(query, tuple(values))
    unreadable = 0
    try:
        for (doc,) in rows:
            try:
                found.append(from_json(hint, doc))
            except CodecError:
                unreadable += 1
    except DATABASE_ERRORS as error:  # a part of the file is broken
        _log.warning("cannot read on: %s", error)
    if unreadable:
        _log.warning("%d rows could not be read: %s", unreadable, query)
    return found
