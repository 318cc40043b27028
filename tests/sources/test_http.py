"""HTTP against real servers: deadlines, caps and the causes of bad answers."""

from __future__ import annotations

import gzip
import time
import zlib

import pytest

from tests.sources.asking import answer, cause, one
from tests.sources.conftest import Serve
from tests.sources.servers import (
    Manner,
    cut_body,
    cut_chunk,
    cut_head,
    drip_body,
    drip_head,
    gzip_bomb,
    hang,
    header_flood,
    no_http,
    raw,
    reset,
    reset_in_body,
    say,
)
from trayapp.model import Cause
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse

DEADLINE = 1.0
GENEROUS = 3.0
"""Seconds in which a deadline of one second must have ended, on a busy machine too."""


def test_an_answer_carries_status_body_and_only_known_headers(http: HttpClient, serve: Serve) -> None:
    """Headers outside the allow-list, cookies above all, stay behind."""
    server = serve(say(200, b"{}", set_cookie="a=b", x_request_id="r1"))
    got = answer(http, HttpRequest(server.url + "/x"))
    assert (got.status, got.body, got.headers["x-request-id"]) == (200, b"{}", "r1")
    assert "set-cookie" not in got.headers
    assert got.elapsed_ms >= 0


def test_requests_say_who_asks_and_send_no_cookie_back(http: HttpClient, serve: Serve) -> None:
    """The user agent is honest, and a cookie that was set is not returned."""
    server = serve(say(200, b"{}", set_cookie="a=b; Path=/"))
    for _ in range(2):
        answer(http, HttpRequest(server.url, page=True))
    assert [seen.headers["user-agent"] for seen in server.seen] == ["openai-status-tray/test"] * 2
    assert not any("cookie" in seen.headers for seen in server.seen)


@pytest.mark.long
@pytest.mark.parametrize("manner", [drip_head, drip_body, hang], ids=["drip head", "drip body", "hang"])
def test_the_deadline_holds_against_servers_that_drip_or_hang(
    http: HttpClient, serve: Serve, manner: Manner
) -> None:
    """A byte now and then keeps no request alive beyond its deadline."""
    server = serve(manner)
    began = time.monotonic()
    assert cause(one(http, HttpRequest(server.url, page=True), DEADLINE)) is Cause.TIMEOUT
    assert time.monotonic() - began < GENEROUS


def test_a_slow_one_does_not_delay_the_others_answers(http: HttpClient, serve: Serve) -> None:
    """All asks run in parallel, and each brings its own answer or miss."""
    slow, quick = serve(hang), serve(say(200, b"here"))
    got = http.fetch([HttpRequest(slow.url), HttpRequest(quick.url)], DEADLINE)
    assert cause(got[0]) is Cause.TIMEOUT
    assert isinstance(got[1], HttpResponse)
    assert got[1].body == b"here"


def test_a_dripping_body_does_not_matter_where_only_the_head_is_asked_for(
    http: HttpClient, serve: Serve
) -> None:
    """A probe is answered as soon as the head is there."""
    assert answer(http, HttpRequest(serve(drip_body).url, head_only=True)).status == 200


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        (reset, Cause.RESET),
        (reset_in_body, Cause.RESET),
        (raw(b""), Cause.RESET),
        (cut_head, Cause.RESET),
        (cut_body, Cause.TRUNCATED),
        (cut_chunk, Cause.TRUNCATED),
        (no_http, Cause.PROTOCOL),
        (header_flood, Cause.PROTOCOL),
        (say(200, b"x" * (2 << 20)), Cause.TOO_BIG),
        (gzip_bomb(64 << 20), Cause.TOO_BIG),
        (say(200, b"plain", content_encoding="gzip"), Cause.FORMAT),
        (say(200, b"plain", content_encoding="br"), Cause.FORMAT),
        (say(200, gzip.compress(b"{}")[:-9], content_encoding="gzip"), Cause.TRUNCATED),
        (say(407), Cause.PROXY),
    ],
)
def test_every_bad_answer_has_a_named_cause(
    http: HttpClient, serve: Serve, manner: Manner, expected: Cause
) -> None:
    """Resets, truncation, nonsense and bombs are told apart."""
    assert cause(one(http, HttpRequest(serve(manner).url))) is expected


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("identity", b"text"),
        ("gzip", gzip.compress(b"text", mtime=0)),
        ("x-gzip", gzip.compress(b"text", mtime=0)),
        ("deflate", zlib.compress(b"text")),
        ("deflate", zlib.compress(b"text", wbits=-15)),
    ],
)
def test_compressed_bodies_are_read(http: HttpClient, serve: Serve, encoding: str, body: bytes) -> None:
    """Gzip, and deflate in both forms that servers send."""
    server = serve(say(200, body, content_encoding=encoding))
    assert answer(http, HttpRequest(server.url, page=True)).body == b"text"
    assert server.seen[0].headers["accept-encoding"] == "gzip"
