"""What the three systems' ways to start a program at login have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

Argv = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AutostartEntry:
    """What the system would do at login."""

    command: Argv
    """Empty where it cannot be read."""
    is_allowed: bool = True
    """False: the person has switched it off in the system's own settings."""


class AutostartStorage(Protocol):
    """Where a system keeps what to start at login. All raise OSError."""

    def read(self) -> AutostartEntry | None:
        """The entry; None without one."""

    def write(self, command: Argv) -> None:
        """Have this started at login from now on."""

    def remove(self) -> None:
        """Have nothing started; no entry is no error."""
