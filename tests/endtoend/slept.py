"""The real program on a computer that sleeps when a test says so, its clock ten times as fast as real time.

The file that `SLEPT` names holds the seconds slept so far, and those count as Linux has them after a suspend: on the
clock on the wall and on CLOCK_BOOTTIME, and not on CLOCK_MONOTONIC. No tool can do that to a running program: a time
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
from trayapp.cli import parser
from trayapp.commands import run
from trayapp.commands.prepared import prepare
from trayapp.desktop.clock import clock
from trayapp.languages import speech
from trayapp.model import Moment

COMMAND = (sys.executable, "-m", "tests.endtoend.slept")
SLEPT = "SLEPT"


def sleeping_clock(pace: float) -> Callable[[], Moment]:
    """In the place of the program's own."""
    awake, file = clock(pace), Path(os.environ[SLEPT])

    def now() -> Moment:
        moment, slept = awake(), float(file.read_text())
        return replace(moment, wall=moment.wall + timedelta(seconds=slept), boot=moment.boot + slept)

    return now


if __name__ == "__main__":
    setattr(run, "clock", sleeping_clock)  # noqa: B010 - an import of its own, which no other way can replace
    arguments = parser(speech()).parse_args()
    sys.exit(run.main(replace(prepare(arguments), pace=PACE), arguments))
