"""Rows read one by one: what is wrong with one of them hides no other."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable
from typing import TypeVar

from trayapp.store.codec import CodecError, from_json

_log = logging.getLogger(__name__)
T = TypeVar("T")

DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What a file can bring about. Python (3.11, `_sqlite/util.c`) cannot raise an error whose words, which may quote the
file's schema, are not UTF-8, and raises the second in its place."""


def read_documents(
    db: sqlite3.Connection, hint: type[T], query: str, values: Iterable[object] = ()
) -> list[T]:
    """The first column of a query's rows, as values. Raises one of `DATABASE_ERRORS` if the query cannot be begun."""
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
