"""How much of a hostile page is read: no more than is ever shown, because all of it is kept."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from hashlib import sha256

import pytest

from tests.sources.asking import answer, cause, one
from tests.sources.conftest import Serve
from tests.sources.pages import Json, component, incident, json_response, only, post, read, summary
from tests.sources.servers import answer_bytes, raw, say
from trayapp.model import Cause, Miss
from trayapp.sources.attempt import MAX_HEAD_BYTES
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import MAX_DECODED_BYTES, MAX_PIECES, MAX_RATIO, HttpRequest, decode_body
from trayapp.sources.native_feed import read_native

LONG = "x" * 50_000


def noise(length: int) -> bytes:
    """Text that hardly gets shorter by compression."""
    return "".join(sha256(b"%d" % n).hexdigest() for n in range(length // 64 + 1))[:length].encode()


def test_a_body_is_read_up_to_a_mebibyte() -> None:
    """Also where it came over the wire as less."""
    within = b'"' + noise(MAX_DECODED_BYTES - 2) + b'"'
    assert decode_body(gzip.compress(within), "gzip") == within
    got = decode_body(gzip.compress(within + b"    "), "gzip")
    assert isinstance(got, Miss)
    assert got.cause is Cause.TOO_BIG


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_grows_a_hundredfold_is_refused(http: HttpClient, serve: Serve, encoding: str) -> None:
    """A few thousand bytes would take hundreds of megabytes for a moment."""
    fill = b'{"x":[' + b'{"":0},' * 100_000 + b"0]}"
    assert len(fill) > MAX_RATIO * len(gzip.compress(fill))
    body = gzip.compress(fill) if encoding == "gzip" else zlib.compress(fill)
    server = serve(say(200, body, content_encoding=encoding))
    assert cause(one(http, HttpRequest(server.url, page=True))) is Cause.TOO_BIG


@pytest.mark.parametrize("extension", [b"", b";" + b"e" * 4000], ids=["tiny", "with long extensions"])
def test_a_body_in_pieces_without_end_costs_no_time(http: HttpClient, serve: Serve, extension: bytes) -> None:
    """Of one byte each they would keep a core busy until the deadline; a page in a thousand pieces is read."""
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    piece = b"1" + extension + b"\r\n \r\n"
    flood = serve(raw(head + piece * (MAX_PIECES + 1) + b"0\r\n\r\n"))
    got = one(http, HttpRequest(flood.url, page=True))
    assert isinstance(got, Miss)
    assert (got.cause, got.status, got.detail) == (Cause.TOO_BIG, 200, f"more than {MAX_PIECES} pieces")
    usual = serve(raw(head + b"2\r\n{}\r\n" + b"1\r\n \r\n" * 1000 + b"0\r\n\r\n"))
    assert answer(http, HttpRequest(usual.url, page=True)).body == b"{}" + b" " * 1000


def test_announcements_of_an_answer_without_end_cost_no_time(http: HttpClient, serve: Serve) -> None:
    """A hundred "early hints" are passed over, on a kept connection again and again; a flood is no proper HTTP."""
    hint = b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
    usual = serve(raw(hint * 100 + answer_bytes(200, b"{}"), keep=True))
    for _ in range(50):
        assert answer(http, HttpRequest(usual.url, page=True)).body == b"{}"
    flood = serve(raw(hint * (MAX_HEAD_BYTES // len(hint) + 2000)))
    got = one(http, HttpRequest(flood.url, page=True))
    assert isinstance(got, Miss)
    assert (got.cause, got.detail) == (
        Cause.PROTOCOL,
        f"FloodError: more than {MAX_HEAD_BYTES} bytes and no answer",
    )


def test_a_page_in_its_usual_form_is_far_from_it(http: HttpClient, serve: Serve) -> None:
    """Thirty-four components and as many incidents."""
    document = summary(
        *(component(f"Component {n}") for n in range(34)),
        incidents=[
            incident("resolved", post("resolved", "2026-05-01T10:00:00Z"), id=f"I{n}") for n in range(34)
        ],
    )
    body = gzip.compress(json_response(document).body)
    server = serve(say(200, body, content_encoding="gzip"))
    assert answer(http, HttpRequest(server.url, page=True)).body == json_response(document).body


def hostile() -> Json:
    """A page of which everything is too long."""
    posts = [
        post(LONG, f"2026-05-01T10:{n % 60:02}:{n // 60:02}Z", id=f"{n}{LONG}", body=LONG) for n in range(90)
    ]
    return summary(
        component(LONG, LONG, id=LONG, group=LONG),
        indicator=LONG,
        incidents=[incident(LONG, *posts, id=LONG, name=LONG, impact=LONG, components=[{"id": LONG}])],
    )


def test_every_text_is_clipped() -> None:
    """Names to 160 characters, posts to 2,000, ids to 100."""
    page = read(hostile())
    found = only(page)
    assert (len(found.name), len(found.id), len(found.updates[0].text)) == (160, 100, 2000)
    assert (len(found.components[0]), len(found.updates[0].id)) == (100, 100)
    assert {len(w) for w in (found.stage_word, found.impact_word, found.updates[0].word)} == {160}
    assert (len(page.indicator_word), len(page.components[0].id), len(page.components[0].name)) == (
        160,
        100,
        160,
    )


def test_of_many_posts_the_newest_thirty_are_kept() -> None:
    """In whatever order they come; when the incident began is still that of the first."""
    times = [f"2026-05-01T10:{n:02}:00Z" for n in range(60)]
    shuffled = [times[7 * n % 60] for n in range(60)]
    found = only(read(summary(incidents=[incident("identified", *(post("x", t) for t in shuffled))])))
    assert [update.at.minute for update in found.updates if update.at] == list(range(59, 29, -1))
    assert found.started_at is not None
    assert found.started_at.minute == 0


def incidents(count: int, status: str, first: int = 0) -> list[Json]:
    """So many incidents, each a second after the one before."""
    return [
        incident(status, id=f"I{n}", created_at=f"2026-05-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z")
        for n in range(first, first + count)
    ]


def test_two_hundred_incidents_are_read() -> None:
    """Of an answer, and of a page."""
    page = read(
        summary(incidents=incidents(400, "identified")), None, {"incidents": incidents(400, "resolved", 500)}
    )
    assert len(page.incidents) == 200


def test_what_is_still_open_is_not_crowded_out() -> None:
    """By however many newer ones that are over."""
    old = incident("identified", id="old", created_at="2020-01-01T00:00:00Z")
    page = read(summary(incidents=[old]), None, {"incidents": incidents(300, "resolved")})
    assert [i.id for i in page.incidents if i.is_open] == ["old"]
    assert len(page.incidents) == 200


def test_an_incident_names_a_hundred_components_at_most() -> None:
    """In the page and in the native feed."""
    rows = [{"component_id": f"C{n}"} for n in range(900)]
    found = only(read(summary(incidents=[incident("identified", affected_components=rows)])))
    assert len(found.components) == 100
    feed = {"ongoing_incidents": [{"id": f"I{n}", "affected_components": rows} for n in range(300)]}
    native = read_native(json_response(feed))
    assert not isinstance(native, Miss)
    assert (len(native.concerns), {len(c) for c in native.concerns.values()}) == (200, {100})


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="the room a process takes is read as Linux tells it")
@pytest.mark.parametrize("row", ['{"":0}', "[]", '{"id":"1"}', '{"incident_updates":[{},{},{}]}'])
@pytest.mark.parametrize("key", ["x", "incidents", "components"])
def test_a_page_of_a_mebibyte_takes_a_bounded_room(row: str, key: str) -> None:
    """Four such answers, one after the other, in a process of their own: it grows by less than 60 MB."""
    program = f"""
import resource
from trayapp.sources.statuspage import read_page
from trayapp.sources.native_feed import read_native
from trayapp.sources.messages import MAX_DECODED_BYTES, HttpResponse
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
row, key = {row.encode()!r}, {key.encode()!r}
body = b'{{"' + key + b'":[' + (row + b",") * ((MAX_DECODED_BYTES - 50) // (len(row) + 1)) + b'0]}}'
before = peak()
answer = HttpResponse(200, {{}}, body)
read_page(answer, answer, answer)
read_native(answer)
print((peak() - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 60


def test_all_that_is_kept_of_a_hostile_page_is_bounded() -> None:
    """Every text that a page can name stands in it."""
    page = read(hostile())
    assert len(repr(page)) < 80_000
    assert len(json_response(hostile()).body) > 100 * len(repr(page))
