"""Which proxy leads where, by the environment's variables and against real proxies."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.proxy import ForwardProxy
from tests.sources.asking import answer, cause, one
from tests.sources.conftest import Serve
from tests.sources.servers import Server, say
from trayapp.model import Cause
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest
from trayapp.sources.proxies import Proxy, ProxySettings, configured_proxies, system_proxies

NEAR, FAR = "http://near:3128", "http://far:8080"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def way(environ: dict[str, str], url: str) -> str | None:
    """The address of the proxy that leads there."""
    parts = httpx.URL(url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    proxy = system_proxies(environ).proxy_for(parts.scheme, parts.raw_host.decode(), port)
    return proxy.address if proxy else None


@pytest.mark.parametrize(
    ("environ", "http", "https"),
    [
        ({}, None, None),
        ({"HTTPS_PROXY": NEAR}, None, NEAR),
        ({"HTTP_PROXY": NEAR}, NEAR, None),
        ({"ALL_PROXY": NEAR}, NEAR, NEAR),
        ({"all_proxy": "socks://far:1", "HTTPS_PROXY": NEAR, "HTTP_PROXY": NEAR}, NEAR, NEAR),
        ({"ALL_PROXY": "socks5h://far", "HTTPS_PROXY": NEAR}, "socks5h://far:1080", NEAR),
        ({"https_proxy": NEAR, "HTTPS_PROXY": FAR}, None, NEAR),
        ({"https_proxy": "", "HTTPS_PROXY": FAR}, None, None),
        ({"https_proxy": " ", "HTTPS_PROXY": FAR, "ALL_PROXY": NEAR}, NEAR, NEAR),
        ({"HTTP_PROXY": NEAR, "REQUEST_METHOD": "GET"}, None, None),
        ({"http_proxy": NEAR, "HTTP_PROXY": FAR, "REQUEST_METHOD": "GET"}, NEAR, None),
        ({"HTTPS_PROXY": f'"{NEAR}"'}, None, NEAR),
        ({"HTTPS_PROXY": f" '{NEAR}/' "}, None, NEAR),
        ({"HTTPS_PROXY": "near:3128"}, None, NEAR),
        ({"HTTPS_PROXY": "HTTP://NEAR:3128/path?x#y"}, None, NEAR),
        ({"HTTPS_PROXY": "https://near"}, None, "https://near:443"),
        ({"HTTPS_PROXY": "http://[::1]:8"}, None, "http://[::1]:8"),
        ({"HTTPS_PROXY": "::::", "ALL_PROXY": NEAR}, NEAR, NEAR),
    ],
)
def test_each_scheme_has_its_own_proxy(environ: dict[str, str], http: str | None, https: str | None) -> None:
    """Lower case wins, ALL_PROXY fills in, quotes and blanks do not count."""
    assert (way(environ, "http://a.test/"), way(environ, "https://a.test/")) == (http, https)


@pytest.mark.parametrize(
    ("entry", "direct", "proxied"),
    [
        ("*", ["http://a.test", "https://[::1]"], []),
        (
            "a.test",
            ["http://a.test", "https://b.a.test:8", "http://A.test."],
            ["http://ba.test", "http://test"],
        ),
        (".a.test", ["http://a.test", "http://b.a.test"], ["http://ba.test"]),
        ("*.A.test", ["http://a.test", "http://b.a.test"], ["http://ba.test"]),
        ("a.test.", ["http://a.test"], ["http://a.test.b"]),
        (
            "a.test:8080",
            ["http://a.test:8080", "https://b.a.test:8080"],
            ["http://a.test", "https://a.test:80"],
        ),
        ("a.test:443", ["https://a.test"], ["http://a.test"]),
        ("ä.test", ["http://ä.test", "http://xn--4ca.test"], ["http://a.test"]),
        ("127.0.0.1", ["http://127.0.0.1:9"], ["http://127.0.0.2", "http://a127.0.0.1.test"]),
        ("127.0.0.0/8", ["http://127.9.9.9"], ["http://128.0.0.1", "http://a.test", "http://[::1]"]),
        ("127.0.0.1:80", ["http://127.0.0.1"], ["https://127.0.0.1"]),
        ("::1", ["http://[::1]", "http://[0:0::1]:9"], ["http://[::2]"]),
        ("[::1]", ["http://[::1]"], ["http://[::2]", "http://127.0.0.1"]),
        ("[::1]:443", ["https://[::1]"], ["http://[::1]"]),
        ("::1/128", ["http://[::1]"], ["http://[::2]"]),
        ("fe80::/10", ["http://[fe80::5]"], ["http://[::1]", "http://169.254.0.1"]),
        ("[fe80::]/10", ["http://[fe80::5]"], ["http://[::1]"]),
        ("fd07:b51a:cc66:f0::/64", ["http://[fd07:b51a:cc66:f0::7]"], ["http://[fd07::]"]),
        ("https://a.test", ["https://a.test"], ["http://a.test"]),
        ("all://a.test", ["https://a.test", "http://a.test"], []),
        ("x, a.test", ["http://a.test"], ["http://b.test"]),
        ("x a.test;b.test", ["http://a.test", "http://b.test"], []),
        ('"a.test,b.test"', ["http://a.test", "http://b.test"], []),
        ("%%%,a.test", ["http://a.test"], ["http://b.test"]),
    ],
)
def test_no_proxy_names_where_none_leads_to(entry: str, direct: list[str], proxied: list[str]) -> None:
    """Names with those below them, addresses, ranges, ports, brackets, the star."""
    environ = {"ALL_PROXY": NEAR, "NO_PROXY": entry}
    assert {url: way(environ, url) for url in direct} == dict.fromkeys(direct)
    assert {url: way(environ, url) for url in proxied} == dict.fromkeys(proxied, NEAR)


@pytest.mark.parametrize(
    ("environ", "unread"),
    [
        ({"NO_PROXY": "a.test,fe80::/200,*x*,b:99999"}, ["fe80::/200", "*x*", "b:99999"]),
        ({"no_proxy": "user:secret@a b..c"}, ["a", "b..c"]),
        ({"HTTPS_PROXY": "http://user:secret@:99"}, [""]),
        ({"https_proxy": "ftp://a.test"}, [""]),
        ({"ALL_PROXY": "http://a.test:0", "all_proxy": "x y"}, [""]),
        ({"HTTPS_PROXY": "http://999.1.1.1:80"}, [""]),
        ({"HTTPS_PROXY": "ü" * 250 + ".test"}, [""]),
    ],
)
def test_what_cannot_be_read_is_named_without_credentials(environ: dict[str, str], unread: list[str]) -> None:
    """Of a proxy's address nothing is shown: any part of it may be a password."""
    found = system_proxies(environ).unreadable
    assert [each.entry for each in found] == unread
    assert {each.variable for each in found} <= environ.keys()
    assert "secret" not in repr(found)


def test_a_name_without_an_end_is_read_at_once() -> None:
    """As long as a variable may be; to spell it for the look-up would take a second for each, and longer with each letter."""
    began = time.process_time()
    found = system_proxies(dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"), "ü" * 120_000))
    assert len(found.unreadable) == 3
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    ("userinfo", "credentials"),
    [
        ("user:word", ("user", "word")),
        ("user", ("user", "")),
        ("DOMAIN%5Cuser:p%40ss", ("DOMAIN\\user", "p@ss")),
        ("user:p@s:s", ("user", "p@s:s")),
        ("user:p#s/s?", ("user", "p#s/s?")),
        ("user:sec ret", ("user", "sec ret")),
        ("\udcff:é%ff", ("\ufffd", "é\ufffd")),
    ],
)
def test_a_password_may_hold_any_character(userinfo: str, credentials: tuple[str, str]) -> None:
    """Escaped or not; and none is shown with the address."""
    proxy = system_proxies({"HTTPS_PROXY": f"http://{userinfo}@near:3128"}).by_scheme["https"]
    assert (proxy.credentials, proxy.address) == (credentials, NEAR)
    assert credentials[0] not in repr(proxy)


def test_where_the_environment_names_none_the_systems_settings_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of Windows and macOS; NO_PROXY holds against them too."""
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"http": NEAR, "https": "far:8080", "ftp": "x"})
    assert (way({}, "http://a.test"), way({}, "https://a.test")) == (NEAR, FAR)
    assert way({"NO_PROXY": "a.test"}, "http://a.test") is None
    assert way({"HTTPS_PROXY": NEAR}, "http://a.test") is None


def test_a_configured_proxy_leads_everywhere() -> None:
    """Whatever the environment says; one that cannot be read is one that cannot be used."""
    assert configured_proxies(NEAR).proxy_for("https", "a.test", 443) == Proxy("http", "near", 3128)
    unusable = configured_proxies("::::").proxy_for("https", "a.test", 443)
    assert unusable is not None
    assert not unusable.is_supported


PIECES = st.sampled_from(
    ["http://", "socks5://", "user:pw@", "[", "]", "::1", "fe80::/10", "10.0.0.0/8", "*", ".", ",", ";", " ", '"', "%",
     "@", ":", "/", "99999", "ä", "near", "%eth0", "<local>", "\udcff", "999.1.1.1", "0", "a" * 70, "a." * 130]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=6).map("".join), st.text(st.characters(exclude_characters="\0")))
ENVIRONMENTS = st.dictionaries(st.sampled_from([*VARIABLES, *map(str.upper, VARIABLES)]), TEXTS)


@given(ENVIRONMENTS)
def test_any_environment_can_be_read_and_what_it_names_can_be_used(environ: dict[str, str]) -> None:
    """Each proxy that is found and supported is one that the HTTP library takes."""
    found = system_proxies(environ)
    for proxy in found.by_scheme.values():
        if proxy.is_supported:
            httpx.Proxy(proxy.address, auth=proxy.credentials)
    for host in ("a.test", "127.0.0.1", "::1"):
        assert found.proxy_for("https", host, 443) in {None, *found.by_scheme.values()}


@pytest.fixture(scope="module")
def page() -> Iterator[Server]:
    """A page on loopback."""
    with Server(say(200, b"{}")).running() as server:
        yield server


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is looked up anywhere."""
    real = socket.getaddrinfo

    def resolve(host: Any, *more: Any) -> Any:
        if host not in ("127.0.0.1", b"127.0.0.1"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def has(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]) -> None:
    """Make this the environment's word on proxies."""
    for name in (*VARIABLES, *map(str.upper, VARIABLES)):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        try:
            monkeypatch.setenv(name, value)
        except UnicodeEncodeError:  # a lone surrogate that the system could not have handed over
            monkeypatch.delenv(name, raising=False)


@pytest.mark.long
@pytest.mark.usefixtures("no_names")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENVIRONMENTS)
def test_nothing_in_the_environment_keeps_a_page_without_a_proxy_from_being_read(
    page: Server, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    """Whatever stands beside the entry that says so, or where no variable names a proxy."""
    excepted = {name: f"{environ.get(name, '')},127.0.0.1" for name in ("no_proxy", "NO_PROXY")}
    without = {name: value for name, value in environ.items() if name.lower() == "no_proxy"}
    for case in (environ | excepted, without):
        has(monkeypatch, case)
        client = HttpClient(user_agent="test")
        assert answer(client, HttpRequest(page.url, page=True)).status == 200
        client.close()


@pytest.mark.parametrize(
    "unused",
    [
        {"NO_PROXY": "localhost,127.0.0.0/8,::1/128"},
        {"NO_PROXY": "fe80::/10,10.0.0.0/8,127.0.0.1,[::1],ä.example"},
        {"https_proxy": "socks5://near:1"},
        {"all_proxy": "socks://127.0.0.1:7891/", "no_proxy": "127.0.0.1"},
        {"HTTPS_PROXY": '"'},
    ],
)
def test_entries_that_are_not_used_are_no_obstacle(
    http: HttpClient, page: Server, monkeypatch: pytest.MonkeyPatch, unused: dict[str, str]
) -> None:
    """What containers, desktops and proxy programs put there."""
    has(monkeypatch, unused)
    assert answer(http, HttpRequest(page.url, page=True)).status == 200


def test_a_socks_proxy_beside_an_http_proxy_is_no_obstacle(
    http: HttpClient, page: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests go through the one that is for them."""
    with ForwardProxy() as proxy:
        has(monkeypatch, {"all_proxy": "socks://127.0.0.1:7891/", "HTTP_PROXY": proxy.url})
        assert answer(http, HttpRequest(page.url, page=True)).status == 200
        assert proxy.passed == [f"GET {page.url}/"]


def test_a_socks_proxy_is_named_where_it_would_be_used(
    http: HttpClient, page: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not supported, and nothing goes past it; the others' answers come."""
    has(monkeypatch, {"all_proxy": "socks5://127.0.0.1:9/", "no_proxy": f"127.0.0.1:{page.port}"})
    got = http.fetch([HttpRequest("http://a.test/"), HttpRequest(page.url, page=True)], 5.0)
    assert cause(got[0]) is Cause.PROXY
    assert not isinstance(got[1], type(got[0]))


def test_the_environment_is_read_again_when_connections_are_renewed(
    http: HttpClient, page: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's settings may be others after a sleep."""
    answer(http, HttpRequest(page.url, page=True))
    has(monkeypatch, {"http_proxy": "socks5://near"})
    assert answer(http, HttpRequest(page.url, page=True)).status == 200
    http.drop_connections()
    assert cause(one(http, HttpRequest(page.url, page=True))) is Cause.PROXY


def test_a_proxys_password_is_sent_however_it_is_spelled(
    http: HttpClient, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Characters that an address would end with may stand in it as they are."""
    page = serve(say(200, b"{}"))
    with ForwardProxy("us er:p#s/s@?") as proxy:
        has(monkeypatch, {"http_proxy": f"us er:p#s/s@?@127.0.0.1:{proxy.server_port}"})
        assert answer(http, HttpRequest(page.url, page=True)).status == 200


def test_nothing_named_is_no_proxy() -> None:
    """And nothing to complain of."""
    assert system_proxies({}) == ProxySettings()
