"""What the status server answers."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import pytest

from trayapp.demo.server import (
    API_PATH,
    CHATGPT_PATH,
    JSON_HEADERS,
    LOGIN_PATH,
    NO_CONTENT_PATH,
    SUCCESS_PATH,
    TRACE_PATH,
    UNAVAILABLE,
    CannedAnswer,
    EndpointFault,
    StatusServer,
)


@pytest.fixture
def server() -> Iterator[StatusServer]:
    """A running status server."""
    with StatusServer() as running:
        yield running


@pytest.fixture
def client(server: StatusServer) -> Iterator[http.client.HTTPConnection]:
    """A connection to it."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield connection
    connection.close()


def ask(client: http.client.HTTPConnection, path: str, method: str = "GET") -> tuple[int, bytes]:
    """The status and body of one request."""
    client.request(method, path)
    response = client.getresponse()
    return response.status, response.read()


def test_the_references_are_right_by_default(client: http.client.HTTPConnection) -> None:
    """The neutral references answer 200 `success` and an empty 204."""
    assert ask(client, SUCCESS_PATH) == (200, b"success\n")
    assert ask(client, NO_CONTENT_PATH) == (204, b"")


@pytest.mark.parametrize(
    ("path", "status"), [(API_PATH, 401), (CHATGPT_PATH, 403), (LOGIN_PATH, 403), (TRACE_PATH, 200)]
)
def test_the_probes_endpoints_are_alive_by_default(
    client: http.client.HTTPConnection, path: str, status: int
) -> None:
    """Each probed endpoint gives what the real one gives to somebody without a key."""
    assert ask(client, path)[0] == status


def test_all_requests_of_a_client_share_one_connection(client: http.client.HTTPConnection) -> None:
    """Connections are kept alive, empty answers and failures included."""
    ask(client, SUCCESS_PATH)
    first = client.sock
    for path in (NO_CONTENT_PATH, "/unheard-of", API_PATH):
        ask(client, path)
    assert client.sock is first


def test_an_unknown_path_is_404(client: http.client.HTTPConnection) -> None:
    """A path that nobody set is not found."""
    assert ask(client, "/unheard-of")[0] == 404


def test_an_answer_changes_under_a_running_client(
    server: StatusServer, client: http.client.HTTPConnection
) -> None:
    """What is set is what the next request gets, headers included."""
    assert ask(client, API_PATH)[0] == 401
    server.set_answer(API_PATH, UNAVAILABLE)
    assert ask(client, API_PATH)[0] == 503
    server.set_answer("/page", CannedAnswer(200, b"{}", {**JSON_HEADERS, "Cache-Control": "max-age=9"}))
    client.request("GET", "/page?again=1")
    response = client.getresponse()
    assert (response.read(), response.headers["Cache-Control"]) == (b"{}", "max-age=9")


def test_a_head_request_gets_no_body(client: http.client.HTTPConnection) -> None:
    """HEAD gives the head of GET and leaves the connection usable."""
    assert ask(client, SUCCESS_PATH, "HEAD") == (200, b"")
    assert ask(client, SUCCESS_PATH) == (200, b"success\n")


def test_a_reset_endpoint_resets(server: StatusServer, client: http.client.HTTPConnection) -> None:
    """RESET is a reset of the connection, not a polite close."""
    server.set_answer(LOGIN_PATH, EndpointFault.RESET)
    with pytest.raises(ConnectionResetError):
        ask(client, LOGIN_PATH)


def test_a_hanging_endpoint_gives_nothing(server: StatusServer) -> None:
    """HANG takes the request and stays silent."""
    server.set_answer(CHATGPT_PATH, EndpointFault.HANG)
    impatient = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=0.3)
    with pytest.raises(TimeoutError):
        ask(impatient, CHATGPT_PATH)
    impatient.close()
    assert [request.path for request in server.asked] == [CHATGPT_PATH]


def test_requests_are_listed_in_order_with_times_and_headers(
    server: StatusServer, client: http.client.HTTPConnection
) -> None:
    """Tests can see what was asked, when, and by whom."""
    client.request("GET", SUCCESS_PATH, headers={"User-Agent": "somebody/1"})
    client.getresponse().read()
    ask(client, API_PATH)
    first, second = server.asked
    assert (first.path, first.headers["user-agent"]) == (SUCCESS_PATH, "somebody/1")
    assert second.path == API_PATH
    assert second.at >= first.at


def test_nothing_is_written_to_stderr(
    client: http.client.HTTPConnection, server: StatusServer, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither a request nor a cut connection prints anything: the terminal belongs to the status line."""
    server.set_answer(LOGIN_PATH, EndpointFault.RESET)
    assert json.loads(ask(client, API_PATH)[1])["error"]
    with pytest.raises(ConnectionResetError):
        ask(client, LOGIN_PATH)
    assert capfd.readouterr() == ("", "")
