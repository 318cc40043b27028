"""Lets signals end the program cleanly."""

from __future__ import annotations

import signal
from collections.abc import Callable

_END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""SIGBREAK exists on Windows alone, SIGHUP everywhere else."""


def end_on_signals(end: Callable[[], None]) -> None:
    """Call `end` when a signal of the person or the session asks the program to end.

    A signal that was ignored at the start stays ignored, so that `nohup` works.
    """
    for name in _END_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: end())
