"""What is asked of Windows' shell, answer by answer, and the texts and pictures it is given; all of it runs anywhere."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import Image, ImageChops

from trayapp.desktop.icon.drawing import draw_icon
from trayapp.desktop.tray.base import Balloon, BalloonSeverity
from trayapp.desktop.tray.windows.notification_area import (
    ICON_EVENT,
    TEXT_UNITS,
    TITLE_UNITS,
    FieldFlags,
    NotificationArea,
    ShellCommand,
    clip_utf16,
)
from trayapp.desktop.tray.windows.popup_menu import _escape_ampersands
from trayapp.desktop.tray.windows.winapi import icon_bits
from trayapp.model import Look, MenuLine, State

EMOJI = "\U0001f600"
"""One character of two UTF-16 units."""


class Shell:
    """Stands in for Shell_NotifyIcon, which refuses nothing at a test's wish: it does what it is asked, or not."""

    def __init__(self, *does: ShellCommand) -> None:
        self.does = does
        self.asked: list[tuple[ShellCommand, FieldFlags]] = []
        self.fields: dict[str, Any] = {}

    def __call__(self, order: ShellCommand, parts: FieldFlags, /, **fields: Any) -> bool:
        """Whether it did it."""
        self.asked.append((order, parts))
        self.fields = fields
        return order in self.does

    @property
    def orders(self) -> list[ShellCommand]:
        """What it was asked, in short."""
        return [order for order, _ in self.asked]


@pytest.mark.parametrize(
    ("does", "asked", "docked"),
    [
        ((ShellCommand.ADD,), [ShellCommand.MODIFY, ShellCommand.ADD], True),
        ((ShellCommand.ADD, ShellCommand.MODIFY), [ShellCommand.MODIFY], True),
        ((ShellCommand.MODIFY,), [ShellCommand.MODIFY], True),
        ((), [ShellCommand.MODIFY, ShellCommand.ADD], False),
    ],
    ids=[
        "first time, or lost with Explorer",
        "changed",
        "was added though it had said no",
        "no Explorer yet",
    ],
)
def test_an_icon_is_changed_or_else_added(
    does: tuple[ShellCommand, ...], asked: list[ShellCommand], docked: bool
) -> None:
    """Whatever the shell forgot or did not say, one asking later the icon is there; and nobody is told so if it is not."""
    shell = Shell(*does)
    area = NotificationArea(shell)
    area.show_icon(7, "fine")
    assert (shell.orders, area.is_docked) == (asked, docked)
    assert shell.fields == {"uCallbackMessage": ICON_EVENT, "hIcon": 7, "szTip": "fine"}
    assert shell.asked[0][1] == FieldFlags.MESSAGE | FieldFlags.ICON | FieldFlags.TIP


def test_an_icon_that_was_taken_and_is_refused_later_is_not_there() -> None:
    """The answer to the last asking counts."""
    shell = Shell(ShellCommand.ADD)
    area = NotificationArea(shell)
    area.show_icon(7, "fine")
    shell.does = ()
    area.show_icon(7, "fine")
    assert not area.is_docked


@pytest.mark.parametrize(
    ("sign", "silent", "flags"),
    [
        (BalloonSeverity.INFORMATION, False, 0x01),
        (BalloonSeverity.WARNING, False, 0x02),
        (BalloonSeverity.ERROR, False, 0x03),
        (BalloonSeverity.INFORMATION, True, 0x11),
    ],
)
def test_a_balloon_hangs_on_an_icon_that_is_there(sign: BalloonSeverity, silent: bool, flags: int) -> None:
    """Only the balloon's own fields are meant, so that the icon stays as it is."""
    shell = Shell(ShellCommand.ADD)
    area = NotificationArea(shell)
    area.show_icon(7, "fine")
    shell.does = (ShellCommand.MODIFY,)
    assert area.show_balloon(Balloon("title", "text", sign, silent=silent))
    assert shell.asked[-1] == (ShellCommand.MODIFY, FieldFlags.INFO)
    assert shell.fields == {"szInfoTitle": "title", "szInfo": "text", "dwInfoFlags": flags, "hBalloonIcon": 0}


def test_a_balloon_may_have_a_picture_of_its_own() -> None:
    """A large one, in place of its sign's; Windows wants to be told both."""
    shell = Shell(ShellCommand.ADD, ShellCommand.MODIFY)
    area = NotificationArea(shell)
    area.show_icon(7, "fine")
    area.show_balloon(Balloon("title", "text", BalloonSeverity.ERROR, silent=True), 9)
    assert (shell.fields["hBalloonIcon"], shell.fields["dwInfoFlags"]) == (9, 0x34)


def test_without_an_icon_there_is_no_balloon() -> None:
    """It is not even asked for, so that another way may tell it."""
    shell = Shell()
    assert not NotificationArea(shell).show_balloon(Balloon("title", "text"))
    assert shell.asked == []


def test_long_and_empty_texts_of_a_balloon_fit() -> None:
    """The shell's fields hold so much, and an empty text would take the balloon away."""
    shell = Shell(ShellCommand.ADD, ShellCommand.MODIFY)
    area = NotificationArea(shell)
    area.show_icon(7, EMOJI * 100)
    assert shell.fields["szTip"] == EMOJI * 63
    area.show_balloon(Balloon(EMOJI * 100, "x" * 300))
    assert shell.fields["szInfoTitle"] == EMOJI * 31
    assert shell.fields["szInfo"] == "x" * 255
    area.show_balloon(Balloon("title", ""))
    assert shell.fields["szInfo"] == " "


def test_an_icon_that_leaves_is_gone() -> None:
    """It is deleted, and no longer counted on."""
    shell = Shell(ShellCommand.ADD)
    area = NotificationArea(shell)
    area.show_icon(7, "fine")
    area.remove_icon()
    assert shell.orders[-1] is ShellCommand.DELETE
    assert not area.is_docked


@pytest.mark.parametrize("most", [TITLE_UNITS, TEXT_UNITS])
@pytest.mark.parametrize("before", [0, 1])
def test_a_text_is_clipped_between_characters(most: int, before: int) -> None:
    """A pair of surrogates is kept whole or left out, on both sides of the edge."""
    text = "x" * before + EMOJI * most
    clip = clip_utf16(text, most)
    assert text.startswith(clip)
    assert most - 1 <= len(clip.encode("utf-16-le")) // 2 <= most


def test_half_a_pair_is_left_out() -> None:
    """A text that came in broken is no reason to fail."""
    assert clip_utf16("a\ud83db", 10) == "ab"


def test_an_ampersand_in_a_menu_is_shown() -> None:
    """Windows would underline the letter after a single one; lines of a submenu are no exception."""
    below = MenuLine("b", "Q&A")
    (line,) = _escape_ampersands((MenuLine("a", "Chat & API", lines=(below,)),))
    assert (line.text, line.lines[0].text) == ("Chat && API", "Q&&A")


@pytest.mark.parametrize("size", [16, 20, 24, 32, 48])
def test_an_icons_bits_are_the_drawing(size: int) -> None:
    """Read back by Pillow's own reader of such icons, alpha and all."""
    image = draw_icon(Look(State.MAJOR), size)
    bits = icon_bits(image)
    directory = struct.pack("<HHHBBBBHHII", 0, 1, 1, size, size, 0, 0, 1, 32, len(bits), 22)
    read = Image.open(io.BytesIO(directory + bits)).convert("RGBA")
    assert read.size == image.size
    assert ImageChops.difference(read, image).getbbox(alpha_only=False) is None
