"""The check with the person's own key on a real panel: the page is green and answers break off. The key is shown nowhere."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from tests.desktop.key_forms import KEY
from tests.desktop.xfce import Xfce
from tests.endtoend.command import SHORT, configure_home, ran, settings
from tests.endtoend.panel import Person
from tests.endtoend.running import QUICK, Browser, Notices, Program
from tests.endtoend.scenes import calm
from tests.sources.answers.gateway import BEGUN, GOOD, Gateway, Reply, refusal
from tests.web_page.test_server import ask, let_in_by
from trayapp.demo.server import StatusServer
from trayapp.model import State

pytestmark = pytest.mark.desktop

CRASHING = """
import runpy
from trayapp.sources.http import HttpClient

fetch = HttpClient.fetch

def broken(self, asks, *rest, **more):
    if any(ask.key and ask.head_only for ask in asks):
        raise RuntimeError(f"{[ask.request_headers() for ask in asks]} {[ask.key for ask in asks]}")
    return fetch(self, asks, *rest, **more)

HttpClient.fetch = broken
runpy.run_module("tests.endtoend.quick", run_name="__main__")
"""
"""The program with a fault of its own wherever a probe shows the key; what is raised has the key in its words."""
TOLD = '[notify]\nlevel = "problems"\n'


def script(place: Path, text: str) -> str:
    """A program of the person's own."""
    place.write_text(f"#!{sys.executable}\n{text}\n")
    place.chmod(0o700)
    return str(place)


def with_a_key(gateway: Gateway, command: str) -> str:
    """The settings of whoever has switched the check on."""
    return (
        f'[key_check]\non = true\ninterval = "5m"\nbase_url = "{gateway.base}"\nkey_command = ["{command}"]\n'
    )


def test_answers_break_off_while_the_page_is_green(tmp_path: Path, xfce: Xfce, browser: Browser) -> None:
    """Seen, told as what it is, and over when answers are whole again; then the key is refused, and that is no outage."""
    person, heard = Person(xfce), tmp_path / "heard.txt"
    command = script(tmp_path / "key", f"print({KEY!r})")
    hook = script(
        tmp_path / "hook",
        f"import os, sys\nopen({str(heard)!r}, 'a').write(sys.stdin.read() + str(os.environ))",
    )
    with StatusServer(calm()) as server, Gateway().running() as gateway:
        more = f'{SHORT}{TOLD}[hooks]\non_transition = ["{hook}"]\n' + with_a_key(gateway, command)
        home = configure_home(tmp_path / "home", settings(server.url, more=more))
        env = {**xfce.env, **browser.env}
        record = tmp_path / "rounds.jsonl"
        with (
            Notices(xfce.env["DBUS_SESSION_BUS_ADDRESS"], tmp_path) as notices,
            Program(home, "run", "--verbose", "--record", str(record), env=env, command=QUICK) as program,
        ):
            person.sees(State.OPERATIONAL)
            wait_until(lambda: gateway.posted, 60.0, "the first answer asked for")
            gateway.replies[:] = [Reply(pieces=BEGUN)]
            person.sees(State.DEGRADED, limit=120.0)
            xfce.screenshot("answers-break-off")
            wait_until(lambda: notices.with_title("APIs"), 60.0, "the trouble told")
            said = (
                ran(home, "status", "--cached").out + ran(home, "status", "--cached", "--format", "json").out
            )
            gateway.replies[:] = [Reply(pieces=GOOD)]
            person.sees(State.OPERATIONAL, limit=240.0)
            gateway.replies[:] = [refusal(401, "invalid_api_key")]
            wait_until(lambda: notices.with_title("key"), 120.0, "the refused key told")
            assert person.sees(State.OPERATIONAL)
            said += (
                ran(home, "doctor", "--json").out + ran(home, "history", "--json").out + ran(home, "key").out
            )
            assert ran(home, "open").code == 0
            wait_until(lambda: browser.opened, what="the details page opened")
            said += ask(let_in_by(browser.opened[-1]))[1].decode()
            arguments = b"".join(_read(each) for each in Path("/proc").glob("[0-9]*/cmdline"))
            program.end()
    assert all(one.authorization == f"Bearer {KEY}" for one in gateway.asked)
    assert "APIs" in heard.read_text()
    shown = [program.output, said, str(notices.all()), arguments.decode(errors="replace")]
    files = [file for file in (*home.rglob("*"), record, heard) if file.is_file()]
    assert {file.name for file in files} >= {"tray.log", "state.db", "rounds.jsonl", "heard.txt"}
    assert not [text for text in shown if KEY in text]
    assert not [file for file in files if KEY.encode() in file.read_bytes()]


def test_a_crash_of_the_program_does_not_show_the_key(tmp_path: Path, browser: Browser) -> None:
    """A round that fails with the key in its words is in the log without it, and the program goes on."""
    command = script(tmp_path / "key", f"print({KEY!r})")
    with StatusServer(calm()) as server, Gateway().running() as gateway:
        probe = (
            f'[[probes]]\nname = "API"\nproduct = "APIs"\nurl = "{gateway.base}/models"\ninterval = "15s"\n'
        )
        more = SHORT + probe + with_a_key(gateway, command)
        home = configure_home(tmp_path / "home", settings(server.url, more=more).replace("probes = []", ""))
        crashing = (sys.executable, "-c", CRASHING)
        with Program(home, "run", "--verbose", env=browser.env, command=crashing) as program:
            program.wait_for("No system tray")
            wait_until(lambda: "RuntimeError" in program.log, 120.0, "a round that failed")
            said = ran(home, "status", "--cached").err + ran(home, "doctor", "--json").out
            program.end()
    assert not [text for text in (program.output, said) if KEY in text]
    assert not [file for file in home.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it has ended
        return b""
