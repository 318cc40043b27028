"""What a command needs of its process before it begins: streams to write to, and signals that end it."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path

_END_SIGNALS = ("SIGTERM", "SIGHUP")
"""SIGINT is Python's own."""


def repair_streams() -> None:
    """Have somewhere to write to: a Windows program without a console has neither stream.

    Words go out in the terminal's own encoding; a character it lacks becomes "?".
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def end_on_signals_as_init() -> None:
    """End by the signals that end others, with the exit status a shell gives them, also as a container's first process.

    The kernel withholds from that one each signal it has no handler for: it would be killed after a long wait.
    """
    if os.getpid() != 1:
        return
    for name in _END_SIGNALS:
        number = signal.Signals[name]
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, partial(_exit_with_status, 128 + number))


def _exit_with_status(status: int, *_: object) -> None:
    sys.exit(status)
