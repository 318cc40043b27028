"""A mistake in the settings that keeps the program from starting, told where nobody watches a terminal: at login."""

from __future__ import annotations

from trayapp.config import ConfigError
from trayapp.core.own import broken_settings
from trayapp.core.speech import Speech
from trayapp.desktop.clock import clock
from trayapp.desktop.notify.base import LIMIT
from trayapp.desktop.notify.chooser import notifiers
from trayapp.desktop.notify.teller import Teller
from trayapp.desktop.session import session_bus


def tell(speech: Speech, error: ConfigError) -> None:
    """Show it as a notification, within some seconds or not at all: else the icon would only be missing."""
    bus = session_bus()
    teller = Teller(notifiers(bus, lambda _command: None, tray=None), lambda _shown: None)
    teller.tell(broken_settings(speech, speech.put(error.phrase), clock()().wall, running=False))
    teller.close(2 * LIMIT)
    if bus is not None:
        bus.close()
