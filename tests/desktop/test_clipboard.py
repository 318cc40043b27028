"""A text is put where the next "paste" of a real program finds it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.desktop import wayland
from tests.desktop.conftest import SKIP, live_in
from tests.desktop.desktops import Desktop, wait_until
from tests.desktop.trayer import Trayer
from tests.desktop.wayland import Bar, Sway
from trayapp.desktop.clipboard import ClipboardError, copy_text

pytestmark = pytest.mark.desktop

TEXT = "ChatGPT: büyük kesinti – “Answers”\nhttps://status.openai.com/incidents/x\n✓ 😀 <b>&\t$(touch x)"


def tools(*names: str) -> None:
    """Skip where one of them is not installed."""
    if missing := [name for name in names if shutil.which(name) is None]:
        pytest.skip(SKIP.format(", ".join(missing)))


def paste(*command: str, env: Mapping[str, str]) -> str:
    """What a program that pastes gets."""
    done = subprocess.run(command, env=env, capture_output=True, check=False, timeout=10)
    return done.stdout.decode()


def xclip(desktop: Desktop, *more: str) -> str:
    """What is in X11's clipboard."""
    return paste("xclip", "-selection", "clipboard", "-out", *more, env=desktop.env)


@pytest.fixture
def serving() -> Iterator[None]:
    """No thread that serves a clipboard outlives its test."""
    yield
    wait_until(lambda: not any(t.name == "clipboard" for t in threading.enumerate()), what="the thread's end")


def test_on_x11_it_is_given_to_who_pastes(x11: Trayer, serving: None) -> None:
    """As often as they like, in each form they may ask for; the next copy takes its place."""
    tools("xclip")
    copy_text(TEXT)
    for _ in range(3):
        assert xclip(x11, "-target", "UTF8_STRING") == TEXT
    assert xclip(x11, "-target", "text/plain;charset=utf-8") == TEXT
    assert {"TARGETS", "UTF8_STRING", "STRING"} <= set(xclip(x11, "-target", "TARGETS").split())
    assert xclip(x11, "-target", "image/png") == ""
    copy_text("second")
    assert xclip(x11) == "second"
    wait_until(
        lambda: sum(t.name == "clipboard" for t in threading.enumerate()) == 1, what="the first's thread ends"
    )
    subprocess.run(
        ["xclip", "-selection", "clipboard"], input=b"another's", env=x11.env, check=True, timeout=10
    )
    assert xclip(x11) == "another's"


def test_on_x11_a_display_that_hangs_keeps_nobody_waiting(x11: Trayer) -> None:
    """It is said within seconds; when it goes on, so does the rest."""
    x11.signal("Xvfb", signal.SIGSTOP)
    try:
        with pytest.raises(ClipboardError, match="does not answer"):
            copy_text(TEXT)
    finally:
        x11.signal("Xvfb", signal.SIGCONT)


def test_on_wayland_it_is_given_to_who_pastes(desktop_tools: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through wl-copy, to which it goes on its input and not among its arguments."""
    tools("wl-copy", *wayland.TOOLS)
    with tempfile.TemporaryDirectory() as home:
        desktop = Sway(Path(home), Bar.OWN)
        try:
            live_in(desktop, monkeypatch)
            copy_text(TEXT)
            assert paste("wl-paste", "--no-newline", env=os.environ) == TEXT
        finally:
            desktop.close()


@pytest.mark.filterwarnings(
    # python-xlib 0.33 leaves its sockets to the collector where it cannot connect
    "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize(
    "env",
    [{}, {"DISPLAY": ":987"}, {"WAYLAND_DISPLAY": "wayland-987", "XDG_RUNTIME_DIR": "/nonexistent"}],
    ids=["no display", "X11 away", "Wayland away"],
)
def test_where_nothing_takes_it_that_is_said(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Within its limit, and nothing is raised but that."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ClipboardError):
        copy_text(TEXT)
