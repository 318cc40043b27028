"""Each faulty server fails as its name says."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.faults import CALM, faulty, nothing_listening

PROMPT = 5.0


@contextmanager
def asking(
    url: str, path: str = "/api/v2/summary.json", patience: float = 10
) -> Iterator[http.client.HTTPConnection]:
    """A connection whose request is on its way."""
    client = http.client.HTTPConnection(urlsplit(url).hostname or "", urlsplit(url).port, timeout=patience)
    try:
        client.request("GET", path)
        yield client
    finally:
        client.close()


@pytest.mark.parametrize("name", ["hang", "drip_head", "drip_body"])
def test_a_slow_server_ends_at_once_when_its_test_does(name: str) -> None:
    """A server that hangs or drips gives no whole answer and does not outlive its block."""
    with faulty(name) as url, asking(url, patience=0.4) as client:
        with pytest.raises((TimeoutError, http.client.IncompleteRead)):
            client.getresponse().read()
        asked_to_end = time.monotonic()
    assert time.monotonic() - asked_to_end < PROMPT


@pytest.mark.parametrize("name", ["drip_head", "drip_body"])
def test_a_drip_keeps_each_single_read_alive(name: str) -> None:
    """Bytes keep coming, so that a limit on each read alone never ends it."""
    with faulty(name, pause=0.01) as url, asking(url) as client:
        assert client.sock is not None
        got = b""
        while got.count(b"x") < 20:
            got += client.sock.recv(4096)


@pytest.mark.parametrize("name", ["reset", "reset_in_body"])
def test_a_reset_is_a_reset(name: str) -> None:
    """The connection ends with RST, before the answer or in its middle."""
    with faulty(name) as url, asking(url) as client, pytest.raises(ConnectionResetError):
        client.getresponse().read()


def test_a_truncated_answer_is_shorter_than_it_promised() -> None:
    """The connection ends politely in the middle of the body."""
    with faulty("truncated") as url, asking(url) as client, pytest.raises(http.client.IncompleteRead):
        client.getresponse().read()


@pytest.mark.parametrize("name", ["truncated_json", "html", "deep_json"])
def test_a_whole_answer_can_be_no_json(name: str) -> None:
    """The answer is whole and 200, and cannot be read as JSON."""
    with faulty(name) as url, asking(url) as client:
        response = client.getresponse()
        assert response.status == 200
        with pytest.raises((json.JSONDecodeError, RecursionError)):
            json.loads(response.read())


def test_the_big_answer_is_two_megabytes_of_sound_json() -> None:
    """It is too much on the wire, and nothing else is wrong with it."""
    with faulty("big_json") as url, asking(url) as client:
        body = client.getresponse().read()
        assert len(body) > 2_000_000
        json.loads(body)


def test_the_bomb_is_small_on_the_wire_and_huge_when_decoded() -> None:
    """It passes a cap on the wire, so only one after decompression stops it."""
    with faulty("gzip_bomb") as url, asking(url) as client:
        body = client.getresponse().read()
        assert len(body) < 1 << 20
        assert len(gzip.decompress(body)) == 100_000_000


def test_redirects_lead_nowhere_or_to_a_portal() -> None:
    """One points to itself, the other to another host that answers HTML."""
    with faulty("redirect_loop") as url, asking(url, "/here") as client:
        assert client.getresponse().headers["Location"] == "/here"
    with faulty("redirect_to_portal") as url:
        with asking(url) as client:
            portal = client.getresponse().headers["Location"]
        assert urlsplit(portal).hostname != urlsplit(url).hostname
        with asking(portal, "/portal") as client:
            assert b"hotel" in client.getresponse().read()


def test_another_protocol_is_no_http() -> None:
    """A greeting of a mail server comes instead of a status line."""
    with faulty("not_http") as url, asking(url) as client, pytest.raises(http.client.BadStatusLine):
        client.getresponse()


def test_where_nothing_listens_the_connection_is_refused() -> None:
    """The port stays taken for as long as the test needs it to refuse."""
    with nothing_listening() as url, pytest.raises(ConnectionRefusedError), asking(url):
        pass


def test_what_is_truncated_was_sound_before() -> None:
    """The answer that the truncated ones are cut from is JSON of a calm page."""
    assert json.loads(CALM)["status"]["indicator"] == "none"
