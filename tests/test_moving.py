"""What the running program answers to a session that is offered."""

from __future__ import annotations

import os
import sys

import pytest

from tests.desktop.views import English
from trayapp.app.session_handover import Moving
from trayapp.desktop.icon.drawing import draw
from trayapp.desktop.tray.linux.tray import LinuxTray
from trayapp.model import Command

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sessions are Linux's")


@pytest.fixture
def acts() -> list[Command]:
    """What it had done."""
    return []


@pytest.fixture
def moving(acts: list[Command], monkeypatch: pytest.MonkeyPatch) -> Moving:
    """A program whose session is gone."""
    monkeypatch.setenv("DISPLAY", ":58998")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return Moving(LinuxTray(None, draw, acts.append, English(), None), acts.append)


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
def test_what_is_no_session_moves_nothing(moving: Moving, acts: list[Command], offered: object) -> None:
    """Whatever is asked, there is an answer, and the program stays as it is."""
    before = dict(os.environ)
    assert moving.answer({"do": "session", "environment": offered}) == {"moves": False}
    assert (acts, dict(os.environ)) == ([], before)


@pytest.mark.parametrize("request_", [{}, {"do": "open"}, {"do": ["session"]}, {"do": None}])
def test_another_request_is_anothers(moving: Moving, request_: dict[str, object]) -> None:
    """Which is then answered there."""
    assert moving.answer(request_) is None
