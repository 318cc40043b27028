"""Requests through the proxies that companies run: squid and tinyproxy, with and without a login."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import trustme

from tests.desktop.desktops import wait_until
from tests.real_proxies import Squid, Tinyproxy, free_port, missing
from tests.sources.asking import answer, cause, one
from tests.sources.conftest import Serve
from tests.sources.servers import say
from trayapp.model import Cause, Miss, ProxySource, SystemProxyAnswer
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest
from trayapp.sources.proxy_lookup import ProxyLookup

pytestmark = pytest.mark.long
needs_squid = pytest.mark.skipif(
    bool(missing("squid")), reason="needs squid; `make desktop-tools` installs it"
)
needs_tinyproxy = pytest.mark.skipif(
    bool(missing("tinyproxy")), reason="needs tinyproxy; `make desktop-tools` installs it"
)

Client = Callable[..., HttpClient]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """Makes clients that trust the page's authority, and that end with the test."""
    made: list[HttpClient] = []

    def make(proxy: str = "", system: Sequence[str] = ()) -> HttpClient:
        def look_up(urls: Sequence[str], report: Callable[[str, SystemProxyAnswer], None]) -> None:
            for url in urls:
                report(url, SystemProxyAnswer(ProxySource.PORTAL, tuple(system)))

        lookup = ProxyLookup(look_up) if system else None
        made.append(
            HttpClient(user_agent="test", proxy=proxy, ca_file=str(tmp_path / "ca.pem"), lookup=lookup)
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def pages(tmp_path: Path, serve: Serve) -> list[HttpRequest]:
    """The same page by http and by https, under a name that only the proxy can look up."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("page.test", "127.0.0.1").configure_cert(context)
    plain, secure = serve(say(200, b"{}")), serve(say(200, b"{}"), context)
    return [
        HttpRequest(f"http://page.test:{plain.port}/", page=True),
        HttpRequest(f"https://page.test:{secure.port}/", page=True),
    ]


def read(client: HttpClient, pages: Sequence[HttpRequest]) -> list[object]:
    """The status of each page, or the cause of its miss with the proxy's status."""
    got = client.fetch(pages, 10.0)
    return [(each.cause, each.status) if isinstance(each, Miss) else each.status for each in got]


@needs_squid
def test_squid_lets_both_kinds_through(client: Client, pages: list[HttpRequest], tmp_path: Path) -> None:
    """In absolute form, and through a tunnel in which nobody can read."""
    with Squid(tmp_path / "squid") as squid:
        http = client(squid.url)
        assert read(http, pages) == [200, 200]
        http.close()
        wait_until(lambda: "CONNECT page.test" in squid.log, what="squid logs a tunnel at its end")
        assert "GET http://page.test" in squid.log


@needs_squid
def test_squid_with_a_password(client: Client, pages: list[HttpRequest], tmp_path: Path) -> None:
    """Without it, or with another, 407, which is the proxy's and is called that; the right one is let through."""
    with Squid(tmp_path / "squid", "basic", "ann", "p@ss:w") as squid:
        host = squid.url.removeprefix("http://")
        refused = [(Cause.PROXY, 407)] * 2
        assert read(client(squid.url), pages) == refused
        assert read(client(f"http://ann:wrong@{host}"), pages) == refused
        assert read(client(f"http://ann:p%40ss%3Aw@{host}"), pages) == [200, 200]


@needs_squid
@pytest.mark.parametrize("login", ["negotiate", "digest"])
def test_a_login_that_is_not_supported_has_a_name_of_its_own(
    client: Client, pages: list[HttpRequest], tmp_path: Path, login: str
) -> None:
    """A password would not help, so nobody is told to enter one."""
    with Squid(tmp_path / "squid", login) as squid:
        assert read(client(squid.url), pages) == [(Cause.PROXY_LOGIN, 407)] * 2
        assert read(client(squid.url.replace("//", "//ann:pw@")), pages) == [(Cause.PROXY_LOGIN, 407)] * 2


@needs_squid
def test_a_proxy_that_takes_a_password_too_is_given_it(
    client: Client, pages: list[HttpRequest], tmp_path: Path
) -> None:
    """As many offer Negotiate first and Basic last."""
    with Squid(tmp_path / "squid", "negotiate+basic", "ann", "pw") as squid:
        assert read(client(squid.url), pages) == [(Cause.PROXY, 407)] * 2
        assert read(client(squid.url.replace("//", "//ann:pw@")), pages) == [200, 200]


@needs_squid
def test_the_proxy_that_the_system_names_is_used(
    client: Client, pages: list[HttpRequest], tmp_path: Path
) -> None:
    """From the first round on."""
    with Squid(tmp_path / "squid") as squid:
        http = client(system=[squid.url, "direct://"])
        assert read(http, pages) == [200, 200]
        http.close()
        wait_until(lambda: squid.log.count("page.test") == 2, what="both requests in squid's log")


@needs_squid
def test_a_dead_proxy_gives_way_to_the_next_in_the_list(
    client: Client, pages: list[HttpRequest], tmp_path: Path
) -> None:
    """In the same round, as browsers do; and the next round does not try it first again."""
    dead = f"http://127.0.0.1:{free_port()}"
    with Squid(tmp_path / "squid") as squid:
        http = client(system=[dead, squid.url])
        for _ in range(2):
            assert read(http, pages) == [200, 200]


def test_where_no_way_is_left_the_proxy_is_called_the_cause(client: Client, pages: list[HttpRequest]) -> None:
    """A company's rule that names proxies alone is not gone around."""
    dead = [f"http://127.0.0.1:{free_port()}" for _ in range(2)]
    assert [cause(each) for each in client(system=dead).fetch(pages, 10.0)] == [Cause.PROXY] * 2


@needs_tinyproxy
@pytest.mark.parametrize("login", ["", "ann:pw"])
def test_tinyproxy(client: Client, serve: Serve, tmp_path: Path, login: str) -> None:
    """Another proxy, with and without a password."""
    (tmp_path / "ca.pem").write_bytes(trustme.CA().cert_pem.bytes())
    page = HttpRequest(serve(say(200, b"{}")).url, page=True)
    user, _, password = login.partition(":")
    with Tinyproxy(tmp_path / "tiny", user, password) as tiny:
        if login:
            refused = one(client(tiny.url), page)
            assert isinstance(refused, Miss)
            assert refused.cause is Cause.PROXY
        assert (
            answer(client(tiny.url.replace("//", f"//{login}@") if login else tiny.url), page).status == 200
        )
        assert "Established connection" in tiny.log or "127.0.0.1" in tiny.log
