"""Reading JSON that promises nothing: every key may be absent and every value of another kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from trayapp.model import Cause, Miss, parse_timestamp
from trayapp.sources.messages import HttpResponse

JsonObject = Mapping[str, Any]

# A page may be hostile: no more is read than is ever shown, because all of it is kept.
MAX_NAME = 160
"""Characters of a name, a status or a time."""
MAX_POST = 2000
"""Characters of a post."""
MAX_ID = 100
"""Characters of an id."""
_MAX_ROWS = 1000
"""Rows of a list: more than any page has, and few enough to compare each with each."""


def parse_document(answer: HttpResponse | Miss) -> JsonObject | Miss:
    """The JSON object of an answer with status 200."""
    if isinstance(answer, Miss):
        return answer
    if answer.status != 200:
        return Miss(Cause.STATUS, answer.status, retry_after=answer.retry_after)
    # A title with one broken byte must not blind us to the rest; a byte order mark is not JSON, but harmless.
    text = answer.body.decode("utf-8-sig", "replace")
    try:
        # Numbers stay text: none is calculated with, an id may be one, and a huge one is a ValueError as an int.
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        cause = Cause.HTML if text.lstrip().startswith("<") else Cause.FORMAT
        return Miss(cause, answer.status, f"{type(error).__name__} in {len(answer.body)} bytes")
    if not isinstance(found, dict):
        return Miss(Cause.FORMAT, answer.status, f"a {type(found).__name__}, not an object")
    return found


def read_text(of: JsonObject, key: str, most: int = MAX_NAME) -> str:
    """A text's beginning, or empty. Lone surrogates, which neither disk nor bus can carry, become "?"."""
    value = of.get(key)
    return value[:most].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def read_id(of: JsonObject, *keys: str) -> str:
    """The first id under some keys, or empty."""
    return next(filter(None, (read_text(of, key, MAX_ID) for key in keys)), "")


def read_object(of: JsonObject, key: str) -> JsonObject:
    """An object within, or an empty one."""
    value = of.get(key)
    return value if isinstance(value, dict) else {}


def read_rows(of: JsonObject, key: str, most: int = _MAX_ROWS) -> tuple[JsonObject, ...]:
    """The objects among the first rows of a list within; what is no object is passed over."""
    value = of.get(key)
    return tuple(v for v in value[:most] if isinstance(v, dict)) if isinstance(value, list) else ()


def read_time(of: JsonObject, *keys: str) -> datetime | None:
    """The first readable time (ISO 8601) of some keys, in UTC; a time without a zone is taken for UTC."""
    return next(filter(None, (_parse_time(read_text(of, key)) for key in keys)), None)


def _parse_time(spelled: str) -> datetime | None:
    try:
        return parse_timestamp(spelled, UTC)
    except ValueError:
        return None
