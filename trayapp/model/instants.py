"""How a time is written for programs."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second, with the Z that every parser of such times takes."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
