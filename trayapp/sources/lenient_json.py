"""Reads JSON without any assumptions: every key may be missing and every value of another type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from trayapp.model import Cause, Miss, parse_timestamp
from trayapp.sources.messages import HttpResponse

JsonObject = Mapping[str, Any]

# A page may be hostile: only as much is read as can be shown, because all of it is kept.
MAX_NAME = 160
"""Characters of a name, a status or a time."""
MAX_POST = 2000
"""Characters of a post."""
MAX_ID = 100
"""Characters of an id."""
_MAX_ROWS = 1000
"""Rows of a list: more than any page has, and few enough to compare each with each."""


def parse_document(answer: HttpResponse | Miss) -> JsonObject | Miss:
    """Parses the JSON object of an answer with status 200; anything else is a Miss."""
    found = parse_json(answer)
    if isinstance(found, dict | Miss):
        return found
    return Miss(Cause.FORMAT, 200, f"a {type(found).__name__}, not an object")


def parse_json(answer: HttpResponse | Miss) -> Any | Miss:
    """Parses the JSON of an answer with status 200; a Miss if it is none. Numbers stay text."""
    if isinstance(answer, Miss):
        return answer
    if answer.status != 200:
        return Miss(Cause.STATUS, answer.status, retry_after=answer.retry_after)
    # One broken byte in a title must not spoil the rest; a byte order mark is not JSON, but harmless.
    text = answer.body.decode("utf-8-sig", "replace")
    try:
        # Numbers stay text: nothing calculates with them, an id may be one, and a huge int raises ValueError.
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        cause = Cause.HTML if text.lstrip().startswith("<") else Cause.FORMAT
        return Miss(cause, answer.status, f"{type(error).__name__} in {len(answer.body)} bytes")


def read_text(of: JsonObject, key: str, most: int = MAX_NAME) -> str:
    """Reads at most `most` characters of a text, or "". Lone surrogates, which disk and D-Bus refuse, become "?"."""
    value = of.get(key)
    return value[:most].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def read_id(of: JsonObject, *keys: str) -> str:
    """Reads the first id under some keys, or ""."""
    return next(filter(None, (read_text(of, key, MAX_ID) for key in keys)), "")


def read_object(of: JsonObject, key: str) -> JsonObject:
    """Reads an object under a key, or an empty one."""
    value = of.get(key)
    return value if isinstance(value, dict) else {}


def read_rows(of: JsonObject, key: str, most: int = _MAX_ROWS) -> tuple[JsonObject, ...]:
    """Reads the objects among the first `most` rows of a list; other values are skipped."""
    value = of.get(key)
    return tuple(v for v in value[:most] if isinstance(v, dict)) if isinstance(value, list) else ()


def read_time(of: JsonObject, *keys: str) -> datetime | None:
    """Reads the first valid time (ISO 8601) under some keys, in UTC, which is also assumed if a zone is missing."""
    return next(filter(None, (_parse_time(read_text(of, key)) for key in keys)), None)


def _parse_time(spelled: str) -> datetime | None:
    try:
        return parse_timestamp(spelled, UTC)
    except ValueError:
        return None
