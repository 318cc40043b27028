"""The tray of Windows for real: a Windows Python under Wine, whose notification area is docked in an X11 tray."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

import pytest

from tests.desktop.desktops import Place, wait_until
from tests.desktop.trayer import Trayer
from tests.desktop.views import CHECK, DEFAULT, HOSTILE, LINES
from tests.desktop.windows import Windows, missing
from trayapp.desktop.icon import COLOURS
from trayapp.model import Act, Command, State

pytestmark = pytest.mark.desktop

ROW = 17
"""Pixels from one line of Wine's menu to the next."""
LOWEST = 13
"""Pixels from the pointer, where the menu's corner is, up to the middle of its lowest line."""
PAPER = (255, 255, 255)
"""Wine's menus, tooltips and balloons stand on it."""
PANEL = 565
"""Below it is the tray, with the white marks of its icons."""


class Stage:
    """A tray on Windows, pulled by its strings (`windows_stage`), and what came of it."""

    def __init__(self, windows: Windows) -> None:
        self.acts: list[Command | str] = []
        self._process = windows.start(
            "-m", "tests.desktop.windows_stage", stdin=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._log: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def ask(self, expression: str) -> Any:
        """The value of an expression over there."""
        assert self._process.stdin
        self._process.stdin.write(expression + "\n")
        self._process.stdin.flush()
        answer = self._answers.get(timeout=60)
        assert answer != "ended", "".join(self._log)
        return answer

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)
        self._reader.join(30)
        assert self._process.stdout
        self._process.stdout.close()
        assert not any("Traceback" in line for line in self._log), "".join(self._log)

    def said(self) -> str:
        """What it wrote for a person."""
        return "".join(self._log)

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if not line.startswith("["):
                self._log.append(line)
                continue
            kind, *words = json.loads(line)
            if kind == "answer":
                self._answers.put(words[0])
            else:
                self.acts.append(Command(Act(words[0]), words[1]) if kind == "act" else kind)
        self._answers.put("ended")


@pytest.fixture(scope="module")
def desktop(desktop_tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trayer]:
    """A display with a tray."""
    desktop = Trayer(tmp_path_factory.mktemp("windows"))
    desktop.start_tray()
    yield desktop
    desktop.close()


@pytest.fixture(scope="module")
def windows(desktop: Trayer) -> Iterator[Windows]:
    """A Windows on that display."""
    if what := missing():
        pytest.skip(f"needs {what}; `make windows` makes it")
    windows = Windows(desktop.home)
    windows.env |= {"DISPLAY": desktop.env["DISPLAY"], "PYTHONUTF8": "1"}
    yield windows
    windows.close()


@pytest.fixture
def raise_stage(windows: Windows) -> Iterator[Callable[[], Stage]]:
    """Makes stages, which are gone at the end."""
    raised: list[Stage] = []

    def make() -> Stage:
        raised.append(Stage(windows))
        return raised[-1]

    yield make
    for stage in raised:
        stage.close()


@pytest.fixture(scope="module")
def lasting(windows: Windows) -> Iterator[Stage]:
    """One stage for all tests that leave it as it was."""
    stage = Stage(windows)
    yield stage
    stage.close()


@pytest.fixture
def stage(lasting: Stage, desktop: Trayer) -> Iterator[Stage]:
    """A calm icon on the tray, the pointer elsewhere."""
    desktop.move(300, 200)
    shown(lasting, desktop)
    lasting.acts.clear()
    yield lasting
    desktop.click(300, 200)


def shown(stage: Stage, desktop: Trayer, state: State = State.OPERATIONAL) -> Place:
    """Show a state; where its colour is on the screen."""
    stage.ask(f'stage.show("{state}")')
    return desktop.wait_colour(COLOURS[state], what=state)


def wait_paper(desktop: Trayer, what: str) -> Place:
    """Wait for a menu, a tooltip or a balloon; its middle."""
    return desktop.wait_colour(PAPER, what=what, above=PANEL)


def close_menu(stage: Stage, desktop: Trayer) -> None:
    """Turn away from the menu."""
    desktop.click(300, 200)
    desktop.wait_until(lambda: not stage.ask("tray._popup._open"), what="the menu's end")


def open_menu(stage: Stage, desktop: Trayer, state: State = State.OPERATIONAL) -> Place:
    """Click right on the icon and wait for the menu; where the pointer is."""
    icon = shown(stage, desktop, state)
    desktop.click(*icon, 3)
    wait_paper(desktop, "the menu")
    return icon


def choose(stage: Stage, desktop: Trayer, row: int, *, picture: str = "win32-menu") -> None:
    """Click on a line of the menu, counted from below."""
    x, y = open_menu(stage, desktop)
    desktop.move(x - 60, y - LOWEST - ROW * row)
    time.sleep(0.2)  # so that the picture has the line lit
    desktop.screenshot(picture)
    desktop.click(x - 60, y - LOWEST - ROW * row)


def wait_act(stage: Stage, desktop: Trayer, command: Command | None) -> None:
    """Wait for what the person did."""
    desktop.wait_until(lambda: stage.acts, what=f"{command}")
    assert stage.acts == [command]
    stage.acts.clear()


def test_every_look_is_shown(stage: Stage, desktop: Trayer) -> None:
    """Each state, full and hollow, in its colour on the tray; no two look the same."""
    seen: list[Any] = []
    for state in State:
        for hollow in (False, True):
            before = desktop.grab()
            stage.ask(f'stage.show("{state}", hollow={hollow})')
            if seen:
                desktop.wait_until(lambda before=before: desktop.grab() != before, what=state)  # type: ignore[misc]
            desktop.wait_colour(COLOURS[state], what=state)
            picture = desktop.screenshot(f"win32-{state}{'-hollow' if hollow else ''}")
            assert desktop.grab() not in seen, picture
            seen.append(desktop.grab())
    assert stage.ask("tray.docked()")
    assert stage.ask("tray.explain()") == ["notification area: shows the icon"]


def test_the_tooltip_stands_over_the_icon(stage: Stage, desktop: Trayer) -> None:
    """What the shell was given is what was said, and a pointer that rests shows it."""
    icon = shown(stage, desktop)
    desktop.move(*icon)
    wait_paper(desktop, "the tooltip")
    desktop.screenshot("win32-tooltip")
    assert stage.ask("shell.tip") == "Chat is fine"


def test_a_hostile_tooltip_is_cut_and_breaks_nothing(stage: Stage, desktop: Trayer) -> None:
    """At most 127 UTF-16 units, and no half of a character."""
    stage.ask(f"stage.show('major_outage', {HOSTILE + HOSTILE!r})")
    desktop.wait_colour(COLOURS[State.MAJOR])
    tip = stage.ask("shell.tip")
    assert (HOSTILE + HOSTILE).startswith(tip)
    assert 126 <= len(tip.encode("utf-16-le")) // 2 <= 127


def test_what_is_equal_is_not_shown_again(stage: Stage) -> None:
    """The shell is not asked twice for one and the same, and not at all for a menu."""
    asked = stage.ask("len(shell.asked)")
    stage.ask("stage.show('operational')")
    stage.ask("stage.send(0x8001)")
    stage.ask("stage.another_menu()")
    assert stage.ask("len(shell.asked)") == asked


def test_each_kind_of_line_can_be_chosen(stage: Stage, desktop: Trayer) -> None:
    """A plain line, the default one, a ticked one and one of some."""
    for row, line in ((0, LINES[-1]), (5, CHECK), (3, LINES[4]), (2, LINES[5])):
        choose(stage, desktop, row)
        wait_act(stage, desktop, line.command)


def test_a_line_of_a_submenu_can_be_chosen(stage: Stage, desktop: Trayer) -> None:
    """It opens beside the menu under a pointer that rests."""
    x, y = open_menu(stage, desktop)
    x, y = x - 60, y - LOWEST - ROW
    desktop.move(x, y)
    time.sleep(1)
    desktop.screenshot("win32-submenu")
    desktop.click(x - 80, y)
    wait_act(stage, desktop, LINES[6].lines[0].command)


def test_a_line_that_only_says_something_does_nothing(stage: Stage, desktop: Trayer) -> None:
    """The menu stays, and is closed by a click elsewhere."""
    choose(stage, desktop, 4)
    assert stage.ask("tray._popup._open")
    close_menu(stage, desktop)
    assert stage.acts == []


def test_a_click_does_what_the_default_line_says_and_a_second_at_once_is_the_same(
    stage: Stage, desktop: Trayer
) -> None:
    """Many people click twice on an icon."""
    icon = shown(stage, desktop)
    desktop.click(*icon)
    wait_act(stage, desktop, DEFAULT.command)
    time.sleep(0.6)  # else it would be the second of a double click
    stage.ask("[stage.send(0x40B, 0, event) for event in (0x201, 0x202, 0x203, 0x202)] and None")
    wait_act(stage, desktop, DEFAULT.command)


def test_an_open_menu_stays_while_all_changes_beneath(stage: Stage, desktop: Trayer) -> None:
    """The icon follows at once; the line under the pointer keeps its command."""
    x, y = open_menu(stage, desktop)
    stage.ask("stage.change(50)")
    shown(stage, desktop, State.MAJOR)
    desktop.screenshot("win32-menu-while-changing")
    desktop.click(x - 60, y - LOWEST)
    wait_act(stage, desktop, LINES[-1].command)


@pytest.mark.parametrize("look", ["", "major_outage"])
def test_a_notice_hangs_on_the_icon_and_a_click_on_it_opens_its_incident(
    stage: Stage, desktop: Trayer, look: str
) -> None:
    """The click is sent as Windows does it, for Wine 8 passes none on; nor does it draw a picture of one's own."""
    assert stage.ask(f"stage.notice('Chat is down', 'since 13:41 \U0001f600', 'inc-1', '{look}')")
    shown(stage, desktop, State.MAJOR)
    wait_paper(desktop, "the balloon")
    desktop.screenshot(f"win32-balloon-{look or 'sign'}")
    assert stage.ask("shell.hung") == ["Chat is down", "since 13:41 \U0001f600"]
    for event in (0x402, 0x404, 0x405):
        stage.ask(f"stage.send(0x40B, 0, {event})")
    wait_act(stage, desktop, Command(Act.OPEN_INCIDENT, "inc-1"))
    stage.ask("stage.take_balloon_away()")
    desktop.wait_until(lambda: not desktop.find_colour(PAPER, above=PANEL), what="the balloon's end")


def test_a_shell_that_has_no_place_yet_is_asked_until_it_has(
    raise_stage: Callable[[], Stage], desktop: Trayer
) -> None:
    """At login Explorer comes later than this: until then the terminal has the state, and no balloon is taken."""
    stage = raise_stage()
    stage.ask("stage.refuse('MODIFY', 'ADD')")
    stage.ask("stage.show('major_outage')")
    wait_until(lambda: "it is major_outage" in stage.said(), what="the line in the terminal")
    assert not stage.ask("tray.docked()")
    assert stage.ask("tray.explain()") == ["notification area: takes no icon"]
    assert not stage.ask("stage.notice('Chat is down', 'since 13:41', 'inc-1')")
    stage.ask("stage.refuse('MODIFY')")
    desktop.wait_until(lambda: stage.ask("tray.docked()"), what="the icon")
    desktop.wait_colour(COLOURS[State.MAJOR])


def test_an_icon_that_explorer_lost_comes_back_with_the_next_change(stage: Stage, desktop: Trayer) -> None:
    """Changing what is not there fails, and then it is added."""
    stage.ask("stage.refuse('MODIFY')")
    stage.ask("stage.show('major_outage')")
    stage.ask("stage.send(0x8001)")
    assert stage.ask("shell.asked[-2:]") == ["MODIFY", "ADD"]
    stage.ask("stage.refuse()")


def test_an_explorer_that_starts_anew_is_given_the_icon(stage: Stage, desktop: Trayer) -> None:
    """It tells all windows that its taskbar was made; the real message, as it sends it."""
    shown(stage, desktop)
    asked = stage.ask("len(shell.asked)")
    stage.ask("user32.PostMessageW(0xFFFF, win32.WM_TASKBARCREATED, 0, 0)")
    desktop.wait_until(lambda: stage.ask("len(shell.asked)") > asked, what="the shell asked again")
    assert stage.ask("tray.docked()")


def test_a_tray_that_is_killed_and_returns_has_the_icon_back(stage: Stage, desktop: Trayer) -> None:
    """With the look that came meanwhile, where clicks arrive."""
    shown(stage, desktop)
    desktop.stop("trayer", signal.SIGKILL)
    stage.ask("stage.show('major_outage')")
    desktop.start_tray()
    icon = desktop.wait_colour(COLOURS[State.MAJOR], below=PANEL)
    desktop.click(*icon)
    wait_act(stage, desktop, DEFAULT.command)


def test_a_thousand_changes_leave_nothing_behind(stage: Stage, desktop: Trayer) -> None:
    """No handle, no temporary file and no memory; and the measure sees what is left behind."""
    for _ in range(2):
        open_menu(stage, desktop)
        close_menu(stage, desktop)
    stage.ask("stage.change(100)")
    before = stage.ask("stage.weight()")
    stage.ask("stage.change(1000)")
    open_menu(stage, desktop)
    close_menu(stage, desktop)
    after = stage.ask("stage.weight()")
    assert after["gdi"] <= before["gdi"]
    assert after["user"] <= before["user"]
    assert after["files"] <= before["files"]
    assert after["bytes"] < before["bytes"] + 1_000_000
    stage.ask("stage.leave_behind(20)")
    wrong = stage.ask("stage.weight()")
    assert wrong["gdi"] >= after["gdi"] + 20
    assert wrong["user"] > after["user"]


@pytest.mark.parametrize(
    "how",
    [
        "tray.stop()",
        "stage.send(0x10)",
        "(stage.send(0x11), stage.send(0x16, 1))[0]",
    ],
    ids=["stop", "asked to close", "the session ends"],
)
@pytest.mark.parametrize("menu", [False, True], ids=["", "with its menu open"])
def test_it_ends_at_once(raise_stage: Callable[[], Stage], desktop: Trayer, how: str, menu: bool) -> None:
    """Whoever says so, and takes the icon with it."""
    stage = raise_stage()
    if menu:
        open_menu(stage, desktop, State.MAINTENANCE)
    else:
        shown(stage, desktop, State.MAINTENANCE)
    began = time.monotonic()
    stage.ask(how)
    wait_until(lambda: "ended" in stage.acts, what="the end")
    assert time.monotonic() - began < 2
    desktop.wait_until(lambda: not desktop.find_colour(COLOURS[State.MAINTENANCE]), what="the icon's end")


def test_a_shell_that_hangs_holds_up_no_end(raise_stage: Callable[[], Stage], desktop: Trayer) -> None:
    """The icon's window goes in any case, and the icon with it."""
    stage = raise_stage()
    shown(stage, desktop, State.MAINTENANCE)
    stage.ask("stage.hang()")
    began = time.monotonic()
    stage.ask("tray.stop()")
    wait_until(lambda: "ended" in stage.acts, what="the end")
    assert time.monotonic() - began < 2
    desktop.wait_until(lambda: not desktop.find_colour(COLOURS[State.MAINTENANCE]), what="the icon's end")


def test_ctrl_c_in_its_console_ends_it_at_once(windows: Windows, desktop: Trayer) -> None:
    """Also while nothing moves in its window, which its main thread waits for."""
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


def test_the_end_of_the_session_is_not_refused(stage: Stage, desktop: Trayer) -> None:
    """Asked, it has nothing against it; and when another program has, it goes on."""
    assert stage.ask("stage.send(0x11)") == 1
    stage.ask("stage.send(0x16, 0)")
    shown(stage, desktop, State.DEGRADED)


def test_stopping_before_it_runs_ends_it_as_soon_as_it_does(windows: Windows) -> None:
    """A signal may come as early as it likes."""
    done = windows.run(
        "-c",
        "from tests.desktop.windows_stage import *; the = Stage(); the.tray.stop(); the.tray.run(); print('ended')",
    )
    assert done.stdout.strip() == "ended"
