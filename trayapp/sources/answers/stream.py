"""One streamed answer as it comes: its deadlines, its cap, and when its events came."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial

from trayapp.model import Cause, Miss
from trayapp.sources.answers.dialects import Api, Heard, hear
from trayapp.sources.answers.sse import Reader


@dataclass(frozen=True, slots=True)
class Waits:
    """How long what is waited for, in seconds, and how much is read, in bytes."""

    head: float = 10.0
    first: float = 15.0
    """From asking to the first event."""
    silence: float = 10.0
    """From one event to the next."""
    whole: float = 30.0
    most: int = 64 * 1024


class Stream:
    """Hears one answer. A comment is a sign of the connection and not of the answer: it does not count as an event."""

    def __init__(self, api: Api, waits: Waits) -> None:
        self.head_within = waits.head
        self.heard = Heard()
        self.first_ms: int | None = None
        self.end_ms: int | None = None
        """When its last event came."""
        self._api = api
        self._waits = waits
        self._reader = Reader()

    async def listen(
        self, chunks: AsyncIterator[bytes], encoding: str, patience: asyncio.Timeout, began: float
    ) -> Miss | None:
        """Hear it to its end. Raises TimeoutError where that does not come in time."""
        clock = asyncio.get_running_loop().time
        opened = _opener(encoding, self._waits.most)
        if opened is None:
            return Miss(Cause.FORMAT, detail=f"content encoding {encoding[:40]!r}")
        patience.reschedule(began + self._waits.first)
        read = 0
        async for chunk in chunks:
            try:
                plain = opened(chunk)
            except zlib.error:
                return Miss(Cause.FORMAT, detail=f"the stream is not {encoding[:40]!r}")
            read += len(plain)
            if read > self._waits.most:
                return Miss(Cause.TOO_BIG, detail=f"more than {self._waits.most} bytes of a stream")
            for event in self._reader.feed(plain):
                self.heard = hear(self._api, self.heard, event)
                self.end_ms = round((clock() - began) * 1000)
                self.first_ms = self.end_ms if self.first_ms is None else self.first_ms
                if self.heard.is_last:
                    return None
                patience.reschedule(min(began + self._waits.whole, clock() + self._waits.silence))
        return None


def _opener(encoding: str, most: int) -> Callable[[bytes], bytes] | None:
    """What frees the bytes of their Content-Encoding as they come; None where nothing here can."""
    word = encoding.strip().lower()
    if word in {"", "identity"}:
        return bytes
    inflater = zlib.decompressobj(47)  # gzip or zlib by its own header
    return partial(_inflated, inflater, most) if word in {"gzip", "x-gzip", "deflate"} else None


def _inflated(inflater: zlib._Decompress, most: int, chunk: bytes) -> bytes:
    return inflater.decompress(chunk, most + 1)
