"""Prepares the process for a command: standard streams that can be written to, and signals that end it."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path

_END_SIGNALS = ("SIGTERM", "SIGHUP")
"""Python itself handles SIGINT."""


def repair_streams() -> None:
    """Replace missing standard streams: a Windows program without a console has none.

    Output uses the terminal's encoding; a character that it lacks becomes "?".
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def end_on_signals_as_init() -> None:
    """Let signals end the program also as a container's first process, with the exit status that a shell gives.

    The kernel drops signals to process 1 without a handler, and the container would be killed after a long wait.
    """
    if os.getpid() != 1:
        return
    for name in _END_SIGNALS:
        number = signal.Signals[name]
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, partial(_exit_with_status, 128 + number))


def _exit_with_status(status: int, *_: object) -> None:
    sys.exit(status)
