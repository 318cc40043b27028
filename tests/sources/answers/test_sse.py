"""Server-sent events, whichever way the bytes are cut."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from trayapp.sources.answers.sse import EventReader, ServerSentEvent

STREAM = "event: one\ndata: Ç ✓ 😀\n\n: ping\n\ndata: a\ndata:b\n\nevent: two\ndata: {}\n\n".encode()
EVENTS = [ServerSentEvent("one", "Ç ✓ 😀"), ServerSentEvent("", "a\nb"), ServerSentEvent("two", "{}")]


def read(chunks: Iterable[bytes]) -> list[ServerSentEvent]:
    """All events of a stream that comes in these pieces."""
    reader = EventReader()
    return [event for chunk in chunks for event in reader.feed(chunk)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("size", range(1, 30))
def test_it_reads_the_same_however_it_is_cut(end: bytes, size: int) -> None:
    """Within a letter, within a line's end, within a name; a last lone carriage return waits for what follows."""
    stream = STREAM.replace(b"\n", end)
    assert read(stream[at : at + size] for at in range(0, len(stream), size)) == EVENTS


def test_each_single_cut_changes_nothing() -> None:
    """One cut at each place there is."""
    stream = STREAM.replace(b"\n", b"\r\n")
    assert all(read((stream[:at], stream[at:])) == EVENTS for at in range(len(stream) + 1))


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: cut off\n", []),
        (b"data: cut off", []),
        (b"event: bare\n\n", []),
        (b": only a comment\n\n", []),
        (b"", []),
        (b"data\n\n", [ServerSentEvent("", "")]),
        (b"id: 7\nretry: 10\nnobody: knows\ndata: x\n\n", [ServerSentEvent("", "x")]),
        (b"data: x\n\ntrailing bytes", [ServerSentEvent("", "x")]),
        (b"\xef\xbb\xbfdata: x\n\n", [ServerSentEvent("", "x")]),
        (b"data:  two blanks\n\n", [ServerSentEvent("", " two blanks")]),
        (b"data: \xff\xfe\n\n", [ServerSentEvent("", "\ufffd\ufffd")]),
        (
            b"event: a\nevent: b\ndata: x\n\ndata: y\n\n",
            [ServerSentEvent("b", "x"), ServerSentEvent("", "y")],
        ),
    ],
)
def test_odd_streams(stream: bytes, events: list[ServerSentEvent]) -> None:
    """By the standard; what the end cuts off is no event."""
    assert read([stream]) == events
