"""`doctor` where much is wrong: each line says what, and what to do about it."""

from __future__ import annotations

import json
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests import systems
from tests.endtoend.command import COMMAND, configure_home, environment, ran, settings
from tests.film import own_film
from trayapp.demo.server import StatusServer

NO_NETWORK = ("unshare", "--net")


def findings_by_name(answer: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The findings by what they are of."""
    return {each["what"]: each for each in answer}


@systems.own_network
def test_what_fails_only_because_this_computer_is_offline_says_so(tmp_path: Path) -> None:
    """The page and every check: nobody looks for a fault in them."""
    done = subprocess.run(
        [*NO_NETWORK, COMMAND, "doctor"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    remedies = [after.strip() for line, after in pairwise(lines) if line.startswith("NOT OK")]
    assert all(remedy.startswith("→ ") for remedy in remedies)
    assert remedies.count("→ That is because this computer is not online: see above.") == 4


def test_without_a_session_the_remedy_is_not_another_tray(tmp_path: Path) -> None:
    """Neither a panel nor a notification server would be found from here."""
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(tmp_path, settings(server.url, probes=True))
        of = findings_by_name(ran(home, "doctor", "--json").json)
    for what in ("Tray", "Notifications"):
        assert not of[what]["ok"]
        assert "DBUS_SESSION_BUS_ADDRESS" in of[what]["do"]
    assert all(of[f"Check of {name}"]["ok"] for name in ("API", "ChatGPT", "Login"))


def test_the_log_is_where_it_says(tmp_path: Path) -> None:
    """Its place is one of the findings, in the person's language."""
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(tmp_path, settings(server.url))
        of = findings_by_name(ran(home, "doctor", "--json", LANG="id_ID.UTF-8").json)
    assert of["Log"]["found"] == str(tmp_path / "tray.log")
    assert of["Baki sistem"]["do"]


def test_a_followed_name_that_the_page_does_not_list_is_a_finding(tmp_path: Path) -> None:
    """It would never be told of: exit status 1, and the name is said."""
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(
            tmp_path, settings(server.url, probes=True, top='follow = ["ChatGPT", "Chat GTP"]')
        )
        of = findings_by_name(ran(home, "doctor", "--json").json)
    assert of["Follow"]["found"] == "You follow Chat GTP, but OpenAI's page does not list it"
    assert not of["Follow"]["ok"]
    assert "follow" in of["Follow"]["do"]


def test_an_ignored_name_that_the_page_does_not_list_is_a_finding(tmp_path: Path) -> None:
    """It would go on hurting its product; the nearest that the page lists is said."""
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(
            tmp_path, settings(server.url, top='ignore = ["Deep Reserch", "Deep Research"]')
        )
        of = findings_by_name(ran(home, "doctor", "--json").json)
    assert of["Ignored"] == {
        "what": "Ignored",
        "ok": False,
        "found": "You ignore Deep Reserch, which OpenAI's page does not list; the nearest that it lists is “Deep Research”",
        "do": "Write it in ignore as the page does.",
    }


def test_a_hook_is_a_finding_that_says_whether_it_can_be_run(tmp_path: Path) -> None:
    """One that is not there would fail in the log alone."""
    hook = tmp_path / "hook"
    hook.write_text("#!/bin/sh\n")
    with StatusServer(own_film().scenes[0]) as server:
        text = settings(server.url) + f'\n[hooks]\non_transition = ["{hook}", "x"]\n'
        home = configure_home(tmp_path, text)
        refused = findings_by_name(ran(home, "doctor", "--json").json)["Hook"]
        hook.chmod(0o700)
        works = findings_by_name(ran(home, "doctor", "--json").json)["Hook"]
    assert (refused["ok"], refused["found"]) == (False, f"{hook}: cannot be run")
    assert (works["ok"], works["found"], works["do"]) == (True, str(hook), "")


def test_behind_a_proxy_that_does_not_answer_the_proxy_is_named(tmp_path: Path) -> None:
    """The connection is not all there is to check."""
    with StatusServer() as gone:
        more = f'[network]\nproxy = "{gone.url}"'
    home = configure_home(tmp_path, settings("http://status.example.com", more=more))
    network = findings_by_name(ran(home, "doctor", "--json").json)["Network"]
    assert not network["ok"]
    assert network["do"] == "Check your connection, and the proxy: it lets nothing through."


BY_VARIABLES = " (from the environment's variables)"


@pytest.mark.parametrize(
    ("environ", "ok", "found", "named"),
    [
        ({"NO_PROXY": "localhost,127.0.0.0/8,::1/128"}, True, "none", ""),
        ({"no_proxy": "127.0.0.1,fe80::/200"}, False, "none", "no_proxy fe80::/200"),
        ({"https_proxy": "http://u:sec ret@near:31a"}, False, "none", "https_proxy"),
        (
            {"https_proxy": f"http://u{'x' * 300}:se/c'r et@near:31"},
            True,
            f"http://near:31{BY_VARIABLES}",
            "",
        ),
        ({"https_proxy": "socks5://u:secret@near"}, False, f"socks5://near:1080{BY_VARIABLES}", "SOCKS"),
        (
            {"HTTPS_PROXY": "near:31", "all_proxy": "socks://far"},
            False,
            f"http://near:31, socks://far:1080{BY_VARIABLES}",
            "SOCKS",
        ),
    ],
)
def test_proxies_are_shown_without_credentials_and_what_cannot_be_read_is_named(
    tmp_path: Path, environ: dict[str, str], ok: bool, found: str, named: str
) -> None:
    """One line, with the variable and the entry."""
    with StatusServer(own_film().scenes[0]) as server:
        home = configure_home(tmp_path, settings(server.url))
        done = ran(home, "doctor", "--json", **{"no_proxy": "127.0.0.1"} | environ)
    line = {each["what"]: each for each in done.json}["Proxy"]
    assert (line["ok"], line["found"]) == (ok, found)
    assert named in line["do"]
    assert "ret" not in json.dumps(done.json)
