"""Limits jeepney's parser, so that no message makes it read for ever.

A bus passes well-formed messages only, but the program that answers at its address need not be a bus.
"""

from __future__ import annotations

from typing import Any

from jeepney import Message, low_level

__all__ = ["BoundedParser"]

MAX_MESSAGE_SIZE = 2**27
"""Bytes a message may have, by the D-Bus specification."""


class BoundedParser(low_level.Parser):  # type: ignore[misc]  # jeepney carries no types
    """Parses messages. Raises ValueError, among others, for malformed data."""

    def get_next_message(self) -> Message | None:
        """Return a message if it is complete. Raises ValueError for one above `MAX_MESSAGE_SIZE`."""
        if self.next_msg_size is None and self.buf.bytes_buffered >= 16:
            size = low_level.calc_msg_size(self.buf.peek(16))
            if size > MAX_MESSAGE_SIZE:
                raise ValueError(f"a message of {size} bytes")
        return super().get_next_message()


def _is_empty(kind: object) -> bool:
    return isinstance(kind, low_level.Struct) and all(map(_is_empty, kind.fields))


def _parse_signature(signature: list[str]) -> Any:
    """Parse as jeepney does, but refuse an array of empty structs, which it reads endlessly (0.9, `Array.parse_data`).

    Drop this when the test of signatures passes without it.
    """
    parsed = _jeepney_parse_signature(signature)
    if isinstance(parsed, low_level.Array) and _is_empty(parsed.elt_type):
        raise ValueError("an array of nothing")
    return parsed


_jeepney_parse_signature = low_level.parse_signature
low_level.parse_signature = _parse_signature
