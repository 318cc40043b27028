"""What is told, and how often: through a page that cannot be read, and through the program's own end and crash."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from tests.endtoend import scenes
from tests.endtoend.command import SHORT, configure_home, ran, settings
from tests.endtoend.running import QUICK, Notices, Program
from trayapp.demo.page_json import SUMMARY_PATH
from trayapp.demo.server import StatusServer

pytestmark = pytest.mark.desktop

LOOKED = "next poll in"
LOOKS = 3
"""So many looks 15 s apart cover the 20 s after which the same word counts."""


def test_good_then_unreadable_then_down_is_told(
    tmp_path: Path, bus: dict[str, str], notices: Notices
) -> None:
    """What was known before the page could not be read still counts: the outage is told, once."""
    with StatusServer(scenes.calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        with Program(home, env=bus, command=QUICK) as program:
            program.wait_for("fine")
            server.set_answers(scenes.unreadable())
            for _ in range(3):
                _look_now(program, server)
            server.set_answers(scenes.down("ChatGPT", "APIs", "Codex"))
            _look_now(program, server)
            wait_until(lambda: notices.with_title("down"), what="the outage told")
            for _ in range(3):
                _look_now(program, server)
    assert [shown.title for shown in notices.with_title("down")] == ["ChatGPT, APIs and Codex are down"]
    assert len(notices.all()) == 2, "the welcome and the outage"


def test_without_a_tray_the_first_notification_says_how_to_get_one(
    tmp_path: Path, bus: dict[str, str], notices: Notices
) -> None:
    """On GNOME, which has none; nobody is sent to look for an icon that is not there."""
    with StatusServer(scenes.calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url))
        with Program(home, env=bus) as program:
            program.wait_for("fine")
            wait_until(notices.all, what="the welcome")
    (welcome,) = notices.all()
    assert welcome.title == "OpenAI Status Tray is watching"
    assert "on GNOME install the AppIndicator extension" in welcome.body
    assert "in your panel" not in welcome.body


def test_neither_an_end_nor_a_crash_repeats_or_loses_it(
    tmp_path: Path, bus: dict[str, str], notices: Notices
) -> None:
    """Ended or killed between the first sight and the telling, it tells after the restart; killed after it, never again.

    Three programs side by side, each following one product, so that titles tell them apart.
    """
    ended, killed, told = "ChatGPT", "APIs", "Codex"
    with StatusServer(scenes.calm()) as server, ExitStack() as stack:

        def start(product: str, *options: str) -> Program:
            text = settings(server.url, top=f'follow = ["{product}"]', more=SHORT)
            return stack.enter_context(Program(configure_home(tmp_path / product, text), *options, env=bus))

        programs = {product: start(product) for product in (ended, killed, told)}
        for program in programs.values():
            program.wait_for("fine")
        server.set_answers(scenes.down(ended, killed, told))
        for program in programs.values():
            _look_now(program, server)
        for product, program in programs.items():
            program.wait_for(f"{product} down")
        programs[ended].end(signal.SIGTERM)
        programs[killed].kill()
        assert notices.with_title("down") == []

        start(ended)
        start(killed)
        for product in (ended, killed, told):
            wait_until(lambda p=product: notices.with_title(p), 40.0, f"{product} told")  # type: ignore[misc]
        wait_until(lambda: not _count_intents(programs[told].home), what="its intent noted as done")
        programs[told].kill()
        again = start(told, "--verbose")
        wait_until(lambda: again.output.count(LOOKED) > LOOKS, 60.0, f"{LOOKS} looks after the restart")
    titles = sorted(shown.title for shown in notices.with_title("down"))
    assert titles == ["APIs are down", "ChatGPT is down", "Codex is down"]


def _look_now(program: Program, server: StatusServer) -> None:
    """Have it look, and wait until it has."""
    before = _looks(server)
    assert ran(program.home, "check").code == 0
    wait_until(lambda: _looks(server) > before, what="a look at the page")


def _looks(server: StatusServer) -> int:
    return sum(asked.path == SUMMARY_PATH for asked in server.asked)


def _count_intents(home: Path) -> int:
    with closing(sqlite3.connect(f"file:{home / 'state.db'}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM intents").fetchone()[0])
