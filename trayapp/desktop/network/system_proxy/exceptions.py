"""Turns the exceptions of Windows and macOS into those of `NO_PROXY`, by which they are judged."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PARTS_OF_IPV4 = 4


def read_exceptions(listed: Iterable[str], host: str, *, plain_names: bool = False) -> tuple[str, ...]:
    """Return the exceptions that can be judged; `*` for a host without a dot if those, or "<local>", are excepted."""
    entries = [entry.strip().lower() for entry in listed if entry.strip()]
    is_plain = "." not in host and ":" not in host
    if is_plain and (plain_names or "<local>" in entries):
        return ("*",)
    return tuple(_expand(entry) for entry in entries if not entry.startswith("<"))


def _expand(entry: str) -> str:
    """Turn "10.*" and "169.254/16" into ranges with all four numbers; leave the rest as it is."""
    found = re.fullmatch(r"((?:\d{1,3}\.){0,3}\d{1,3})(?:\.\*)+|((?:\d{1,3}\.){0,2}\d{1,3})/(\d{1,2})", entry)
    if not found:
        return entry
    numbers = (found[1] or found[2]).split(".")
    bits = found[3] or str(8 * len(numbers))
    return ".".join([*numbers, *["0"] * (_PARTS_OF_IPV4 - len(numbers))]) + f"/{bits}"
