"""The live line of the terminal."""

from __future__ import annotations

import io
import logging
import os
import pty
from contextlib import suppress

import pytest

from trayapp.desktop.tray.terminal import Terminal, print_above


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 20 columns."""
    monkeypatch.setenv("COLUMNS", "20")


def on_a_terminal(*lines: str, last: str = "") -> str:
    """What a real terminal is sent."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as out:
        terminal = Terminal(out)
        for line in lines:
            terminal.show_status(line)
        if last:
            terminal.print_line(last)
        terminal.end_line()
    with os.fdopen(ours, "rb", buffering=0) as sent:
        return _all_of(sent).decode()


def _all_of(sent: io.RawIOBase | io.FileIO) -> bytes:
    """A terminal whose other side is closed gives what is left, then an error."""
    read = b""
    with suppress(OSError):
        while piece := sent.read(4096):
            read += piece
    return read


def test_on_a_terminal_the_line_is_rewritten_in_place(narrow: None) -> None:
    """Each begins at the left and clears what was longer; an equal one is not written again; the end leaves it."""
    assert on_a_terminal("one", "one", "two") == "\rone\x1b[K\rtwo\x1b[K\r\n"


def test_on_windows_each_state_is_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its older consoles would show the mark that clears a line."""
    monkeypatch.setattr("sys.platform", "win32")
    assert on_a_terminal("one", "one", "two") == "one\r\ntwo\r\n"


def test_a_dumb_terminal_gets_no_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Emacs' shell is: each state is a line of its own there, and what is said above a live line clears nothing."""
    monkeypatch.setenv("TERM", "dumb")
    assert on_a_terminal("one", "one", "two", last="three") == "one\r\ntwo\r\nthree\r\n"
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as out:
        print_above("said", out)
    with os.fdopen(ours, "rb", buffering=0) as sent:
        assert _all_of(sent) == b"said\r\n"


def test_a_line_is_cut_where_the_terminal_ends(narrow: None) -> None:
    """A wrapped line could not be rewritten; that something is missing is seen."""
    assert on_a_terminal("x" * 50) == f"\r{'x' * 18}…\x1b[K\r\n"


def test_the_time_of_the_check_stays_where_a_line_is_cut(narrow: None) -> None:
    """What lies before it is cut, with an ellipsis."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as out:
        Terminal(out).show_status("ChatGPT and APIs down", "13:53")
    with os.fdopen(ours, "rb", buffering=0) as sent:
        assert _all_of(sent).decode() == "\rChatGPT an… · 13:53\x1b[K"


def test_another_time_of_the_check_alone_is_a_new_line_only_where_it_is_rewritten(narrow: None) -> None:
    """A log that a service manager keeps grows with the news and not with each look."""
    piled = io.StringIO()
    terminal = Terminal(piled)
    for line, checked in (("fine", "13:53"), ("fine", "13:55"), ("down", "13:57"), ("down", "13:58")):
        terminal.show_status(line, checked)
    assert piled.getvalue() == "fine · 13:53\ndown · 13:57\n"


def test_a_note_takes_the_place_of_the_live_line(narrow: None) -> None:
    """The note stands alone on its line, and the live line comes again below it."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as out:
        terminal = Terminal(out)
        terminal.show_status("fine", "13:53")
        print_above("a note", out)
        terminal.show_status("fine", "13:54")
    with os.fdopen(ours, "rb", buffering=0) as sent:
        assert _all_of(sent).decode() == "\rfine · 13:53\x1b[K\r\x1b[Ka note\r\n\rfine · 13:54\x1b[K"


def test_a_sentence_stays_and_begins_on_a_line_of_its_own(narrow: None) -> None:
    """The live line before it is left as it is."""
    assert on_a_terminal("one", last="said") == "\rone\x1b[K\r\nsaid\r\n"


def test_what_the_terminal_cannot_write_is_replaced() -> None:
    """A terminal in plain ASCII gets question marks and no traceback."""
    raw = io.BytesIO()
    terminal = Terminal(io.TextIOWrapper(raw, encoding="ascii"))
    terminal.show_status("ChatGPT · çöktü")
    assert raw.getvalue() == b"ChatGPT ? ??kt?\n"


def test_a_closed_terminal_is_noticed_once(caplog: pytest.LogCaptureFixture) -> None:
    """One log line, then silence."""
    out = io.StringIO()
    terminal = Terminal(out)
    out.close()
    with caplog.at_level(logging.WARNING):
        terminal.show_status("one")
        terminal.show_status("two")
    assert caplog.text.count("nothing more is written") == 1


def test_without_an_output_nothing_happens() -> None:
    """A windowed program has none."""
    terminal = Terminal(None)
    terminal.show_status("one")
    terminal.print_line("two")
    terminal.end_line()
