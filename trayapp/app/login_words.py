"""Says what happens at login, and what kept it from being changed."""

from __future__ import annotations

from trayapp.desktop.autostart import Login
from trayapp.i18n.deferred import because
from trayapp.i18n.translator import Speech


def failed(speech: Speech, error: OSError) -> str:
    """That the system refused, and why."""
    why = speech.put(because(error))
    what = f"{error.filename}: {why}" if error.filename else why
    return speech.say("Start at login could not be read or changed: {error}", error=what)


def said(speech: Speech, login: Login) -> str:
    """What happens at login, in a sentence."""
    match login:
        case Login.ON:
            return speech.say("It starts at login.")
        case Login.OFF:
            return speech.say("It does not start at login.")
        case Login.FORBIDDEN:
            return speech.say(
                "It does not start at login: that was switched off in your system's own settings, and is allowed again there."
            )
