"""What keeps the program from starting, told where nobody watches a terminal: at login, or after a click on its menu."""

from __future__ import annotations

import logging

from trayapp.commands.prepared import Prepared
from trayapp.config import ConfigError
from trayapp.core.own import broken_settings, not_done
from trayapp.core.phrase import Refusal, because, phrase
from trayapp.core.speech import Speech
from trayapp.desktop.clock import clock
from trayapp.desktop.notify.base import LIMIT
from trayapp.desktop.notify.chooser import notifiers
from trayapp.desktop.notify.teller import Teller
from trayapp.desktop.session import session_bus
from trayapp.logs import logging_to
from trayapp.model import Notice
from trayapp.places import NOWHERE

log = logging.getLogger(__name__)


def tell(speech: Speech, error: Refusal) -> None:
    """Show a mistake in the settings, or what else keeps it from starting: else the icon would only be missing."""
    said, now = speech.put(error.phrase), clock()().wall
    wrong = isinstance(error, ConfigError)
    _show(broken_settings(speech, said, now, running=False) if wrong else not_done(speech, said, now))


def tell_of_end(prepared: Prepared, error: OSError) -> None:
    """Log and show that the program, which has put all away, could not begin again: else its icon would only be gone."""
    why = phrase("it has ended and could not begin again: {why}", why=because(error))
    with logging_to(prepared.places.log_file, prepared.speech.put, verbose=prepared.verbose):
        log.error("it could not begin again: %s", error)
        _show(not_done(prepared.speech, prepared.speech.put(why), clock()().wall))


def _show(notice: Notice) -> None:
    """As a notification, within some seconds or not at all."""
    bus = session_bus()
    ways = notifiers(bus, lambda _command: None, tray=None, folder=NOWHERE.runtime)
    teller = Teller(ways, lambda _notice, _standing: None)
    teller.tell(notice)
    teller.close(2 * LIMIT)
    if bus is not None:
        bus.close()
