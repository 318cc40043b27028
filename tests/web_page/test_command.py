"""`details`: one look and the past become one file, or a page in the browser."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.endtoend.command import COMMAND, LIMIT, configure_home, environment, ran, settings
from tests.systems import unix
from tests.web_page.scenes import build_observations, past_incident
from tests.web_page.visitor import visit
from trayapp.cli import main
from trayapp.commands import details
from trayapp.demo.server import StatusServer
from trayapp.demo.story import build_frames, show_frame
from trayapp.places import find_places
from trayapp.store import Store


@pytest.fixture
def page() -> Iterator[str]:
    """A status page in the middle of an outage."""
    now = datetime.now(UTC)
    with StatusServer() as server:
        down = next(frame for frame in build_frames(now - timedelta(minutes=20)) if frame.minute == 20)
        show_frame(server, down)
        yield server.url


@pytest.fixture
def home(tmp_path: Path, page: str) -> Path:
    """A home that follows that page."""
    return configure_home(tmp_path / "home", settings(page, probes=True))


def test_one_file_is_written(home: Path) -> None:
    """From one look: the outage and its storyline, whole and without anything from elsewhere."""
    done = ran(home, "details", "--out", str(home / "page.html"))
    assert (done.code, done.out) == (0, f"Written: {home / 'page.html'}\n")
    assert done.err == "Checking OpenAI's status…\n"
    text = (home / "page.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "down since" in text
    assert "Investigating" in text
    assert "Half of past incidents that had lasted this long" in text
    assert 'data-reload="0"' in text


@pytest.mark.long
def test_the_past_is_on_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program observed while it ran is drawn, and its incidents are listed."""
    monkeypatch.setenv("OPENAI_STATUS_TRAY_HOME", str(home))
    now = datetime.now(UTC)
    with closing(Store.open(find_places().state_file, now)) as store:
        store.remember_incidents([past_incident(1, 47, 3.0)])
        seen = list(build_observations(0.5, every=120))
        shift = now - seen[-1].at
        store.save_observations(
            [type(o)(o.witness, o.about, o.at + shift, o.seconds, o.state, o.elapsed_ms) for o in seen], now
        )
    assert ran(home, "details", "--out", str(home / "page.html")).code == 0
    text = (home / "page.html").read_text(encoding="utf-8")
    assert "Sign-in fails for some" in text
    assert "The last 24 hours" in text
    assert "Nothing was observed yet" not in text


@pytest.mark.long
def test_nothing_is_written_but_the_file(home: Path) -> None:
    """Looking leaves no state behind."""
    before = {path.name for path in home.iterdir()}
    ran(home, "details", "--out", str(home / "page.html"))
    assert {path.name for path in home.iterdir()} - before == {"page.html"}


@pytest.mark.long
def test_a_file_that_cannot_be_written_is_said_in_one_line(home: Path) -> None:
    """No such folder: exit status 74, as for all output that cannot be written."""
    done = ran(home, "details", "--out", str(home / "nowhere" / "page.html"))
    assert done.code == 74
    assert (
        done.err.splitlines()[-1] == f"Cannot write {home / 'nowhere' / 'page.html'}: no such file or folder"
    )


@pytest.mark.long
def test_a_page_that_cannot_be_read_is_said_on_the_page(tmp_path: Path) -> None:
    """The file is written all the same."""
    with StatusServer() as gone:
        url = gone.url
    home = configure_home(tmp_path / "home", settings(url))
    assert ran(home, "details", "--out", str(home / "page.html")).code == 0
    assert "offline" in (home / "page.html").read_text(encoding="utf-8")


@unix
def test_that_no_browser_opened_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the address, which can be opened elsewhere while it is served; exit status 1."""
    monkeypatch.setenv("OPENAI_STATUS_TRAY_HOME", str(home))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(details, "IDLE_SECONDS", 0.2)
    assert main(["details"]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("No browser could be opened; open http://127.0.0.1:")
    assert said.err == "Checking OpenAI's status…\n"


@pytest.mark.long
@unix
def test_without_a_file_the_browser_gets_it(home: Path, tmp_path: Path) -> None:
    """Its address goes to the desktop's opener and is served until Ctrl-C."""
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/new && mv {tmp_path}/new {tmp_path}/opened\n')
    opener.chmod(0o755)
    env = {**environment(home), "PATH": f"{opener.parent}:{os.environ['PATH']}"}
    with subprocess.Popen(
        [COMMAND, "details"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        assert program.stdout is not None
        said = program.stdout.readline()
        url = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
        assert "<!DOCTYPE html>" in visit(url)
        assert "<!DOCTYPE html>" in visit((tmp_path / "opened").read_text().strip())
        program.send_signal(signal.SIGINT)
        assert program.wait(LIMIT) == 130
    assert (tmp_path / "opened").read_text().strip() != url, "what the list of processes shows is another"
