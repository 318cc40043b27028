"""Names the kinds of back end that can show an icon, and describes the one found on this desktop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BackEndKind(StrEnum):
    """A kind of back end that can show the icon; those of Linux stand best first, as `LinuxTray` tries them."""

    SNI = "StatusNotifierItem"
    GTK = "X11 through GTK"
    X11 = "X11"
    TASKBAR = "taskbar"
    MENU_BAR = "menu bar"
    NONE = ""


@dataclass(frozen=True, slots=True)
class TrayHost:
    """The desktop's host for icons, as `find_tray_host` found it."""

    kind: BackEndKind
    """The back end that the program would use."""
    description: str
    """The findings for each back end that was checked, in the technical terms of a bug report."""
    has_session: bool = True
    """Whether there is a desktop session at all."""
