"""Addresses that a page gives as its own reach scripts and readers only where the program would open them itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.endtoend import scenes
from tests.endtoend.command import configure_home, ran, settings
from tests.film import Scene
from trayapp.demo.server import JSON_HEADERS, CannedAnswer, StatusServer

EVIL = (
    "https://evil.example/login",
    "http://status.openai.com",
    "https://status.openai.com@evil.example",
    "https://user@status.openai.com",
    "https://status.openai.com:8443",
    "https://status.openai.com.evil.example",
    "https://evil.example/\x1b]0;pwned\x07",
    "https://status.openai.com/\u202e",
)


def claiming(url: str, incident: str = "inc1") -> Scene:
    """A page with one open incident, which says that it stands there."""
    scene = scenes.incident("Errors")
    (path,) = (path for path in scene if path.endswith("summary.json"))
    answer = scene[path]
    assert isinstance(answer, CannedAnswer)
    summary = json.loads(answer.body)
    summary["page"]["url"] = url
    summary["incidents"][0]["id"] = incident
    return {**scene, path: CannedAnswer(200, json.dumps(summary).encode(), JSON_HEADERS)}


@pytest.mark.parametrize("url", EVIL)
def test_another_hosts_address_is_dropped(tmp_path: Path, url: str) -> None:
    """In its place stands the configured page's, for scripts and on the details page, which keeps its link to it."""
    with StatusServer(claiming(url)) as server:
        home = configure_home(tmp_path, settings(server.url))
        told = ran(home, "status", "--json")
        assert [one["url"] for one in told.json["incidents"]] == [f"{server.url}/incidents/inc1"]
        assert ran(home, "details", "--out", str(home / "page.html")).code == 0
        page = (home / "page.html").read_text()
    assert "evil" not in told.out + page
    assert f'href="{server.url}"' in page


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("https://status.openai.com/", ""),
        ("https://status.example.com", '[links]\nallow = ["status.example.com"]'),
    ],
)
def test_an_allowed_hosts_address_is_handed_on(tmp_path: Path, url: str, more: str) -> None:
    """A mirror's page gives OpenAI's own; other hosts are the person's to allow."""
    with StatusServer(claiming(url)) as server:
        home = configure_home(tmp_path, settings(server.url, more=more))
        (one,) = ran(home, "status", "--json").json["incidents"]
    assert one["url"] == f"{url.rstrip('/')}/incidents/inc1"


def test_ids_and_names_steer_no_terminal(tmp_path: Path) -> None:
    """Also after `jq -r`, which takes JSON's own escapes off."""
    with StatusServer(claiming("https://status.openai.com", "in\x1b]0;pwned\x07c\u202e1")) as server:
        (one,) = ran(configure_home(tmp_path, settings(server.url)), "status", "--json").json["incidents"]
    assert one["id"].isprintable()
    assert one["url"].isprintable()
    assert all(name.isprintable() for name in one["products"])
