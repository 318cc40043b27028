"""Chooses the notifiers for this system."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from trayapp.desktop.notifications.base import Notifier
from trayapp.desktop.notifications.plyer_fallback import PlyerNotifier
from trayapp.desktop.tray.base import ShowsBalloons, Tray
from trayapp.model import Command

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus


def choose_notifiers(
    bus: Bus | None, act: Callable[[Command], None], tray: Tray | None, folder: Path
) -> tuple[Notifier, ...]:
    """Make this system's notifiers, best first; `folder` holds pictures while they are shown.

    Windows: the tray's balloons alone; where the shell takes none, it takes none of plyer's either, and plyer does not
    report it (plyer 2.1.0, platforms/win). macOS: the notification centre for a program in its bundle, then osascript;
    plyer would use an interface that macOS has dropped, through one more library (plyer 2.1.0, NSUserNotification and
    pyobjus). Elsewhere: the session's notification server where there is a bus, then plyer.
    """
    if sys.platform == "darwin":
        return _macos_notifiers(act)
    if isinstance(tray, ShowsBalloons):
        from trayapp.desktop.notifications.balloon import BalloonNotifier

        return (BalloonNotifier(tray, act),)
    if bus is None:
        return (PlyerNotifier(),)
    from trayapp.desktop.notifications.freedesktop import FreedesktopNotifier

    return FreedesktopNotifier(bus, act, folder), PlyerNotifier()


def _macos_notifiers(act: Callable[[Command], None]) -> tuple[Notifier, ...]:
    from trayapp.desktop.notifications.osascript import OsascriptNotifier
    from trayapp.desktop.notifications.user_notifications import UserNotifications, is_in_bundle

    return (UserNotifications(act), OsascriptNotifier()) if is_in_bundle() else (OsascriptNotifier(),)
