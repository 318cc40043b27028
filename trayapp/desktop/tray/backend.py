"""The ways to an icon, and what was found of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BackEndKind(StrEnum):
    """The ways to an icon; those of Linux the best first, as `LinuxTray` tries them."""

    SNI = "StatusNotifierItem"
    GTK = "X11 through GTK"
    X11 = "X11"
    TASKBAR = "taskbar"
    MENU_BAR = "menu bar"
    NONE = ""


@dataclass(frozen=True, slots=True)
class TrayHost:
    """What was found."""

    kind: BackEndKind
    """The way the icon would take."""
    description: str
    """What was found on each way that was looked at, in the technical words of a bug report."""
    has_session: bool = True
    """Whether there is a desktop session at all to show it in."""
