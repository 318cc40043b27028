"""What keeps the program from starting, told where nobody watches a terminal: at login, or after a click on its menu."""

from __future__ import annotations

import logging

from trayapp.app.context import CommandContext
from trayapp.app.logs import log_to_file
from trayapp.app.one_notification import notify_once
from trayapp.core.wording.program_notifications import failed_action_notification, settings_notification
from trayapp.desktop.clocks import create_clock
from trayapp.i18n.deferred import Refusal, os_error_phrase, phrase
from trayapp.i18n.translator import Translator
from trayapp.settings.schema import ConfigError

log = logging.getLogger(__name__)


def notify_startup_failure(speech: Translator, error: Refusal) -> None:
    """Show a mistake in the settings, or what else keeps it from starting: else the icon would only be missing."""
    said, now = speech.translate_phrase(error.phrase), create_clock()().wall
    wrong = isinstance(error, ConfigError)
    notify_once(
        settings_notification(speech, said, now, running=False)
        if wrong
        else failed_action_notification(speech, said, now)
    )


def notify_restart_failure(prepared: CommandContext, error: OSError) -> None:
    """Log and show that the program, which has put all away, could not begin again: else its icon would only be gone."""
    why = phrase("it has ended and could not begin again: {why}", why=os_error_phrase(error))
    with log_to_file(prepared.places.log_file, prepared.speech.translate_phrase, verbose=prepared.verbose):
        log.error("it could not begin again: %s", error)
        notify_once(
            failed_action_notification(
                prepared.speech, prepared.speech.translate_phrase(why), create_clock()().wall
            )
        )
