"""Points in time as programs write and read them."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime, tzinfo

FOREVER = datetime(MAXYEAR - 1, 12, 31, tzinfo=UTC)
"""Until the person says. The calendar's very end has no local time east of Greenwich, and none can be reckoned from it."""
_OLD_FOREVER = datetime.max.replace(tzinfo=UTC)
"""How it was kept by earlier versions."""


def format_utc(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second, with the Z that every parser of such times takes."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_timestamp(spelled: str, zone: tzinfo | None = None) -> datetime:
    """The time, in UTC, that a text from outside spells in ISO 8601; without a zone of its own it is read in `zone`.

    Raises ValueError for what is no time, has no zone, or lies in the calendar's first or last year: neither end has a
    local time everywhere, and 0001-01-01 is how Go spells "no time".
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
