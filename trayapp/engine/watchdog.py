"""Notices a poller that no longer ends its rounds, so that a dead one never stands behind a green icon."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Watchdog:
    """Calls `alarm` once, on its own thread, when `beat` was last called longer ago than it allowed.

    `awake`: seconds on a clock that stands still while the computer sleeps. It wakes only when an alarm might be due.
    """

    def __init__(self, awake: Callable[[], float], alarm: Callable[[], None]) -> None:
        self._awake = awake
        self._alarm = alarm
        self._deadline: float | None = None
        self._stopping = threading.Event()
        self._begun = threading.Event()
        threading.Thread(target=self._watch_beats, name="watchdog", daemon=True).start()

    def beat(self, allowed: float) -> None:
        """All is well; the next call comes within `allowed` seconds."""
        self._deadline = self._awake() + allowed
        self._begun.set()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopping.set()
        self._begun.set()

    def _watch_beats(self) -> None:
        self._begun.wait()
        while not self._stopping.is_set():
            ends = self._deadline
            left = 0.0 if ends is None else ends - self._awake()
            if ends is not None and left > 0:
                self._stopping.wait(min(left, threading.TIMEOUT_MAX))
                continue
            if ends is not None:
                self._deadline = None
                self._begun.clear()
                self._alarm()
            self._begun.wait()
