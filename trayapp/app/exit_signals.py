"""The signals that end the program."""

from __future__ import annotations

import signal
from collections.abc import Callable

_END_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""The last is Windows', the one before it the others'."""


def end_on_signals(end: Callable[[], None]) -> None:
    """End in this way, and cleanly, when the person or the session says so.

    What was ignored at the start stays so: `nohup` has it live on when its terminal is closed.
    """
    for name in _END_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: end())
