"""Prints the state in the terminal where no icon can be shown; a real terminal's line is rewritten in place."""

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
"""The escape sequence that clears a terminal's line from the cursor on."""


def print_above(sentence: str, out: TextIO) -> None:
    """Print a line that stays, over the live line, which is written again below it when it next changes."""
    clear = f"\r{CLEAR_TO_END}" if _can_rewrite(out) else ""
    print(f"{clear}{sentence}", file=out, flush=True)


class Terminal:
    """Writes lines to `out`; None writes nothing, since a windowed program has no standard output."""

    def __init__(self, out: TextIO | None) -> None:
        self._out = out
        self._live = ""
        self._in_place = out is not None and _can_rewrite(out)
        self._said = False

    def print_line(self, sentence: str) -> None:
        """Print a line that stays."""
        self.end_line()
        self._write_text(f"{sentence}\n")

    def show_status(self, line: str, checked: str = "") -> None:
        """Show the state; on a terminal it replaces the line before, elsewhere it is a new line.

        `checked` says when it was read; where lines pile up, a new time alone prints no new line.
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

    def show_without_icon(self, translator: TranslatorPort, view: TrayView) -> bool:
        """Show the state in the terminal and explain once why; returns True if it explained this time."""
        first, self._said = not self._said, True
        if first:
            self.print_line(
                translator.say(
                    "No system tray was found, so there is no icon; the status is printed here instead."
                )
            )
        self.show_status(view.status_line, view.checked_text)
        return first

    def end_line(self) -> None:
        """Keep what is written and begin a new line."""
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
        except (OSError, ValueError) as error:  # the terminal was closed meanwhile
            _log.warning("nothing more is written to the terminal: %s", error)
            self._out = None


def _can_rewrite(out: TextIO) -> bool:
    """Whether `out` can rewrite its line. Older Windows consoles, and editors' ("dumb"), print the sequence as text."""
    return out.isatty() and sys.platform != "win32" and os.environ.get("TERM") != "dumb"


def _cut_line(line: str, room: int) -> str:
    return line if len(line) <= room else f"{line[: max(0, room - 1)]}…"
