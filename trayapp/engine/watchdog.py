"""Notices when the poller no longer finishes its rounds, so that the icon never stays green after it has died."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Watchdog:
    """Calls `alarm` once, on a separate thread, when the next `beat` does not come within the allowed time.

    `awake`: a clock in seconds that stops while the computer sleeps. The thread wakes only when an alarm may be due.
    """

    def __init__(self, awake: Callable[[], float], alarm: Callable[[], None]) -> None:
        self._awake = awake
        self._alarm = alarm
        self._deadline: float | None = None
        self._stopping = threading.Event()
        self._begun = threading.Event()
        threading.Thread(target=self._watch_beats, name="watchdog", daemon=True).start()

    def beat(self, allowed: float) -> None:
        """Report that the poller works; the next call must come within `allowed` seconds."""
        self._deadline = self._awake() + allowed
        self._begun.set()

    def stop(self) -> None:
        """End the watch."""
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
