"""The command behind a company's proxy that only the desktop's settings name: real portal, PAC file and squid."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("needs a session bus", allow_module_level=True)
from tests.desktop.buses import PrivateBus
from tests.desktop.desktops import wait_until
from tests.desktop.portals import Session, StandInPortal
from tests.desktop.portals import missing as missing_portal
from tests.endtoend.command import SHORT, Ended, configure_home, ran, settings
from tests.endtoend.running import Program
from tests.film import own_film
from tests.real_proxies import Squid, missing
from trayapp.demo.server import StatusServer
from trayapp.desktop.dbus.bus import Bus, MethodCall, MethodReply
from trayapp.desktop.network.system_proxy.linux import PORTAL_PATH

NEEDED = ", ".join(filter(None, (missing("squid"), missing_portal())))
pytestmark = pytest.mark.skipif(bool(NEEDED), reason=f"needs {NEEDED}; `make desktop-tools` installs it")

PAC = "function FindProxyForURL(url, host) {{ return host == 'page.test' ? 'PROXY {place}' : 'DIRECT'; }}"


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session with Debian's own portal."""
    home = tmp_path / "session"
    home.mkdir()
    own = Session(home)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", own.env["DBUS_SESSION_BUS_ADDRESS"])
    with closing(Bus.connect()) as bus:
        own.start_portal(bus)
    yield own
    own.close()


@pytest.fixture
def page() -> Iterator[StatusServer]:
    """An outage on a page that is reached by the proxy alone: nobody else knows its name."""
    with StatusServer(own_film().scenes[1]) as server:
        yield server


def home_of(folder: Path, page: StatusServer) -> Path:
    """The program's files."""
    port = page.url.rpartition(":")[2]
    return configure_home(folder / "home", settings(f"http://page.test:{port}", more=SHORT))


def line(report: Ended, what: str) -> dict[str, Any]:
    """A line of `doctor`."""
    found: dict[str, Any] = {each["what"]: each for each in report.json}[what]
    return found


def test_a_pac_file_leads_to_the_page(session: Session, page: StatusServer, tmp_path: Path) -> None:
    """Nothing is set but the desktop; `doctor` says where the proxy comes from."""
    home = home_of(tmp_path, page)
    with Squid(tmp_path / "squid") as squid:
        session.set_pac(tmp_path / "proxy.pac", PAC.format(place=squid.url.removeprefix("http://")))
        status = ran(home, "status", "--json", **session.env)
        assert status.code == 1, status.out + status.err
        assert "GET http://page.test" in squid.log
        proxy = line(ran(home, "doctor", "--json", **session.env), "Proxy")
    assert (proxy["ok"], proxy["found"]) == (
        True,
        f"{squid.url} (from the desktop's settings, by its portal)",
    )


def test_a_proxy_that_wants_negotiate_is_named_with_its_remedy(
    session: Session, page: StatusServer, tmp_path: Path
) -> None:
    """As companies have it; the sentence and `doctor` say the same."""
    home = home_of(tmp_path, page)
    with Squid(tmp_path / "squid", "negotiate") as squid:
        session.set_pac(tmp_path / "proxy.pac", PAC.format(place=squid.url.removeprefix("http://")))
        status = ran(home, "status", **session.env)
        report = ran(home, "doctor", "--json", **session.env)
    assert status.code == 2
    assert "the proxy wants a login that is not supported (Negotiate or NTLM)" in status.out
    assert "such as px or cntlm" in line(report, "Network")["do"]


def test_a_pac_file_that_never_ends_is_no_reason_for_offline(
    session: Session, page: StatusServer, tmp_path: Path
) -> None:
    """The variables count, within the time of a round; `doctor` says what did not come."""
    home = home_of(tmp_path, page)
    session.set_pac(tmp_path / "proxy.pac", "function FindProxyForURL(url, host) { while (true) {} }")
    with Squid(tmp_path / "squid") as squid:
        status = ran(home, "status", "--json", **session.env, http_proxy=squid.url)
        assert status.code == 1, status.out + status.err
        assert status.seconds < 12.0
        proxy = line(ran(home, "doctor", "--json", **session.env, http_proxy=squid.url), "Proxy")
    assert not proxy["ok"]
    assert proxy["found"] == f"{squid.url} (from the environment's variables)"
    assert "did not come in time" in proxy["do"]


def test_a_portal_that_hangs_is_no_reason_for_offline(
    private_bus: PrivateBus, page: StatusServer, tmp_path: Path
) -> None:
    """A stand-in that takes the question and never answers."""
    gate = threading.Event()

    def hang(_call: MethodCall) -> MethodReply:
        gate.wait(60)
        return MethodReply("as", (["direct://"],))

    portal = StandInPortal()
    portal.bus.serve(PORTAL_PATH, hang)
    env = {"DBUS_SESSION_BUS_ADDRESS": private_bus.address}
    with Squid(tmp_path / "squid") as squid:
        status = ran(home_of(tmp_path, page), "status", "--json", **env, http_proxy=squid.url)
    gate.set()
    portal.bus.close()
    assert status.code == 1, status.out + status.err
    assert status.seconds < 12.0


def test_the_running_program_goes_by_an_answer_as_soon_as_it_has_come(
    private_bus: PrivateBus, page: StatusServer, tmp_path: Path
) -> None:
    """The first round by the variables, because the portal is slow; the next by the portal's proxy."""
    gate = threading.Event()
    with Squid(tmp_path / "first") as first, Squid(tmp_path / "second") as second:

        def answer(_call: MethodCall) -> MethodReply:
            gate.wait(60)
            return MethodReply("as", ([second.url],))

        portal = StandInPortal()
        portal.bus.serve(PORTAL_PATH, answer)
        env = {"DBUS_SESSION_BUS_ADDRESS": private_bus.address, "http_proxy": first.url}
        with Program(home_of(tmp_path, page), "run", env=env):
            wait_until(lambda: "http://page.test" in first.log, 60.0, "the first round")
            assert "page.test" not in second.log
            gate.set()
            wait_until(lambda: "http://page.test" in second.log, 60.0, "a round by the portal's proxy")
        portal.bus.close()
