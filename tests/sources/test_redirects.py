"""Redirects, against real servers."""

from __future__ import annotations

import pytest

from tests.sources.asking import answer, one
from tests.sources.conftest import Serve
from tests.sources.servers import (
    Manner,
    by_path,
    say,
)
from trayapp.model import Cause, Miss
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse


@pytest.mark.parametrize(
    ("location", "expected"),
    [("/final", 200), ("//127.0.0.1:{port}/final", 200), ("/loop", None)],
)
def test_the_page_follows_redirects_on_its_own_host(
    http: HttpClient, serve: Serve, location: str, expected: int | None
) -> None:
    """A few hops on the same host are followed; a loop is a redirect's miss."""
    manners: dict[str, Manner] = {"/final": say(200, b"{}"), "/loop": say(302, location="/loop")}
    server = serve(by_path(manners))
    manners["/start"] = say(301, location=location.format(port=server.port))
    got = one(http, HttpRequest(server.url + "/start", page=True))
    assert (got.status if isinstance(got, HttpResponse) else None) == expected
    if isinstance(got, Miss):
        assert (got.cause, got.status) == (Cause.REDIRECT, 302)


@pytest.mark.parametrize(
    ("location", "whereto"),
    [
        ("https://elsewhere.test/", "https://elsewhere.test"),
        ("https://me:secret@elsewhere.test:8443/secret?secret#secret", "https://elsewhere.test:8443"),
        ("//elsewhere.test", "http://elsewhere.test"),
        ("http://bücher.test/", "http://xn--bcher-kva.test"),
        ("http://[2001:db8::1]:81/", "http://[2001:db8::1]:81"),
        ("file:///etc/passwd", "file://"),
        ("ftp://127.0.0.1/", "ftp://127.0.0.1"),
        ("http://127.0.0.1:0/", "http://127.0.0.1:0"),
        ("http://127.0.0.1:65536/", "http://127.0.0.1:65536"),
        ("http://127.0.0.1:99999999/", "http://127.0.0.1:99999999"),
    ],
)
def test_a_redirect_that_leads_away_is_not_followed(
    http: HttpClient, serve: Serve, location: str, whereto: str
) -> None:
    """Another host, a file, another protocol or a port that cannot be is a redirect's miss, which says whereto."""
    got = one(http, HttpRequest(serve(say(302, location=location)).url, page=True))
    assert isinstance(got, Miss)
    assert (got.cause, got.whereto) == (Cause.REDIRECT, whereto)
    assert "secret" not in repr(got)


def test_a_redirect_is_an_answer_where_no_page_is_asked_for(http: HttpClient, serve: Serve) -> None:
    """Probes and references see the redirect itself."""
    server = serve(say(302, location="/portal"))
    got = answer(http, HttpRequest(server.url))
    assert (got.status, got.headers["location"]) == (302, "/portal")
    assert len(server.seen) == 1
