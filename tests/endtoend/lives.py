"""The real program, started again and again by one process that has loaded it once, so that a kill costs no start.

`python -m tests.endtoend.lives EPOCH`: each line of stdin starts it and is answered with its process id. Its lives
share a clock that runs `PACE` times as fast from EPOCH on (seconds of Unix time): what is dated before a kill lies in
the past after it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from trayapp.app import tray_program
from trayapp.app.context import load_context
from trayapp.app.languages import load_translator
from trayapp.cli import build_parser
from trayapp.commands import run
from trayapp.desktop.clocks import awake_clock, boot_clock
from trayapp.model import Moment

PACE = 50.0


def shared_clock(epoch: datetime) -> Callable[[float], Callable[[], Moment]]:
    """In the place of the program's own, which begins anew with each life."""
    awake, boot = awake_clock(), boot_clock()

    def clock(pace: float) -> Callable[[], Moment]:
        return lambda: Moment(epoch + (datetime.now(UTC) - epoch) * pace, awake() * pace, boot() * pace)

    return clock


def live() -> int:
    """One life. What it prints goes where its errors go: stdout is for who starts it."""
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    arguments = build_parser(load_translator()).parse_args([])
    return run.main(replace(load_context(arguments), pace=PACE), arguments)


def main() -> None:
    """Start lives until stdin ends."""
    setattr(tray_program, "create_clock", shared_clock(datetime.fromtimestamp(float(sys.argv[1]), UTC)))  # noqa: B010 - an import of its own, which no other way can replace
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that a dead life leaves no zombie
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            sys.exit(live())
        print(pid, flush=True)  # noqa: T201 - whom to kill


if __name__ == "__main__":
    main()
