"""Notifies why the program cannot start where nobody watches a terminal: at login, or after a restart from the menu."""

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
    """Show why the program does not start, such as a mistake in the settings; without it only the icon is missing."""
    message, now = speech.translate_phrase(error.phrase), create_clock()().wall
    notify_once(
        settings_notification(speech, message, now, running=False)
        if isinstance(error, ConfigError)
        else failed_action_notification(speech, message, now)
    )


def notify_restart_failure(context: CommandContext, error: OSError) -> None:
    """Log and show that the program has ended and could not restart; without it only the icon is gone."""
    why = phrase("it has ended and could not begin again: {why}", why=os_error_phrase(error))
    with log_to_file(context.places.log_file, context.speech.translate_phrase, verbose=context.verbose):
        log.error("it could not begin again: %s", error)
        notify_once(
            failed_action_notification(
                context.speech, context.speech.translate_phrase(why), create_clock()().wall
            )
        )
