"""The icon of Windows for real: a Windows Python under Wine, whose notification area is docked in an X11 tray."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.desktops import wait_until
from tests.desktop.staged import PANEL, ROW, Stage
from tests.desktop.trayer import Trayer
from tests.desktop.views import CHECK, DEFAULT, HOSTILE, LINES
from tests.desktop.windows import Windows
from trayapp.model import State
from trayapp.model.appearance import COLOURS

pytestmark = pytest.mark.desktop


def test_every_look_is_shown(stage: Stage) -> None:
    """Each state, full and hollow, in its colour on the tray; no two look the same."""
    desktop = stage.desktop
    seen: list[Image.Image] = []
    for state in State:
        for hollow in (False, True):
            before = desktop.grab()
            stage.ask(f'stage.show("{state}", hollow={hollow})')
            if seen:
                desktop.wait_until(lambda before=before: desktop.grab() != before, what=state)  # type: ignore[misc]
            desktop.wait_colour(COLOURS[state], what=state, below=PANEL)
            picture = desktop.screenshot(f"win32-{state}{'-hollow' if hollow else ''}")
            assert desktop.grab() not in seen, picture
            seen.append(desktop.grab())
    assert stage.ask("tray.is_docked()")
    assert stage.ask("tray.explain()") == ["notification area: shows the icon"]


def test_the_tooltip_stands_over_the_icon(stage: Stage) -> None:
    """What the shell was given is what was said, and a pointer that rests shows it."""
    stage.desktop.move(*stage.show())
    stage.wait_paper("the tooltip")
    stage.desktop.screenshot("win32-tooltip")
    assert stage.ask("shell.tip") == "Chat is fine"


def test_a_hostile_tooltip_is_cut_and_breaks_nothing(stage: Stage) -> None:
    """At most 127 UTF-16 units, and no half of a character."""
    stage.ask(f"stage.show('major_outage', {HOSTILE + HOSTILE!r})")
    stage.desktop.wait_colour(COLOURS[State.MAJOR])
    tip = stage.ask("shell.tip")
    assert (HOSTILE + HOSTILE).startswith(tip)
    assert 126 <= len(tip.encode("utf-16-le")) // 2 <= 127


def test_on_a_screen_of_twice_the_resolution_it_is_drawn_twice_as_large(
    taskbar: tuple[Trayer, Windows], tmp_path: Path
) -> None:
    """At 200 % a small icon has 32 pixels; drawn for 16 and scaled up, it would be blurred."""
    desktop, _ = taskbar
    windows = Windows(tmp_path)
    windows.env |= {"DISPLAY": desktop.env["DISPLAY"], "PYTHONUTF8": "1"}
    large = r"import winreg; k = winreg.CreateKey(winreg.HKEY_CURRENT_USER, r'Control Panel\Desktop');"
    assert (
        windows.run("-c", large + "winreg.SetValueEx(k, 'LogPixels', 0, winreg.REG_DWORD, 192)").returncode
        == 0
    )
    windows.close()
    stage = Stage(windows, desktop)
    try:
        stage.show(State.MAINTENANCE)
        assert stage.ask("stage.icon._picture._drawn[1]") == 32
    finally:
        stage.close()
        windows.close()


def test_what_is_equal_is_not_shown_again(stage: Stage) -> None:
    """The shell is not asked twice for one and the same, and not at all for a menu."""
    asked = stage.ask("len(shell.asked)")
    stage.ask("stage.show('operational')")
    stage.ask("stage.send(REFRESH)")
    stage.ask("stage.another_menu()")
    assert stage.ask("len(shell.asked)") == asked


def test_each_kind_of_line_can_be_chosen(stage: Stage) -> None:
    """A plain line, a ticked one and one of some."""
    for row, line in ((0, LINES[-1]), (5, CHECK), (3, LINES[4]), (2, LINES[5])):
        x, y = stage.open_menu()
        stage.desktop.move(x, y - ROW * row)
        stage.desktop.screenshot("win32-menu")
        stage.desktop.click(x, y - ROW * row)
        stage.wait_act(line.command)


def test_a_line_of_a_submenu_can_be_chosen(stage: Stage) -> None:
    """It opens beside the menu under a pointer that rests."""
    x, y = stage.open_menu()
    stage.desktop.move(x, y - ROW)
    time.sleep(1)
    stage.desktop.screenshot("win32-submenu")
    stage.desktop.click(x - 80, y - ROW)
    stage.wait_act(LINES[6].lines[0].command)


def test_a_line_that_only_says_something_does_nothing(stage: Stage) -> None:
    """The menu stays, and is closed by a click elsewhere."""
    x, y = stage.open_menu()
    stage.desktop.click(x, y - ROW * 4)
    assert stage.ask("stage.icon._popup._open")
    stage.close_menu()
    assert stage.acts == []


def test_a_click_does_what_the_default_line_says_and_a_second_at_once_does_nothing_more(stage: Stage) -> None:
    """Many people click twice on an icon."""
    stage.desktop.click(*stage.show())
    stage.wait_act(DEFAULT.command)
    stage.ask("[stage.send(EVENT, 0, click) for click in (0x201, 0x202, 0x203, 0x202)]")
    stage.wait_act(DEFAULT.command)


def test_an_open_menu_stays_while_all_changes_beneath(stage: Stage) -> None:
    """The icon follows at once; the line under the pointer keeps its command."""
    place = stage.open_menu()
    stage.ask("stage.change(50)")
    stage.show(State.MAJOR)
    stage.desktop.screenshot("win32-menu-while-changing")
    stage.desktop.click(*place)
    stage.wait_act(LINES[-1].command)


def test_a_thousand_changes_leave_nothing_behind(stage: Stage) -> None:
    """No handle, no temporary file and no memory; and the measure sees a hundred icons that were.

    USER handles are of all programs, and Wine's own come and go, so that a few more say nothing.
    """
    for _ in range(2):
        stage.open_menu()
        stage.close_menu()
    stage.ask("stage.change(100)")
    before = stage.ask("stage.weight()")
    stage.ask("stage.change(1000)")
    stage.open_menu()
    stage.close_menu()
    after = stage.ask("stage.weight()")
    assert after["gdi"] <= before["gdi"]
    assert after["user"] < before["user"] + 40
    assert after["files"] <= before["files"]
    assert after["bytes"] < before["bytes"] + 1_000_000
    stage.ask("stage.leave_behind(100)")
    wrong = stage.ask("stage.weight()")
    assert wrong["gdi"] >= after["gdi"] + 100
    assert wrong["user"] > after["user"] + 100


def test_the_icon_is_grey_before_windows_sleeps(stage: Stage) -> None:
    """It is drawn when the window's answer is there, which is what Windows waits for; a waking is passed on once.

    Windows tells of a waking twice when a person is there: that it woke, and that somebody woke it.
    """
    stage.show(State.OPERATIONAL)
    before = stage.woke
    assert stage.ask("[stage.send(0x218, 4), shell.tip]") == [1, "Checking"]
    assert stage.ask("[stage.send(0x218, event) for event in (0x12, 7)]") == [1, 1]
    wait_until(lambda: stage.woke > before)
    assert stage.woke == before + 1


def test_what_else_windows_says_of_its_power_is_nothing(stage: Stage) -> None:
    """A battery that runs low is no sleep."""
    stage.show(State.OPERATIONAL)
    before = stage.woke
    stage.ask("[stage.send(0x218, event) for event in (0x9, 0xA, 0x12)]")
    assert stage.ask("shell.tip") == "Chat is fine"
    assert stage.woke == before
