"""Puts the state of the start at login into words, and the errors of reading or changing it."""

from __future__ import annotations

from trayapp.desktop.autostart import AutostartState
from trayapp.i18n.deferred import os_error_phrase
from trayapp.i18n.translator import Translator


def autostart_error_text(speech: Translator, error: OSError) -> str:
    """Say that the system refused, and why."""
    why = speech.translate_phrase(os_error_phrase(error))
    problem = f"{error.filename}: {why}" if error.filename else why
    return speech.say("Start at login could not be read or changed: {error}", error=problem)


def autostart_text(speech: Translator, login: AutostartState) -> str:
    """Say in one sentence what happens at login."""
    match login:
        case AutostartState.ON:
            return speech.say("It starts at login.")
        case AutostartState.OFF:
            return speech.say("It does not start at login.")
        case AutostartState.FORBIDDEN:
            return speech.say(
                "It does not start at login: that was switched off in your system's own settings, and is allowed again there."
            )
