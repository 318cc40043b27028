"""`doctor` among liars, the silent and the secret: every line is its own, in time, and without what nobody should read."""

from __future__ import annotations

import json
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.desktop.buses import PrivateBus, Service
from tests.endtoend.command import COMMAND, configure_home, ran, settings
from tests.systems import as_another, second_user, unix
from trayapp.app.languages import load_translator
from trayapp.commands.doctor.desktop import DoctorFinding
from trayapp.commands.doctor.examination import run_examination
from trayapp.desktop.dbus.bus import MethodReply
from trayapp.desktop.notifications.freedesktop import PATH, SERVER
from trayapp.desktop.tray.linux.sni import WATCHER, WATCHER_PATH
from trayapp.redact import safe_address
from trayapp.settings.file import format_value

pytestmark = unix

CLOSED = "http://127.0.0.1:9"
FORGED = "\x1b]0;pwned\x07\x1b[31mevil\nok      Notifications: all fine\u202e"
needs_bus = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs dbus-daemon")


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a session bus of our own."""
    (folder := tmp_path / "bus").mkdir()
    with closing(PrivateBus(folder)) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus.address


def lines(home: Path, **more: str) -> list[str]:
    """The report's findings, each of which begins a line; nothing in it steers a terminal."""
    done = ran(home, "doctor", **more)
    assert "Traceback" not in done.err
    assert all(line.isprintable() for line in done.out.splitlines())
    told = ran(home, "doctor", "--json", **more).json
    assert all(text.isprintable() for one in told for text in (one["what"], one["found"], one["do"]))
    begun = [line for line in done.out.splitlines() if not line.startswith(" ")]
    assert len(begun) == len(told)
    return begun


def findings(home: Path, **more: str) -> dict[str, dict[str, object]]:
    """The same for scripts, by what they are of."""
    return {one["what"]: one for one in ran(home, "doctor", "--json", **more).json}


@needs_bus
@pytest.mark.parametrize(
    "answers",
    [
        {"GetServerInformation": MethodReply("ssss", (FORGED, "", FORGED, "")), "GetCapabilities": MethodReply("as", ([FORGED],))},
        {"GetServerInformation": MethodReply("", ())},
        {"GetServerInformation": MethodReply("u", (5,)), "GetCapabilities": MethodReply("u", (5,))},
        {"GetServerInformation": MethodReply("ssss", ("a", "b", "c", "d")), "GetCapabilities": MethodReply("s", ("x",))},
        {"GetServerInformation": MethodReply("ssss", ("a", "b", "c", "d")), "GetCapabilities": MethodReply("aas", ([["x"]],))},
        {"GetServerInformation": MethodReply("ssssss", tuple("abcdef")), "GetCapabilities": MethodReply("as", ([],))},
    ],
    ids=["escapes", "nothing", "numbers", "a text", "lists in a list", "too much"],
)  # fmt: skip
def test_a_lying_notification_server_is_one_line(
    tmp_path: Path, bus: str, answers: dict[str, MethodReply]
) -> None:
    """It forges no other, and the report goes on to its end."""
    service = Service(SERVER, PATH)
    service.answers.update(answers)
    try:
        begun = lines(configure_home(tmp_path / "home", settings(CLOSED)), DBUS_SESSION_BUS_ADDRESS=bus)
    finally:
        service.bus.close()
    assert sum("Notifications:" in line.partition("evil")[0] for line in begun) == 1
    assert any("Status page:" in line for line in begun)


@needs_bus
@pytest.mark.parametrize(
    "reply",
    [
        MethodReply("", ()),
        MethodReply("s", ("yes",)),
        MethodReply("v", (("s", "yes"),)),
        MethodReply("bb", (True, True)),
    ],
)
def test_a_lying_watcher_is_no_host(tmp_path: Path, bus: str, reply: MethodReply) -> None:
    """Whatever it says instead of yes or no."""
    service = Service(WATCHER, WATCHER_PATH)
    service.answers["Get"] = reply
    try:
        of = findings(configure_home(tmp_path / "home", settings(CLOSED)), DBUS_SESSION_BUS_ADDRESS=bus)
    finally:
        service.bus.close()
    assert "no watcher on the session bus" in str(of["Tray"]["found"])


def test_a_display_that_accepts_and_stays_silent_costs_five_seconds(tmp_path: Path) -> None:
    """As a dead `ssh -X`; the rest is looked at."""
    with socket.create_server(("127.0.0.1", 0)) as display:
        number = display.getsockname()[1] - 6000
        began = time.monotonic()
        of = findings(configure_home(tmp_path, settings(CLOSED)), DISPLAY=f"127.0.0.1:{number}")
    assert time.monotonic() - began < 14.0
    assert of["Tray"]["found"] == "could not be examined: no answer in 5 s"
    assert "Status page" in of


@pytest.mark.skipif(sys.platform != "linux", reason="other systems list no certificates")
def test_an_empty_certificate_store_is_a_finding(tmp_path: Path) -> None:
    """As in a slim image; garbage in its place is none either."""
    (empty := tmp_path / "empty").mkdir()
    (garbage := tmp_path / "garbage").write_text("-----BEGIN CERTIFICATE-----\n")
    home = configure_home(tmp_path / "home", settings(CLOSED))
    of = findings(home, SSL_CERT_FILE=str(garbage), SSL_CERT_DIR=str(empty))["Certificates"]
    assert (of["ok"], of["found"]) == (False, "the system's store is empty")
    assert "ca-certificates" in str(of["do"])
    assert findings(home)["Certificates"]["ok"]


def test_words_of_the_environment_and_of_the_settings_steer_nothing(tmp_path: Path) -> None:
    """A proxy, a home and a hook with a terminal's own characters in them."""
    (home := tmp_path / "h\x1b]0;pwned\x07\nok      Log: fine").mkdir()
    more = '\n[hooks]\non_transition = ["/nope\\u001b]0;pwned\\u0007"]\n'
    configure_home(home, settings(CLOSED) + more)
    lines(home, HTTP_PROXY="http://\x1b[31mx\x07:1", AUTO_PROXY="\x1b[2J")


SECRET = "s3cr3tS3CR3T"  # that is what it is for
CREDENTIALS = (
    f"http://user:{SECRET}@proxy.example:3128",
    f"http://user:{SECRET * 40}@proxy.example:3128",
    f"http://{'u' * 200}:{SECRET}@proxy.example:3128/",
    f"http://user:a {SECRET}@proxy.example:3128",
    f"http://user:123/{SECRET}@proxy.example:3128",
    f"http://user:'{SECRET}/x\"@proxy.example:3128",
    f"http://user:a?{SECRET}@proxy.example:3128",
    f"http://user:a#{SECRET}@b@proxy.example:3128",
    f"http://{SECRET}@proxy.example:3128",
    f"user:{SECRET}@proxy.example:3128",
    f"http://proxy.example:3128/?token={SECRET}",
    f"http://proxy.example:3128/?token=a@{SECRET}",
)


@pytest.mark.parametrize("proxy", CREDENTIALS)
def test_no_spelling_of_credentials_is_shown(proxy: str) -> None:
    """Of an address its scheme, host and port, where it is sure which they are."""
    assert safe_address(proxy) in {"http://proxy.example:3128", "proxy.example:3128", "http://***"}
    assert SECRET not in safe_address(proxy)
    assert SECRET not in format_value({"proxy": proxy}) + format_value([proxy]) + format_value(proxy)


@pytest.mark.parametrize("proxy", CREDENTIALS[1:6:2])
def test_of_a_proxy_its_scheme_host_and_port_are_shown(tmp_path: Path, proxy: str) -> None:
    """However its credentials are spelled, from the environment and from the settings; in no output and no log."""
    said = []
    for name, place in (("HTTPS_PROXY", "environment"), ("", "settings")):
        more = f"[network]\nproxy = {json.dumps(proxy)}" if place == "settings" else ""
        home = configure_home(tmp_path / place, settings(CLOSED, more=more))
        for arguments in (("--verbose", "doctor"), ("--verbose", "status")):
            done = ran(home, *arguments, **({name: proxy} if name else {}))
            said.append(done.out + done.err)
        said += [log.read_text() for log in home.glob("tray.log*")]
    assert not [one for one in said if SECRET in one]


@pytest.mark.parametrize(
    "text",
    [
        f'[[probes]]\nname = "a"\nurl = "https://api.example/v1?api_key={SECRET}"',
        f'[[probes]]\nname = "a"\nproduct = "b"\nurl = "ftp://api.example/{SECRET}?key={SECRET}"',
        f'probes = "https://api.example/?key={SECRET}"',
        f'probes = ["https://api.example/?key={SECRET}"]',
        f'page = "https://api.example/{SECRET}"',
        f'[page]\nurl = "https://u:{SECRET}@example.com"',
        f'[page]\nurl = "https://example.com/?{SECRET}',
        f"[network]\nproxy = http://user:{SECRET}@proxy.example",
        f"[network]\nproxy = user:{SECRET}@proxy.example:1",
        f"[connectivity]\nreferences = ['https://a.example/{SECRET}@', 3]",
        f'[connectivity]\nreferences = [\n"https://a.example/{SECRET}",\n"x"',
    ],
)
def test_of_wrong_settings_only_what_is_harmless_is_shown(tmp_path: Path, text: str) -> None:
    """Hosts, and a table's keys: a key may stand in the address beside the mistake."""
    home = configure_home(tmp_path, text)
    done = ran(home, "doctor")
    assert done.code == 64
    assert SECRET not in done.out + done.err
    assert not [log for log in home.glob("tray.log*") if SECRET in log.read_text()]


def test_settings_with_a_password_that_others_may_read_are_a_finding(tmp_path: Path) -> None:
    """With what to do about it."""
    more = f'[network]\nproxy = "http://user:{SECRET}@127.0.0.1:9"'
    file = configure_home(tmp_path, settings(CLOSED, more=more)) / "config.toml"
    file.chmod(0o644)
    of = findings(tmp_path)["Settings"]
    assert (of["ok"], of["do"]) == (False, f"chmod 600 {file}")
    file.chmod(0o600)
    assert findings(tmp_path)["Settings"]["ok"]


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that everybody may look into."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@second_user
def test_folders_that_may_not_be_looked_into_are_findings_too(open_home: Path) -> None:
    """As after a `sudo` that made them root's: the report goes on to its end."""
    for part in (".config", ".local"):
        (open_home / part).mkdir(mode=0o700)
    python = shutil.which("python3", path="/usr/bin:/bin")
    if python is None:
        pytest.skip("needs a Python that every user may run")
    packages = [str(path) for path in Path(COMMAND).parent.parent.glob("lib/python3*/site-packages")]
    program = str(Path(__file__).resolve().parents[2])
    done = as_another(
        python, "-m", "trayapp", "doctor", PYTHONPATH=":".join([program, *packages]), HOME=str(open_home)
    )
    if "No module" in done.stderr or "denied" in done.stderr:
        pytest.skip("needs a program that every user may read")
    assert done.returncode == 64
    assert "NOT OK  Settings" in done.stdout
    assert (
        f"NOT OK  Memory: {open_home}/.local/state/openai-status-tray/state.db: permission denied"
        in done.stdout
    )
    assert "Status page" in done.stdout


def test_one_examination_that_fails_or_hangs_is_one_finding() -> None:
    """What it had found before stays."""

    def fails() -> Iterator[DoctorFinding]:
        yield DoctorFinding("a", True, "b")
        raise KeyError("planted")

    def hangs() -> Iterator[DoctorFinding]:
        yield DoctorFinding("a", True, "b")
        time.sleep(5)

    english = load_translator("en")
    found = run_examination(english, "c", fails)
    assert found == [
        DoctorFinding("a", True, "b"),
        DoctorFinding("c", False, "could not be examined: KeyError: 'planted'"),
    ]
    found = run_examination(english, "c", hangs, 0.2)
    assert found == [
        DoctorFinding("a", True, "b"),
        DoctorFinding("c", False, "could not be examined: no answer in 0 s"),
    ]
