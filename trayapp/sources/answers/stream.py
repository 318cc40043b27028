"""Reads one streamed answer as it arrives, with its deadlines, its size cap and the times of its events."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from trayapp.model import Cause, Miss
from trayapp.sources.answers.dialects import ApiDialect, PartialAnswer, read_event
from trayapp.sources.answers.sse import EventReader
from trayapp.sources.deadline import Deadline


@dataclass(frozen=True, slots=True)
class StreamTimeouts:
    """The time limits of a stream in seconds, and its size limit in bytes."""

    head: float = 10.0
    first_event: float = 15.0
    """From the request to the first event."""
    silence: float = 10.0
    """From one event to the next."""
    total: float = 30.0
    max_bytes: int = 64 * 1024


class AnswerStream:
    """Reads one answer. A comment only shows that the connection lives, so that it does not count as an event."""

    def __init__(self, api: ApiDialect, waits: StreamTimeouts) -> None:
        self.head_within = waits.head
        self.heard = PartialAnswer()
        self.first_ms: int | None = None
        self.end_ms: int | None = None
        """Milliseconds from the request to the last event."""
        self._api = api
        self._waits = waits
        self._reader = EventReader()

    def read_stream(
        self, chunks: Iterable[bytes], encoding: str, deadline: Deadline, began: float
    ) -> Miss | None:
        """Reads the answer to its end; a Miss if it is unreadable. Raises TimeoutError if the end does not come in time."""
        decode = _new_decoder(encoding, self._waits.max_bytes)
        if decode is None:
            return Miss(Cause.FORMAT, detail=f"content encoding {encoding[:40]!r}")
        deadline.move_to(began + self._waits.first_event)
        read = 0
        for chunk in chunks:
            try:
                plain = decode(chunk)
            except zlib.error:
                return Miss(Cause.FORMAT, detail=f"the stream is not {encoding[:40]!r}")
            read += len(plain)
            if read > self._waits.max_bytes:
                return Miss(Cause.TOO_BIG, detail=f"more than {self._waits.max_bytes} bytes of a stream")
            for event in self._reader.feed(plain):
                self.heard = read_event(self._api, self.heard, event)
                self.end_ms = round((time.monotonic() - began) * 1000)
                self.first_ms = self.end_ms if self.first_ms is None else self.first_ms
                if self.heard.is_last:
                    return None
                deadline.move_to(min(began + self._waits.total, time.monotonic() + self._waits.silence))
        return None


def _new_decoder(encoding: str, most: int) -> Callable[[bytes], bytes] | None:
    """Returns a decoder of the Content-Encoding for bytes as they arrive; None if it is not supported."""
    word = encoding.strip().lower()
    if word in {"", "identity"}:
        return bytes
    inflater = zlib.decompressobj(47)  # gzip or zlib by their headers
    return partial(_inflate_chunk, inflater, most) if word in {"gzip", "x-gzip", "deflate"} else None


def _inflate_chunk(inflater: zlib._Decompress, most: int, chunk: bytes) -> bytes:
    return inflater.decompress(chunk, most + 1)
