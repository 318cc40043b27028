"""Whether Downdetector accepts a key: what its answer says, and what it does not."""

from __future__ import annotations

import pytest

from tests.sources.conftest import Serve
from tests.sources.crowd.asked import KEY
from tests.sources.crowd.shapes import company, json_body
from tests.sources.servers import say
from trayapp.sources.crowd.key_acceptance import try_downdetector_key
from trayapp.sources.http import HttpClient
from trayapp.sources.key_acceptance import KeyAcceptance


@pytest.mark.parametrize(
    ("status", "body", "acceptance"),
    [
        (200, json_body([company()]), KeyAcceptance.ACCEPTED),
        (200, json_body([company(country="US")]), KeyAcceptance.NO_ENTRY),
        (200, json_body([]), KeyAcceptance.NO_ENTRY),
        (200, b"<html>sign in</html>", KeyAcceptance.OTHER_API),
        (200, b"{}", KeyAcceptance.OTHER_API),
        (302, b"", KeyAcceptance.OTHER_API),
        (404, b"{}", KeyAcceptance.OTHER_API),
        (401, b"{}", KeyAcceptance.REFUSED),
        (403, b"{}", KeyAcceptance.REFUSED),
        (403, b" <html>a wall</html>", KeyAcceptance.UNKNOWN),
        (429, b"{}", KeyAcceptance.UNKNOWN),
        (503, b"", KeyAcceptance.UNKNOWN),
    ],
)
def test_an_answer_says_whether_the_key_is_accepted(
    serve: Serve, http: HttpClient, status: int, body: bytes, acceptance: KeyAcceptance
) -> None:
    """One request, with the key in its header and nowhere else."""
    server = serve(say(status, body))
    assert try_downdetector_key(http, "TR", KEY, server.url).acceptance is acceptance
    (seen,) = server.seen
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in seen.path


def test_without_an_answer_nothing_is_known(http: HttpClient) -> None:
    """The cause is given."""
    got = try_downdetector_key(http, "TR", KEY, "http://127.0.0.1:1")
    assert got.acceptance is KeyAcceptance.NO_ANSWER
    assert got.cause is not None
