"""On Windows the rooms that know the system do what they do elsewhere: their own tests, run by Windows' Python."""

from __future__ import annotations

import json
import signal
import ssl
import subprocess
from pathlib import Path

import pytest
import trustme

from tests.desktop.desktops import wait_until
from tests.desktop.key_forms import KEY, MODELS, serving
from tests.desktop.windows import Windows
from tests.endtoend.command import configure_home, settings
from tests.endtoend.running import Browser
from tests.endtoend.scenes import calm
from trayapp.demo.server import StatusServer
from trayapp.places import HOME_VARIABLE

ROOMS = (
    "tests/desktop/test_control.py",
    "tests/desktop/test_control_windows.py",
    "tests/desktop/test_administrators_windows.py",
    "tests/desktop/test_autostart_windows.py",
    "tests/desktop/test_clipboard_windows.py",
    "tests/desktop/test_hooks.py",
    "tests/desktop/test_key.py",
    "tests/desktop/test_key_on_windows.py",
    "tests/desktop/test_links.py",
    "tests/desktop/test_country.py",
    "tests/desktop/test_identity.py",
    "tests/desktop/test_system32.py",
    "tests/desktop/test_system_proxy_windows.py",
    "tests/demo/test_listener.py",
    "tests/web_page/test_command.py",
    "tests/web_page/test_server.py",
    "tests/store/test_bad_disks.py",
    "tests/store/test_bad_files.py",
    "tests/store/test_kill.py",
    "tests/store/test_store.py",
    "tests/test_logs.py",
    "tests/test_ownership.py",
    "tests/test_places.py",
    "tests/test_edit.py",
    "tests/test_streams.py",
)
"""What knows the system or its files."""


def test_what_knows_the_system_passes_its_own_tests_on_windows(wine: Windows) -> None:
    """What cannot be on Windows is skipped there, and says so."""
    done = wine.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", *ROOMS, limit=400.0)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


@pytest.mark.parametrize(
    ("locale", "spoken"), [("tr_TR.UTF-8", "tr"), ("id_ID.UTF-8", "id"), ("C.UTF-8", "en")]
)
def test_it_speaks_the_language_of_windows_itself(locale: str, spoken: str, wine: Windows) -> None:
    """Where no variable says another."""
    code = "from trayapp.app.languages import choose_language; print(choose_language({}))"
    assert wine.run("-c", code, env={"LC_ALL": locale}).stdout.split() == [spoken]


def test_windows_reads_its_time_zone_again_when_told_to(wine: Windows) -> None:
    """Its C library holds on to the zone that it read first, as others do; asked to, it reads again."""
    code = (
        "import os\n"
        "from datetime import datetime, UTC\n"
        "from trayapp.desktop.clocks import reread_zone\n"
        "noon = datetime(2026, 1, 1, 12, tzinfo=UTC)\n"
        "noon.astimezone()\n"
        "os.environ['TZ'] = 'JST-9'\n"
        "before = noon.astimezone().hour\n"
        "reread_zone()\n"
        "print(before, noon.astimezone().hour)\n"
    )
    assert wine.run("-c", code, env={"TZ": "UTC0"}).stdout.split() == ["12", "21"]


def test_windows_says_who_is_trusted_unless_a_file_does(tmp_path: Path, wine: Windows) -> None:
    """A server whose authority Windows does not know is refused, and named; `ca_file` says otherwise."""
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost")
    ca_file, chain = tmp_path / "authority.pem", tmp_path / "chain.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    # With its end, because Wine 8 takes a chain whose end it does not know for good, which Windows does not.
    chain.write_bytes(leaf.private_key_and_cert_chain_pem.bytes() + authority.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    with StatusServer(calm(), tls=context) as server:
        # Wine 8 compares no addresses with a certificate's, only names.
        config = settings(server.url.replace("127.0.0.1", "localhost"))
        home = configure_home(tmp_path / "home", config)
        stranger = wine.run("-m", "trayapp", "status", env={HOME_VARIABLE: f"Z:{home}"})
        assert (stranger.returncode, "certificate not trusted" in stranger.stdout) == (2, True)
        configure_home(home, f'{config}\n[network]\nca_file = "Z:{ca_file}"\n')
        assert wine.run("-m", "trayapp", "status", env={HOME_VARIABLE: f"Z:{home}"}).returncode == 0


def test_ctrl_c_ends_the_page_that_is_served(tmp_path: Path, wine: Windows) -> None:
    """Within seconds, though Windows does not wake Python from a wait; the browser was given the page."""
    browser = Browser(tmp_path / "bin")
    with StatusServer(calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        with wine.start(
            "-m", "trayapp", "details", env={HOME_VARIABLE: f"Z:{home}", **browser.env}
        ) as program:
            wait_until(lambda: browser.opened, 60.0, "the page opened")
            program.send_signal(signal.SIGINT)
            assert program.wait(5.0) == 130
    assert browser.opened[0].startswith("http://127.0.0.1:")


PROMPTS = """
import json, subprocess, sys, time
nothing = {"stdin": subprocess.DEVNULL}
def ran(*words, more=()):
    done = subprocess.run([sys.executable, *more, "-m", "trayapp", *words], capture_output=True, text=True, **nothing)
    return done.returncode, done.stdout, done.stderr
none = ran("status", "--cached")
silent = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
program = subprocess.Popen([sys.executable, "-m", "trayapp", "run"], **silent)
ends = time.monotonic() + 60
while ran("status", "--cached")[0] and time.monotonic() < ends:
    time.sleep(0.5)
asked = ran("status", "--cached", "--format", "{state}: {sentence}", more=("-X", "importtime"))
wrong = ran("status", "--cached", "--format", "{x}")
ran("quit")
program.wait(30)
print(json.dumps([none, asked, wrong]))
"""
"""In one Python of Windows: Wine 8 keeps the pipes of a second one open that ends while a first one runs."""


def test_a_prompt_is_answered_over_the_pipe(tmp_path: Path, wine: Windows) -> None:
    """As elsewhere: the same exits, one line, and none of what takes long to load."""
    with StatusServer(calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more='interval = "1h"'))
        done = wine.run("-c", PROMPTS, env={HOME_VARIABLE: f"Z:{home}"}, limit=180.0)
    none, asked, wrong = json.loads(done.stdout)
    assert (none[:2], none[2].count("\n")) == ([2, ""], 1)
    assert "not running" in none[2]
    assert asked[:2] == [0, "operational: OpenAI reports no trouble with ChatGPT, APIs and Codex.\n"]
    loaded = {line.rpartition("|")[2].strip() for line in asked[2].splitlines()}
    assert "trayapp.desktop.control.windows_pipe" in loaded
    assert not loaded & {"argparse", "logging", "ssl", "httpx", "dataclasses", "tomllib"}
    assert (wrong[:2], wrong[2].count("\n")) == ([64, ""], 1)


def test_windows_itself_keeps_a_key_that_is_piped_in(tmp_path: Path, wine: Windows) -> None:
    """OpenAI is asked first; the key is had again by its end, found by `doctor`, and forgotten; no file of ours has it."""
    with serving(lambda: (200, MODELS)) as url:
        home = configure_home(tmp_path / "home", f'probes = []\n[key_check]\nbase_url = "{url}/v1"\n')
        env = {HOME_VARIABLE: f"Z:{home}"}
        with wine.start("-m", "trayapp", "key", "set", env=env, stdin=subprocess.PIPE) as setting:
            said, wrong = setting.communicate(f"{KEY}\r\n", 60.0)
        kept = f"The key that ends in {KEY[-4:]} is kept in Windows' Credential Manager.\n"
        assert (setting.returncode, said) == (0, kept), wrong
        assert wine.run("-m", "trayapp", "key", env=env).stdout == kept
        assert kept.strip() in wine.run("-m", "trayapp", "doctor", env=env).stdout
        assert wine.run("-m", "trayapp", "key", "forget", env=env).returncode == 0
        assert wine.run("-m", "trayapp", "key", env=env).returncode == 1
    assert not [file for file in home.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()]
