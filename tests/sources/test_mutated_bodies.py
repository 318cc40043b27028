"""Real-shaped answers, broken at random: whatever comes, it is read, judged and worded without an exception.

`MUTATED_FILMS=20000` plays so many films with new seeds; without it a fixed set is played.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.mutations import TOKENS, documents, mutate_body
from trayapp.app.languages import load_translator
from trayapp.core.judge import judge_round
from trayapp.core.state.memory import Memory
from trayapp.core.tray_view.view import build_view
from trayapp.core.wording.notifications import build_notification
from trayapp.model import (
    ConnectionState,
    Level,
    Limits,
    Miss,
    Moment,
    NativeReading,
    PageReading,
    ProbeResult,
    ProbeSpec,
    Round,
    SavedMemory,
    State,
    is_on_ladder,
)
from trayapp.sources.messages import KEPT_HEADERS, HttpResponse, decode_body, read_fresh_for, read_retry_after
from trayapp.sources.native_feed import read_native
from trayapp.sources.probes import read_probe
from trayapp.sources.statuspage import read_page
from trayapp.store.codec import from_json, to_json

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FRAMES = documents(NOON)
PROBE = ProbeSpec("API", "APIs", "https://api.example.test/v1/models", 150.0)
LIMITS = Limits(probes=(PROBE,), level=Level.EVERYTHING)
ZONES = st.sampled_from([timezone(timedelta(hours=hours)) for hours in (-11, 0, 14)])
FILMS = int(os.environ.get("MUTATED_FILMS", "0"))
IN_TIME = timedelta(seconds=10)
"""A round's own deadline."""


def many(examples: int) -> settings:
    """So many examples, always the same; many more and new ones where they are asked for."""
    return settings(max_examples=FILMS or examples, derandomize=not FILMS, deadline=IN_TIME, database=None)


SEEDS = st.integers(0, 2**32)
_HEADER = st.sampled_from(
    ["", "gzip", "0", "9" * 400, "-1", "max-age=", 'max-age="9e9", x', "Thu, 32 Foo", "//["]
) | st.text(max_size=12)
HEADERS = st.dictionaries(st.sampled_from(KEPT_HEADERS), _HEADER, max_size=4)
CALM = judge_round(
    Memory(),
    Round(Moment(NOON, 0.0, 0.0), read_page(*(HttpResponse(200, body=b) for b in FRAMES[0][:3]))),
    LIMITS,
)[0]
"""What is remembered after a look at the calm page: the first poll of all would tell nothing."""
STATUSES = st.sampled_from(
    [200, 200, 200, 204, 301, 304, 401, 403, 404, 429, 500, 503, 511, 599]
) | st.integers(100, 999)
LOOKS = st.tuples(
    st.sampled_from(FRAMES), SEEDS, STATUSES, HEADERS, st.sampled_from(ConnectionState), st.integers(1, 4000)
)


@pytest.mark.long
@many(1200)
@given(ZONES, st.lists(LOOKS, min_size=1, max_size=6))
def test_no_mutated_answer_raises_from_reading_to_wording(
    zone: tzinfo,
    looks: list[tuple[tuple[bytes, ...], int, int, dict[str, str], ConnectionState, int]],
) -> None:
    """Page, feed and probe broken in each look of a film: a state is shown, told in words, and kept."""
    spoken = replace(load_translator("en"), to_local=lambda at: at.astimezone(zone))
    memory, second = CALM, 0.0
    for bodies, seed, status, headers, line, seconds in looks:
        second += seconds
        summary, components, incidents, native = (
            HttpResponse(200, body=mutate_body(body, seed + n)) for n, body in enumerate(bodies)
        )
        page = read_page(summary, components, incidents, base="https://page.example.test")
        _assert_sound(page)
        feed = read_native(native)
        assert isinstance(feed, NativeReading | Miss)
        now = Moment(NOON + timedelta(seconds=second), second, second)
        result = _probe_result(status, headers, now)
        memory, verdict, told = judge_round(memory, Round(now, page, feed, (result,), line), LIMITS)
        assert verdict.state is not State.OPERATIONAL or memory.page is not None
        build_view(verdict, memory.saved, spoken, now.wall)
        for transition in told:
            build_notification(spoken, transition, verdict)
        assert from_json(SavedMemory, to_json(memory.saved)) == memory.saved


def _assert_sound(page: PageReading | Miss) -> None:
    assert isinstance(page, PageReading | Miss)
    if isinstance(page, PageReading):
        assert all(is_on_ladder(c.state) and c.id for c in page.components)
        assert all(is_on_ladder(i.impact) and i.id and i.url for i in page.incidents)


def _probe_result(status: int, headers: dict[str, str], now: Moment) -> ProbeResult:
    waits = read_retry_after(headers, now.wall), read_fresh_for(headers)
    assert all(wait is None or 0.0 <= wait <= 3600.0 for wait in waits)
    return read_probe(PROBE, HttpResponse(status, headers, retry_after=waits[0], fresh_for=waits[1]))


@many(500)
@given(
    st.sampled_from(FRAMES[-1]),
    SEEDS,
    st.sampled_from([9, 15, -15, 31]),
    st.sampled_from(["gzip", "deflate", "br"]),
)
def test_no_mutated_compression_raises(body: bytes, seed: int, bits: int, encoding: str) -> None:
    """A compressed body with broken bytes is text or a miss."""
    deflater = zlib.compressobj(wbits=bits)
    packed = deflater.compress(body) + deflater.flush()
    assert isinstance(decode_body(mutate_body(packed, seed), encoding), bytes | Miss)


@pytest.mark.long
@many(500)
@given(st.lists(st.sampled_from(TOKENS) | st.binary(max_size=6), max_size=12))
def test_no_heap_of_json_s_pieces_raises(pieces: list[bytes]) -> None:
    """Tokens and bytes in any order, which are seldom JSON."""
    body = HttpResponse(200, body=b"".join(pieces))
    _assert_sound(read_page(body, body, body))
    assert isinstance(read_native(body), NativeReading | Miss)


@pytest.mark.parametrize(
    "row", [{"name": "ChatGPT", "impact": "major"}, {"name": "Voice", "status": "major_outage"}]
)
def test_a_page_full_to_the_brim_is_judged_within_a_round(row: dict[str, str]) -> None:
    """Tens of thousands of rows, each of which may concern each other, do not hold up the program."""
    rows = [{"id": f"{n:05}", **row, "name": f"{row['name']} {n}"} for n in range(40_000)]
    body = HttpResponse(200, body=json.dumps({"components": rows, "incidents": rows}).encode())
    began = time.monotonic()
    page = read_page(body, body, body)
    _assert_sound(page)
    judge_round(CALM, Round(Moment(NOON, 60.0, 60.0), page), LIMITS)
    assert time.monotonic() - began < IN_TIME.total_seconds()
