"""Starts the program at login on macOS by the person's launch agent (launchd.plist(5)).

What a person switches off in System Settings is kept where programs cannot read it; launchd heeds it whatever this file says.
"""

from __future__ import annotations

import plistlib
from pathlib import Path
from xml.parsers.expat import ExpatError

from trayapp import APP_ID
from trayapp.desktop.autostart.base import Argv, AutostartEntry
from trayapp.places import create_folder


class LaunchAgent:
    """The file that launchd reads at login; loading it now would only start a second program."""

    def __init__(self, home: Path | None = None) -> None:
        self._file = (home or Path.home()) / "Library" / "LaunchAgents" / f"{APP_ID}.plist"

    def read(self) -> AutostartEntry | None:
        """Read the entry; None without one. Raises OSError."""
        try:
            return parse_plist(self._file.read_bytes())
        except FileNotFoundError:
            return None

    def write(self, command: Argv) -> None:
        """Replace the file in one step. Raises OSError."""
        data = build_plist(command)
        create_folder(self._file.parent)
        new = self._file.with_suffix(".new")
        new.write_bytes(data)
        new.replace(self._file)

    def remove(self) -> None:
        """Delete the file. Raises OSError."""
        self._file.unlink(missing_ok=True)


def build_plist(command: Argv) -> bytes:
    """Build the property list; Aqua limits it to logins with a desktop, not over ssh."""
    return plistlib.dumps(
        {
            "Label": APP_ID,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua",
            "ProcessType": "Interactive",
        }
    )


def parse_plist(data: bytes) -> AutostartEntry:
    """Parse a property list; one that cannot be parsed starts nothing."""
    try:
        said = plistlib.loads(data)
        return AutostartEntry(
            tuple(map(str, said["ProgramArguments"])), is_allowed=not said.get("Disabled", False)
        )
    except (ExpatError, ValueError, KeyError, TypeError, AttributeError):
        return AutostartEntry(())
