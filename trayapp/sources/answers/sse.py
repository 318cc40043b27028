"""Reads server-sent events from bytes as they arrive; the bytes may be cut anywhere, even within a character.

The rules are those of the WHATWG's HTML standard, section 9.2.6, without `id` and `retry`, which are not needed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event."""

    type: str
    """Empty if the stream gave none."""
    data: str


class EventReader:
    """Reads one stream. An event that the end of the stream cuts off is dropped."""

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False
        self._after_cr = False
        self._type = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Yields the events that are complete after these bytes."""
        if self._after_cr and chunk:  # the second half of a split CR LF
            chunk, self._after_cr = chunk.removeprefix(b"\n"), False
        *lines, self._rest = (self._rest + chunk).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._after_cr = chunk.endswith(b"\r")
        for line in lines:
            if not self._begun:
                line, self._begun = line.removeprefix(b"\xef\xbb\xbf"), True  # noqa: PLW2901
            if not line:
                yield from self._dispatch_event()
                continue
            name, _, value = line.partition(b":")
            if name == b"event":
                self._type = value.removeprefix(b" ")
            elif name == b"data":
                self._data.append(value.removeprefix(b" "))

    def _dispatch_event(self) -> Iterator[ServerSentEvent]:
        kind, data = self._type, self._data
        self._type, self._data = b"", []
        if data:
            yield ServerSentEvent(
                kind.decode("utf-8", "replace"), b"\n".join(data).decode("utf-8", "replace")
            )
