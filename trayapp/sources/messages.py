"""What goes over the wire and what comes back, in values that know no HTTP library."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from trayapp.model import Cause, Miss

MAX_WIRE_BYTES = 1 << 20
"""Bytes of a body as they come over the wire."""
MAX_PIECES = 4096
"""Of a body: each costs time, however small it is, and of one byte each they would keep a core busy all the round."""
MAX_DECODED_BYTES = 1 << 20
"""Bytes of a body after decompression; real ones have a tenth at most."""
MAX_RATIO = 100
"""How many times longer a body may grow by decompression: some ten times is usual."""
MAX_WAIT = 3600.0
"""Seconds: no server may silence us for longer, be it with Retry-After or with Cache-Control."""

MAX_AGE = 366 * 86400.0
"""Seconds: a copy that claims more is this old."""

KEPT_HEADERS = (
    "age", "cache-control", "cf-cache-status", "cf-mitigated", "cf-ray", "content-encoding", "content-type", "date",
    "etag", "location", "openai-processing-ms", "retry-after", "server", "via", "x-request-id",
)  # fmt: skip
"""An allow-list, so that no cookie and no token can travel on into a log."""


class StreamListener(Protocol):
    """Who hears a stream as it comes, and for how long silence is borne."""

    head_within: float
    """Seconds."""

    async def read_stream(
        self, chunks: AsyncIterator[bytes], encoding: str, patience: asyncio.Timeout, began: float
    ) -> Miss | None:
        """Hear a body to the end that it names itself, moving the deadline on; a Miss where it cannot be read.

        `began`: when the request did, on the loop's clock.
        """


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request: a GET, or a POST where it carries something."""

    url: str
    page: bool = False
    """Part of the status page: asked over a connection that is kept, with ETags, following redirects on its host."""
    head_only: bool = False
    """The status and headers are the answer; the body is not waited for."""
    unconditional: bool = False
    """The whole answer is wanted from the server itself: no ETag is sent, and no cache on the way is to answer."""

    json_body: bytes = b""
    """JSON to post."""
    key: str = field(default="", repr=False)
    """The person's own, to be shown to this place alone: no redirect is followed."""
    listener: StreamListener | None = field(default=None, repr=False)
    """Who hears a streamed answer (`text/event-stream`); any other is read whole."""

    @property
    def method(self) -> str:
        """The request's method."""
        return "POST" if self.json_body else "GET"

    def request_headers(self) -> dict[str, str]:
        """What to send along."""
        # A body that is not waited for arrives all the same, at least its beginning: better small.
        headers = {"Accept-Encoding": "gzip" if self.page or self.head_only else "identity"}
        if not self.page:
            # A new connection each time, because making one is a part of what a probe tries.
            headers["Connection"] = "close"
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        if self.json_body:
            headers["Content-Type"] = "application/json"
        if self.listener is not None:
            headers["Accept"] = "text/event-stream"
        return headers


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One HTTP answer of any status, within the caps and in time."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; only those of `KEPT_HEADERS`."""
    body: bytes = b""
    """Decoded; empty where only the head was asked for."""
    elapsed_ms: int = 0
    """From asking to the end of the head, a connection's making included."""
    retry_after: float | None = None
    """Seconds, at most `MAX_WAIT`."""
    fresh_for: float | None = None
    """Seconds, at most `MAX_WAIT`."""
    age: float = 0.0
    """Seconds since the server said this to a cache on the way, which answered in its place; at most `MAX_AGE`."""


async def gather_body(pieces: AsyncIterator[bytes]) -> bytes | Miss:
    """A body as it comes over the wire, within `MAX_WIRE_BYTES` and `MAX_PIECES`."""
    body, count = bytearray(), 0
    async for piece in pieces:
        body += piece
        count += 1
        if len(body) > MAX_WIRE_BYTES:
            return Miss(Cause.TOO_BIG, detail="more than 1 MiB")
        if count > MAX_PIECES:
            return Miss(Cause.TOO_BIG, detail=f"more than {MAX_PIECES} pieces")
    return bytes(body)


def decode_body(body: bytes, encoding: str) -> bytes | Miss:
    """A body freed of its Content-Encoding, within `MAX_DECODED_BYTES` and `MAX_RATIO`."""
    word = encoding.strip().lower()
    if word in ("", "identity"):
        return body
    if word not in ("gzip", "x-gzip", "deflate"):
        return Miss(Cause.FORMAT, detail=f"content encoding {word[:40]!r}")
    most = min(MAX_DECODED_BYTES, MAX_RATIO * len(body))
    for bits in (47, -15):  # gzip or zlib by its own header; then bare deflate, which some servers send
        inflater = zlib.decompressobj(bits)
        try:
            text = inflater.decompress(body, most + 1)
        except zlib.error:
            continue
        if len(text) > most:
            return Miss(Cause.TOO_BIG, detail=f"{len(body)} bytes are more than {most} when decompressed")
        return text if inflater.eof else Miss(Cause.TRUNCATED, detail="compressed body is cut short")
    return Miss(Cause.FORMAT, detail=f"the body is not {word}")


def read_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of a Retry-After header (RFC 9110 §10.2.3): a number, or a date counted from the server's own clock."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_WAIT)
    until = parse_http_date(text)
    if until is None:
        return None
    start = parse_http_date(headers.get("date", "")) or now
    return min(max((until - start).total_seconds(), 0.0), MAX_WAIT)


def read_fresh_for(headers: Mapping[str, str]) -> float | None:
    """Seconds for which a cache on the way would give the same answer: max-age less Age (RFC 9111 §4.2)."""
    pairs = (word.partition("=") for word in headers.get("cache-control", "").split(","))
    ages = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
    longest = _read_seconds(ages.get("max-age", ""))
    if longest is None:
        return None
    return min(max(longest - read_age(headers), 0.0), MAX_WAIT)


def read_age(headers: Mapping[str, str]) -> float:
    """Seconds of an Age header (RFC 9111 §5.1)."""
    return min(_read_seconds(headers.get("age", "")) or 0.0, MAX_AGE)


def _read_seconds(text: str) -> float | None:
    text = text.strip()
    return float(text) if text.isascii() and text.isdigit() else None


def parse_http_date(text: str) -> datetime | None:
    """The time that a header such as Date gives, in UTC where it names no zone; None if it gives none."""
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
