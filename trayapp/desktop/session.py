"""The session bus, on the system that has one; the others lack the library that speaks to it."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trayapp.desktop.bus import Bus

log = logging.getLogger(__name__)


def session_bus() -> Bus | None:
    """A connection to it; None, and a line in the log where there should be one, when there is none."""
    if sys.platform != "linux":
        return None
    from trayapp.desktop.bus import Bus, BusError

    try:
        return Bus.connect()
    except BusError as error:
        log.warning("no session bus: %s", error)
        return None
