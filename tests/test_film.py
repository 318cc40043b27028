"""The films, the proxy and the certificates that the tests from end to end stand on."""

from __future__ import annotations

import http.client
import json
import ssl
from pathlib import Path
from typing import Any

import pytest

from tests.faults import nothing_listening
from tests.film import Film, own_film
from tests.proxy import ForwardProxy
from tests.tls import throwaway_authority
from trayapp.demo.page_json import COMPONENTS_PATH, INCIDENTS_PATH, SUMMARY_PATH
from trayapp.demo.server import SUCCESS_PATH, StatusServer


@pytest.fixture
def film() -> Film:
    """The project's own."""
    return own_film()


def fetch(server: StatusServer, path: str) -> Any:
    """The JSON under a path."""
    client = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    client.request("GET", path)
    answer = json.loads(client.getresponse().read())
    client.close()
    return answer


def test_a_film_goes_from_calm_to_an_incident_that_no_component_shows_and_back(film: Film) -> None:
    """Its second scene has a minor indicator and one open incident while everything listed is operational."""
    first, trouble, after = film.scenes
    with StatusServer(first) as server:
        assert "incidents" not in fetch(server, SUMMARY_PATH)
        calm_since = fetch(server, SUMMARY_PATH)["page"]["updated_at"]
        server.set_answers(trouble)
        summary = fetch(server, SUMMARY_PATH)
        assert summary["status"]["indicator"] == "minor"
        assert [i["id"] for i in summary["incidents"]] == [film.incident_id]
        assert {c["status"] for c in summary["components"]} == {"operational"}
        assert len(summary["components"]) == 25
        server.set_answers(after)
        assert fetch(server, SUMMARY_PATH)["page"]["updated_at"] == calm_since < summary["page"]["updated_at"]


def test_every_scene_answers_all_three_paths(film: Film) -> None:
    """Components are whole and past incidents are there in each scene."""
    for scene in film.scenes:
        with StatusServer(scene) as server:
            assert len(fetch(server, COMPONENTS_PATH)["components"]) == 34
            assert fetch(server, INCIDENTS_PATH)["incidents"]


def test_a_plain_request_goes_through_the_proxy() -> None:
    """An absolute request reaches the server behind and is written down."""
    with StatusServer() as server, ForwardProxy() as proxy:
        client = http.client.HTTPConnection("127.0.0.1", proxy.server_port, timeout=10)
        client.request("GET", server.url + SUCCESS_PATH)
        response = client.getresponse()
        assert (response.status, response.read()) == (200, b"success\n")
        client.close()
        assert proxy.passed == [f"GET {server.url}{SUCCESS_PATH}"]
        assert [asked.path for asked in server.asked] == [SUCCESS_PATH]


def test_a_proxy_that_reaches_nothing_answers_502() -> None:
    """Where nobody listens behind it, the proxy says so itself."""
    with ForwardProxy() as proxy, nothing_listening() as url:
        client = http.client.HTTPConnection("127.0.0.1", proxy.server_port, timeout=10)
        client.request("GET", url + "/")
        assert client.getresponse().status == 502
        client.close()


def test_a_proxy_with_a_password_wants_it() -> None:
    """Without credentials the answer is 407 and nothing passes; with them it does."""
    with StatusServer() as server, ForwardProxy("ann:secret") as proxy:
        client = http.client.HTTPConnection("127.0.0.1", proxy.server_port, timeout=10)
        client.request("GET", server.url + SUCCESS_PATH)
        response = client.getresponse()
        assert (response.status, response.read()) == (407, b"")
        assert server.asked == []
        client.request(
            "GET", server.url + SUCCESS_PATH, headers={"Proxy-Authorization": "Basic YW5uOnNlY3JldA=="}
        )
        assert client.getresponse().read() == b"success\n"
        client.close()
        assert "proxy-authorization" not in server.asked[0].headers


def test_tls_goes_through_a_tunnel_and_is_trusted_by_its_authority_alone(tmp_path: Path) -> None:
    """With the authority's file the film is read over CONNECT; without it the certificate is refused."""
    authority = throwaway_authority(tmp_path)
    scene = own_film().scenes[0]
    with StatusServer(scene, tls=authority.context) as server, ForwardProxy() as proxy:
        trusting = ssl.create_default_context(cafile=str(authority.ca_file))
        client = http.client.HTTPSConnection("127.0.0.1", proxy.server_port, timeout=10, context=trusting)
        client.set_tunnel("127.0.0.1", server.server_port)
        client.request("GET", SUMMARY_PATH)
        assert client.getresponse().read() == scene[SUMMARY_PATH].body
        client.close()
        assert proxy.passed == [f"CONNECT 127.0.0.1:{server.server_port}"]
        wary = http.client.HTTPSConnection(
            "127.0.0.1", server.server_port, timeout=10, context=ssl.create_default_context()
        )
        with pytest.raises(ssl.SSLCertVerificationError):
            wary.request("GET", SUMMARY_PATH)
        wary.close()
