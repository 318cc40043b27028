"""Chooses the listener for sleep on this system. On Windows and macOS the tray's icon is the listener."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from trayapp.desktop.sleep.signals import SleepSupport

if TYPE_CHECKING:
    from trayapp.desktop.sleep.logind import LogindListener
    from trayapp.desktop.sleep.signals import SleepSignals


def listen_for_sleep(signals: SleepSignals) -> LogindListener | None:
    """Listen from now on, until closed; returns None where the tray listens."""
    if sys.platform != "linux":
        signals.unheard_reason = ""
        return None
    from trayapp.desktop.sleep.logind import LogindListener

    return LogindListener(signals)


def examine_sleep() -> SleepSupport:
    """Find out now whether the system announces sleep to this program."""
    if sys.platform != "linux":
        return SleepSupport()
    from trayapp.desktop.sleep.logind import examine_logind

    return examine_logind()
