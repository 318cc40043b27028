"""`autostart`: switches the start at login on or off, or says which holds."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trayapp.app.context import CommandContext
from trayapp.app.login_words import autostart_error_text, autostart_text
from trayapp.desktop.autostart import (
    AutostartState,
    autostart_storage,
    read_autostart_state,
    switch_off,
    switch_on,
)


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Switch or print the start at login. Return 0 if it is as requested (for `status`: on), else 1."""
    try:
        state = _run_action(arguments.what, getattr(arguments, "config", None))
    except OSError as error:
        print(autostart_error_text(context.speech, error), file=sys.stderr)
        return 1
    print(autostart_text(context.speech, state))
    return 0 if (state is AutostartState.ON) == (arguments.what != "off") else 1


def _run_action(what: str, config: Path | None) -> AutostartState:
    if what == "on":
        return switch_on(autostart_storage(), config)
    return switch_off(autostart_storage()) if what == "off" else read_autostart_state(autostart_storage())
