"""Who hears of sleep on this system. On Windows and macOS the icon's own window does, and nothing else is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from trayapp.desktop.sleep.signals import SleepSupport

if TYPE_CHECKING:
    from trayapp.desktop.sleep.logind import LogindListener
    from trayapp.desktop.sleep.signals import SleepSignals


def listen_for_sleep(naps: SleepSignals) -> LogindListener | None:
    """Listen from now on, until closed; None where the tray does."""
    if sys.platform != "linux":
        naps.unheard_reason = ""
        return None
    from trayapp.desktop.sleep.logind import LogindListener

    return LogindListener(naps)


def examine_sleep() -> SleepSupport:
    """How well the system's word on sleep would come through, asked now."""
    if sys.platform != "linux":
        return SleepSupport()
    from trayapp.desktop.sleep.logind import examine_logind as asked

    return asked()
