"""Finds the command that starts this program, in a form that outlives an upgrade."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from trayapp import APP_ID
from trayapp.desktop.autostart.base import Argv


def program_command() -> Argv:
    """Find the program's absolute path, else Python's path with the module's name."""
    if getattr(sys, "frozen", False):
        # Beside the program for consoles lies the one without a console window.
        return (str(Path(sys.executable).with_suffix(".exe")) if os.name == "nt" else sys.executable,)
    if os.name == "nt":
        # The command that pip makes would open a console at each login.
        return (str(Path(sys.executable).with_name("pythonw.exe")), "-m", "trayapp")
    # Not resolved: pipx and uv keep a link where the command stays when they move the rest.
    for candidate in (Path(sys.argv[0]).absolute(), Path(sys.executable).with_name(APP_ID)):
        if candidate.name == APP_ID and shutil.which(candidate):
            return (str(candidate),)
    return (sys.executable, "-m", "trayapp")
