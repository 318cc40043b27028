"""HTTP requests and answers as values that do not depend on any HTTP library."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from trayapp.model import Cause, Miss
from trayapp.sources.deadline import Deadline

MAX_WIRE_BYTES = 1 << 20
"""Bytes of a body as transferred."""
MAX_PIECES = 4096
"""Pieces of a body: each costs time however small it is, and pieces of one byte would keep a core busy all the round."""
MAX_DECODED_BYTES = 1 << 20
"""Bytes of a body after decompression; real ones have at most a tenth of this."""
MAX_RATIO = 100
"""The factor by which decompression may enlarge a body: about ten is usual."""
MAX_WAIT = 3600.0
"""Seconds: no server may stop the requests for longer, by Retry-After or by Cache-Control."""

MAX_AGE = 366 * 86400.0
"""Seconds: a greater Age counts as this one."""

KEPT_HEADERS = (
    "age", "cache-control", "cf-cache-status", "cf-mitigated", "cf-ray", "content-encoding", "content-type", "date",
    "etag", "location", "openai-processing-ms", "retry-after", "server", "via", "x-ratelimit-remaining", "x-ratelimit-reset",
    "x-request-id",
)  # fmt: skip
"""Only these headers are kept, so that no cookie and no token can reach a log."""


class StreamListener(Protocol):
    """Reads a streamed answer as it arrives, and sets the time limits for it."""

    head_within: float
    """Seconds until the answer's head must be there."""

    def read_stream(
        self, chunks: Iterable[bytes], encoding: str, deadline: Deadline, began: float
    ) -> Miss | None:
        """Reads a body up to the stream's own end mark and moves the deadline meanwhile; a Miss if it is unreadable.

        `began`: when the request began, on the monotonic clock.
        """


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request: a POST if it has a body, else a GET."""

    url: str
    page: bool = False
    """Whether it is a part of the status page: sent over a kept connection with ETags; redirects on its host are followed."""
    head_only: bool = False
    """Whether only status and headers are wanted; the body is not awaited."""
    unconditional: bool = False
    """Whether the server itself must send the whole answer: no ETag is sent, and no cache may answer."""

    json_body: bytes = b""
    """The JSON to post."""
    key: str = field(default="", repr=False)
    """The person's key, sent to this address alone: no redirect is followed."""
    listener: StreamListener | None = field(default=None, repr=False)
    """The reader of a streamed answer (`text/event-stream`); any other answer is read whole."""
    compressed: bool = False
    """Whether the body may come compressed."""
    etag: str = ""
    """The ETag of an answer that the caller has read already: a 304 says that it still holds."""
    max_bytes: int = MAX_DECODED_BYTES
    """The most bytes of the body, as transferred and after decompression."""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "POST" if self.json_body else "GET"

    @property
    def head_within(self) -> float:
        """Seconds until the answer's head must be there."""
        return self.listener.head_within if self.listener else math.inf

    def request_headers(self) -> dict[str, str]:
        """Returns the headers to send."""
        # Even a body that is not awaited arrives in part, so that it had better be small.
        may_compress = self.page or self.head_only or self.compressed
        headers = {"Accept-Encoding": "gzip" if may_compress else "identity"}
        if not self.page:
            # A new connection each time, because a probe tests that too.
            headers["Connection"] = "close"
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        if self.json_body:
            headers["Content-Type"] = "application/json"
        if self.etag:
            headers["If-None-Match"] = self.etag
        if self.listener is not None:
            headers["Accept"] = "text/event-stream"
        return headers


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One HTTP answer of any status that came within the caps and in time."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; only those of `KEPT_HEADERS`."""
    body: bytes = b""
    """Decoded; empty if only the head was requested."""
    elapsed_ms: int = 0
    """Milliseconds from the request to the end of the head, including the making of a connection."""
    retry_after: float | None = None
    """Seconds that the server asks to wait, at most `MAX_WAIT`."""
    fresh_for: float | None = None
    """Seconds for which a cache would give the same answer, at most `MAX_WAIT`."""
    age: float = 0.0
    """Seconds since the server sent this to the cache that answered; at most `MAX_AGE`."""


def gather_body(pieces: Iterable[bytes], most: int = MAX_WIRE_BYTES) -> bytes | Miss:
    """Collects a body as transferred; a Miss if it exceeds `most` bytes or `MAX_PIECES`."""
    body = bytearray()
    for count, piece in enumerate(pieces, start=1):
        body += piece
        if len(body) > most:
            return Miss(Cause.TOO_BIG, detail=f"more than {most >> 10} KiB")
        if count > MAX_PIECES:
            return Miss(Cause.TOO_BIG, detail=f"more than {MAX_PIECES} pieces")
    return bytes(body)


def decode_body(body: bytes, encoding: str, most: int = MAX_DECODED_BYTES) -> bytes | Miss:
    """Removes a body's Content-Encoding; a Miss if it exceeds `most` bytes or `MAX_RATIO`, or is broken."""
    word = encoding.strip().lower()
    if word in ("", "identity"):
        return body
    if word not in ("gzip", "x-gzip", "deflate"):
        return Miss(Cause.FORMAT, detail=f"content encoding {word[:40]!r}")
    most = min(most, MAX_RATIO * len(body))
    for bits in (47, -15):  # gzip or zlib by their headers, then bare deflate, which some servers send
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
    """Reads Retry-After (RFC 9110 §10.2.3) in seconds: a number, or a date compared with the server's own Date."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_WAIT)
    until = parse_http_date(text)
    if until is None:
        return None
    start = parse_http_date(headers.get("date", "")) or now
    return min(max((until - start).total_seconds(), 0.0), MAX_WAIT)


def read_fresh_for(headers: Mapping[str, str]) -> float | None:
    """Reads for how many seconds a cache would give the same answer: max-age less Age (RFC 9111 §4.2)."""
    pairs = (word.partition("=") for word in headers.get("cache-control", "").split(","))
    ages = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
    longest = _read_seconds(ages.get("max-age", ""))
    if longest is None:
        return None
    return min(max(longest - read_age(headers), 0.0), MAX_WAIT)


def read_age(headers: Mapping[str, str]) -> float:
    """Reads an Age header in seconds (RFC 9111 §5.1), at most `MAX_AGE`; 0 if there is none."""
    return min(_read_seconds(headers.get("age", "")) or 0.0, MAX_AGE)


def _read_seconds(text: str) -> float | None:
    text = text.strip()
    return float(text) if text.isascii() and text.isdigit() else None


def parse_http_date(text: str) -> datetime | None:
    """Parses the time in a header such as Date, in UTC if it names no zone; None if it is no time."""
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
