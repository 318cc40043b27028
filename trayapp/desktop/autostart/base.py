"""Defines the interface and the entry that the autostart storages of all systems share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

Argv = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AutostartEntry:
    """The command that the system runs at login."""

    command: Argv
    """Empty where it cannot be read."""
    is_allowed: bool = True
    """False if the person has switched it off in the system's settings."""


class AutostartStorage(Protocol):
    """The place where a system keeps what to start at login. All methods raise OSError."""

    def read(self) -> AutostartEntry | None:
        """Read the entry; None without one."""

    def write(self, command: Argv) -> None:
        """Start this command at login from now on."""

    def remove(self) -> None:
        """Remove the entry; a missing one is no error."""
