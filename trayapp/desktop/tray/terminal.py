"""Where no icon can be shown: the state as a line in the terminal, rewritten in place where there is one."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from typing import TextIO

from trayapp.desktop.tray.base import TranslatorPort
from trayapp.model import TrayView

_log = logging.getLogger(__name__)


CLEAR_TO_END = "\x1b[K"
"""Clears a terminal's line from here on."""


def print_above(sentence: str, out: TextIO) -> None:
    """A line that stays, in the place of a live line, which is written again below it when it next changes."""
    clear = f"\r{CLEAR_TO_END}" if _can_rewrite(out) else ""
    print(f"{clear}{sentence}", file=out, flush=True)


class Terminal:
    """Writes to `out`, or nowhere: a windowed program has no standard output."""

    def __init__(self, out: TextIO | None) -> None:
        self._out = out
        self._live = ""
        self._in_place = out is not None and _can_rewrite(out)
        self._said = False

    def print_line(self, sentence: str) -> None:
        """A line that stays."""
        self.end_line()
        self._write_text(f"{sentence}\n")

    def show_status(self, line: str, checked: str = "") -> None:
        """The state; on a terminal it takes the place of the one before, else it is a line of its own.

        `checked` says when that was found; where lines pile up, another time alone is no reason for another line.
        """
        end = f" · {checked}" if checked else ""
        live = f"{line}{end}" if self._in_place else line
        if live == self._live:
            return
        self._live = live
        if self._in_place:
            # A line wider than the terminal wraps, and then only its end could be rewritten.
            room = shutil.get_terminal_size().columns - 1
            shown = _cut_line(_cut_line(line, room - len(end)) + end, room)
            self._write_text(f"\r{shown}{CLEAR_TO_END}")
        else:
            self._write_text(f"{line}{end}\n")

    def show_without_icon(self, speech: TranslatorPort, view: TrayView) -> bool:
        """Show the state where an icon would, and say once why; whether this was said now."""
        first, self._said = not self._said, True
        if first:
            self.print_line(
                speech.say(
                    "No system tray was found here, so there is no icon; the state is said here instead."
                )
            )
        self.show_status(view.status_line, view.checked_text)
        return first

    def end_line(self) -> None:
        """Leave what is written; what comes next begins on a line of its own."""
        if self._live and self._in_place:
            self._write_text("\n")
        self._live = ""

    def _write_text(self, text: str) -> None:
        if self._out is None:
            return
        encoding = self._out.encoding or "utf-8"
        try:
            self._out.write(text.encode(encoding, "replace").decode(encoding))
            self._out.flush()
        except (OSError, ValueError) as error:  # the terminal was closed under us
            _log.warning("nothing more is written to the terminal: %s", error)
            self._out = None


def _can_rewrite(out: TextIO) -> bool:
    """Whether its line can be written again. Windows' older consoles, and editors' ("dumb"), show what clears one as characters."""
    return out.isatty() and sys.platform != "win32" and os.environ.get("TERM") != "dumb"


def _cut_line(line: str, room: int) -> str:
    return line if len(line) <= room else f"{line[: max(0, room - 1)]}…"
