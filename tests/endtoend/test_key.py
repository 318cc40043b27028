"""`key` as a person uses it: a real keyring, a real server that takes or refuses, and a key that is shown nowhere."""

from __future__ import annotations

import http.server
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.desktop.buses import PrivateBus
from tests.desktop.desktops import wait_until
from tests.desktop.key_forms import KEY, MODELS, OTHER_KEY
from tests.desktop.keyrings import LOGIN, Keyring, StandIn, missing, secret_of
from tests.endtoend.command import COMMAND, LIMIT, configure_home, environment
from tests.sources.servers import Server, say
from trayapp.demo.listener import LoopbackServer
from trayapp.desktop.dbus.bus import Bus, MethodReply
from trayapp.desktop.keys.base import Key, KeyPurpose
from trayapp.desktop.keys.secret_service import SecretService
from trayapp.model import SavedMemory, Spending
from trayapp.store import Store

UNLIKE = "gateway:Qz8vN3xTb6Yk1Mw4"
"""A key that no pattern knows as one."""
JSON = {"Content-Type": "application/json"}

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(bool(missing()), reason=f"needs {missing()}; `make desktop-tools` installs it"),
]


def refusal(code: str, message: str = "") -> str:
    """An error as OpenAI spells it; the message names the key, as the real one does a part of it."""
    return json.dumps({"error": {"code": code, "message": message or f"Incorrect API key provided: {KEY}"}})


@dataclass
class Said:
    """What the server answers, and what it was asked with."""

    status: int = 200
    body: str = MODELS
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    delay: float = 0.0
    keys: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@dataclass
class Place:
    """A home with its bus, keyring and server."""

    home: Path
    bus: PrivateBus
    said: Said
    url: str

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        """Start the command on the private bus."""
        return subprocess.Popen(
            [COMMAND, *arguments],
            env=environment(self.home, DBUS_SESSION_BUS_ADDRESS=self.bus.address, **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ran(self, *arguments: str, given: str = "", **more: str) -> tuple[int, str]:
        """Run it to its end; its exit status, and all that it printed."""
        with self.start(*arguments, **more) as process:
            out, err = process.communicate(given.encode(), LIMIT)
        return process.returncode, (out + err).decode()


@pytest.fixture
def place(private_bus: PrivateBus, tmp_path: Path) -> Iterator[Place]:
    """A person's computer, without a keyring yet."""
    said = Said()

    class Api(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # its name in the library
            said.keys.append(self.headers.get("Authorization", ""))
            said.paths.append(self.path)
            time.sleep(said.delay)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with LoopbackServer(Api) as server:
        home = configure_home(tmp_path / "home", f'[key_check]\nbase_url = "{server.url}/v1"\n')
        yield Place(home, private_bus, said, server.url)


@pytest.fixture
def keyring(place: Place, tmp_path: Path) -> Iterator[Keyring]:
    """An unlocked keyring on its bus."""
    own = Keyring(tmp_path / "keyring", place.bus.address)
    yield own
    own.close()


def test_a_key_is_tested_kept_shown_by_its_end_and_forgotten(place: Place, keyring: Keyring) -> None:
    """From a pipe with a line's end; OpenAI is asked before it is kept."""
    assert place.ran("key") == (1, "No key is kept.\n")
    kept = f"The key that ends in {KEY[-4:]} is kept in your keyring.\n"
    assert place.ran("key", "set", given=f"{KEY}\n") == (0, kept)
    assert (place.said.keys, place.said.paths) == ([f"Bearer {KEY}"], ["/v1/models"])
    assert place.ran("key", "status") == (0, kept)
    assert place.ran("key", "test") == (0, "OpenAI takes the key.\n")
    code, said = place.ran("key", "forget")
    assert (code, keyring.items()) == (0, 0)
    assert "deleted here" in said
    assert place.ran("key", "forget") == (0, "No key is kept.\n")


def test_downdetector_s_key_is_another_one(place: Place, keyring: Keyring) -> None:
    """It is asked of Downdetector alone, kept only if accepted there, and shown by its end; the API key stays."""
    assert place.ran("key", "set", given=KEY)[0] == 0
    with Server(say(502)).running() as proxy:
        configure_home(place.home, f'[network]\nproxy = "{proxy.url}"\n')
        code, said = place.ran("key", "set", "--downdetector", given=OTHER_KEY)
    assert (code, [(seen.method, seen.path) for seen in proxy.seen]) == (
        2,
        [("CONNECT", "downdetectorapi.com:443")],
    )
    assert said.startswith("Whether Downdetector takes the key could not be found out")
    assert OTHER_KEY not in said
    assert place.ran("key", "status", "--downdetector") == (1, "No key is kept.\n")
    with closing(Bus.connect()) as bus:
        SecretService(bus, KeyPurpose.DOWNDETECTOR).save(Key(OTHER_KEY))
    kept = f"The key that ends in {OTHER_KEY[-4:]} is kept in your keyring.\n"
    assert place.ran("key", "--downdetector") == (0, kept)
    assert place.ran("key", "--downdetector", OTHER_KEY)[0] == 64
    code, said = place.ran("key", "forget", "--downdetector")
    assert (code, keyring.items()) == (0, 1)
    assert "your account at Downdetector" in said
    assert KEY[-4:] in place.ran("key")[1]


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, refusal("invalid_api_key"), (1, "OpenAI refuses the key")),
        (403, refusal("", "Missing scopes: api.model.read. Check that"), (1, "lacks Models: Read")),
        (403, refusal("unsupported_country_region_territory"), (1, "country")),
        (403, "<html>challenge</html>", (2, "HTTP status 403")),
        (429, refusal("rate_limit_exceeded"), (2, "HTTP status 429")),
        (503, "", (2, "HTTP status 503")),
        (404, "", (2, "base_url")),
        (302, "", (2, "base_url")),
        (200, "<html>sign in</html>", (2, "base_url")),
    ],
)
def test_a_key_that_is_not_taken_is_not_kept(
    place: Place, keyring: Keyring, status: int, body: str, told: tuple[int, str]
) -> None:
    """It is said why; a redirect is not followed, for the key would go along."""
    place.said.status, place.said.body = status, body
    place.said.headers |= {"Location": f"{place.url}/elsewhere"} if status == 302 else {}
    found, printed = place.ran("key", "set", "--verbose", given=KEY)
    assert found == told[0]
    assert told[1] in printed
    assert KEY not in printed
    assert (keyring.items(), len(place.said.keys)) == (0, 1)


def test_a_key_typed_at_a_terminal_is_not_shown(place: Place, keyring: Keyring) -> None:
    """The prompt is; what is typed is not."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", "--wait", COMMAND, "key", "set"],
        env=environment(place.home, DBUS_SESSION_BUS_ADDRESS=place.bus.address, TERM="dumb"),
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    shown = b""
    while b"not shown" not in shown:
        shown += os.read(leader, 1024)
    os.write(leader, f"{KEY}\n".encode())
    while b"is kept" not in shown:
        shown += os.read(leader, 1024)
    assert process.wait(LIMIT) == 0
    os.close(leader)
    assert KEY.encode() not in shown


@pytest.mark.parametrize("given", ["", "two words here", f"{KEY}\n{KEY}", f"{KEY[:9]} {KEY[9:]}", "x" * 5000])
def test_what_is_no_key_is_bad_usage_and_asks_nobody(place: Place, keyring: Keyring, given: str) -> None:
    """One sentence, which does not quote it."""
    code, said = place.ran("key", "set", given=given)
    assert (code, said.count("\n"), place.said.keys) == (64, 1, [])
    assert "one word of 8 to 512" in said


@pytest.mark.parametrize(
    "arguments", [("key", "set", KEY), ("key", KEY), ("key", "set", UNLIKE), ("set", KEY)]
)
def test_a_key_on_the_command_line_is_refused_and_not_repeated(
    place: Place, arguments: tuple[str, ...]
) -> None:
    """It stands in the process list already; not also on the screen."""
    code, said = place.ran(*arguments)
    assert code == 64
    assert arguments[-1] not in said


def test_without_a_keyring_the_person_is_told_of_both_ways(place: Place) -> None:
    """Before a key is asked for."""
    for what, code in (("set", 1), ("status", 2), ("test", 2), ("forget", 1)):
        found, said = place.ran("key", what)
        assert found == code
        assert "There is no keyring here" in said
        assert "key_command" in said


def test_each_language_says_it_in_its_own_words(place: Place, keyring: Keyring) -> None:
    """Turkish and Indonesian."""
    assert place.ran("key", LANG="tr_TR.UTF-8") == (1, "Saklanan anahtar yok.\n")
    assert place.ran("key", LANG="id_ID.UTF-8") == (1, "Tidak ada kunci yang disimpan.\n")


def test_a_program_may_give_the_key(place: Place) -> None:
    """It needs no keyring; what it gives is changed there."""
    script = place.home / "give"
    script.write_text(f"#!/bin/sh\necho {KEY}\n")
    script.chmod(0o700)
    command = f'key_command = ["{script}"]'
    configure_home(place.home, f'[key_check]\nbase_url = "{place.url}/v1"\n{command}\n')
    found = (0, f"The key that ends in {KEY[-4:]} comes from the program in key_command.\n")
    assert place.ran("key") == found
    assert place.ran("key", "test") == (0, "OpenAI takes the key.\n")
    code, said = place.ran("key", "set", given=KEY)
    assert (code, "change it there" in said) == (1, True)


def test_doctor_says_where_the_key_is_and_nothing_without_one(place: Place, keyring: Keyring) -> None:
    """A locked keyring is a finding with its remedy."""

    def line() -> list[dict[str, object]]:
        code, said = place.ran("doctor", "--json")
        assert code in {0, 1}
        return [each for each in json.loads(said.splitlines()[0]) if each["what"] == "API key"]

    configure_home(
        place.home, f'probes = []\n[page]\nurl = "{place.url}"\n[key_check]\nbase_url = "{place.url}/v1"\n'
    )
    assert line() == []
    place.ran("key", "set", given=KEY)
    assert [each["ok"] for each in line()] == [True]
    keyring.lock()
    (found,) = line()
    assert (found["ok"], found["found"]) == (False, "Your keyring is locked: unlock it, and try again.")


FAULTS: dict[str, Callable[[Said, StandIn], object]] = {
    "fine": lambda _said, _ring: None,
    "refused": lambda said, _ring: vars(said).update(status=401, body=refusal("invalid_api_key")),
    "echoed": lambda said, _ring: vars(said).update(status=500, body=KEY + UNLIKE, headers={"Server": KEY}),
    "bad header": lambda said, _ring: vars(said).update(headers={"Location": KEY, "X-A": UNLIKE}, status=307),
    "no collection": lambda _said, ring: ring.answers.update(ReadAlias=MethodReply("o", ("/",))),
    "prompting": lambda _said, ring: ring.answers.update(CreateItem=MethodReply("oo", ("/", "/p1"))),
    "locked": lambda _said, ring: ring.answers.update(SearchItems=MethodReply("aoao", ([], [f"{LOGIN}/1"]))),
    "lying": lambda _said, ring: ring.answers.update(GetSecrets=MethodReply("s", (KEY + UNLIKE,))),
    "broken": lambda _said, ring: ring.answers.pop("OpenSession"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_brings_the_key_to_a_screen_or_a_file(place: Place, fault: str) -> None:
    """With everything said that can be said: neither printed, nor in any file below the home."""
    ring = StandIn()
    ring.answers["GetSecrets"] = secret_of(UNLIKE.encode())
    FAULTS[fault](place.said, ring)
    printed = ""
    for what in ("set", "status", "test", "forget"):
        _, said = place.ran("--verbose", "key", what, given=UNLIKE, PYTHONDEVMODE="1", PYTHONASYNCIODEBUG="1")
        printed += said
    ring.bus.close()
    assert printed
    assert "Traceback" not in printed
    kept = b"".join(file.read_bytes() for file in place.home.rglob("*") if file.is_file())
    for each in (KEY, UNLIKE):
        assert each not in printed
        assert each.encode() not in kept


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_while_it_is_asked_about_a_key_is_in_no_process_list(place: Place, keyring: Keyring) -> None:
    """Neither among the arguments nor in the environment of any process."""
    place.said.delay = 2.0
    with place.start("key", "set") as process:
        assert process.stdin
        process.stdin.write(KEY.encode())
        process.stdin.close()
        wait_until(lambda: place.said.keys, what="the server is asked")
        for file in ("cmdline", "environ"):
            seen = (Path("/proc") / str(process.pid) / file).read_bytes()
            assert seen
            assert KEY.encode() not in seen
        others = (each.read_bytes() for each in Path("/proc").glob("[0-9]*/cmdline") if each.exists())
        assert not any(KEY.encode() in each for each in others)
        process.wait(LIMIT)


def test_what_the_check_cost_is_said_beside_the_key(place: Place, keyring: Keyring) -> None:
    """By the usage that came back; `doctor` says it too. Where the check is off there is nothing to say of it."""
    assert place.ran("key", "set", given=KEY)[0] == 0
    assert "This month" not in place.ran("key")[1]
    configure_home(place.home, f'[key_check]\non = true\nbase_url = "{place.url}/v1"\n')
    now = datetime.now(UTC)
    spending = Spending(f"{now:%Y-%m-%d}", 7, f"{now:%Y-%m}", 1200, 14_400, 2_400)
    with closing(Store.open(place.home / "state.db", now)) as store:
        store.save(SavedMemory(spending=spending), now=now)
    words = "This month: 1200 requests for about 0.0026 US dollars; today 7 of at most 150."
    assert place.ran("key")[1].splitlines()[1] == words
    assert words in place.ran("doctor")[1]


def test_a_check_that_is_on_without_a_key_is_a_finding(place: Place, keyring: Keyring) -> None:
    """Whoever switched it on is told what is missing."""
    configure_home(place.home, f'[key_check]\non = true\nbase_url = "{place.url}/v1"\n')
    assert "There is no key to ask with: keep one with `key set`." in place.ran("doctor")[1]
