"""Start at login: read, switched on and off, and mended when the program has moved."""

from __future__ import annotations

import logging
import sys
from enum import StrEnum
from pathlib import Path

from trayapp.desktop.autostart.base import Argv, Entry, Place
from trayapp.desktop.autostart.program import program

log = logging.getLogger(__name__)

__all__ = ["Login", "mend", "place", "status", "switch_off", "switch_on"]

ARGUMENTS = ("run", "--at-login")
"""Of the program: a login is no person's second start, which opens the details of the first."""


class Login(StrEnum):
    """What happens at login."""

    ON = "on"
    OFF = "off"
    FORBIDDEN = "forbidden"
    """There is an entry, which the person has switched off in the system's own settings."""


def place() -> Place:
    """Where this system keeps it."""
    if sys.platform == "win32":
        from trayapp.desktop.autostart.registry import Registry

        return Registry()
    if sys.platform == "darwin":
        from trayapp.desktop.autostart.launchd import LaunchAgent

        return LaunchAgent()
    from trayapp.desktop.autostart.xdg import Xdg

    return Xdg()


def status(where: Place) -> Login:
    """What happens at login. Raises OSError."""
    entry = where.read()
    if entry is None:
        return Login.OFF
    return Login.ON if entry.allowed else Login.FORBIDDEN


def switch_on(where: Place, config: Path | None = None) -> Login:
    """Start this program at login, with that config file; what then holds. Raises OSError."""
    _write(where, (*program(), *ARGUMENTS, *(("--config", str(config.absolute())) if config else ())))
    return status(where)


def switch_off(where: Place) -> Login:
    """Start nothing at login; what then holds. Raises OSError."""
    where.remove()
    return status(where)


def mend(where: Place) -> None:
    """Name this program in an entry whose program has gone; the person's own "no" stays one."""
    try:
        entry = where.read()
        if entry is not None and entry.allowed and not _there(entry.command):
            _write(where, (*program(), *_arguments(entry)))
            log.info(
                "the entry that starts this program at login named a place where it no longer is: mended"
            )
    except OSError as error:
        log.warning("the entry that starts this program at login cannot be mended: %s", error)


def _write(where: Place, command: Argv) -> None:
    """Raises OSError, also for a name that no entry can hold: of bytes that are no text, or, on macOS, with control characters."""
    try:
        where.write(command)
    except ValueError as error:
        raise OSError(f"{command!r}: {error}") from error


def _there(command: Argv) -> bool:
    return bool(command) and Path(command[0]).exists()


def _arguments(entry: Entry) -> Argv:
    """From the command on: before it stands the program, in one word or several."""
    return entry.command[entry.command.index("run") :] if "run" in entry.command else ARGUMENTS
