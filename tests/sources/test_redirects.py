"""Redirects and ETags, against real servers."""

from __future__ import annotations

import pytest

from tests.sources.asking import answer, cause, one
from tests.sources.conftest import Serve
from tests.sources.servers import (
    Manner,
    by_path,
    in_turn,
    raw,
    say,
    written,
)
from trayapp.model import Cause, Miss
from trayapp.sources.http import Http
from trayapp.sources.wire import Answer, Ask


@pytest.mark.parametrize(
    ("location", "expected"),
    [("/final", 200), ("//127.0.0.1:{port}/final", 200), ("/loop", None)],
)
def test_the_page_follows_redirects_on_its_own_host(
    http: Http, serve: Serve, location: str, expected: int | None
) -> None:
    """A few hops on the same host are followed; a loop is a redirect's miss."""
    manners: dict[str, Manner] = {"/final": say(200, b"{}"), "/loop": say(302, location="/loop")}
    server = serve(by_path(manners))
    manners["/start"] = say(301, location=location.format(port=server.port))
    got = one(http, Ask(server.url + "/start", page=True))
    assert (got.status if isinstance(got, Answer) else None) == expected
    if isinstance(got, Miss):
        assert (got.cause, got.status) == (Cause.REDIRECT, 302)


@pytest.mark.parametrize("location", ["https://elsewhere.test/", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_a_redirect_that_leads_away_is_not_followed(http: Http, serve: Serve, location: str) -> None:
    """Another host, a file or another protocol is a redirect's miss."""
    got = one(http, Ask(serve(say(302, location=location)).url, page=True))
    assert cause(got) is Cause.REDIRECT


def test_a_redirect_is_an_answer_where_no_page_is_asked_for(http: Http, serve: Serve) -> None:
    """Probes and references see the redirect itself."""
    server = serve(say(302, location="/portal"))
    got = answer(http, Ask(server.url))
    assert (got.status, got.headers["location"]) == (302, "/portal")
    assert len(server.seen) == 1


def test_a_304_gives_the_remembered_body(http: Http, serve: Serve) -> None:
    """If-None-Match goes out only once an ETag came, and exactly as it came."""
    first, second = written(200, b'{"a":1}', etag='W/"x"'), written(304)
    server = serve(in_turn(raw(first, keep=True), raw(second, keep=True)))
    bodies = [answer(http, Ask(server.url, page=True)) for _ in range(2)]
    assert [(got.status, got.body) for got in bodies] == [(200, b'{"a":1}')] * 2
    assert [seen.headers.get("if-none-match") for seen in server.seen] == [None, 'W/"x"']


def test_a_304_without_an_etag_is_passed_on_as_it_is(http: Http, serve: Serve) -> None:
    """A server that says "unchanged" to somebody who has nothing gets no body invented."""
    assert answer(http, Ask(serve(say(304)).url, page=True)).status == 304


def test_only_a_few_bodies_are_remembered(http: Http, serve: Serve) -> None:
    """The oldest ETag is forgotten, so memory stays flat."""
    server = serve(say(200, b"{}", etag='"e"'))
    for path in ("/1", "/2", "/3", "/4", "/5", "/1"):
        answer(http, Ask(server.url + path, page=True))
    assert "if-none-match" not in server.seen[-1].headers
