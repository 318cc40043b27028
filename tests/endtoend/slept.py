"""The real program on a computer that sleeps, or whose clock is set, when a test says so; ten times as fast as real time.

The file that `SLEPT` names holds the seconds slept so far, and those count as Linux has them after a suspend: on the
clock on the wall and on CLOCK_BOOTTIME, and not on CLOCK_MONOTONIC. That of `SET` holds by how much the one on the wall
was set forward. No tool can do that to a running program: a time
namespace moves only what has not begun, and libfaketime 0.9.10 moves either all clocks or the wall's alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.endtoend.quick import PACE
from trayapp.app import tray_program
from trayapp.app.context import load_context
from trayapp.app.languages import load_translator
from trayapp.cli import build_parser
from trayapp.commands import run
from trayapp.desktop.clocks import create_clock
from trayapp.model import Moment

COMMAND = (sys.executable, "-m", "tests.endtoend.slept")
SLEPT, SET = "SLEPT", "SET"
"""Variables that name files."""


def sleeping_clock(pace: float) -> Callable[[], Moment]:
    """In the place of the program's own."""
    awake = create_clock(pace)

    def now() -> Moment:
        moment, slept = awake(), _seconds(SLEPT)
        wall = moment.wall + timedelta(seconds=slept + _seconds(SET))
        return replace(moment, wall=wall, boot=moment.boot + slept)

    return now


def _seconds(name: str) -> float:
    file = os.environ.get(name)
    return float(Path(file).read_text() or 0.0) if file else 0.0


if __name__ == "__main__":
    setattr(tray_program, "create_clock", sleeping_clock)  # noqa: B010 - an import of its own, which no other way can replace
    arguments = build_parser(load_translator()).parse_args()
    sys.exit(run.main(replace(load_context(arguments), pace=PACE), arguments))
