"""Restarts the program as the version that is on the disk now."""

from __future__ import annotations

import os
import subprocess
import sys

from trayapp.desktop.autostart.program import program_command
from trayapp.desktop.links import clean_environment


def restart_program() -> None:
    """Replace this process by a new one with the same arguments; on Windows, start it and return. Raises OSError."""
    command = (*program_command(), *sys.argv[1:])
    env = clean_environment(os.environ, getattr(sys, "_MEIPASS", None))
    if sys.platform == "win32":
        subprocess.Popen(command, env=env)  # noqa: S603 - this program itself
    else:
        os.execve(command[0], command, env)  # noqa: S606 - the same
