"""The command line and the config file as the command takes them, and the ways out that an administrator sets."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endtoend.command import Ended, configure_home, ran, settings
from tests.endtoend.running import Notices
from tests.film import own_film
from tests.proxy import ForwardProxy
from tests.tls import Authority, throwaway_authority
from trayapp.demo.server import StatusServer

WRONG = {
    "bad TOML": ("follow = chatgpt", "line 1", "chatgpt"),
    "unknown key": ('[page]\nurk = "x"', "page.urk", "page.url"),
    "bad duration": ('[page]\ninterval = "5 s"', "page.interval", '"5 s"'),
    "too short": ('[page]\ninterval = "1s"', "page.interval", '"1s"'),
    "bad URL": ('[page]\nurl = "status.openai.com"', "page.url", '"status.openai.com"'),
    "wrong type": ('follow = "ChatGPT"', "follow", '"ChatGPT"'),
}
"""What is wrong -> the file, the key or place that is named, the value or its remedy."""

COMMANDS = ("run", "status", "demo", "open", "check", "quit")

USAGES = (["nonsense"], ["status", "--nonsense"], ["demo", "--speed", "0"], ["demo", "--speed", "x"])


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_config_ends_in_one_line_that_names_it(wrong: str, tmp_path: Path) -> None:
    """Exit 64; the line names the file, the key and the value."""
    text, key, value = WRONG[wrong]
    home = configure_home(tmp_path, text)
    answer = ran(home, "status")
    assert answer.code == 64
    assert answer.out == ""
    assert answer.err.startswith(f"openai-status-tray: {home / 'config.toml'}: ")
    assert answer.err.count("\n") == 1
    assert key in answer.err
    assert value in answer.err


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_goes_on_with_a_wrong_config(command: str, tmp_path: Path) -> None:
    """Each ends with 64 before it does anything."""
    home = configure_home(tmp_path, WRONG["bad URL"][0])
    answer = ran(home, command)
    assert answer.code == 64
    assert "page.url" in answer.err
    left = {file.name for file in home.iterdir()} - {".cache"}  # which notify-send may leave
    assert left == {"config.toml"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("tr_TR.UTF-8", "notify.levle: bilinmeyen anahtar, bilinen en yakın anahtar: notify.level"),
        ("id_ID.UTF-8", "notify.levle: kunci tidak dikenal, yang paling mirip adalah notify.level"),
    ],
)
def test_a_wrong_config_is_named_in_the_language_of_the_system(
    language: str, said: str, tmp_path: Path
) -> None:
    """Its own choice of a language cannot be trusted; key and value stand as they are in the file."""
    home = configure_home(tmp_path, '[notify]\nlevle = 1\nlevel = "loud"')
    answer = ran(home, "status", LANG=language)
    assert answer.code == 64
    assert answer.err.startswith(f"openai-status-tray: {home / 'config.toml'}: {said}; ")
    assert 'notify.level = "loud"' in answer.err


def test_the_doctor_names_a_wrong_config_among_its_findings(tmp_path: Path) -> None:
    """It is asked because something is wrong, so it goes on, with the defaults; its status is that of a wrong config all the same."""
    home = configure_home(tmp_path, WRONG["bad URL"][0])
    answer = ran(home, "doctor", "--json", https_proxy="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9")
    found = {each["what"]: each for each in answer.json}
    assert answer.code == 64
    assert not found["Settings"]["ok"]
    assert 'page.url = "status.openai.com": must be' in found["Settings"]["found"]
    assert found["Settings"]["do"]
    assert found["Status page"]["found"].startswith("https://status.openai.com")


def test_a_config_that_was_named_must_be_there(tmp_path: Path) -> None:
    """A mistyped `--config` is not taken for the defaults."""
    answer = ran(tmp_path, "status", "--config", str(tmp_path / "other.toml"))
    assert answer.code == 64
    assert "other.toml" in answer.err


@pytest.mark.parametrize("arguments", USAGES, ids=" ".join)
def test_bad_usage_ends_in_one_line(arguments: list[str], tmp_path: Path) -> None:
    """Exit 64, with the place of the help."""
    answer = ran(tmp_path, *arguments)
    assert answer.code == 64
    assert answer.err.count("\n") == 1
    assert "--help" in answer.err


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority that nobody trusts."""
    return throwaway_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def page(authority: Authority) -> Iterator[StatusServer]:
    """A page with an open incident, over https."""
    with StatusServer(own_film().scenes[1], authority.context) as server:
        yield server


def test_a_private_authority_is_trusted_by_ca_file(
    tmp_path: Path, page: StatusServer, authority: Authority
) -> None:
    """With `ca_file` a mirror behind the house's own authority is read."""
    answer = _ask_status(tmp_path, page, f'ca_file = "{authority.ca_file}"')
    assert (answer.code, answer.json["state"]) == (1, "degraded")


def test_without_ca_file_the_certificate_is_named(tmp_path: Path, page: StatusServer) -> None:
    """Exit 2, and the sentence says that it is the certificate."""
    answer = _ask_status(tmp_path, page)
    assert answer.code == 2
    assert "certificate" in answer.json["sentence"]
    assert "certificate" in answer.json["page"]["why"]


def test_the_proxy_of_the_config_is_used(tmp_path: Path, page: StatusServer, authority: Authority) -> None:
    """All requests tunnel through it."""
    with ForwardProxy() as proxy:
        answer = _ask_status(tmp_path, page, f'ca_file = "{authority.ca_file}"', f'proxy = "{proxy.url}"')
    assert answer.code == 1
    assert set(proxy.passed) == {f"CONNECT 127.0.0.1:{page.server_port}"}


def test_the_proxy_of_the_environment_is_used(
    tmp_path: Path, page: StatusServer, authority: Authority
) -> None:
    """As everywhere on this system, when the config names none."""
    with ForwardProxy() as proxy:
        answer = _ask_status(tmp_path, page, f'ca_file = "{authority.ca_file}"', HTTPS_PROXY=proxy.url)
    assert answer.code == 1
    assert set(proxy.passed) == {f"CONNECT 127.0.0.1:{page.server_port}"}


def test_plain_http_goes_through_the_proxy_too(tmp_path: Path) -> None:
    """A mirror without TLS is asked for with absolute addresses."""
    with StatusServer(own_film().scenes[1]) as server, ForwardProxy() as proxy:
        answer = _ask_status(tmp_path, server, f'proxy = "{proxy.url}"')
    assert answer.code == 1
    assert f"GET {server.url}/api/v2/summary.json" in proxy.passed


def test_a_proxy_with_a_password_lets_those_in_who_know_it(
    tmp_path: Path, page: StatusServer, authority: Authority
) -> None:
    """The config's credentials reach the proxy, and nothing that is printed."""
    with ForwardProxy("ann:s3cret") as proxy:
        way = proxy.url.replace("//", "//ann:s3cret@")
        answer = _ask_status(tmp_path, page, f'ca_file = "{authority.ca_file}"', f'proxy = "{way}"')
    assert answer.code == 1
    assert "s3cret" not in answer.out + answer.err


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_is_named(scheme: str, tmp_path: Path, authority: Authority) -> None:
    """407 is the proxy's word and not the page's: exit 2, and the sentence says so."""
    tls: ssl.SSLContext | None = authority.context if scheme == "https" else None
    with StatusServer(own_film().scenes[1], tls) as server, ForwardProxy("ann:s3cret") as proxy:
        answer = _ask_status(tmp_path, server, f'ca_file = "{authority.ca_file}"', f'proxy = "{proxy.url}"')
    assert answer.code == 2
    assert "proxy" in answer.json["sentence"]
    assert "407" in answer.json["page"]["why"]
    assert proxy.refused
    assert proxy.passed == []


def _ask_status(home: Path, page: StatusServer, *network: str, **more: str) -> Ended:
    table = "\n".join(["[network]", *network])
    return ran(configure_home(home, settings(page.url, more=table)), "status", "--json", **more)


@pytest.mark.desktop
def test_a_start_that_a_wrong_config_prevents_is_notified(
    tmp_path: Path, bus: dict[str, str], notices: Notices
) -> None:
    """At login nobody reads stderr, and an icon that is merely missing says nothing."""
    home = configure_home(tmp_path / "home", WRONG["too short"][0])
    assert ran(home, LANG="tr_TR.UTF-8", **bus).code == 64
    (told,) = notices.all()
    assert told.title == "OpenAI Status Tray: ayarlarda bir hata var"
    assert 'page.interval = "1s"' in told.body
    assert ran(home, "status", **bus).code == 64
    assert len(notices.all()) == 1, "a command's line is before the person's eyes"
