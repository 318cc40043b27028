"""The tray of Windows and a shell that comes late, goes, hangs or ends: real windows and messages, under Wine."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.desktops import wait_until
from tests.desktop.staged import PANEL, PAPER, Stage
from tests.desktop.trayer import Trayer
from tests.desktop.views import DEFAULT
from tests.desktop.windows import Windows
from trayapp.model import Action, Command, State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop


@pytest.mark.parametrize("look", ["", "major_outage"])
def test_a_notice_hangs_on_the_icon_and_a_click_on_it_opens_its_incident(stage: Stage, look: str) -> None:
    """The click is sent as Windows does it, for Wine 8 passes none on; nor does it draw a picture of one's own."""
    assert stage.ask(f"stage.notice('Chat is down', 'since 13:41 \U0001f600', 'inc-1', '{look}')")
    stage.show(State.MAJOR)
    stage.wait_paper("the balloon")
    stage.desktop.screenshot(f"win32-balloon-{look or 'sign'}")
    assert stage.ask("shell.hung") == ["Chat is down", "since 13:41 \U0001f600"]
    for event in (0x402, 0x404, 0x405):
        stage.ask(f"stage.send(EVENT, 0, {event})")
    stage.wait_act(Command(Action.OPEN_INCIDENT, "inc-1"))
    stage.ask("stage.take_balloon_away()")
    wait_until(lambda: not stage.desktop.find_colour(PAPER, above=PANEL), what="the balloon's end")


def test_a_shell_that_has_no_place_yet_is_asked_until_it_has(raise_stage: Callable[[], Stage]) -> None:
    """At login Explorer comes later than this: until then the terminal has the state."""
    stage = raise_stage()
    stage.ask("stage.refuse('MODIFY', 'ADD')")
    stage.ask("stage.show('major_outage')")
    wait_until(lambda: "it is major_outage" in stage.output(), what="the line in the terminal")
    assert not stage.ask("tray.is_docked()")
    assert stage.ask("tray.explain()") == ["notification area: takes no icon"]
    stage.ask("stage.refuse('MODIFY')")
    wait_until(lambda: stage.ask("tray.is_docked()"), what="the icon")
    stage.desktop.wait_colour(COLOURS[State.MAJOR], below=PANEL)


def test_a_notice_that_comes_before_the_icon_hangs_on_it_when_it_is_there(
    raise_stage: Callable[[], Stage],
) -> None:
    """What happened before the login is over is not lost for a second."""
    stage = raise_stage()
    stage.ask("stage.refuse('MODIFY', 'ADD')")
    stage.ask("stage.show('maintenance')")
    wait_until(lambda: stage.ask("shell.asked"), what="the shell asked")
    stage.ask("stage.notice_meanwhile('Chat is down')")
    stage.ask("stage.refuse()")
    assert stage.ask("shell.hung") == []
    stage.ask("stage.send(win32.WM_TASKBARCREATED)")
    wait_until(lambda: stage.ask("shell.hung"), what="the balloon")
    assert stage.ask("shell.hung") == ["Chat is down", "since 13:41"]


def test_an_icon_that_cannot_be_drawn_does_not_go_on_saying_what_held_before(
    raise_stage: Callable[[], Stage],
) -> None:
    """It goes, the terminal has the state, notices come all the same, and the new look comes when it can."""
    stage = raise_stage()
    stage.show(State.OPERATIONAL)
    stage.ask("stage.take_handles()")
    stage.ask("stage.show('major_outage')")
    wait_until(lambda: not stage.ask("tray.is_docked()"), what="the old look gone")
    assert stage.ask("shell.asked[-1]") == "DELETE"
    wait_until(lambda: "it is major_outage" in stage.output(), what="the line in the terminal")
    stage.ask("stage.give_handles()")
    stage.desktop.wait_colour(COLOURS[State.MAJOR], below=PANEL)
    wait_until(lambda: stage.ask("tray.is_docked()"), what="the icon taken")
    stage.ask("stage.take_handles()")
    notice = "stage.notice('Chat is down', 'since 13:41', 'inc-1', 'degraded')"
    wait_until(lambda: stage.ask(notice), what="the balloon")


def test_an_icon_that_explorer_lost_comes_back_with_the_next_change(stage: Stage) -> None:
    """Changing what is not there fails, and then it is added."""
    stage.ask("stage.refuse('MODIFY')")
    stage.ask("stage.show('major_outage')")
    stage.ask("stage.send(REFRESH)")
    assert stage.ask("shell.asked[-2:]") == ["MODIFY", "ADD"]
    stage.ask("stage.refuse()")
    wait_until(lambda: stage.ask("tray.is_docked()"), what="the icon taken")


def test_an_explorer_that_starts_anew_is_given_the_icon(stage: Stage) -> None:
    """It tells all windows that its taskbar was made; the real message, as it sends it."""
    stage.show()
    asked = stage.ask("len(shell.asked)")
    stage.ask("user32.PostMessageW(0xFFFF, win32.WM_TASKBARCREATED, 0, 0)")
    wait_until(lambda: stage.ask("len(shell.asked)") > asked, what="the shell asked again")
    wait_until(lambda: stage.ask("tray.is_docked()"), what="the icon taken")


def test_a_tray_that_is_killed_and_returns_has_the_icon_back(stage: Stage) -> None:
    """With the look that came meanwhile, where clicks arrive."""
    stage.show()
    stage.desktop.stop("trayer", signal.SIGKILL)
    stage.ask("stage.show('major_outage')")
    stage.desktop.wait_colour(COLOURS[State.MAJOR])
    assert isinstance(stage.desktop, Trayer)
    stage.desktop.start_tray()
    stage.desktop.click(*stage.desktop.wait_colour(COLOURS[State.MAJOR], below=PANEL))
    stage.wait_act(DEFAULT.command)


@pytest.mark.parametrize(
    "how",
    [
        "tray.stop()",
        "stage.send(0x10)",
        "stage.send(0x11) and user32.PostMessageW(stage.icon._window, 0x16, 1, 0)",
    ],
    ids=["stop", "asked to close", "the session ends"],
)
@pytest.mark.parametrize("menu", [False, True], ids=["", "with its menu open"])
def test_it_ends_at_once(raise_stage: Callable[[], Stage], how: str, menu: bool) -> None:
    """Whoever says so, and takes the icon with it."""
    stage = raise_stage()
    if menu:
        stage.open_menu(State.MAINTENANCE)
    else:
        stage.show(State.MAINTENANCE)
    began = time.monotonic()
    stage.ask(how)
    wait_until(lambda: stage.ended, what="the end")
    assert time.monotonic() - began < 2
    stage.wait_gone(State.MAINTENANCE)


def test_a_shell_that_hangs_holds_up_no_end(raise_stage: Callable[[], Stage]) -> None:
    """The icon's window goes in any case, and the icon with it."""
    stage = raise_stage()
    stage.show(State.MAINTENANCE)
    stage.ask("stage.hang()")
    began = time.monotonic()
    stage.ask("tray.stop()")
    wait_until(lambda: stage.ended, what="the end")
    assert time.monotonic() - began < 2
    stage.wait_gone(State.MAINTENANCE)


def test_ctrl_c_in_its_console_ends_it_at_once(taskbar: tuple[Trayer, Windows]) -> None:
    """Also while nothing moves in its window, which its main thread waits for."""
    desktop, windows = taskbar
    terminal, console = pty.openpty()
    os.set_blocking(terminal, False)
    process = windows.start(
        "-c",
        "import signal; from tests.desktop.windows_stage import *; the = Stage(); the.show('maintenance');"
        "signal.signal(signal.SIGINT, lambda *_: the.tray.stop()); the.tray.run(); say('ended')",
        stdin=console,
        stdout=console,
        stderr=console,
    )
    os.close(console)
    try:
        desktop.wait_colour(COLOURS[State.MAINTENANCE])
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(20)
        assert time.monotonic() - began < 2
        said = os.read(terminal, 65536)
    finally:
        process.kill()
        os.close(terminal)
    assert b"ended" in said
    assert b"Traceback" not in said


def test_the_end_of_the_session_is_not_refused(stage: Stage) -> None:
    """Asked, it has nothing against it; and when another program has, it goes on."""
    assert stage.ask("stage.send(0x11)") == 1
    stage.ask("stage.send(0x16, 0)")
    stage.show(State.DEGRADED)


def test_the_whole_program_ends_cleanly_with_the_session(
    taskbar: tuple[Trayer, Windows], tmp_path: Path
) -> None:
    """Windows' own end of a session, which takes no program's word for it that it will end later."""
    desktop, _ = taskbar
    windows = Windows(tmp_path)
    home = tmp_path / "program"
    home.mkdir()
    nobody = '[page]\nurl = "http://127.0.0.1:9"\n[connectivity]\nreferences = ["http://127.0.0.1:9/"]\n'
    (home / "config.toml").write_text(f"probes = []\n{nobody}")
    env = {"DISPLAY": desktop.env["DISPLAY"], "OPENAI_STATUS_TRAY_HOME": f"Z:{home}"}
    process = windows.start("-m", "trayapp", "run", env=env, stderr=subprocess.STDOUT)
    try:
        # A new Windows begins with a quarter of a minute of its own, more on a busy computer.
        desktop.wait_colour(COLOURS[State.UNKNOWN], 60.0, below=PANEL)
        began = time.monotonic()
        subprocess.run(
            ["wine", "wineboot", "-e"],
            env=windows.env | env,
            check=True,
            timeout=20,
            stdin=subprocess.DEVNULL,
        )
        process.wait(20)
        assert time.monotonic() - began < 5
    finally:
        windows.close()
        process.communicate()
    (log,) = home.rglob("*.log")
    assert log.read_text("utf-8").rstrip().endswith("ended")


def test_where_no_window_can_be_made_it_goes_on_in_the_terminal(
    taskbar: tuple[Trayer, Windows], tmp_path: Path
) -> None:
    """As in a session without a desktop, which Wine without a display is; notices fail, and it ends when told to."""
    windows = Windows(tmp_path)
    windows.env |= {"PYTHONUTF8": "1"}
    stage = Stage(windows, taskbar[0])
    try:
        stage.ask("stage.show('operational')")
        wait_until(lambda: "it is operational" in stage.output(), what="the line in the terminal")
        stage.ask("stage.show('major_outage')")
        wait_until(lambda: "it is major_outage" in stage.output(), what="the next line")
        assert not stage.ask("tray.is_docked()")
        assert not stage.ask("stage.notice('Chat is down', 'since 13:41', 'inc-1')")
        stage.ask("tray.stop()")
        wait_until(lambda: stage.ended, what="the end")
        assert "there is no window for the icon" in stage.output()
    finally:
        stage.end()
        windows.close()


def test_stopping_before_it_runs_ends_it_as_soon_as_it_does(taskbar: tuple[Trayer, Windows]) -> None:
    """A signal may come as early as it likes."""
    _, windows = taskbar
    done = windows.run(
        "-c",
        "from tests.desktop.windows_stage import *; the = Stage(); the.tray.stop(); the.tray.run(); say('ended')",
    )
    assert done.stdout.strip() == '["ended"]', done
