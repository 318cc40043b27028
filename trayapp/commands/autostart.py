"""`autostart`: whether the program starts at login."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trayapp.app.context import Prepared
from trayapp.app.login_words import failed, said
from trayapp.desktop.autostart import Login, place, status, switch_off, switch_on


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
