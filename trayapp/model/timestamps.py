"""Writes and reads timestamps in ISO 8601."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime, tzinfo

FOREVER = datetime(MAXYEAR - 1, 12, 31, tzinfo=UTC)
"""Until the person decides. `datetime.max` would have no local time east of Greenwich."""
_OLD_FOREVER = datetime.max.replace(tzinfo=UTC)
"""The value that earlier versions saved for it."""


def format_utc(at: datetime | None) -> str | None:
    """Formats a time as ISO 8601 in UTC, to the second, with "Z", which every parser accepts; None for None."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_timestamp(spelled: str, zone: tzinfo | None = None) -> datetime:
    """Parses a text from outside as ISO 8601 and returns it in UTC; a time without a zone is taken to be in `zone`.

    Raises ValueError if it is no time, has no zone, or lies in the calendar's first or last year: neither end has a
    local time everywhere, and Go writes "no time" as 0001-01-01.
    """
    at = datetime.fromisoformat(spelled)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    if at == _OLD_FOREVER:
        return FOREVER
    try:
        at = at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time outside the calendar") from error
    if not MINYEAR < at.year < MAXYEAR:
        raise ValueError("a time at the calendar's end")
    return at
