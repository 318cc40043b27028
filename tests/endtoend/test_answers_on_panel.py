"""The check with the person's own key on a real panel: the page is green and answers break off. The key is shown nowhere."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from tests.desktop.key_forms import KEY
from tests.desktop.xfce import Xfce
from tests.endtoend.command import SHORT, configured, ran, settings
from tests.endtoend.panel import Person
from tests.endtoend.running import QUICK, Browser, Notices, Program
from tests.endtoend.scenes import calm
from tests.sources.answers.gateway import BEGUN, GOOD, Gateway, Reply, refusal
from trayapp.demo.server import StatusServer
from trayapp.model import State

pytestmark = pytest.mark.desktop

TOLD = '[notify]\nlevel = "problems"\n'


def script(place: Path, text: str) -> str:
    """A program of the person's own."""
    place.write_text(f"#!{sys.executable}\n{text}\n")
    place.chmod(0o700)
    return str(place)


def test_answers_break_off_while_the_page_is_green(tmp_path: Path, xfce: Xfce, browser: Browser) -> None:
    """Seen, told as what it is, and over when answers are whole again; then the key is refused, and that is no outage."""
    person, heard = Person(xfce), tmp_path / "heard.txt"
    command = script(tmp_path / "key", f"print({KEY!r})")
    hook = script(
        tmp_path / "hook",
        f"import os, sys\nopen({str(heard)!r}, 'a').write(sys.stdin.read() + str(os.environ))",
    )
    with StatusServer(calm()) as server, Gateway().running() as gateway:
        more = (
            f'{SHORT}{TOLD}[hooks]\non_transition = ["{hook}"]\n[key_check]\non = true\ninterval = "5m"\n'
            f'base_url = "{gateway.base}"\nkey_command = ["{command}"]\n'
        )
        home = configured(tmp_path / "home", settings(server.url, more=more))
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
            wait_until(lambda: notices.titled("APIs"), 60.0, "the trouble told")
            said = (
                ran(home, "status", "--cached").out + ran(home, "status", "--cached", "--format", "json").out
            )
            gateway.replies[:] = [Reply(pieces=GOOD)]
            person.sees(State.OPERATIONAL, limit=240.0)
            gateway.replies[:] = [refusal(401, "invalid_api_key")]
            wait_until(lambda: notices.titled("key"), 120.0, "the refused key told")
            assert person.sees(State.OPERATIONAL)
            said += (
                ran(home, "doctor", "--json").out + ran(home, "history", "--json").out + ran(home, "key").out
            )
            arguments = b"".join(_read(each) for each in Path("/proc").glob("[0-9]*/cmdline"))
            program.end()
    assert all(one.authorization == f"Bearer {KEY}" for one in gateway.asked)
    assert "APIs" in heard.read_text()
    shown = [program.output, said, str(notices.all()), arguments.decode(errors="replace")]
    files = [file for file in (*home.rglob("*"), record, heard) if file.is_file()]
    assert {file.name for file in files} >= {"tray.log", "state.db", "rounds.jsonl", "heard.txt"}
    assert not [text for text in shown if KEY in text]
    assert not [file for file in files if KEY.encode() in file.read_bytes()]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it has ended
        return b""
