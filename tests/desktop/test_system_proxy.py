"""The proxy as a desktop has it: a real portal with real PAC files, GNOME's settings, and portals that hang or lie."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from trayapp.desktop.network.system_proxy import linux
from trayapp.desktop.network.system_proxy.chooser import is_present, look_up_proxies
from trayapp.desktop.network.system_proxy.gnome import GnomeSettings, PacFileError, read_gnome_settings
from trayapp.model import ProxySource, ProxyTrouble, SystemProxyAnswer
from trayapp.sources.proxies import read_ways

if sys.platform != "linux":
    pytest.skip("needs a session bus", allow_module_level=True)
from tests.desktop.buses import PrivateBus
from tests.desktop.portals import Session, StandInPortal, missing, missing_kde
from trayapp.desktop.dbus.bus import Bus, MethodCall, MethodReply

needs_portal = pytest.mark.skipif(
    bool(missing()), reason=f"needs {missing()}; `make desktop-tools` installs it"
)

ROOT = str(Path(__file__).parents[2])
PAGE, API = "https://status.openai.com/", "https://api.openai.com/"
PAC = """function FindProxyForURL(url, host) {
    if (shExpMatch(host, "api.openai.com")) return "PROXY near.test:3128; DIRECT";
    return "DIRECT";
}"""


def look_up_all(*urls: str, patience: float = 12.0) -> dict[str, SystemProxyAnswer]:
    """Every answer."""
    found: dict[str, SystemProxyAnswer] = {}
    linux.look_up(urls or (PAGE, API), found.__setitem__, patience)
    return found


def proxy_answer(source: ProxySource, *addresses: str, **more: object) -> SystemProxyAnswer:
    """An answer."""
    return SystemProxyAnswer(source, addresses, **more)  # type: ignore[arg-type]


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session of GNOME's kind, that this process sees as its own; no portal runs in it yet."""
    own = Session(tmp_path)
    for name, value in own.env.items():
        monkeypatch.setenv(name, value)
    yield own
    own.close()


@pytest.fixture
def portal(session: Session) -> Session:
    """The same with Debian's own portal."""
    with closing(Bus.connect()) as bus:
        session.start_portal(bus)
    return session


@pytest.fixture
def stand_in(private_bus: PrivateBus, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInPortal]:
    """A portal that can be told what to answer, on a desktop that is nobody's."""
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    own = StandInPortal("http://near.test:3128")
    yield own
    own.bus.close()


@needs_portal
def test_a_real_portal_evaluates_a_real_pac_file(portal: Session, tmp_path: Path) -> None:
    """For each server by itself."""
    portal.set_pac(tmp_path / "proxy.pac", PAC)
    assert look_up_all() == {
        PAGE: proxy_answer(ProxySource.PORTAL, "direct://"),
        API: proxy_answer(ProxySource.PORTAL, "http://near.test:3128", "direct://"),
    }


@needs_portal
def test_a_real_portal_answers_by_gnomes_settings(portal: Session) -> None:
    """Changed while it runs, as in GNOME's own settings."""
    assert look_up_all(PAGE) == {PAGE: proxy_answer(ProxySource.PORTAL, "direct://")}
    portal.set("https host", "near.test")
    portal.set("https port", "3128")
    portal.set("mode", "manual")
    portal.set("ignore-hosts", "['api.openai.com']")
    assert look_up_all() == {
        PAGE: proxy_answer(ProxySource.PORTAL, "http://near.test:3128"),
        API: proxy_answer(ProxySource.PORTAL, "direct://"),
    }


@needs_portal
@pytest.mark.parametrize(
    "text",
    [
        "function FindProxyForURL(url, host) { return 42; }",
        "function FindProxyForURL(url, host) { return 'PROXY'; }",
        "function FindProxyForURL(url, host) { return 'nonsense nonsense; \\u001b[31m'; }",
        "function FindProxyForURL(url, host) { throw 'no'; }",
        "this is no program {{{",
        "",
    ],
)
def test_a_pac_file_that_is_rubbish_gives_no_proxy(portal: Session, tmp_path: Path, text: str) -> None:
    """Whatever the portal makes of it, no address comes of it that could be used."""
    portal.set_pac(tmp_path / "proxy.pac", text)
    answer = look_up_all(API).get(API)
    assert answer is None or answer.trouble or not any(read_ways(answer)), answer


@needs_portal
def test_a_pac_file_that_never_ends_is_left_after_its_time(portal: Session, tmp_path: Path) -> None:
    """It is asked about one server only: each question would keep a processor busy for good."""
    portal.set_pac(tmp_path / "proxy.pac", "function FindProxyForURL(url, host) { while (true) {} }")
    began = time.monotonic()
    answers = look_up_all(PAGE, API, patience=1.0)
    assert time.monotonic() - began < 8.0
    assert {answer.trouble for answer in answers.values()} == {ProxyTrouble.LATE}
    assert set(answers) == {PAGE, API}


@needs_portal
def test_a_pac_file_that_takes_long_is_answered_in_the_end(portal: Session, tmp_path: Path) -> None:
    """Two seconds here: longer than a round waits."""
    slow = "function FindProxyForURL(u, h) { var e = Date.now() + 2000; while (Date.now() < e) {} return 'PROXY a.test:1'; }"
    portal.set_pac(tmp_path / "proxy.pac", slow)
    began = time.monotonic()
    assert look_up_all(API) == {API: proxy_answer(ProxySource.PORTAL, "http://a.test:1")}
    assert time.monotonic() - began >= 2.0


@needs_portal
def test_without_a_portal_gnomes_settings_count(session: Session, tmp_path: Path) -> None:
    """Read by GNOME's own program; of a PAC file GLib's own runner is asked."""
    assert look_up_all(PAGE) == {
        PAGE: proxy_answer(ProxySource.GNOME, "direct://", exceptions=("localhost", "127.0.0.0/8", "::1"))
    }
    session.set("http host", "near.test")
    session.set("http authentication-user", "ann")
    session.set("http authentication-password", "p@ss word")
    session.set("http use-authentication", "true")
    session.set("ignore-hosts", "@as []")
    session.set("mode", "manual")
    assert look_up_all(API) == {
        API: proxy_answer(ProxySource.GNOME, "http://ann:p%40ss%20word@near.test:8080")
    }
    session.set_pac(tmp_path / "proxy.pac", PAC)
    assert look_up_all() == {
        PAGE: proxy_answer(ProxySource.GNOME, "direct://"),
        API: proxy_answer(ProxySource.GNOME, "http://near.test:3128", "direct://"),
    }


@needs_portal
def test_gnomes_settings_count_on_desktops_that_have_them(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere they are leftovers that nobody can change."""
    session.set("https host", "near.test")
    session.set("https port", "3128")
    session.set("ignore-hosts", "@as []")
    session.set("mode", "manual")
    for desktop, answers in (
        ("ubuntu:GNOME", 1),
        ("X-Cinnamon", 1),
        ("MATE", 1),
        ("XFCE", 0),
        ("KDE", 0),
        ("", 0),
    ):
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
        assert len(look_up_all(API)) == answers, desktop


@pytest.mark.skipif(bool(missing_kde()), reason=f"needs {missing_kde()}; `make desktop-tools` installs it")
def test_a_real_portal_answers_by_kdes_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand, with an exception, and by a PAC file."""
    session = Session(tmp_path, "KDE")
    for name, value in session.env.items():
        monkeypatch.setenv(name, value)
    settings = tmp_path / ".config" / "kioslaverc"
    settings.parent.mkdir()
    by_hand = "ProxyType=1\nhttpsProxy=http://near.test 3128\nNoProxyFor=status.openai.com\n"
    settings.write_text(f"[Proxy Settings]\n{by_hand}")
    with closing(Bus.connect()) as bus:
        session.start_portal(bus)
    found = [look_up_all()]
    (tmp_path / "proxy.pac").write_text(PAC.replace("near.test:3128", "far.test:8080"))
    settings.write_text(f"[Proxy Settings]\nProxyType=2\nProxy Config Script=file://{tmp_path}/proxy.pac\n")
    later = settings.stat().st_mtime + 2
    os.utime(settings, (later, later))  # libproxy reads it anew where its second has changed
    found.append(look_up_all())
    session.close()
    assert [answers[API].addresses[0] for answers in found] == [
        "http://near.test:3128",
        "http://far.test:8080",
    ]
    assert [answers[PAGE].addresses for answers in found] == [("direct://",)] * 2


def test_a_stand_in_is_asked_once_for_each_server(stand_in: StandInPortal) -> None:
    """The interface as the portal's own documents have it."""
    answer = proxy_answer(ProxySource.PORTAL, "http://near.test:3128")
    assert look_up_all() == {PAGE: answer, API: answer}
    assert stand_in.calls == [("Lookup", (PAGE,)), ("Lookup", (API,))]


def test_a_portal_that_hangs_is_left_after_its_time(stand_in: StandInPortal) -> None:
    """And said to be late for all, though asked for one."""
    gate = threading.Event()

    def hang(call: MethodCall) -> MethodReply:
        gate.wait(20)
        return stand_in.answers[call.member]

    stand_in.bus.serve(linux.PORTAL_PATH, hang)
    began = time.monotonic()
    late = SystemProxyAnswer(ProxySource.PORTAL, trouble=ProxyTrouble.LATE)
    assert look_up_all(patience=0.5) == {PAGE: late, API: late}
    assert time.monotonic() - began < 5.0
    gate.set()


@pytest.mark.parametrize(
    "lie",
    [
        MethodReply("s", ("http://near.test:3128",)),
        MethodReply("as", (["\x1b[31m", "x" * 4000, "http://" * 20],)),
        MethodReply("ai", ([1, 2],)),
        MethodReply("av", ([("s", "http://near.test:3128")],)),
        MethodReply("as", ([],)),
        MethodReply(),
    ],
)
def test_a_portal_that_lies_names_no_proxy(stand_in: StandInPortal, lie: MethodReply) -> None:
    """Another form is an error; what is too long is left out, and the rest is read by whoever uses it."""
    stand_in.answers["Lookup"] = lie
    for answer in look_up_all().values():
        assert answer.trouble is ProxyTrouble.FAILED or not read_ways(answer)


def test_a_portal_without_the_interface_is_said_to_fail(stand_in: StandInPortal) -> None:
    """One of another desktop, say."""
    stand_in.answers.clear()
    assert {answer.trouble for answer in look_up_all().values()} == {ProxyTrouble.FAILED}
    assert len(stand_in.calls) == 1


def test_without_any_portal_nothing_is_said_and_none_is_started(
    private_bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On XFCE, say; and where there is no bus, nothing is looked for at all."""
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "XFCE")
    assert is_present()
    assert look_up_all() == {}
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    assert not is_present()
    assert look_up_all() == {}


@pytest.mark.parametrize(
    "printed", ["", "rubbish", "org.gnome.system.proxy mode 'odd'", "org.gnome.system.proxy mode [["]
)
def test_settings_that_cannot_be_read_are_not_known(printed: str) -> None:
    """Of another program of that name, or another schema."""
    assert not GnomeSettings(printed).is_known


def test_gsettings_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that it has started."""
    program = tmp_path / "gsettings"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr("trayapp.desktop.network.system_proxy.gnome.LIMIT", 0.3)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    began = time.monotonic()
    assert read_gnome_settings({"PATH": "/usr/bin:/bin"}) is None
    assert time.monotonic() - began < 5.0


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ({}, "direct://"),
        ({"http host": "'a'"}, "http://a:8080"),
        ({"http host": "'a'", "https host": "'b'", "https port": "1"}, "http://b:1"),
        ({"http host": "'a'", "https host": "'b'"}, "http://a:8080"),
        ({"http host": "'a'", "use-same-proxy": "false"}, "direct://"),
        ({"socks host": '"s"', "socks port": "9050"}, "socks://s:9050"),
        ({"http host": "'a'", "socks host": "'s'", "socks port": "9050"}, "http://a:8080"),
    ],
)
def test_settings_by_hand_are_read_as_glib_reads_them(lines: dict[str, str], address: str) -> None:
    """A host without a port does not count; one proxy for all, if that is switched on; SOCKS last."""
    values = {"mode": "'manual'", "http port": "8080", "https port": "0", "socks port": "0"} | lines
    printed = "\n".join(
        f"org.gnome.system.proxy{'.' if ' ' in key else ' '}{key} {value}" for key, value in values.items()
    )
    assert GnomeSettings(printed).answer(API).addresses == (address,)


def test_a_pac_file_is_named() -> None:
    """The network's own has no address."""
    for printed, address in (("'http://x/y.pac'", "http://x/y.pac"), ("''", "")):
        settings = GnomeSettings(
            f"org.gnome.system.proxy mode 'auto'\norg.gnome.system.proxy autoconfig-url {printed}"
        )
        with pytest.raises(PacFileError) as caught:
            settings.answer(API)
        assert caught.value.address == address


def test_the_chooser_asks_linux_on_linux(stand_in: StandInPortal) -> None:
    """By the portal."""
    found: dict[str, SystemProxyAnswer] = {}
    look_up_proxies([API], found.__setitem__)
    assert found == {API: proxy_answer(ProxySource.PORTAL, "http://near.test:3128")}


def test_where_there_is_no_session_nothing_is_loaded_or_started() -> None:
    """The feature costs a terminal or a server nothing."""
    code = (
        "import sys, threading\n"
        "from trayapp.app.context import proxy_lookup\n"
        "proxy_lookup.prepare(['https://api.openai.com/'])\n"
        "rooms = ('jeepney', 'trayapp.desktop.network.system_proxy.linux')\n"
        "print(threading.active_count(), [name for name in rooms if name in sys.modules])\n"
    )
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ROOT}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1 []"
