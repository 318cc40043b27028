"""What the running program answers to a session that is offered."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tests.desktop.views import English
from trayapp.app.session_handover import SessionHandover, offer_session
from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.tray.linux.tray import LinuxTray
from trayapp.model import Command

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sessions are Linux's")


@pytest.fixture
def acts() -> list[Command]:
    """What it had done."""
    return []


@pytest.fixture
def moving(acts: list[Command], monkeypatch: pytest.MonkeyPatch) -> SessionHandover:
    """A program whose session is gone."""
    monkeypatch.setenv("DISPLAY", ":58998")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return SessionHandover(LinuxTray(None, draw_icon, acts.append, English(), None), acts.append)


@pytest.mark.parametrize(
    "offered",
    [
        None,
        7,
        [],
        "DISPLAY=:1",
        {},
        {"DISPLAY": 1},
        {"DISPLAY": ["x"]},
        {"DISPLAY": "\0"},
        {"DISPLAY": "x" * 60_000},
    ],
)
def test_what_is_no_session_moves_nothing(
    moving: SessionHandover, acts: list[Command], offered: object
) -> None:
    """Whatever is asked, there is an answer, and the program stays as it is."""
    before = dict(os.environ)
    assert moving.answer_offer({"do": "session", "environment": offered}) == {"moves": False}
    assert (acts, dict(os.environ)) == ([], before)


@pytest.mark.parametrize("request_", [{}, {"do": "open"}, {"do": ["session"]}, {"do": None}])
def test_another_request_is_anothers(moving: SessionHandover, request_: dict[str, object]) -> None:
    """Which is then answered there."""
    assert moving.answer_offer(request_) is None


def test_where_nothing_runs_nobody_waits_for_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`open` says at once that the program is not running; it used to wait ten seconds for one that restarts."""
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    offer_session(tmp_path, is_running=False)
    assert naps == []
