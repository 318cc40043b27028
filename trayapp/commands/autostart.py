"""`autostart`: whether the program starts at login."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trayapp.app.context import Prepared
from trayapp.desktop.autostart import Login, place, status, switch_off, switch_on
from trayapp.i18n.deferred import because
from trayapp.i18n.translator import Speech


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Switch it, or only say what holds; 0 when it is as asked, for `status` when it is on."""
    try:
        login = _done(arguments.what, getattr(arguments, "config", None))
    except OSError as error:
        print(failed(prepared.speech, error), file=sys.stderr)
        return 1
    print(said(prepared.speech, login))
    return 0 if (login is Login.ON) == (arguments.what != "off") else 1


def _done(what: str, config: Path | None) -> Login:
    if what == "on":
        return switch_on(place(), config)
    return switch_off(place()) if what == "off" else status(place())


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
