"""Reads, switches on and off, and repairs the program's start at login."""

from __future__ import annotations

import logging
import sys
from enum import StrEnum
from pathlib import Path

from trayapp.desktop.autostart.base import Argv, AutostartEntry, AutostartStorage
from trayapp.desktop.autostart.program import program_command

log = logging.getLogger(__name__)

__all__ = [
    "AutostartState",
    "autostart_storage",
    "read_autostart_state",
    "repair_entry",
    "switch_off",
    "switch_on",
]

LOGIN_ARGUMENTS = ("run", "--at-login")
"""The program's arguments: a start at login must not open the details page, as a person's second start does."""


class AutostartState(StrEnum):
    """Whether the program starts at login."""

    ON = "on"
    OFF = "off"
    FORBIDDEN = "forbidden"
    """There is an entry, which the person has switched off in the system's settings."""


def autostart_storage() -> AutostartStorage:
    """Choose the storage of this system."""
    if sys.platform == "win32":
        from trayapp.desktop.autostart.registry import RegistryAutostart

        return RegistryAutostart()
    if sys.platform == "darwin":
        from trayapp.desktop.autostart.launchd import LaunchAgent

        return LaunchAgent()
    from trayapp.desktop.autostart.xdg import XdgAutostart

    return XdgAutostart()


def read_autostart_state(where: AutostartStorage) -> AutostartState:
    """Read whether the program starts at login. Raises OSError."""
    entry = where.read()
    if entry is None:
        return AutostartState.OFF
    return AutostartState.ON if entry.is_allowed else AutostartState.FORBIDDEN


def switch_on(where: AutostartStorage, config: Path | None = None) -> AutostartState:
    """Start this program at login, with that config file; returns the new state. Raises OSError."""
    _write_entry(
        where,
        (*program_command(), *LOGIN_ARGUMENTS, *(("--config", str(config.absolute())) if config else ())),
    )
    return read_autostart_state(where)


def switch_off(where: AutostartStorage) -> AutostartState:
    """Start nothing at login; returns the new state. Raises OSError."""
    where.remove()
    return read_autostart_state(where)


def repair_entry(where: AutostartStorage) -> None:
    """Put this program into an entry whose program is gone; an entry that the person switched off stays off."""
    try:
        entry = where.read()
        if entry is not None and entry.is_allowed and not _has_program(entry.command):
            _write_entry(where, (*program_command(), *_entry_arguments(entry)))
            log.info(
                "the entry that starts this program at login named a place where it no longer is: mended"
            )
    except OSError as error:
        log.warning("the entry that starts this program at login cannot be mended: %s", error)


def _write_entry(where: AutostartStorage, command: Argv) -> None:
    """Write the entry. Raises OSError, also for a path that is no text or, on macOS, has control characters."""
    try:
        where.write(command)
    except ValueError as error:
        raise OSError(f"{command!r}: {error}") from error


def _has_program(command: Argv) -> bool:
    return bool(command) and Path(command[0]).exists()


def _entry_arguments(entry: AutostartEntry) -> Argv:
    """Return the arguments from "run" on; the program stands before it, in one word or several."""
    return entry.command[entry.command.index("run") :] if "run" in entry.command else LOGIN_ARGUMENTS
