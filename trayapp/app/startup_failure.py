"""What keeps the program from starting, told where nobody watches a terminal: at login, or after a click on its menu."""

from __future__ import annotations

import logging

from trayapp.app.context import Prepared
from trayapp.app.logs import logging_to
from trayapp.app.one_notification import tell_once
from trayapp.core.wording.program_notifications import broken_settings, not_done
from trayapp.desktop.clocks import clock
from trayapp.i18n.deferred import Refusal, because, phrase
from trayapp.i18n.translator import Speech
from trayapp.settings.schema import ConfigError

log = logging.getLogger(__name__)


def tell(speech: Speech, error: Refusal) -> None:
    """Show a mistake in the settings, or what else keeps it from starting: else the icon would only be missing."""
    said, now = speech.put(error.phrase), clock()().wall
    wrong = isinstance(error, ConfigError)
    tell_once(broken_settings(speech, said, now, running=False) if wrong else not_done(speech, said, now))


def tell_of_end(prepared: Prepared, error: OSError) -> None:
    """Log and show that the program, which has put all away, could not begin again: else its icon would only be gone."""
    why = phrase("it has ended and could not begin again: {why}", why=because(error))
    with logging_to(prepared.places.log_file, prepared.speech.put, verbose=prepared.verbose):
        log.error("it could not begin again: %s", error)
        tell_once(not_done(prepared.speech, prepared.speech.put(why), clock()().wall))
