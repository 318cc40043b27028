"""Who hears of sleep on this system. On Windows and macOS the icon's own window does, and nothing else is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from trayapp.desktop.sleep.signals import Hearing

if TYPE_CHECKING:
    from trayapp.desktop.sleep.logind import Logind
    from trayapp.desktop.sleep.signals import Naps


def listen(naps: Naps) -> Logind | None:
    """Listen from now on, until closed; None where the tray does."""
    if sys.platform != "linux":
        naps.why_unheard = ""
        return None
    from trayapp.desktop.sleep.logind import Logind

    return Logind(naps)


def examine() -> Hearing:
    """How well the system's word on sleep would come through, asked now."""
    if sys.platform != "linux":
        return Hearing()
    from trayapp.desktop.sleep.logind import examine as asked

    return asked()
