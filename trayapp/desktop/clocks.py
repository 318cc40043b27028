"""Reads the three clocks of a `Moment` on each system.

Linux: CLOCK_MONOTONIC stands still in sleep, CLOCK_BOOTTIME does not (clock_gettime(2)).
macOS: Python's monotonic is mach_absolute_time, which stands still; CLOCK_MONOTONIC runs on (clock_gettime(3)).
Windows: QueryUnbiasedInterruptTime stands still; Python's monotonic is GetTickCount64, which runs on.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from trayapp.desktop.system32 import load_library
from trayapp.model import Moment


def awake_clock() -> Callable[[], float]:
    """Choose this system's clock, in seconds, that stands still while it sleeps."""
    if sys.platform == "win32":
        import ctypes

        def read_unbiased_time() -> float:
            ticks = ctypes.c_ulonglong()
            load_library("kernel32").QueryUnbiasedInterruptTime(ctypes.byref(ticks))
            return ticks.value / 1e7  # units of 100 ns

        return read_unbiased_time
    return time.monotonic


def boot_clock() -> Callable[[], float]:
    """Choose this system's clock, in seconds, that runs on while it sleeps."""
    if sys.platform == "win32":
        return time.monotonic
    number = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return lambda: time.clock_gettime(number)


def reread_zone() -> None:
    """Make the C library read the time zone again, which may have changed: by itself it reads it only once."""
    if sys.platform == "win32":
        load_library("ucrtbase")[
            "_tzset"
        ]()  # Python has no tzset there, and its local times are this library's
    else:
        time.tzset()


def create_clock(pace: float = 1.0) -> Callable[[], Moment]:
    """Make the function that reads all three clocks; `pace` is how many times as fast as real time they run."""
    awake, boot = awake_clock(), boot_clock()
    begun = Moment(datetime.now(UTC), awake(), boot())

    def now() -> Moment:
        if pace == 1.0:
            return Moment(datetime.now(UTC), awake(), boot())
        return Moment(
            begun.wall + (datetime.now(UTC) - begun.wall) * pace,
            begun.awake + (awake() - begun.awake) * pace,
            begun.boot + (boot() - begun.boot) * pace,
        )

    return now
